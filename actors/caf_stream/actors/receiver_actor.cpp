#include "caf_stream/actors/receiver_actor.hpp"

#include <caf/event_based_actor.hpp>
#include <caf/stateful_actor.hpp>

#include "caf_stream/actors/post.hpp"

namespace caf_stream::actors {

namespace {

// Runs user code; what it throws becomes text.
template <class F>
std::optional<std::string> guarded(F f) {
  try {
    f();
    return std::nullopt;
  } catch (const std::exception& e) {
    return e.what();
  } catch (...) {
    return "something that is not a std::exception was thrown";
  }
}

struct receiver_state {
  static inline const char* name = "receiver";

  environment_ptr context;
  present_ptr present;
  std::shared_ptr<receiver_life> life;
  std::unique_ptr<ingest::any_receiver> receiver;

  ~receiver_state() {
    if (receiver != nullptr) {
      life->end(true);
      if (auto failure = end())
        log::error("receiver ", life->stream(), " threw in on_stop: ", *failure);
    }
    if (life != nullptr)
      life->ended();
  }

  std::optional<std::string> begin(const ingest::receiver_source& source) {
    own_thread_mark mark{*context};
    return guarded([&] {
      receiver = source.make_receiver();
      receiver->attach(*life);
      life->set_level(receiver->level());
      receiver->on_start();
    });
  }

  std::optional<std::string> end() {
    own_thread_mark mark{*context};
    auto stopped = std::move(receiver);
    return guarded([&] { stopped->on_stop(); });
  }
};

} // namespace

caf::actor spawn_receiver(caf::actor_system& system, environment_ptr context,
                          const ingest::receiver_source& source,
                          std::shared_ptr<receiver_life> life, caf::actor supervisor) {
  auto* made_by = &source; // the graph, which outlives all actors, owns it
  auto present = std::make_shared<present_mark>(context);
  return system.spawn<caf::detached>(
    [=](caf::stateful_actor<receiver_state>* self, no_arguments) -> caf::behavior {
      self->state.context = context;
      self->state.present = present;
      self->state.life = life;
      // Not the lambda's own copy, which would keep the mark.
      auto env = context;
      auto owner = supervisor;
      return {
        [self, env, owner, made_by](begin_receiving) {
          auto failure = self->state.begin(*made_by);
          post(self, *env, owner, receiving_begun{std::move(failure)});
        },
        [self, env, owner](end_receiving) {
          std::optional<std::string> failure;
          if (self->state.receiver != nullptr)
            failure = self->state.end();
          self->state.life->ended();
          post(self, *env, owner, receiving_ended{std::move(failure)});
          self->quit();
        },
      };
    },
    no_arguments{});
}

} // namespace caf_stream::actors
