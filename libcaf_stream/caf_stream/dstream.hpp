#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <caf/fwd.hpp>

#include "caf_stream/base/source_location.hpp"
#include "caf_stream/outputs/batch_folder.hpp"
#include "caf_stream/outputs/output_id.hpp"
#include "caf_stream/outputs/printed_batch.hpp"
#include "caf_stream/rdd.hpp"
#include "caf_stream/state_spec.hpp"
#include "caf_stream/stream_core.hpp"
#include "caf_stream/window_options.hpp"

namespace caf_stream {

template <class M, class K, class S>
class mapped_dstream; // mapped_dstream.hpp

/// A stream: a data set of records of type T for every batch. A cheap handle; copies name the same
/// stream. Operators give new streams, outputs make them run, and nothing runs before the context
/// starts. Adding to a context that has started throws errc::invalid_state.
///
/// Functions are taken by value, once, and called as const from several threads with `const T&`.
/// Operators that bring equal records or keys together end in `partitions`: a number, a partitioner
/// (see shuffle/partitioner.hpp), or nothing for `default-partitions`. Keys and values are owned in
/// what they give, and in no order of note, but the same each time. What does not fit (streams of
/// another context or slide, no partitions, lengths of windows) throws errc::invalid_argument where
/// it is called.
template <class T>
class dstream {
public:
  using value_type = T;

  /// For the library.
  dstream(graph::node_ptr node, core_ptr core) : node_(std::move(node)), core_(std::move(core)) {}

  // -- transformations ---------------------------------------------------------------------------

  /// `f(record)` of each record.
  template <class F>
  auto map(F f, source_location where = source_location::current()) const;

  /// All elements of the range `f(record)` of each record; with a function that names what it
  /// emits, such as split_words, what `f(record, emit)` emits.
  template <class F>
  auto flat_map(F f, source_location where = source_location::current()) const;

  /// What `f(record, emit)` emits, as records of type U. Allocates nothing itself.
  template <class U, class F>
  dstream<U> flat_map(F f, source_location where = source_location::current()) const;

  /// The records for which `f(record)` is true.
  template <class F>
  dstream filter(F f, source_location where = source_location::current()) const;

  /// The elements of the range `f(records)` of each partition, with a record_range<T>.
  template <class F>
  auto map_partitions(F f, source_location where = source_location::current()) const;

  /// Each partition as one record, the list of its records.
  dstream<std::vector<owned_t<T>>> glom(source_location where = source_location::current()) const;

  /// The same records, dealt out to `n` partitions in turn.
  dstream repartition(std::uint32_t n, source_location where = source_location::current()) const;

  /// The partitions of this and then those of `other`, which must have the same slide.
  dstream union_with(const dstream& other,
                     source_location where = source_location::current()) const;

  /// One record a batch: how many there are, also when there are none.
  dstream<std::int64_t> count(source_location where = source_location::current()) const;

  /// One record a batch, all reduced by the associative `f(std::move(acc), record)`; none where
  /// there are none.
  template <class F>
  dstream<owned_t<T>> reduce(F f, source_location where = source_location::current()) const;

  /// Each value of the batch and how often it is there.
  template <class P = default_partitioning>
  dstream<std::pair<owned_t<T>, std::int64_t>>
  count_by_value(P partitions = {}, source_location where = source_location::current()) const;

  /// What `f(rdd)` or `f(rdd, batch_time)` makes of a batch, an rdd. Called as const, on a thread
  /// of the library or of slice(), at most once a batch, when an output or a window needs it:
  /// behind a window that slides by several batches, for all of these when it slides. What it
  /// throws fails the output.
  template <class F>
  auto transform(F f, source_location where = source_location::current()) const;

  /// The same with `f(rdd, other_rdd)` or `f(rdd, other_rdd, batch_time)`. `other` must have the
  /// same slide.
  template <class U, class F>
  auto transform_with(const dstream<U>& other, F f,
                      source_location where = source_location::current()) const;

  // -- windows -----------------------------------------------------------------------------------

  // A window of `length` that slides by `slide` has, at each multiple of `slide`, the records of
  // the last `length`; the first windows are partial. Without `slide` it slides with every batch.
  // Both must be multiples of slide_duration(): errc::invalid_argument. What they give has a batch
  // every `slide`.

