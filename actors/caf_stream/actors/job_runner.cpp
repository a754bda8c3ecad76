#include "caf_stream/actors/job_runner.hpp"

#include <exception>

#include <caf/event_based_actor.hpp>
#include <caf/stateful_actor.hpp>

#include "caf_stream/actors/post.hpp"

namespace caf_stream::actors {

namespace {

std::string describe(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& e) {
    return e.what();
  } catch (...) {
    return "something that is not a std::exception was thrown";
  }
}

struct job_runner_state {
  static inline const char* name = "job_runner";
  present_ptr present;
};

} // namespace

caf::actor spawn_job_runner(caf::actor_system& system, environment_ptr context,
                            caf::actor scheduler) {
  auto present = std::make_shared<present_mark>(context);
  auto begin = [=](caf::stateful_actor<job_runner_state>* self, no_arguments) -> caf::behavior {
    self->state.present = present;
    return {
      [self, context = context, scheduler = scheduler](const run_output& e) {
        post(self, *context, scheduler, output_started{e.time, e.output, context->time->now()});
        std::optional<std::string> failure;
        try {
          own_thread_mark mark{*context, context->graph->outputs()[e.output].description};
          context->graph->run_output(e.output, e.time);
        } catch (...) {
          auto thrown = std::current_exception();
          failure = describe(thrown);
          if (!context->stopping_now) {
            log::error("batch ", to_millis(e.time),
                       " ms: ", context->graph->outputs()[e.output].description,
                       " failed: ", *failure);
            context->end.report(thrown);
          }
        }
        post(self, *context, scheduler,
             output_finished{e.time, e.output, context->time->now(), std::move(failure)});
      },
    };
  };
  return system.spawn<caf::detached>(std::move(begin), no_arguments{});
}

} // namespace caf_stream::actors
