#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include <doctest/doctest.h>

#include "caf_stream/testing.hpp"

namespace caf_stream::test {

/// Calls `f(run_options)` for each way to run a pipeline on the real engine. Its answer may not
/// depend on it.
template <class F>
void on_all_shapes(F f) {
  for (std::size_t workers : {1u, 2u, 5u})
    for (std::size_t partitions : {1u, 2u, 7u}) {
      CAPTURE(workers);
      CAPTURE(partitions);
      testing::run_options options;
      options.workers = workers;
      options.partitions = partitions;
      options.input_partitions = partitions;
      f(options);
    }
}

/// Each batch sorted, where the order of its records is not part of the answer.
template <class T>
std::vector<std::vector<T>> sorted(std::vector<std::vector<T>> batches) {
  for (auto& batch : batches)
    std::sort(batch.begin(), batch.end());
  return batches;
}

} // namespace caf_stream::test