  /// The records of all batches in the window. They are kept where they are computed: persist() on
  /// this window persists this stream, which else is kept at its own level or as `memory_only`;
  /// inputs, and what a window no longer than its slide has, are not kept twice.
  dstream window(duration length, duration slide,
                 source_location where = source_location::current()) const;
  dstream window(duration length, source_location where = source_location::current()) const {
    return window(length, slide_duration(), where);
  }

  /// All records of the window reduced by the associative `f(std::move(acc), record)`, older ones
  /// first; no record where there are none. A slide costs a constant number of calls of f.
  template <class F>
  dstream<owned_t<T>> reduce_by_window(F f, duration length, duration slide,
                                       source_location where = source_location::current()) const;

  /// The same with a function that takes out again what f has put in: `inverse(std::move(acc), x)`.
  /// f is commutative. Once there were records, there is one in every batch.
  template <class F, class Inverse>
    requires(!std::convertible_to<Inverse, duration>)
  dstream<owned_t<T>> reduce_by_window(F f, Inverse inverse, duration length, duration slide,
                                       source_location where = source_location::current())
  const;

  /// How many records the window has: none before the first, and from then on one number.
  dstream<std::int64_t> count_by_window(duration length, duration slide,
                                        source_location where = source_location::current()) const;

  /// Each value of the window and how often it is there.
  template <class P = default_partitioning>
  dstream<std::pair<owned_t<T>, std::int64_t>>
  count_by_value_and_window(duration length, duration slide, P partitions = {},
                            source_location where = source_location::current()) const;

  // -- windows of pairs: where T is std::pair<K, V> ----------------------------------------------

  /// Pairs (k, std::vector of k's values in the window), older ones first.
  template <class P = default_partitioning>
  auto group_by_key_and_window(duration length, duration slide, P partitions = {},
                               source_location where = source_location::current()) const;
  template <class P = default_partitioning>
    requires(!std::convertible_to<P, duration>)
  auto group_by_key_and_window(duration length, P partitions = {},
                               source_location where = source_location::current()) const {
    return group_by_key_and_window(length, slide_duration(), std::move(partitions), where);
  }

  /// One pair for each key of the window: its values reduced by the associative
  /// `f(std::move(acc), v)`, older ones first. Each batch is reduced once, and a slide costs a
  /// constant number of calls of f for each key of the window.
  template <class F, class P = default_partitioning>
  auto reduce_by_key_and_window(F f, duration length, duration slide, P partitions = {},
                                source_location where = source_location::current()) const;
  template <class F, class P = default_partitioning>
    requires(!std::convertible_to<P, duration>)
  auto reduce_by_key_and_window(F f, duration length, P partitions = {},
                                source_location where = source_location::current()) const {
    return reduce_by_key_and_window(std::move(f), length, slide_duration(), std::move(partitions),
                                    where);
  }

  // The same with a function that takes out again what f has put in: `inverse(std::move(acc), v)`.
  // f is commutative. A slide costs a call for each record that comes and for each that leaves, the
  // records of a batch being reduced first. Keys stay when nothing of theirs is in the window any
  // more, unless `keep(key, value)` or `keep(std::pair<key, value>)` is false for them; such a key
  // is forgotten and begins anew with the next batch.

