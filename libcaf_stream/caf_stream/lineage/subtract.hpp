#pragma once

#include "caf_stream/lineage/cogroup.hpp"
#include "caf_stream/lineage/map.hpp"

// What one data set has and the other has or has not, by key or by the whole record. The right side
// brings its keys only; records without a key of their own become keys with nothing beside them.

namespace caf_stream::lineage {

/// Stands for a value where only keys matter.
using no_value = bool;

/// Records to pairs of a key and no value. `key_of(record)` gives a reference to the key.
template <class T, class KeyOf>
dataset_ptr keys_only(dataset_ptr parent, KeyOf key_of) {
  using K = std::remove_cvref_t<std::invoke_result_t<const KeyOf&, const T&>>;
  auto pair_of = [key_of](const T& x) { return std::pair<K, no_value>(key_of(x), true); };
  return make_map<T>(std::move(parent), std::make_shared<const decltype(pair_of)>(pair_of), "keys");
}

struct whole_record {
  template <class T>
  const T& operator()(const T& x) const {
    return x;
  }
};

struct first_of_pair {
  template <class T>
  const typename T::first_type& operator()(const T& x) const {
    return x.first;
  }
};

/// The pairs of the left whose key the right has not.
template <class K, class V, class W>
class subtract_by_key_cursor final : public data::cursor<std::pair<K, V>> {
public:
  explicit subtract_by_key_cursor(two_sided_groups<K, V, W> groups) : groups_(std::move(groups)) {}

  std::span<const std::pair<K, V>> next() override {
    auto& groups = groups_.get();
    out_.clear();
    while (out_.size() < data::chunk_size) {
      if (value_ == groups.none) {
        if (!groups.next_slot(at_, slot_))
          break;
        if (groups.template first<1>(slot_) == groups.none)
          value_ = groups.template first<0>(slot_);
      } else {
        out_.push_back(std::pair<K, V>(groups.key(slot_), groups.template value<0>(value_)));
        value_ = groups.template next<0>(value_);
      }
    }
    return out_.view();
  }

private:
  two_sided_groups<K, V, W> groups_;
  std::size_t at_ = 0;
  std::uint32_t slot_ = 0;
  std::uint32_t value_ = key_groups<K, V, W>::none;
  data::chunk<std::pair<K, V>> out_;
};

/// The keys that both sides have, each once.
template <class K, class V, class W>
class intersection_cursor final : public data::cursor<K> {
public:
  explicit intersection_cursor(two_sided_groups<K, V, W> groups) : groups_(std::move(groups)) {}

  std::span<const K> next() override {
    auto& groups = groups_.get();
    out_.clear();
    for (std::uint32_t slot; out_.size() < data::chunk_size && groups.next_slot(at_, slot);)
      if (groups.template first<0>(slot) != groups.none &&
          groups.template first<1>(slot) != groups.none)
        out_.push_back(groups.key(slot));
    return out_.view();
  }

private:
  two_sided_groups<K, V, W> groups_;
  std::size_t at_ = 0;
  data::chunk<K> out_;
};

/// Pairs of T whose key no pair of U has. Keys and values are owned in what comes out.
template <class T, class U, class P>
dataset_ptr make_subtract_by_key(dataset_ptr left, dataset_ptr right, std::shared_ptr<const P> p) {
  using keys = std::pair<typename U::first_type, no_value>;
  return make_grouped_join<subtract_by_key_cursor, T, keys>(
    "subtract_by_key", std::move(left), keys_only<U>(std::move(right), first_of_pair{}),
    std::move(p));
}

/// Records of T that are not in the right, of type U; as often as they are in the left. Owned.
template <class T, class U, class P>
dataset_ptr make_subtract(dataset_ptr left, dataset_ptr right, std::shared_ptr<const P> p) {
  using record = std::pair<owned_t<T>, no_value>;
  auto pairs =
    make_grouped_join<subtract_by_key_cursor, std::pair<T, no_value>, std::pair<U, no_value>>(
      "subtract", keys_only<T>(std::move(left), whole_record{}),
      keys_only<U>(std::move(right), whole_record{}), std::move(p));
  auto key_of = [](const record& x) { return x.first; };
  return make_map<record>(std::move(pairs), std::make_shared<const decltype(key_of)>(key_of));
}

/// Records that are in both sides, each once. Owned.
template <class T, class U, class P>
dataset_ptr make_intersection(dataset_ptr left, dataset_ptr right, std::shared_ptr<const P> p) {
  return make_grouped_join<intersection_cursor, std::pair<T, no_value>, std::pair<U, no_value>>(
    "intersection", keys_only<T>(std::move(left), whole_record{}),
    keys_only<U>(std::move(right), whole_record{}), std::move(p));
}

} // namespace caf_stream::lineage
