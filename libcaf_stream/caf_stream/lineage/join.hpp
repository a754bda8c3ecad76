#pragma once

#include <optional>

#include "caf_stream/lineage/cogroup.hpp"

// Joins: for each key every value of the left with every value of the right. An outer join also
// keeps the values of one side, or of both, whose key the other side lacks.

namespace caf_stream::lineage {

enum class join_kind { inner, left_outer, right_outer, full_outer };

inline constexpr bool keeps_left(join_kind kind) {
  return kind == join_kind::left_outer || kind == join_kind::full_outer;
}

inline constexpr bool keeps_right(join_kind kind) {
  return kind == join_kind::right_outer || kind == join_kind::full_outer;
}

/// What stands for the values of a key: a side is optional where it may lack.
template <join_kind Kind, class V, class W>
using joined_values = std::pair<std::conditional_t<keeps_right(Kind), std::optional<V>, V>,
                                std::conditional_t<keeps_left(Kind), std::optional<W>, W>>;

/// Walks each key's chains side by side. A side that lacks, where the other is kept, stands as a
/// chain of the one number `none`.
template <join_kind Kind, class K, class V, class W>
class join_cursor : public data::cursor<std::pair<K, joined_values<Kind, V, W>>> {
public:
  using record = std::pair<K, joined_values<Kind, V, W>>;

  explicit join_cursor(two_sided_groups<K, V, W> groups) : groups_(std::move(groups)) {}

  std::span<const record> next() override {
    auto& groups = groups_.get();
    out_.clear();
    while (out_.size() < data::chunk_size && (in_group_ || enter_group(groups))) {
      out_.push_back(record(
        groups.key(slot_),
        typename record::second_type(pick<0, typename record::second_type::first_type>(left_),
                                     pick<1, typename record::second_type::second_type>(right_))));
      step(groups);
    }
    return out_.view();
  }

private:
  using groups_type = key_groups<K, V, W>;
  static constexpr auto none = groups_type::none;

  template <std::size_t Side, class X>
  X pick(std::uint32_t i) {
    constexpr bool may_lack = Side == 0 ? keeps_right(Kind) : keeps_left(Kind);
    if constexpr (may_lack)
      if (i == none)
        return X{};
    return X(groups_.get().template value<Side>(i));
  }

  bool enter_group(const groups_type& groups) {
    while (groups.next_slot(at_, slot_)) {
      left_ = groups.template first<0>(slot_);
      right_ = groups.template first<1>(slot_);
      in_group_ = (left_ != none || keeps_right(Kind)) && (right_ != none || keeps_left(Kind));
      if (in_group_)
        return true;
    }
    return false;
  }

  void step(const groups_type& groups) {
    right_ = groups.template next<1>(right_);
    if (right_ != none)
      return;
    left_ = groups.template next<0>(left_);
    right_ = groups.template first<1>(slot_);
    in_group_ = left_ != none;
  }

  two_sided_groups<K, V, W> groups_;
  std::size_t at_ = 0;
  std::uint32_t slot_ = 0;
  std::uint32_t left_ = none;
  std::uint32_t right_ = none;
  bool in_group_ = false;
  data::chunk<record> out_;
};

template <join_kind Kind>
struct join_cursor_of {
  template <class K, class V, class W>
  class type final : public join_cursor<Kind, K, V, W> {
    using join_cursor<Kind, K, V, W>::join_cursor;
  };
};

/// Pairs of T and U with equal keys to pairs (k, joined values).
template <join_kind Kind, class T, class U, class P>
dataset_ptr make_join(std::string operation, dataset_ptr left, dataset_ptr right,
                      std::shared_ptr<const P> partitioner) {
  return make_grouped_join<join_cursor_of<Kind>::template type, T, U>(
    std::move(operation), std::move(left), std::move(right), std::move(partitioner));
}

} // namespace caf_stream::lineage
