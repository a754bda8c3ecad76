#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "caf_stream/engine/actions.hpp"
#include "caf_stream/engine/save_files.hpp"
#include "caf_stream/lineage/cartesian.hpp"
#include "caf_stream/lineage/cogroup.hpp"
#include "caf_stream/lineage/count_by_value.hpp"
#include "caf_stream/lineage/distinct.hpp"
#include "caf_stream/lineage/filter.hpp"
#include "caf_stream/lineage/flat_map.hpp"
#include "caf_stream/lineage/flat_map_values.hpp"
#include "caf_stream/lineage/function_checks.hpp"
#include "caf_stream/lineage/function_combiner.hpp"
#include "caf_stream/lineage/glom.hpp"
#include "caf_stream/lineage/group_by_key.hpp"
#include "caf_stream/lineage/join.hpp"
#include "caf_stream/lineage/map.hpp"
#include "caf_stream/lineage/map_partitions.hpp"
#include "caf_stream/lineage/map_values.hpp"
#include "caf_stream/lineage/pair_checks.hpp"
#include "caf_stream/lineage/persist.hpp"
#include "caf_stream/lineage/reduce_by_key.hpp"
#include "caf_stream/lineage/repartition.hpp"
#include "caf_stream/lineage/sample.hpp"
#include "caf_stream/lineage/sort_by.hpp"
#include "caf_stream/lineage/subtract.hpp"
#include "caf_stream/lineage/union_dataset.hpp"
#include "caf_stream/lineage/zip_with_index.hpp"
#include "caf_stream/split_words.hpp"

namespace caf_stream {

/// One batch's records, in partitions. A cheap handle on a recipe: transformations give another
/// handle and compute nothing; actions compute, wait, and give the driver a result. May be used
/// from any thread but not, for actions, by functions that run inside tasks.
///
/// Functions are taken by value, once, and called as const from several threads with `const T&`.
/// Operators that bring equal records or keys together end in `partitions`: a number, a partitioner
/// (see shuffle/partitioner.hpp), or nothing for the context's default number. Keys and values are
/// owned in what they give, and in no order of note, but the same each time.
///
/// A batch's rdd can be read until the batch has ended, or for as long as it is remembered; one of
/// make_rdd or object_file as long as its context lives. Actions throw errc::task_failed when a
/// function threw at every attempt or the input is not kept any more, errc::stopped when the
/// context has ended. Numbers that make no sense, of partitions or fractions, are
/// errc::invalid_argument where they are given.
template <class T>
class rdd {
public:
  using value_type = T;

  /// For the library: a data set of records of type T and what computes it.
  rdd(lineage::dataset_ptr set, engine::engine_ptr engine)
    : set_(std::move(set)), engine_(std::move(engine)) {}

  // -- transformations ---------------------------------------------------------------------------

  /// `f(record)` of each record.
  template <class F>
  auto map(F f) const;

  /// All elements of the range `f(record)` of each record; with a function that names what it
  /// emits, such as split_words, what `f(record, emit)` emits.
  template <class F>
  auto flat_map(F f) const;

  /// What `f(record, emit)` emits, as records of type U. Allocates nothing itself.
  template <class U, class F>
  rdd<U> flat_map(F f) const;

  /// The records for which `f(record)` is true.
  template <class F>
  rdd filter(F f) const;

  /// The elements of the range `f(records)` of each partition, with a record_range<T>.
  template <class F>
  auto map_partitions(F f) const;

  /// The same records, dealt out to `n` partitions in turn.
  rdd repartition(std::uint32_t n) const;

  /// Each partition as one record, the list of its records.
  rdd<std::vector<owned_t<T>>> glom() const {
    if constexpr (lineage::check_copyable<T>())
      return with<std::vector<owned_t<T>>>(lineage::make_glom<T>(set_));
    else
      return with<std::vector<owned_t<T>>>(set_);
  }

  /// The partitions of this and then those of `other`.
  rdd union_with(const rdd& other) const {
    return with<T>(lineage::make_union({set_, other.set_}));
  }

  /// The same records as another rdd, of which what has been computed is kept for later readers: as
  /// long as the batch is remembered, and where this was made outside of batches until unpersist().
  /// This one stays as it is.
  rdd persist(storage_level level = storage_level::memory_only) const;
  rdd cache() const { return persist(); }

