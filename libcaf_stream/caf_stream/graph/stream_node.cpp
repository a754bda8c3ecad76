#include "caf_stream/graph/stream_node.hpp"

#include <algorithm>

#include "caf_stream/base/error.hpp"
#include "caf_stream/graph/stream_graph.hpp"
#include "caf_stream/lineage/id_scope.hpp"

namespace caf_stream::graph {

stream_node::stream_node(stream_graph& graph, node_description description, compute_dataset compute)
  : graph_(graph), description_(std::move(description)), compute_(std::move(compute)) {}

stream_node::~stream_node() = default;

std::string stream_node::label() const {
  std::string result = name_.empty() ? kind() : kind() + " \"" + name_ + "\"";
  std::string file = description_.where.file_name();
  if (auto slash = file.rfind('/'); slash != std::string::npos)
    file.erase(0, slash + 1);
  return result + " at " + file + ":" + std::to_string(description_.where.line());
}

void stream_node::set_name(std::string uid) {
  graph_.check_can_change("name " + label());
  if (uid.empty())
    throw error{errc::invalid_argument, "the name given to " + label() + " is empty"};
  name_ = std::move(uid);
  if (keeper_ != nullptr)
    keeper_->name_ = name_;
}

void stream_node::set_keeper(node_ptr keeper) {
  keeper_ = std::move(keeper);
  keeper_->is_keeper_ = true;
}

void stream_node::persist(storage_level level, persist_dataset wrap) {
  graph_.check_can_change("change the storage level of " + label());
  level_ = level;
  persist_ = std::move(wrap);
}

stream_node& stream_node::checkpoint(duration interval) {
  if (keeper_ != nullptr && keeper_->keeps_state())
    return keeper_->checkpoint(interval);
  graph_.check_can_change("change the checkpoint interval of " + label());
  if (interval <= duration{0})
    throw error{errc::invalid_argument, "checkpoint(" + std::to_string(interval.count()) +
                                          " ms) of " + label() + " must be longer than 0 ms"};
  checkpoint_interval_ = interval;
  return *this;
}

bool stream_node::is_valid(batch_time t) const {
  auto since = std::chrono::duration_cast<duration>(t - graph_.zero_time());
  return since > duration{0} && is_multiple_of(since, slide());
}

lineage::dataset_ptr stream_node::compute(batch_time t) { return compute_(t); }

void stream_node::settle(const lineage::dataset_ptr&, batch_time) {}

void stream_node::made(batch_time, bool) {}

void stream_node::prepare() {}

void stream_node::release() {
  compute_ = nullptr;
  persist_ = nullptr;
  generated_.clear();
}

void stream_node::end_batch(batch_time, bool) {}

batch_time stream_node::read_through() const { return batch_time::max(); }

lineage::dataset_ptr stream_node::get_or_compute(batch_time t) {
  if (!is_valid(t))
    return nullptr;
  std::unique_lock guard{mutex_};
  auto& place = generated_[t];
  const bool first = place == nullptr;
  if (first)
    place = std::make_shared<generated>();
  auto entry = place; // the place may be forgotten meanwhile
  if (first) {
    entry->maker = std::this_thread::get_id();
    guard.unlock();
    lineage::dataset_ptr set;
    std::exception_ptr failure;
    try {
      lineage::id_scope scope{id_, t};
      set = compute(t);
      if (set != nullptr && level_ != storage_level::none)
        set = persist_(std::move(set), level_);
      if (set != nullptr)
        settle(set, t);
    } catch (...) {
      failure = std::current_exception();
    }
    guard.lock();
    entry->set = std::move(set);
    entry->failure = failure;
    entry->done = true;
    made_.notify_all();
    guard.unlock();
    made(t, failure != nullptr);
    guard.lock();
  } else {
    if (!entry->done && entry->maker == std::this_thread::get_id())
      throw error{errc::invalid_state, "batch " + std::to_string(to_millis(t)) + " ms of " +
                                         label() + " was asked for by the function that makes it"};
    made_.wait(guard, [&] { return entry->done; });
  }
  if (entry->failure)
    std::rethrow_exception(entry->failure);
  return entry->set;
}

bool stream_node::has_failed(batch_time t) const {
  {
    std::lock_guard guard{mutex_};
    auto i = generated_.find(t);
    if (i != generated_.end() && i->second->done && i->second->failure != nullptr)
      return true;
  }
  return std::any_of(parents().begin(), parents().end(),
                     [t](auto& parent) { return parent->has_failed(t); });
}

void stream_node::fail_batch(batch_time t, std::exception_ptr why) {
  if (!is_valid(t))
    return;
  std::lock_guard guard{mutex_};
  if (t <= forgotten_)
    return;
  auto i = generated_.find(t);
  if (i != generated_.end() && i->second->failure != nullptr)
    return;
  // Who has got the batch before keeps it as it was.
  auto failed = std::make_shared<generated>();
  failed->done = true;
  failed->failure = std::move(why);
  generated_[t] = std::move(failed);
}

void stream_node::keep_at(storage_level level, persist_dataset wrap) {
  level_ = level;
  persist_ = std::move(wrap);
}

void stream_node::forget_through(batch_time t) {
  std::lock_guard guard{mutex_};
  generated_.erase(generated_.begin(), generated_.upper_bound(t));
  forgotten_ = std::max(forgotten_, t);
}

batch_time stream_node::forgotten_through() const {
  std::lock_guard guard{mutex_};
  return forgotten_;
}

void stream_node::require_remembered(duration d) {
  remembered_ = std::max(remembered_, d);
  for (auto& parent : description_.parents)
    parent->require_remembered(remembered_ + description_.reach);
}

} // namespace caf_stream::graph
