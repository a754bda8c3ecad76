#include "caf_stream/state/state_store.hpp"

#include "caf_stream/base/error.hpp"

namespace caf_stream::stateful {

state_store::state_store(byte_count limit) : limit_(limit) {}

state_store::partition_ptr state_store::find_or_make(const state_id& id,
                                                     const std::function<partition_ptr()>& make) {
  std::lock_guard guard{mutex_};
  auto& found = all_[id].partition;
  if (found == nullptr)
    found = make();
  return found;
}

state_store::partition_ptr state_store::find(const state_id& id) const {
  std::lock_guard guard{mutex_};
  auto found = all_.find(id);
  return found == all_.end() ? nullptr : found->second.partition;
}

void state_store::account(const state_id& id, const std::string& what, byte_count takes) {
  std::lock_guard guard{mutex_};
  auto& one = all_[id];
  auto all = used_ - one.takes + takes;
  if (all > limit_) // what it has grown by is undone
    throw error{errc::out_of_memory_budget,
                "partition " + std::to_string(id.partition) + " of the state of " + what +
                  " has grown to " + to_string(takes) + ", and all states together to " +
                  to_string(all) + ", more than the memory budget of " + to_string(limit_) +
                  ": raise memory-budget, or let keys go"};
  used_ = all;
  one.takes = takes;
}

byte_count state_store::used() const {
  std::lock_guard guard{mutex_};
  return used_;
}

} // namespace caf_stream::stateful