  /// Forgets what is kept of these records, at once, and keeps them no more: they are computed anew
  /// for each reader. For the data set that persist() gave; any other stays as it is.
  rdd unpersist() const {
    engine_->unpersist(set_);
    return *this;
  }

  /// Sorted by `f(record)`, which must have `operator<`; records with equal keys stay in their
  /// order. Into `n` partitions one after the other; 0: as many as there are. Computes its parent
  /// twice unless it is persisted: to learn how the keys lie, and to sort.
  template <class F>
  rdd sort_by(F f) const {
    return sort_by(std::move(f), true);
  }
  template <class F, std::same_as<bool> B>
  rdd sort_by(F f, B ascending, std::uint32_t n = 0) const;

  /// Each record once.
  template <class P = default_partitioning>
  rdd<owned_t<T>> distinct(P partitions = {}) const;

  /// Each record with probability `fraction`. The same records for the same seed and partitions;
  /// without a seed others with each call in each batch.
  rdd sample(double fraction, std::optional<std::uint64_t> seed = std::nullopt) const {
    return sample(false, fraction, seed);
  }

  /// The same; with replacement each record a random number of times, `fraction` on average.
  template <std::same_as<bool> B>
  rdd sample(B with_replacement, double fraction,
             std::optional<std::uint64_t> seed = std::nullopt) const;

  /// A pair of each record with each of `other`, in partitions for each pair of partitions.
  template <class U>
  rdd<std::pair<T, U>> cartesian(const rdd<U>& other) const;

  /// Pairs of a record and its number in partition order, from 0 on. Computes its parent twice
  /// unless it is persisted: to count, and to number.
  rdd<std::pair<T, std::int64_t>> zip_with_index() const;

  /// The records that are not in `other`, as often as they are here.
  template <class U, class P = default_partitioning>
  rdd<owned_t<T>> subtract(const rdd<U>& other, P partitions = {}) const;

  /// The records that are in both, each once.
  template <class U, class P = default_partitioning>
  rdd<owned_t<T>> intersection(const rdd<U>& other, P partitions = {}) const;

  // -- pairs: where T is std::pair<K, V> ---------------------------------------------------------

  /// Pairs (k, `f(v)`).
  template <class F>
  auto map_values(F f) const;

  /// Pairs (k, u) for each element u of the range `f(v)`.
  template <class F>
  auto flat_map_values(F f) const;

  /// Pairs (k, u) for each u that `f(v, emit)` emits. Allocates nothing itself.
  template <class U, class F>
  auto flat_map_values(F f) const;

  /// Pairs (k, std::vector of k's values), one for each key; values in partition order.
  template <class P = default_partitioning>
  auto group_by_key(P partitions = {}) const;

  /// One pair for each key: its values reduced by the associative `f(std::move(acc), v)`.
  template <class F, class P = default_partitioning>
  auto reduce_by_key(F f, P partitions = {}) const;

  /// One pair for each key: `create(v)` of its first value, `merge_value(std::move(acc), v)` for
  /// others of the same partition, `merge_combiners(std::move(acc), acc)` over partitions. Without
  /// `map_side_combine` values are combined only once all of a key are together, as suits lists of
  /// them.
  template <class Create, class MergeValue, class MergeCombiners, class P = default_partitioning>
  auto combine_by_key(Create create, MergeValue merge_value, MergeCombiners merge_combiners,
                      P partitions = {}, bool map_side_combine = true) const;

  // `other` has records std::pair<K2, W>, where K and K2 have the same owned type.

  /// Pairs (k, (v, w)) for each v of k here with each w of k there.
  template <class U, class P = default_partitioning>
  auto join(const rdd<U>& other, P partitions = {}) const;

  /// The same, and (k, (v, none)) where `other` has no k: w is a std::optional.
  template <class U, class P = default_partitioning>
  auto left_outer_join(const rdd<U>& other, P partitions = {}) const;

  /// The same with sides exchanged: v is a std::optional.
  template <class U, class P = default_partitioning>
  auto right_outer_join(const rdd<U>& other, P partitions = {}) const;

