#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "caf_stream/engine/actions.hpp"
#include "caf_stream/engine/save_text.hpp"
#include "caf_stream/lineage/count_by_value.hpp"
#include "caf_stream/lineage/filter.hpp"
#include "caf_stream/lineage/flat_map.hpp"
#include "caf_stream/lineage/function_checks.hpp"
#include "caf_stream/lineage/map.hpp"
#include "caf_stream/lineage/map_partitions.hpp"
#include "caf_stream/lineage/map_values.hpp"
#include "caf_stream/lineage/persist.hpp"
#include "caf_stream/lineage/reduce_by_key.hpp"
#include "caf_stream/lineage/repartition.hpp"
#include "caf_stream/lineage/union_dataset.hpp"
#include "caf_stream/split_words.hpp"

namespace caf_stream {

/// One batch's records, in partitions. A cheap handle on a recipe: transformations give another
/// handle and compute nothing; actions compute, wait, and give the driver a result. May be used
/// from any thread but not, for actions, by functions that run inside tasks.
///
/// Functions are taken by value, once, and called as const from several threads with `const T&`.
/// Actions throw `error`: errc::task_failed when a function threw at every attempt, errc::stopped
/// when the context ended.
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

  /// The partitions of this and then those of `other`.
  rdd union_with(const rdd& other) const {
    return with<T>(lineage::make_union({set_, other.set_}));
  }

  /// The same records; what has been computed is kept for later readers.
  rdd persist(storage_level level = storage_level::memory_only) const;
  rdd cache() const { return persist(); }

  // -- pairs -------------------------------------------------------------------------------------

  /// Pairs (k, `f(v)`).
  template <class F>
  auto map_values(F f) const;

  /// One pair for each key: its values reduced by the associative `f(std::move(acc), v)`. Into the
  /// context's default number of partitions, into `n`, or as a partitioner says.
  template <class F>
  auto reduce_by_key(F f) const {
    return reduce_by_key(std::move(f), engine_->default_partitions());
  }
  template <class F>
  auto reduce_by_key(F f, std::uint32_t n) const {
    return reduce_by_key(std::move(f), hash_partitioner{n});
  }
  template <class F, class P>
    requires(!std::is_arithmetic_v<P>)
  auto reduce_by_key(F f, P partitioner) const;

  // -- actions -----------------------------------------------------------------------------------

  std::int64_t count() const { return engine::count_records<T>(*engine_, set_); }

  /// All records reduced to one, in partition order. Throws errc::invalid_argument when there are
  /// none.
  template <class F>
  owned_t<T> reduce(F f) const;

  /// All records, in partition order.
  std::vector<owned_t<T>> collect() const {
    return engine::collect_records<T>(*engine_, set_, "collect");
  }

  /// The first `n` records. No partition is read further than that, unless it is persisted: then
  /// it is computed whole and kept.
  std::vector<owned_t<T>> take(std::size_t n) const {
    return engine::collect_records<T>(*engine_, set_, "take", n);
  }

  /// The first record. Throws errc::invalid_argument when there is none.
  owned_t<T> first() const;

  bool is_empty() const { return take(1).empty(); }

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

  lineage::dataset_ptr set_;
  engine::engine_ptr engine_;
};

} // namespace caf_stream

#include "caf_stream/rdd.ipp"
