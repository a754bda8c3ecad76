#pragma once

#include "caf_stream/data/chunk.hpp"
#include "caf_stream/lineage/combine_by_key.hpp"
#include "caf_stream/lineage/joined_dataset.hpp"
#include "caf_stream/lineage/key_groups.hpp"

// Two data sets of pairs, brought together by key. What is made of the values of a key is the
// cursor's: cogroup hands them out as lists; joins are in join.hpp, differences in subtract.hpp.

namespace caf_stream::lineage {

/// Brings the pieces of both sides together when they are asked for. K, V and W are owned.
template <class K, class V, class W>
class two_sided_groups {
public:
  two_sided_groups(const std::vector<data::payload>& left, const std::vector<data::payload>& right,
                   data::table_seed seed)
    : left_(left), right_(right), groups_(seed) {}

  const key_groups<K, V, W>& get() {
    if (!std::exchange(grouped_, true)) {
      groups_.template add<0>(std::exchange(left_, {}));
      groups_.template add<1>(std::exchange(right_, {}));
    }
    return groups_;
  }

private:
  std::vector<data::payload> left_;
  std::vector<data::payload> right_;
  key_groups<K, V, W> groups_;
  bool grouped_ = false;
};

/// Pairs of both sides to what `Cursor<K, V, W>`, made of a `two_sided_groups`, makes of them.
template <template <class, class, class> class Cursor, class T, class U, class P>
dataset_ptr make_grouped_join(std::string operation, dataset_ptr left, dataset_ptr right,
                              std::shared_ptr<const P> partitioner) {
  using K = owned_t<typename T::first_type>;
  using V = owned_t<typename T::second_type>;
  using W = owned_t<typename U::second_type>;
  static_assert(std::is_same_v<K, owned_t<typename U::first_type>>);
  auto partitions = static_cast<std::uint32_t>(partitioner->count());
  auto open = [](const std::vector<data::payload>& of_left,
                 const std::vector<data::payload>& of_right, task_context& context) {
    return std::make_unique<Cursor<K, V, W>>(
      two_sided_groups<K, V, W>{of_left, of_right, context.seed().derived(reduce_side_seed)});
  };
  return make_joined(
    std::move(operation),
    {std::move(left), write_pairs<typename T::first_type, typename T::second_type>(partitioner)},
    {std::move(right), write_pairs<typename U::first_type, typename U::second_type>(partitioner)},
    partitions, std::move(open));
}

template <class K, class V, class W>
class cogroup_cursor final
  : public data::cursor<std::pair<K, std::pair<std::vector<V>, std::vector<W>>>> {
public:
  using record = std::pair<K, std::pair<std::vector<V>, std::vector<W>>>;

  explicit cogroup_cursor(two_sided_groups<K, V, W> groups) : groups_(std::move(groups)) {}

  std::span<const record> next() override {
    auto& groups = groups_.get();
    out_.clear();
    for (std::uint32_t slot; out_.size() < keys_at_once && groups.next_slot(at_, slot);)
      out_.push_back(record{groups.key(slot),
                            {groups.template values<0>(slot), groups.template values<1>(slot)}});
    return out_.view();
  }

private:
  static constexpr std::size_t keys_at_once = 128; // their values are copied to be handed on

  two_sided_groups<K, V, W> groups_;
  std::size_t at_ = 0;
  data::chunk<record> out_;
};

/// A pair (k, (values of the left, values of the right)) for each key that either side has.
template <class T, class U, class P>
dataset_ptr make_cogroup(dataset_ptr left, dataset_ptr right, std::shared_ptr<const P> p) {
  return make_grouped_join<cogroup_cursor, T, U>("cogroup", std::move(left), std::move(right),
                                                 std::move(p));
}

} // namespace caf_stream::lineage
