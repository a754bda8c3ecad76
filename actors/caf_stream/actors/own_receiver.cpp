#include "caf_stream/actors/own_receiver.hpp"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include <caf/event_based_actor.hpp>
#include <caf/stateful_actor.hpp>

#include "caf_stream/actors/post.hpp"

namespace caf_stream::actors {

namespace {

// While there is no receiver so many messages are kept.
constexpr std::size_t most_waiting = 1000;

// How long the program's actor may take to work off what it was sent, when it is to end.
constexpr std::chrono::seconds patience{5};

struct relay_state {
  static inline const char* name = "relay";

  struct waiting_message {
    caf::strong_actor_ptr sender;
    caf::message_id id;
    caf::message content;
  };

  caf::event_based_actor* self = nullptr;
  std::shared_ptr<ingest::record_inbox> inbox;
  caf::actor_addr inbox_actor;
  caf::actor target;
  std::deque<waiting_message> waiting;

  // Who still waits is told that the stream has ended.
  ~relay_state() {
    for (auto& e : waiting) {
      if (e.id.is_request() && e.sender)
        e.sender->enqueue(
          nullptr, e.id.response_id(),
          caf::make_message(caf::make_error(caf::sec::runtime_error, "the stream has ended")),
          nullptr);
      else
        inbox->count_lost(1);
    }
  }

  caf::result<caf::message> on_message(caf::message content) {
    auto id = self->current_message_id();
    if (target) {
      target->enqueue(self->current_sender(), id, std::move(content), self->context());
    } else if (waiting.size() < most_waiting) {
      waiting.push_back({self->current_sender(), id, std::move(content)});
    } else if (id.is_request()) {
      return caf::make_error(caf::sec::runtime_error,
                             "the receiver of the stream is not there, and too many messages wait");
    } else {
      inbox->count_lost(1);
    }
    return caf::delegated<caf::message>{};
  }

  void on_receiver(const caf::actor& receiver) {
    if (target)
      self->demonitor(target);
    target = receiver;
    self->monitor(target);
    for (auto& e : std::exchange(waiting, {}))
      target->enqueue(std::move(e.sender), e.id, std::move(e.content), self->context());
  }

  void on_down(const caf::down_msg& down) {
    if (target == down.source)
      target = nullptr;
    else if (inbox_actor == down.source)
      self->quit(); // the stream has ended
    // Others: receivers that another one has taken the place of.
  }
};

// What the receiver, its watcher and the end of its actor share.
struct watch {
  std::mutex mutex;
  std::condition_variable changed;
  bool stopping = false;
  std::optional<caf::error> ended; // the reason of the actor's end
};

class own_receiver final : public ingest::any_receiver {
public:
  own_receiver(caf::actor_system& system, environment_ptr context,
               std::shared_ptr<ingest::record_inbox> inbox, storage_level level, caf::actor relay,
               const actor_body& body)
    : any_receiver(level), system_(system), context_(std::move(context)), inbox_(std::move(inbox)),
      relay_(std::move(relay)), body_(body) {}

  void on_start() override {
    inbox_->connect(&port());
    auto body = body_;
    actor_ = system_.spawn(
      [body](caf::event_based_actor* self, no_arguments) -> caf::behavior { return body(self); },
      no_arguments{});
    actor_->attach_functor([watch = watch_](const caf::error& reason) {
      std::lock_guard guard{watch->mutex};
      watch->ended = reason;
      watch->changed.notify_all();
    });
    context_->roles.note(actor_, "own_receiver");
    post_anonymously(*context_, relay_, meet_receiver{}, actor_);
    watcher_ = std::thread{[this] { watch_actor(); }};
  }

