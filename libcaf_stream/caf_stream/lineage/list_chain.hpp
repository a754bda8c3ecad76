#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "caf_stream/data/record_list.hpp"

namespace caf_stream::lineage {

/// A run of the records of a payload that holds a `record_list`: [first, last).
struct list_part {
  data::payload list;
  std::uint64_t first = 0;
  std::uint64_t last = 0;
};

/// The records of several payloads, one after the other. What has been opened stays until the end,
/// so that views into it are good as long as the task runs.
template <class T>
class list_chain_cursor final : public data::cursor<T> {
public:
  explicit list_chain_cursor(std::vector<list_part> parts) : parts_(std::move(parts)) {
    opened_.reserve(parts_.size());
  }

  std::span<const T> next() override {
    for (;;) {
      if (!opened_.empty())
        if (auto records = opened_.back()->next(); !records.empty())
          return records;
      if (opened_.size() == parts_.size())
        return {};
      auto& part = parts_[opened_.size()];
      auto records = data::read_records<T>(part.list, part.first, part.last);
      if (!records)
        throw records.error();
      opened_.push_back(*std::move(records));
    }
  }

private:
  std::vector<list_part> parts_;
  std::vector<std::unique_ptr<data::cursor<T>>> opened_;
};

/// All records of all pieces.
template <class T>
data::any_cursor open_lists(const std::vector<data::payload>& pieces) {
  std::vector<list_part> parts;
  for (auto& piece : pieces)
    if (piece)
      parts.push_back({piece, 0, piece.records()});
  return std::make_unique<list_chain_cursor<T>>(std::move(parts));
}

/// A payload for each of the lists; an empty one where a list is.
template <class T>
std::vector<data::payload> take_lists(std::vector<data::record_list_builder<T>>& lists) {
  std::vector<data::payload> pieces(lists.size());
  for (std::size_t i = 0; i < lists.size(); ++i)
    if (lists[i].size() != 0)
      pieces[i] = lists[i].take();
  return pieces;
}

} // namespace caf_stream::lineage
