#include "caf_stream/graph/state_node.hpp"

#include <algorithm>
#include <utility>

#include "caf_stream/base/error.hpp"
#include "caf_stream/graph/stream_graph.hpp"
#include "caf_stream/state/state_partition.hpp"

namespace caf_stream::graph {

namespace {

// Records of a state that has moved on cannot be computed again.
storage_level where_nothing_is_dropped(storage_level level) {
  switch (level) {
  case storage_level::none:
  case storage_level::memory_only:
    return storage_level::memory_and_disk;
  case storage_level::memory_only_2:
    return storage_level::memory_and_disk_2;
  case storage_level::memory_only_ser:
    return storage_level::memory_and_disk_ser;
  case storage_level::memory_only_ser_2:
    return storage_level::memory_and_disk_ser_2;
  default:
    return level;
  }
}

} // namespace

state_view_node::state_view_node(stream_graph& graph, node_description description,
                                 compute_dataset compute,
                                 std::function<void(const lineage::dataset_ptr&)> run,
                                 persist_dataset keep)
  : stream_node(graph, std::move(description), std::move(compute)), run_(std::move(run)),
    keep_(std::move(keep)) {}

// The state's own batch comes first: it makes this one while the state is still that of the batch.
lineage::dataset_ptr state_view_node::get_or_compute(batch_time t) {
  if (looked_back_at() && is_valid(t))
    parents()[0]->get_or_compute(t);
  return stream_node::get_or_compute(t);
}

void state_view_node::release() {
  stream_node::release();
  run_ = nullptr;
  keep_ = nullptr;
}

void state_view_node::prepare() {
  if (looked_back_at())
    keep_at(where_nothing_is_dropped(level()), keep_);
}

void state_view_node::settle(const lineage::dataset_ptr& set, batch_time) {
  if (looked_back_at())
    run_(set);
}

state_node::state_node(stream_graph& graph, node_description description, state_operation operation)
  : stream_node(graph, std::move(description), nullptr), operation_(std::move(operation)),
    begun_(stateful::no_batch), applied_(stateful::no_batch), previous_(stateful::no_batch) {}

void state_node::add_view(std::shared_ptr<state_view_node> view) {
  views_.push_back(std::move(view));
}

void state_node::release() {
  stream_node::release();
  operation_ = {};
}

void state_node::prepare() {
  if (operation_.keep != nullptr && remembered() > duration{0})
    keep_at(where_nothing_is_dropped(level()), operation_.keep);
}

// Others may do the same at the same time; whoever comes to a batch first computes it, and the
// others wait for it there. A batch that fails now loses its own records only: those after it run,
// and the batch that asked for them all fails with the reason.
void state_node::catch_up(batch_time t) {
  std::exception_ptr failure;
  auto last = stateful::no_batch;
  for (;;) {
    batch_time next;
    {
      std::lock_guard guard{mutex_};
      next = std::max({begun_, last, graph().zero_time()}) + slide();
      while (passed_over_.contains(next))
        next += slide();
    }
    if (next >= t)
      break;
    last = next;
    if (has_failed(next)) // and has cost its own batch
      continue;
    try {
      get_or_compute(next);
    } catch (...) {
      failure = failure ? failure : std::current_exception();
    }
  }
  if (failure)
    std::rethrow_exception(failure);
}

void state_node::take_turn(batch_time t) {
  std::unique_lock guard{mutex_};
  turn_ended_.wait(guard, [this] { return !turn_; });
  if (t <= begun_)
    throw error{errc::invalid_state, "batch " + std::to_string(to_millis(t)) + " ms of " + label() +
                                       " is not remembered: the state has moved on to batch " +
                                       std::to_string(to_millis(begun_)) + " ms"};
  begun_ = t;
  passed_over_.erase(passed_over_.begin(), passed_over_.upper_bound(t));
  turn_ = t;
}

lineage::dataset_ptr state_node::compute(batch_time t) {
  try {
    catch_up(t);
  } catch (...) {
    std::lock_guard guard{mutex_};
    begun_ = std::max(begun_, t);
    throw;
  }
  take_turn(t);
  batch_time from;
  {
    std::lock_guard guard{mutex_};
    from = applied_;
  }
  return operation_.step(from, t);
}

void state_node::settle(const lineage::dataset_ptr& set, batch_time t) {
  operation_.run(set);
  std::lock_guard guard{mutex_};
  previous_ = applied_;
  applied_ = t;
}

void state_node::made(batch_time t, bool failed) {
  for (auto& each : views_)
    if (auto view = each.lock(); !failed && view != nullptr && view->looked_back_at()) {
      try {
        view->get_or_compute(t);
      } catch (...) { // who asks for it is told
      }
    }
  std::lock_guard guard{mutex_};
  if (turn_ == t) {
    turn_.reset();
    turn_ended_.notify_all();
  }
}

// What the batch has changed is undone, and the next builds on the one before. A state passes over
// what it has not taken of the batch so far, and nobody sees it as the batch left it. A window
// takes up the batches of its parents again, and what it was is right; one that nobody has asked
// for is not made any more, or its input would be kept for as long as batches fail.
void state_node::end_batch(batch_time t, bool given_up) {
  if (!given_up)
    return;
  {
    std::lock_guard guard{mutex_};
    if (applied_ == t)
      applied_ = previous_;
    if (t > begun_ && is_valid(t))
      pass_over(t);
    else if (operation_.reads_again != duration{0})
      return;
  }
  fail_batch(t, std::make_exception_ptr(
                  error{errc::invalid_state, "batch " + std::to_string(to_millis(t)) + " ms of " +
                                               label() + " was given up, and its changes undone"}));
}

void state_node::pass_over(batch_time t) {
  passed_over_.insert(t);
  auto next = [this] { return std::max(begun_, graph().zero_time()) + slide(); };
  while (passed_over_.erase(next()) != 0)
    begun_ = next();
}

// The next batch is the one after the last that was begun, however late somebody asks for it.
batch_time state_node::read_through() const {
  std::lock_guard guard{mutex_};
  auto begun = std::max(begun_, graph().zero_time());
  if (operation_.reads_again == duration{0})
    return begun;
  auto next = begun + slide();
  return std::max({applied_, graph().zero_time(), next - operation_.reads_again});
}

bool builds_on_state(const stream_node& node) {
  return dynamic_cast<const state_node*>(&node) != nullptr ||
         std::any_of(node.parents().begin(), node.parents().end(),
                     [](auto& parent) { return builds_on_state(*parent); });
}

} // namespace caf_stream::graph
