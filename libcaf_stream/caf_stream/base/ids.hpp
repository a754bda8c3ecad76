#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <string>

#include "caf_stream/base/time.hpp"

// The numbers by which records, operators and pieces of work are known. All are plain values with
// an order, so that they can be keys and travel in messages.

namespace caf_stream {

/// Input streams, numbered in the order in which the program made them.
using stream_id = std::int32_t;

/// Place of a task's share in an rdd.
using partition_id = std::uint32_t;

/// Output operations of a graph, numbered in the order in which the program made them.
using output_id_number = std::uint32_t;

/// A node of the cluster; the driver's own is 0.
using node_number = std::uint32_t;

/// An operator of the graph. Derived from the operator's name or its place in the graph, never
/// from what happens to run, so that it means the same in every process that runs the program.
struct operator_id {
  std::uint64_t value = 0;
  friend auto operator<=>(const operator_id&, const operator_id&) = default;
};

/// A block: what a receiver of `stream` on `node` stored at once. Numbers grow with time.
struct block_id {
  stream_id stream = 0;
  node_number node = 0;
  std::uint64_t number = 0;
  friend auto operator<=>(const block_id&, const block_id&) = default;
};

/// One run of an action: numbered by the driver, never reused in its life.
using job_id = std::uint64_t;

/// One attempt to run one partition of one stage of a job.
struct task_id {
  job_id job = 0;
  std::uint32_t stage = 0;
  partition_id partition = 0;
  std::uint32_t attempt = 0;
  friend auto operator<=>(const task_id&, const task_id&) = default;
};

inline std::string to_string(operator_id id) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string result(16, '0');
  for (int i = 0; i < 16; ++i)
    result[static_cast<std::size_t>(15 - i)] = digits[(id.value >> (4 * i)) & 15];
  return result;
}

inline std::string to_string(const block_id& id) {
  return "block " + std::to_string(id.stream) + "/" + std::to_string(id.node) + "/" +
         std::to_string(id.number);
}

inline std::string to_string(const task_id& id) {
  return "task " + std::to_string(id.job) + "." + std::to_string(id.stage) + "." +
         std::to_string(id.partition) + " attempt " + std::to_string(id.attempt);
}

} // namespace caf_stream