  template <class F, class Inverse>
    requires(!std::convertible_to<Inverse, duration>)
  auto reduce_by_key_and_window(F f, Inverse inverse, duration length,
                                source_location where = source_location::current()) const {
    return checked_inverse_window(std::move(f), std::move(inverse), length, slide_duration(),
                                  keep_all{}, default_partitioning{}, where);
  }
  template <class F, class Inverse, window_partitioning P>
    requires(!std::convertible_to<Inverse, duration>)
  auto reduce_by_key_and_window(F f, Inverse inverse, duration length, P partitions,
                                source_location where = source_location::current()) const {
    return checked_inverse_window(std::move(f), std::move(inverse), length, slide_duration(),
                                  keep_all{}, std::move(partitions), where);
  }
  template <class F, class Inverse, window_filter Keep,
            window_partitioning P = default_partitioning>
    requires(!std::convertible_to<Inverse, duration>)
  auto reduce_by_key_and_window(F f, Inverse inverse, duration length, Keep keep, P partitions = {},
                                source_location where = source_location::current()) const {
    return checked_inverse_window(std::move(f), std::move(inverse), length, slide_duration(),
                                  std::move(keep), std::move(partitions), where);
  }
  template <class F, class Inverse, window_partitioning P = default_partitioning>
    requires(!std::convertible_to<Inverse, duration>)
  auto reduce_by_key_and_window(F f, Inverse inverse, duration length, duration slide,
                                P partitions = {},
                                source_location where = source_location::current()) const {
    return checked_inverse_window(std::move(f), std::move(inverse), length, slide, keep_all{},
                                  std::move(partitions), where);
  }
  template <class F, class Inverse, window_filter Keep,
            window_partitioning P = default_partitioning>
    requires(!std::convertible_to<Inverse, duration>)
  auto reduce_by_key_and_window(F f, Inverse inverse, duration length, duration slide, Keep keep,
                                P partitions = {},
                                source_location where = source_location::current()) const {
    return checked_inverse_window(std::move(f), std::move(inverse), length, slide, std::move(keep),
                                  std::move(partitions), where);
  }

  // -- pairs: where T is std::pair<K, V> ---------------------------------------------------------

  /// Pairs (k, `f(v)`).
  template <class F>
  auto map_values(F f, source_location where = source_location::current()) const;

  /// Pairs (k, u) for each element u of the range `f(v)`.
  template <class F>
  auto flat_map_values(F f, source_location where = source_location::current()) const;

  /// Pairs (k, u) for each u that `f(v, emit)` emits. Allocates nothing itself.
  template <class U, class F>
  auto flat_map_values(F f, source_location where = source_location::current()) const;

  /// Pairs (k, std::vector of k's values), one for each key of the batch; values in partition
  /// order.
  template <class P = default_partitioning>
  auto group_by_key(P partitions = {}, source_location where = source_location::current()) const;

  /// One pair for each key of the batch: its values reduced by the associative
  /// `f(std::move(acc), v)`.
  template <class F, class P = default_partitioning>
  auto reduce_by_key(F f, P partitions = {},
                     source_location where = source_location::current()) const;

  /// One pair for each key of the batch: `create(v)` of its first value,
  /// `merge_value(std::move(acc), v)` for others of the same partition,
  /// `merge_combiners(std::move(acc), acc)` over partitions. Without `map_side_combine` values are
  /// combined only once all of a key are together, as suits lists of them.
  template <class Create, class MergeValue, class MergeCombiners, class P = default_partitioning>
  auto combine_by_key(Create create, MergeValue merge_value, MergeCombiners merge_combiners,
                      P partitions = {}, bool map_side_combine = true,
                      source_location where = source_location::current()) const;

  // `other` has the same slide and records std::pair<K2, W>, where K and K2 have the same owned
  // type. What is joined are the batches of the same time.

  /// Pairs (k, (v, w)) for each v of k here with each w of k there.
  template <class U, class P = default_partitioning>
  auto join(const dstream<U>& other, P partitions = {},
            source_location where = source_location::current()) const;

  /// The same, and (k, (v, none)) where `other` has no k: w is a std::optional.
  template <class U, class P = default_partitioning>
  auto left_outer_join(const dstream<U>& other, P partitions = {},
                       source_location where = source_location::current()) const;

  /// The same with sides exchanged: v is a std::optional.
  template <class U, class P = default_partitioning>
  auto right_outer_join(const dstream<U>& other, P partitions = {},
                        source_location where = source_location::current()) const;

  /// Both at once: v and w are std::optional.
  template <class U, class P = default_partitioning>
  auto full_outer_join(const dstream<U>& other, P partitions = {},
                       source_location where = source_location::current()) const;

  /// Pairs (k, (std::vector of the v, std::vector of the w)) for each k of either.
  template <class U, class P = default_partitioning>
  auto cogroup(const dstream<U>& other, P partitions = {},
               source_location where = source_location::current()) const;

  // -- state by key: where T is std::pair<K, V> --------------------------------------------------

  // States change in place. What a batch has changed is undone when a task fails, before that runs
  // again, and when the batch is given up, whichever of its outputs has failed: its records are not
  // applied later.