  void on_stop() override {
    if (!actor_)
      return;
    // Not by anon_send_exit, which overtakes what it was sent before.
    actor_->enqueue(
      nullptr, caf::make_message_id(),
      caf::make_message(caf::exit_msg{actor_.address(), caf::exit_reason::user_shutdown}), nullptr);
    {
      std::unique_lock guard{watch_->mutex};
      watch_->stopping = true;
      watch_->changed.notify_all();
      auto ended = [this] { return watch_->ended.has_value(); };
      if (!watch_->changed.wait_for(guard, patience, ended)) {
        guard.unlock();
        caf::anon_send_exit(actor_, caf::exit_reason::kill);
        guard.lock();
        watch_->changed.wait(guard, ended);
      }
    }
    watcher_.join();
    context_->roles.forget(actor_.id());
    actor_ = nullptr;
    inbox_->connect(nullptr);
  }

private:
  // On a thread of its own, since whoever speaks to the port counts as the receiver's.
  void watch_actor() {
    std::unique_lock guard{watch_->mutex};
    watch_->changed.wait(guard, [this] { return watch_->stopping || watch_->ended; });
    if (watch_->stopping)
      return;
    auto reason = *watch_->ended;
    guard.unlock();
    if (reason)
      port().restart("its actor ended: " + system_.render(reason), std::nullopt);
    else
      port().stop("its actor has ended");
  }

  caf::actor_system& system_;
  environment_ptr context_;
  std::shared_ptr<ingest::record_inbox> inbox_;
  caf::actor relay_;
  const actor_body& body_;
  std::shared_ptr<watch> watch_ = std::make_shared<watch>();
  caf::actor actor_;
  std::thread watcher_;
};

class own_source final : public ingest::receiver_source {
public:
  own_source(caf::actor_system& system, std::weak_ptr<environment> context, std::string kind,
             std::shared_ptr<ingest::record_inbox> inbox, storage_level level, caf::actor relay,
             actor_body body)
    : system_(system), context_(std::move(context)), kind_(std::move(kind)),
      inbox_(std::move(inbox)), level_(level), relay_(std::move(relay)), body_(std::move(body)) {}

  std::string kind() const override { return kind_; }

  std::unique_ptr<ingest::any_receiver> make_receiver() const override {
    return std::make_unique<own_receiver>(system_, environment_ptr{context_}, inbox_, level_,
                                          relay_, body_);
  }

  std::unique_ptr<ingest::block_builder>
  make_builder(const ingest::builder_options& options) const override {
    return std::make_unique<ingest::inbox_builder>(options, inbox_);
  }

private:
  caf::actor_system& system_;
  std::weak_ptr<environment> context_; // which has the graph, and so this
  std::string kind_;
  std::shared_ptr<ingest::record_inbox> inbox_;
  storage_level level_;
  caf::actor relay_;
  actor_body body_;
};

} // namespace

caf::actor spawn_relay(caf::actor_system& system, environment_ptr context,
                       std::shared_ptr<ingest::record_inbox> inbox, caf::actor inbox_actor) {
  auto handle = system.spawn(
    [inbox, inbox_actor](caf::stateful_actor<relay_state>* self, no_arguments) -> caf::behavior {
      auto& state = self->state;
      state.self = self;
      state.inbox = inbox;
      state.inbox_actor = inbox_actor.address();
      self->monitor(inbox_actor);
      self->set_down_handler([self](const caf::down_msg& down) { self->state.on_down(down); });
      self->set_default_handler([self](caf::scheduled_actor*, caf::message_view& x) {
        return self->state.on_message(x.move_content_to_message());
      });
      return {
        [self](meet_receiver, const caf::actor& receiver) { self->state.on_receiver(receiver); },
      };
    },
    no_arguments{});
  context->roles.note(handle, "relay");
  return handle;
}

std::shared_ptr<ingest::receiver_source>
own_receiver_source(caf::actor_system& system, environment_ptr context, std::string kind,
                    std::shared_ptr<ingest::record_inbox> inbox, storage_level level,
                    caf::actor relay, actor_body body) {
  return std::make_shared<own_source>(system, context, std::move(kind), std::move(inbox), level,
                                      std::move(relay), std::move(body));
}

} // namespace caf_stream::actors
