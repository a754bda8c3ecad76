#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "caf_stream/lineage/dataset.hpp"
#include "caf_stream/lineage/task_context.hpp"

namespace caf_stream::lineage {

/// The map side of a shuffle: see shuffle_writer::write. `records` is of the parent's type.
using write_pieces = std::function<std::vector<data::payload>(
  data::cursor_base& records, std::uint32_t partitions, task_context& context)>;

/// The reduce side: makes a cursor over the pieces of one partition, in the order of the parent's
/// partitions. Pieces without records may be empty payloads.
using open_pieces =
  std::function<data::any_cursor(const std::vector<data::payload>& pieces, task_context& context)>;

/// The map side that a shuffle dependency holds.
std::shared_ptr<const shuffle_writer> make_writer(write_pieces write);

/// An operator with one parent whose partitions read a piece of every partition of it. The types
/// are in `write` and `open`.
dataset_ptr make_shuffled(std::string operation, dataset_ptr parent, std::uint32_t partitions,
                          write_pieces write, open_pieces open);

/// The value of a piece, as a T; null for an empty payload. Throws `error` when it does not decode.
template <class T>
std::shared_ptr<const T> open_piece(const data::payload& piece) {
  if (!piece)
    return nullptr;
  auto value = piece.get<T>();
  if (!value)
    throw value.error();
  return *std::move(value);
}

} // namespace caf_stream::lineage
