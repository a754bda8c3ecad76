#include "caf_stream/actors/input_picker.hpp"

#include <caf/event_based_actor.hpp>
#include <caf/stateful_actor.hpp>

#include "caf_stream/actors/post.hpp"

namespace caf_stream::actors {

namespace {

struct input_picker_state {
  static inline const char* name = "input_picker";
  present_ptr present;
};

} // namespace

caf::actor spawn_input_picker(caf::actor_system& system, environment_ptr context) {
  auto present = std::make_shared<present_mark>(context);
  auto begin = [=](caf::stateful_actor<input_picker_state>* self, no_arguments) -> caf::behavior {
    self->state.present = present;
    return {
      [self, context = context](const pick_inputs& e, const caf::actor& scheduler) {
        own_thread_mark mark{*context};
        auto records = context->graph->decide(
          e.time, e.blocks, static_cast<std::uint32_t>(context->config.workers), e.last);
        post(self, *context, scheduler, inputs_picked{e.time, std::move(records)});
      },
    };
  };
  return system.spawn<caf::detached>(std::move(begin), no_arguments{});
}

} // namespace caf_stream::actors