  /// All keys and their states, after each batch: pairs (k, S). A key's state becomes what f
  /// returns, which is called for every key with data or a state, once a batch, as
  ///
  ///   f(std::span<const V>, std::optional<S>) -> std::optional<S>
  ///   f(batch_time, const K&, std::span<const V>, std::optional<S>) -> std::optional<S>
  ///
  /// with the values of the batch in partition order and the state so far; none lets the key go. K
  /// and V are owned. S is read from f; where f does not tell it, `update_state_by_key<S>(f)`.
  template <class S = lineage::deduced_state, class F, class P = default_partitioning>
    requires(!is_initial_state_v<P>)
  auto update_state_by_key(F f, P partitions = {},
                           source_location where = source_location::current()) const;

  /// The same; before the first batch there are the states of `initial`, an rdd or a vector of
  /// pairs of K and S.
  template <class S = lineage::deduced_state, class F, class I, class P = default_partitioning>
    requires is_initial_state_v<I>
  auto update_state_by_key(F f, I initial, P partitions = {},
                           source_location where = source_location::current()) const;

  /// What `spec`'s function emits for each record, with the state of its key in hand: see
  /// state_spec.hpp. Gives a mapped_dstream, a dstream that has `state_snapshots()` besides.
  /// S is to be said, as in `map_with_state<S>(state_spec(f))`, only where f has `auto` parameters.
  template <class S = lineage::deduced_state, class F, class I, class P>
  auto map_with_state(state_spec<F, I, P> spec,
                      source_location where = source_location::current()) const;

  /// The same with a number of partitions, or a partitioner, whatever the spec says.
  template <class S = lineage::deduced_state, class F, class I, class P, class Q>
    requires(!std::is_same_v<Q, source_location>)
  auto map_with_state(state_spec<F, I, P> spec, Q partitions,
                      source_location where = source_location::current()) const {
    return map_with_state<S>(std::move(spec).partitions(std::move(partitions)), where);
  }

  // -- outputs -----------------------------------------------------------------------------------

  /// Prints the first `n` records of every batch to standard output.
  void print(std::size_t n = 10, source_location where = source_location::current()) const;

  /// `f(rdd)` or `f(rdd, batch_time)`, called as const on a thread of the library, batch after
  /// batch, and not again when it throws. With `concurrent-jobs` above 1 other outputs of the batch
  /// run at the same time and, where nothing keeps a state or a window, those of later batches too.
  template <class F>
  void foreach_rdd(F f, source_location where = source_location::current()) const;

  /// `f(records, output_id)` or `f(records)`, called for every partition where it is, with a
  /// record_range<T>.
  template <class F>
  void foreach_partition(F f, source_location where = source_location::current()) const;

