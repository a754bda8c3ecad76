#include "caf_stream/actors/listener_bus.hpp"

#include <caf/event_based_actor.hpp>

#include "caf_stream/actors/post.hpp"

namespace caf_stream::actors {

namespace {

template <class Call>
void tell_all(const environment& context, Call call) {
  own_thread_mark mark{context};
  for (auto& listener : context.listeners.all()) {
    try {
      call(*listener);
    } catch (const std::exception& e) {
      log::error("a streaming listener threw: ", e.what());
    } catch (...) {
      log::error("a streaming listener threw something that is not a std::exception");
    }
  }
}

} // namespace

caf::actor spawn_listener_bus(caf::actor_system& system, environment_ptr context) {
  return system.spawn<caf::detached>(
    [=](caf::event_based_actor* self, no_arguments) -> caf::behavior {
      return {
        [=](const streaming_started& e) {
          tell_all(*context, [&](auto& listener) { listener.on_streaming_started(e.time); });
        },
        [=](const batch_event& e) {
          tell_all(*context, [&](auto& listener) {
            switch (static_cast<batch_event::change>(e.what)) {
            case batch_event::change::submitted:
              return listener.on_batch_submitted(e.info);
            case batch_event::change::started:
              return listener.on_batch_started(e.info);
            case batch_event::change::completed:
              return listener.on_batch_completed(e.info);
            }
          });
        },
        [=](const delay_event& e) {
          tell_all(*context, [&](auto& listener) {
            if (static_cast<delay_event::change>(e.what) == delay_event::change::rising)
              listener.on_delay_rising(e.info);
            else
              listener.on_delay_recovered(e.info);
          });
        },
        [=](const output_event& e) {
          tell_all(*context, [&](auto& listener) {
            if (static_cast<output_event::change>(e.what) == output_event::change::started)
              listener.on_output_operation_started(e.info);
            else
              listener.on_output_operation_completed(e.info);
          });
        },
        [=](const receiver_status& e) {
          tell_all(*context, [&](auto& listener) {
            switch (static_cast<receiver_status::change>(e.what)) {
            case receiver_status::change::started:
              return listener.on_receiver_started(e.info);
            case receiver_status::change::error:
              return listener.on_receiver_error(e.info);
            case receiver_status::change::stopped:
              return listener.on_receiver_stopped(e.info);
            }
          });
        },
        [=](const records_lost& e) {
          tell_all(*context, [&](auto& listener) { listener.on_records_lost(e.info); });
        },
        [=](const close_bus&) { self->quit(); },
      };
    },
    no_arguments{});
}

} // namespace caf_stream::actors
