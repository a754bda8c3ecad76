#pragma once

#include <compare>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "caf_stream/base/byte_count.hpp"
#include "caf_stream/base/ids.hpp"
#include "caf_stream/state/state_partition.hpp"

namespace caf_stream::stateful {

/// A partition of an operator's state.
struct state_id {
  operator_id op;
  partition_id partition = 0;
  friend auto operator<=>(const state_id&, const state_id&) = default;
};

/// The states of a node's operators. Thread-safe; the partitions are as state_partition says.
class state_store {
public:
  using partition_ptr = std::shared_ptr<state_partition>;

  /// States may take this much memory in all.
  explicit state_store(byte_count limit);

  /// The partition; made now where it is not there.
  partition_ptr find_or_make(const state_id& id, const std::function<partition_ptr()>& make);

  /// Null where there is none.
  partition_ptr find(const state_id& id) const;

  /// Notes what a partition takes, after it has changed. Throws errc::out_of_memory_budget, naming
  /// `what` has grown, where all of them together take more than the limit.
  void account(const state_id& id, const std::string& what, byte_count takes);

  byte_count used() const;

private:
  struct entry {
    partition_ptr partition;
    byte_count takes;
  };

  const byte_count limit_;
  mutable std::mutex mutex_;
  std::map<state_id, entry> all_;
  byte_count used_;
};

} // namespace caf_stream::stateful
