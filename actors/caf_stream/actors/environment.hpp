#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <caf/actor.hpp>
#include <caf/actor_addr.hpp>
#include <caf/actor_cast.hpp>

#include "caf_stream/actors/task_watch.hpp"
#include "caf_stream/base/clock.hpp"
#include "caf_stream/blocks/spill_folder.hpp"
#include "caf_stream/engine/listener.hpp"
#include "caf_stream/engine/settings.hpp"
#include "caf_stream/engine/termination.hpp"
#include "caf_stream/exec/active_job.hpp"
#include "caf_stream/graph/stream_graph.hpp"
#include "caf_stream/ingest/record_inbox.hpp"
#include "caf_stream/state/state_store.hpp"

// What the actors of one context on one node share: values that do not change, and a few small
// accounts, each safe for threads by itself.

namespace caf_stream::actors {

/// Who takes tasks on this node: the block keeper, and the actor in each worker slot. Written by
/// their owners, read by whoever sends tasks.
class node_roster {
public:
  void put_keeper(caf::actor keeper);
  caf::actor keeper() const;

  void put_worker(std::uint32_t slot, caf::actor worker);
  caf::actor worker(std::uint32_t slot) const;
  std::uint32_t size() const;

  /// Waits until there are `count` workers and returns them; fewer when the roster is closed.
  std::vector<caf::actor> await_workers(std::uint32_t count) const;

  /// Waits until another actor than `gone` is in the slot; a null handle when the roster is closed.
  caf::actor await_replacement(std::uint32_t slot, const caf::actor& gone) const;

  /// Nobody takes tasks any more; all waits end.
  void close();

private:
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  caf::actor keeper_;
  std::vector<caf::actor> workers_;
  bool closed_ = false;
};

/// Which partitions of persisted data sets the block keeper has. Written by the keeper, read by
/// whoever plans a job.
class kept_index {
public:
  /// Refused, with false, for a set that was given up.
  bool add(const lineage::dataset_partition& partition);

  void remove(const lineage::dataset_partition& partition);

  /// Nothing of the set is kept, now and later.
  void give_up(const lineage::dataset_id& set);

  /// All sets that an operator made for batches up to `time`.
  void remove_through(operator_id op, batch_time time);
  bool complete(const lineage::dataset& set) const;

private:
  mutable std::mutex mutex_;
  std::map<lineage::dataset_id, std::set<partition_id>> kept_;
  std::set<lineage::dataset_id> given_up_;
};

/// Who sent what to whom; off unless a test asks.
using message_observer =
  std::function<void(caf::actor_id from, caf::actor_id to, std::string_view message)>;

/// Which actor plays which role, so that tests and logs can name them.
class role_book {
public:
  void note(const caf::actor& who, std::string role);
  void forget(caf::actor_id who);
  std::string role_of(caf::actor_id who) const;

  /// The actors in a role, oldest first.
  std::vector<caf::actor> in_role(std::string_view role) const;

private:
  mutable std::mutex mutex_;
  std::map<caf::actor_id, std::pair<std::string, caf::actor_addr>> roles_;
};

/// Counts the actors that run code of the user, on threads of their own. The end of the context
/// waits for them, since that code may refer to what the program destroys afterwards.
class head_count {
public:
  void enter();
  void leave();

  /// Calls `f` once as soon as nobody is left: now, or from the thread of the last one.
  void when_empty(std::function<void()> f);

private:
  std::mutex mutex_;
  std::size_t present_ = 0;
  std::function<void()> when_empty_;
};

struct environment {
  settings config;
  std::shared_ptr<caf_stream::clock> time;
  std::shared_ptr<graph::stream_graph> graph;
  data::table_seed seed;
  node_number node = 0;

  exec::job_table jobs;
  node_roster roster;
  kept_index kept;
  task_watch tasks;
  std::shared_ptr<stateful::state_store> states;
  std::shared_ptr<blocks::spill_folder> spill;
  role_book roles;
  engine::listener_list listeners;
  std::shared_ptr<ingest::shared_budget> inboxes; ///< what waits in all actor streams
  head_count user_code;
  engine::termination end;
  std::atomic<bool> stopping_now{false}; ///< what waits for tasks gives up
  std::atomic<job_id> next_job{1};

  /// Tells this context from all others of the process, also from those that are gone.
  const std::uint64_t number = next_number();

  /// An actor without which the context cannot go on has died. The first one is reported.
  void report_death(const std::string& role, const std::string& reason);

  /// The end: what still waits gives up, and whoever awaits the end goes on.
  void close();

  void observe(message_observer observer);
  bool observed() const noexcept { return observed_; }
  void tell_observer(caf::actor_id from, caf::actor_id to, std::string_view message) const;

private:
  static std::uint64_t next_number();

  std::atomic<bool> death_reported_{false};
  std::atomic<bool> observed_{false};
  mutable std::mutex observer_mutex_;
  message_observer observer_;
};

using environment_ptr = std::shared_ptr<environment>;

/// One actor in the head count, from before it is spawned to the end of its state.
class present_mark {
public:
  explicit present_mark(environment_ptr context) : context_(std::move(context)) {
    context_->user_code.enter();
  }
  ~present_mark() { context_->user_code.leave(); }
  present_mark(const present_mark&) = delete;
  present_mark& operator=(const present_mark&) = delete;

private:
  environment_ptr context_;
};

using present_ptr = std::shared_ptr<present_mark>;

/// Marks this thread, while the mark lives, as one that the end of the context waits for, and says
/// what it works for.
class own_thread_mark {
public:
  explicit own_thread_mark(const environment& context, std::string_view work = {}) noexcept;
  ~own_thread_mark();
  own_thread_mark(const own_thread_mark&) = delete;
  own_thread_mark& operator=(const own_thread_mark&) = delete;

  static bool is_set(const environment& context) noexcept;

  /// What the innermost mark of this thread says; empty without one.
  static std::string_view work() noexcept;

  /// Notes that this thread works for a receiver of the context: its on_stop will join it.
  static void note_receiving(const environment& context) noexcept;
  static bool is_receiving(const environment& context) noexcept;

private:
  const environment* context_;
  std::string_view work_;
  own_thread_mark* outer_;
};

} // namespace caf_stream::actors
