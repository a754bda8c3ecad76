#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "caf_stream/codec/owned.hpp"
#include "caf_stream/data/chunk.hpp"
#include "caf_stream/lineage/functions.hpp"
#include "caf_stream/lineage/list_chain.hpp"
#include "caf_stream/lineage/shuffled_dataset.hpp"
#include "caf_stream/lineage/side_input.hpp"

// Sorts all records: a sample of the keys tells which keys cut the records into about equal ranges,
// the records are shuffled by range, and each range is sorted where it lies. Records with equal
// keys stay in the order of the parent's partitions.
//
//   parent ── sample ═╗ shuffle to one                 bounds  d, m
//                     ╚═ range bounds ─┐
//   parent ────────────────────────────┴─ ranged ═╗    records of ..d, d..m, m..
//                                                 ╚═ sort

namespace caf_stream::lineage {

/// A sampled key, owned, and how many records it stands for.
template <class K>
using weighted_key = std::pair<owned_t<K>, std::int64_t>;

/// Keys at equal distances, at most `2 * wanted` of them: where there are more, every other one is
/// dropped and the distance doubled.
template <class T, class K, class F>
std::vector<weighted_key<K>> sample_keys(data::cursor_base& records, const F& key_of,
                                         std::size_t wanted) {
  auto& typed = data::typed<T>(records);
  std::vector<weighted_key<K>> sample;
  std::uint64_t stride = 1;
  std::uint64_t seen = 0;
  for (auto chunk = typed.next(); !chunk.empty(); chunk = typed.next())
    for (const T& x : chunk) {
      if (seen++ % stride != 0)
        continue;
      if (sample.size() == 2 * wanted) {
        for (std::size_t i = 1; i < wanted; ++i)
          sample[i] = std::move(sample[2 * i]);
        sample.resize(wanted);
        stride *= 2;
        if ((seen - 1) % stride != 0)
          continue;
      }
      sample.emplace_back(to_owned(K(std::invoke(key_of, x))), 0);
    }
  for (auto& each : sample)
    each.second = static_cast<std::int64_t>(stride);
  return sample;
}

/// Ascending keys that cut the sample into `ranges` of about equal weight; fewer where keys repeat.
template <class Key, class Less>
std::vector<Key> range_bounds(std::vector<std::pair<Key, std::int64_t>> sample,
                              std::uint32_t ranges, Less less) {
  std::stable_sort(sample.begin(), sample.end(),
                   [&](auto& a, auto& b) { return less(a.first, b.first); });
  std::int64_t total = 0;
  for (auto& each : sample)
    total += each.second;
  std::vector<Key> bounds;
  std::int64_t sum = 0;
  std::uint32_t cut = 1;
  for (auto& each : sample) {
    sum += each.second;
    if (cut < ranges && sum * ranges >= total * cut) {
      while (cut < ranges && sum * ranges >= total * cut)
        ++cut;
      if (bounds.empty() || less(bounds.back(), each.first))
        bounds.push_back(std::move(each.first));
    }
  }
  return bounds;
}

/// The parent's records, beside the bounds by which the writer of the shuffle cuts them.
template <class T, class Key>
class ranged_cursor final : public data::cursor<T> {
public:
  ranged_cursor(data::any_cursor parent, std::vector<Key> keys)
    : parent_(std::move(parent)), bounds(std::move(keys)) {}

  std::span<const T> next() override { return data::typed<T>(*parent_).next(); }

private:
  data::any_cursor parent_;

public:
  const std::vector<Key> bounds;
};

/// Sorts when the first record is asked for. Owned records stay in their lists and are copied to be
/// handed on.
template <class T, class K, class F, class Less>
class sort_cursor final : public data::cursor<T> {
public:
  sort_cursor(data::any_cursor parent, std::shared_ptr<const F> key_of, Less less)
    : parent_(std::move(parent)), key_of_(std::move(key_of)), less_(less) {}

  std::span<const T> next() override {
    if (!std::exchange(sorted_, true))
      sort();
    out_.clear();
    for (; at_ < order_.size() && out_.size() < data::chunk_size; ++at_)
      out_.push_back(record(order_[at_].second));
    return out_.view();
  }

private:
  // What a list cursor hands out stays where it is, unless it is made for a chunk.
  static constexpr bool is_made = is_view_v<T> || std::is_same_v<T, bool>;
  using place = std::conditional_t<is_made, T, const T*>;

  const T& record(std::size_t i) const {
    if constexpr (is_made)
      return records_.view()[i];
    else
      return *records_.view()[i];
  }