  /// Sends every partition to `sink` and waits for its answer, `patience` at most. Needs
  /// `caf_stream/actor_output.hpp`, which says what is sent.
  void foreach_partition(caf::actor sink, duration patience = duration{30'000},
                         source_location where = source_location::current()) const;

  /// Writes every batch to the folder `prefix-TIME_IN_MS[.suffix]`: a file `part-NNNNN` a
  /// partition, a record a line, and `_SUCCESS` when it is complete.
  void save_as_text_files(std::string prefix, std::string suffix = {},
                          source_location where = source_location::current()) const;

  /// The same with records as they are encoded, for `streaming_context::object_file` to read. The
  /// format is in outputs/object_files.hpp.
  void save_as_object_files(std::string prefix, std::string suffix = {},
                            source_location where = source_location::current()) const;

  /// The same with what `writer(records, out)` writes of each partition, called where it is with a
  /// record_range<T> and a std::ostream. A file that cannot be written throws `error` out of `out`.
  template <class F>
  void save_as_files(std::string prefix, std::string suffix, F writer,
                     source_location where = source_location::current()) const;

  // -- what it is --------------------------------------------------------------------------------

  /// Keeps each batch's computed partitions for later readers, as long as the batch is remembered,
  /// at the level that was said last. Changes this stream, which is also returned. Throws
  /// errc::invalid_state once the context has started.
  dstream persist(storage_level level = storage_level::memory_only) const;
  dstream cache() const { return persist(); }

  /// How far apart snapshots of this stream are to be, where there is a checkpoint folder; a
  /// multiple of the slide, or start() throws. Persists it, unless it keeps a state; this version
  /// writes no snapshots. Throws errc::invalid_argument unless `interval` > 0.
  dstream checkpoint(duration interval) const;

  /// The batches from `from` to `to`, both included, each aligned down to a time of a batch. Those
  /// that have not begun are left out, those that nobody has asked for are computed now, by this
  /// thread. From outside of a batch's outputs only those that are remembered. Throws
  /// errc::invalid_state before start, for batches that are not remembered any more and for a state
  /// that no output needs, errc::stopped when the context is gone, and what making a batch has
  /// thrown.
  std::vector<rdd<T>> slice(batch_time from, batch_time to) const;

  /// Names the operator: its id depends on nothing else then. Changes this stream, which is also
  /// returned. Throws errc::invalid_argument where `uid` is empty, errc::invalid_state once the
  /// context has started; two equal names are an error of start().
  dstream named(std::string uid) const {
    node_->set_name(std::move(uid));
    return *this;
  }

  /// Throws errc::stopped when the context is gone.
  streaming_context& context() const { return core_->owner(); }
  duration slide_duration() const noexcept { return node_->slide(); }

  const graph::node_ptr& node() const noexcept { return node_; }
  const core_ptr& core() const noexcept { return core_; }

private:
  template <class>
  friend class dstream;

  template <class U>
  dstream<U>
  derive(std::string kind, source_location where,
         std::function<lineage::dataset_ptr(lineage::dataset_ptr, batch_time)> make) const;

  template <class R, class U>
  dstream<R> combine(
    std::string kind, const dstream<U>& other, source_location where,
    std::function<lineage::dataset_ptr(lineage::dataset_ptr, lineage::dataset_ptr, batch_time)>
      make) const;

  /// What `f(rdd, other_rdd)` makes of each batch, without running a job.
  template <class U, class F>
  auto join_batches(std::string kind, const dstream<U>& other, source_location where, F f) const;

  graph::node_description describe_window(std::string kind, duration slide,
                                          source_location where) const;

  /// The windows, unchecked; `kind` is what the program called.
  dstream add_window(std::string kind, duration length, duration slide, source_location where,
                     graph::join_batches join) const;
  template <class F, class P>
  auto reduce_window(std::string kind, F f, duration length, duration slide, P partitions,
                     source_location where) const;
  template <class F, class Inverse, class Keep, class P>
  auto inverse_window(std::string kind, F f, Inverse inverse, duration length, duration slide,
                      Keep keep, P partitions, source_location where) const;

  template <class F, class Inverse, class Keep, class P>
  auto checked_inverse_window(F f, Inverse inverse, duration length, duration slide, Keep keep,
                              P partitions, source_location where) const;

  /// All records under one key, and back.
  dstream<std::pair<std::int8_t, T>> with_one_key(std::string kind, source_location where) const;
  auto without_key(std::string kind, source_location where) const;

  /// An output that saves each batch in a folder of its own, as `save(engine, set, folder)` does.
  template <class Save>
  void add_saving(std::string name, std::string prefix, std::string suffix, Save save,
                  source_location where) const;

  graph::node_description describe_state(std::string kind, source_location where) const;

  template <class Named, class F, class I, class P>
  auto update_state(F f, I initial, P partitions, source_location where) const;

  /// The partitioner that an operator was given.
  template <class P>
  auto partitioner_of(P given) const {
    return shuffle::make_partitioner(std::move(given), core_->running().default_partitions());
  }

  graph::node_ptr node_;
  core_ptr core_;
};

/// The records of all streams, which must be of one context and one slide. Throws
/// errc::invalid_argument where they are not, or where there is none.
template <class T>
dstream<T> union_of(const std::vector<dstream<T>>& streams, source_location where);

/// What `f(rdds)` or `f(rdds, batch_time)` makes of a batch of each stream, a
/// `std::vector<rdd<T>>`. Throws as union_of does.
template <class T, class F>
auto transform_all(const std::vector<dstream<T>>& streams, F f, source_location where);

} // namespace caf_stream

#include "caf_stream/dstream_joins.ipp"
#include "caf_stream/dstream_outputs.ipp"
#include "caf_stream/dstream_pairs.ipp"
#include "caf_stream/dstream_state.ipp"
#include "caf_stream/dstream_transformations.ipp"
#include "caf_stream/dstream_windows.ipp"
