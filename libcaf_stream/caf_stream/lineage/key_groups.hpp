#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <tuple>
#include <utility>
#include <vector>

#include "caf_stream/lineage/list_chain.hpp"
#include "caf_stream/lineage/shuffled_dataset.hpp"
#include "caf_stream/shuffle/key_table.hpp"
#include "caf_stream/shuffle/partitioner.hpp"

// What operators that need all values of a key are made of: group_by_key, cogroup and the joins.
// A map task cuts its pairs into a list for each target. A reduce task leaves the values where they
// came, in the lists, and links those of a key to a chain for each side:
//
//   table     ann -> left 0, right 1          next (left)    0 -> 2, 2 -> end
//   left      0 (ann,a)  1 (bob,b)  2 (ann,c)                the values of ann: a, c
//   right     0 (eve,x)  1 (ann,y)                           and y
//
// So chains are in the order of the map partitions, and no value is copied before it is handed out.

namespace caf_stream::lineage {

/// The map side: pairs of K and V, owned, in a list for each target.
template <class K, class V, class P>
write_pieces write_pairs(std::shared_ptr<const P> partitioner) {
  using owned_pair = std::pair<owned_t<K>, owned_t<V>>;
  return [partitioner = std::move(partitioner)](data::cursor_base& records, std::uint32_t n,
                                                task_context&) {
    auto& typed = data::typed<std::pair<K, V>>(records);
    std::vector<data::record_list_builder<owned_pair>> lists(n);
    for (auto chunk = typed.next(); !chunk.empty(); chunk = typed.next())
      for (const auto& x : chunk)
        lists[shuffle::partition_of<owned_t<K>>(*partitioner, x.first)].push_back(
          owned_pair(to_owned(x.first), to_owned(x.second)));
    return take_lists(lists);
  };
}

/// The reduce side, of one shuffle for each V: the values of each key. K and V are owned.
template <class K, class... Vs>
class key_groups {
public:
  /// Ends a chain.
  static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

  template <std::size_t Side>
  using value_of = std::tuple_element_t<Side, std::tuple<Vs...>>;

  explicit key_groups(data::table_seed seed) : groups_(seed) {}

  /// Takes the pairs of one side's pieces, once. Throws `error` where one does not decode, and for
  /// more values than chains can number.
  template <std::size_t Side>
  void add(const std::vector<data::payload>& pieces) {
    auto& side = std::get<Side>(sides_);
    for (auto& piece : pieces) {
      auto list = open_piece<typename std::remove_reference_t<decltype(side)>::list>(piece);
      if (list == nullptr)
        continue;
      link<Side>(list->items);
      side.lists.push_back(std::move(list));
    }
  }

  std::size_t keys() const noexcept { return groups_.size(); }

  /// Writes the slots of the next keys to `out`, at most `capacity`; how many, 0 at the end.
  std::size_t next_slots(std::size_t& at, std::uint32_t* out, std::size_t capacity) const noexcept {
    return groups_.used_slots(at, out, capacity);
  }

  /// The next key's slot, `at` being where the walk stands, from 0 on; false at the end.
  bool next_slot(std::size_t& at, std::uint32_t& slot) const noexcept {
    return groups_.used_slots(at, &slot, 1) != 0;
  }

  K key(std::uint32_t slot) const { return K(groups_.key_at(slot)); }
  data::key_view_t<K> key_view(std::uint32_t slot) const { return groups_.key_at(slot); }

  /// The first value of a key, and the one after value i; `none` where there is none.
  template <std::size_t Side>
  std::uint32_t first(std::uint32_t slot) const {
    return groups_.value_at(slot)[Side].first;
  }
  template <std::size_t Side>
  std::uint32_t next(std::uint32_t i) const {
    return i == none ? none : std::get<Side>(sides_).next[i];
  }
  template <std::size_t Side>
  const value_of<Side>& value(std::uint32_t i) const {
    return *std::get<Side>(sides_).values[i];
  }

  template <std::size_t Side>
  std::vector<value_of<Side>> values(std::uint32_t slot) const {
    std::vector<value_of<Side>> result;
    for (auto i = first<Side>(slot); i != none; i = next<Side>(i))
      result.push_back(value<Side>(i));
    return result;
  }

private:
  struct chain {
    std::uint32_t first = none;
    std::uint32_t last = none;
  };
  using group = std::array<chain, sizeof...(Vs)>;

  template <class V>
  struct one_side {
    using list = data::record_list<std::pair<K, V>>;
    std::vector<std::shared_ptr<const list>> lists;
    std::vector<const V*> values;
    std::vector<std::uint32_t> next;
  };

  template <std::size_t Side>
  void link(const std::vector<std::pair<K, value_of<Side>>>& pairs) {
    auto& side = std::get<Side>(sides_);
    if (pairs.size() >= none - side.values.size())
      throw error{errc::out_of_memory_budget, "a partition has more than 4 billion values to group "
                                              "by key: use more partitions"};
    const auto begin = static_cast<std::uint32_t>(side.values.size());
    for (auto& pair : pairs)
      side.values.push_back(&pair.second);
    side.next.resize(side.values.size(), none);
    groups_.upsert(
      pairs.size(), [&](std::size_t i) -> const K& { return pairs[i].first; },
      [&](std::size_t i) {
        group result;
        result[Side].first = result[Side].last = begin + static_cast<std::uint32_t>(i);
        return result;
      },
      [&](group& found, std::size_t i) {
        auto& values = found[Side];
        const auto number = begin + static_cast<std::uint32_t>(i);
        (values.first == none ? values.first : side.next[values.last]) = number;
        values.last = number;
      });
  }

  shuffle::key_table<K, group> groups_;
  std::tuple<one_side<Vs>...> sides_;
};

} // namespace caf_stream::lineage
