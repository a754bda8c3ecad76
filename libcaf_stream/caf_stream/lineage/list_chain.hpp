#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "caf_stream/data/record_list.hpp"
#include "caf_stream/lineage/text_aside.hpp"

namespace caf_stream::lineage {

/// A run of the records of a payload that holds a `record_list`: [first, last).
struct list_part {
  data::payload list;
  std::uint64_t first = 0;
  std::uint64_t last = 0;
};

/// Whether owned records stay where they are when a chain of lists goes on to the next list.
enum class owned_records { go, stay };

/// The records of several payloads, one after the other. Each is read and decoded when its turn
/// comes. What has been opened stays until the end, so that views into it are good as long as the
/// task runs; where `views_stay` says false at the time, or records are no views, it is let go when
/// the next one is opened, so that a task does not hold all of a batch in memory. Text that was
/// read from disk and has to stay is put aside there for the same reason.
template <class T>
class list_chain_cursor final : public data::cursor<T> {
public:
  explicit list_chain_cursor(std::vector<list_part> parts, const bool* views_stay = nullptr,
                             owned_records owned = owned_records::go)
    : parts_(std::move(parts)), views_stay_(views_stay), owned_(owned) {}

  std::span<const T> next() override {
    for (;;) {
      if (!opened_.empty())
        if (auto records = opened_.back()->next(); !records.empty())
          return records;
      if (next_ == parts_.size())
        return {};
      open_next();
    }
  }

private:
  void open_next() {
    constexpr auto is_text = std::is_same_v<T, std::string_view>;
    auto stay = is_view_v<T> && (views_stay_ == nullptr || *views_stay_);
    if (is_view_v<T> ? is_text || !stay : owned_ == owned_records::go)
      opened_.clear(); // text in memory is the payload's own
    auto& part = parts_[next_++];
    if constexpr (is_text)
      if (stay && part.list.is_stored()) {
        opened_.push_back(aside_.open(part.list, part.first, part.last));
        return;
      }
    auto records = data::read_records<T>(part.list, part.first, part.last);
    if (!records)
      throw records.error();
    opened_.push_back(*std::move(records));
  }

  std::vector<list_part> parts_;
  text_aside aside_; // longer than what was opened
  const bool* views_stay_;
  owned_records owned_;
  std::size_t next_ = 0;
  std::vector<std::unique_ptr<data::cursor<T>>> opened_;
};

/// All records of all pieces.
template <class T>
data::any_cursor open_lists(const std::vector<data::payload>& pieces,
                            owned_records owned = owned_records::go) {
  std::vector<list_part> parts;
  for (auto& piece : pieces)
    if (piece)
      parts.push_back({piece, 0, piece.records()});
  return std::make_unique<list_chain_cursor<T>>(std::move(parts), nullptr, owned);
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