  void sort() {
    auto& typed = data::typed<T>(*parent_);
    for (auto chunk = typed.next(); !chunk.empty(); chunk = typed.next())
      for (const T& x : chunk) {
        if constexpr (is_made)
          records_.push_back(x);
        else
          records_.push_back(&x);
      }
    order_.reserve(records_.size());
    for (std::size_t i = 0; i < records_.size(); ++i)
      order_.emplace_back(K(std::invoke(*key_of_, record(i))), i);
    std::stable_sort(order_.begin(), order_.end(),
                     [this](auto& a, auto& b) { return less_(a.first, b.first); });
  }

  data::any_cursor parent_;
  std::shared_ptr<const F> key_of_;
  Less less_;
  data::chunk<place> records_;
  std::vector<std::pair<K, std::size_t>> order_; // keys may be views of records_
  bool sorted_ = false;
  std::size_t at_ = 0;
  data::chunk<T> out_;
};

/// One partition with the bounds of `ranges` ranges.
template <class T, class K, class F, class Less>
dataset_ptr make_range_bounds(dataset_ptr parent, std::shared_ptr<const F> key_of, Less less,
                              std::uint32_t ranges) {
  const std::size_t wanted = std::max<std::size_t>(64, 20 * std::size_t{ranges});
  auto write = [key_of, wanted](data::cursor_base& records, std::uint32_t, task_context&) {
    data::record_list_builder<weighted_key<K>> list;
    for (auto& each : sample_keys<T, K>(records, *key_of, wanted))
      list.push_back(std::move(each));
    return std::vector{list.take()};
  };
  auto open = [less, ranges](const std::vector<data::payload>& pieces, task_context&) {
    std::vector<weighted_key<K>> sample;
    auto all = open_lists<weighted_key<K>>(pieces);
    auto& typed = data::typed<weighted_key<K>>(*all);
    for (auto chunk = typed.next(); !chunk.empty(); chunk = typed.next())
      sample.insert(sample.end(), chunk.begin(), chunk.end());
    data::record_list_builder<owned_t<K>> bounds;
    for (auto&& each : range_bounds(std::move(sample), ranges, less))
      bounds.push_back(owned_t<K>(std::move(each)));
    return open_lists<owned_t<K>>({bounds.take()});
  };
  return make_shuffled("range_bounds", std::move(parent), 1, write, open);
}

/// The map side where there is one target.
template <class T>
std::vector<data::payload> write_all(data::cursor_base& records, std::uint32_t, task_context&) {
  auto& typed = data::typed<T>(records);
  std::vector<data::record_list_builder<T>> lists(1);
  for (auto chunk = typed.next(); !chunk.empty(); chunk = typed.next())
    lists[0].append(chunk);
  return take_lists(lists);
}

/// All records in the order of `less(key_of(record), key_of(other))`, in `partitions` partitions
/// one after the other.
template <class T, class F, class Less>
dataset_ptr make_sort_by(dataset_ptr parent, std::shared_ptr<const F> key_of, Less less,
                         std::uint32_t partitions) {
  using K = value_of_call<F, const T&>;
  using key = owned_t<K>;
  auto open = [key_of, less](const std::vector<data::payload>& pieces, task_context&) {
    return std::make_unique<sort_cursor<T, K, F, Less>>(open_lists<T>(pieces, owned_records::stay),
                                                        key_of, less);
  };
  if (partitions == 1) // there is nothing to cut
    return make_shuffled("sort_by", std::move(parent), 1, write_all<T>, std::move(open));
  auto bounds = make_range_bounds<T, K>(parent, key_of, less, partitions);
  auto wrap = [](data::any_cursor in, data::any_cursor side, partition_id, task_context&) {
    auto& typed = data::typed<key>(*side);
    std::vector<key> keys;
    for (auto chunk = typed.next(); !chunk.empty(); chunk = typed.next())
      keys.insert(keys.end(), chunk.begin(), chunk.end());
    return std::make_unique<ranged_cursor<T, key>>(std::move(in), std::move(keys));
  };
  auto ranged = make_with_side("ranged", std::move(parent), std::move(bounds), wrap);
  auto write = [key_of, less](data::cursor_base& records, std::uint32_t n, task_context&) {
    auto& typed = static_cast<ranged_cursor<T, key>&>(records);
    std::vector<data::record_list_builder<T>> lists(n);
    for (auto chunk = typed.next(); !chunk.empty(); chunk = typed.next())
      for (const T& x : chunk) {
        const K k(std::invoke(*key_of, x));
        auto bound =
          std::lower_bound(typed.bounds.begin(), typed.bounds.end(), k,
                           [&](const key& a, const K& b) { return less(view_of<K>(a), b); });
        lists[static_cast<std::size_t>(bound - typed.bounds.begin())].append(
          std::span<const T>{&x, 1});
      }
    return take_lists(lists);
  };
  return make_shuffled("sort_by", std::move(ranged), partitions, write, std::move(open));
}

} // namespace caf_stream::lineage
