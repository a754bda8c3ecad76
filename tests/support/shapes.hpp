#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "caf_stream/lineage/values_source.hpp"
#include "caf_stream/rdd.hpp"
#include "support/serial_engine.hpp"

namespace caf_stream::test {

/// How a data set is cut and run. An operator's answer may not depend on it.
struct shape {
  std::uint32_t partitions;
  bool encode;

  std::shared_ptr<serial_engine> make_engine() const {
    return std::make_shared<serial_engine>(partitions, encode);
  }
};

inline constexpr shape shapes[] = {{1, false}, {2, false}, {7, false}, {1, true}, {7, true}};

/// An rdd of the given records; T may be a view of them.
template <class T>
rdd<T> make_test_rdd(const shape& s, std::vector<owned_t<T>> records) {
  return {lineage::make_values<T>(std::move(records), s.partitions), s.make_engine()};
}

/// Sorted, where the order of records is not part of the answer.
template <class T>
std::vector<T> sorted(std::vector<T> records) {
  std::sort(records.begin(), records.end());
  return records;
}

} // namespace caf_stream::test