  /// Both at once: v and w are std::optional.
  template <class U, class P = default_partitioning>
  auto full_outer_join(const rdd<U>& other, P partitions = {}) const;

  /// Pairs (k, (std::vector of the v, std::vector of the w)) for each k of either.
  template <class U, class P = default_partitioning>
  auto cogroup(const rdd<U>& other, P partitions = {}) const;

  /// The pairs whose key `other` has not.
  template <class U, class P = default_partitioning>
  auto subtract_by_key(const rdd<U>& other, P partitions = {}) const;

  // -- actions -----------------------------------------------------------------------------------

  /// How many records there are.
  std::int64_t count() const { return engine::count_records<T>(*engine_, set_); }

  /// All records reduced to one, in partition order. Throws errc::invalid_argument when there are
  /// none.
  template <class F>
  owned_t<T> reduce(F f) const;

  /// All records, in partition order.
  std::vector<owned_t<T>> collect() const {
    if constexpr (lineage::check_copyable<T>())
      return engine::collect_records<T>(*engine_, set_, "collect");
    else
      return {};
  }

  /// The first `n` records. No partition is read further than that, unless it is persisted: then
  /// it is computed whole and kept.
  std::vector<owned_t<T>> take(std::size_t n) const {
    if constexpr (lineage::check_copyable<T>())
      return engine::collect_records<T>(*engine_, set_, "take", n);
    else
      return {};
  }

  /// The first record. Throws errc::invalid_argument when there is none.
  owned_t<T> first() const;

  /// The `n` largest records, the largest first, by `less` or `operator<`.
  template <class Less = std::less<>>
  std::vector<owned_t<T>> top(std::size_t n, Less less = {}) const;

  /// True where there are no records. No partition is read further than it must be.
  bool is_empty() const { return !engine::has_records<T>(*engine_, set_); }

  /// Calls `f(record)` where the data is.
  template <class F>
  void foreach (F f) const;

  /// Calls `f(records)` for each partition where it is, with a record_range<T>.
  template <class F>
  void foreach_partition(F f) const;

  /// `f(std::move(acc), record)` over each partition and then over the partitions, each time
  /// beginning with `zero`.
  template <class F>
  owned_t<T> fold(owned_t<T> zero, F f) const;

  /// `add(std::move(acc), record)` over each partition and `merge(std::move(acc), acc)` over the
  /// partitions, each time beginning with `zero`.
  template <class A, class Add, class Merge>
  A aggregate(A zero, Add add, Merge merge) const;

  /// Each value and how often it is there, in no order of note.
  std::vector<std::pair<owned_t<T>, std::int64_t>> count_by_value() const;

  /// Writes the folder `path`: a file `part-NNNNN` a partition, a record a line, and `_SUCCESS`.
  /// Replaces what an earlier run wrote there.
  void save_as_text_file(const std::string& path) const {
    engine::save_as_text<T>(*engine_, set_, path);
  }

  /// Writes the folder `path` likewise, with records as they are encoded, for
  /// `streaming_context::object_file` to read. The format is in outputs/object_files.hpp.
  void save_as_object_file(const std::string& path) const {
    if constexpr (lineage::check_encodable<T>())
      engine::save_as_objects<T>(*engine_, set_, path);
  }

  // -- what it is --------------------------------------------------------------------------------

  std::uint32_t partitions() const { return set_->partitions(); }
  const lineage::dataset_id& id() const { return set_->id(); }
  const lineage::dataset_ptr& dataset() const { return set_; }
  const engine::engine_ptr& engine() const { return engine_; }

private:
  template <class U>
  rdd<U> with(lineage::dataset_ptr set) const {
    return {std::move(set), engine_};
  }

  /// Shares the partitioner that an operator was given.
  template <class P>
  auto partitioner_of(P given) const;

  template <lineage::join_kind Kind, class U, class P>
  auto join_as(const char* operation, const rdd<U>& other, P partitions) const;

  lineage::dataset_ptr set_;
  engine::engine_ptr engine_;
};

} // namespace caf_stream

#include "caf_stream/rdd.ipp"
#include "caf_stream/rdd_actions.ipp"
#include "caf_stream/rdd_pairs.ipp"
