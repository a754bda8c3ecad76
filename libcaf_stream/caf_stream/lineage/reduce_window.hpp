#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "caf_stream/data/record_list.hpp"
#include "caf_stream/lineage/reduce_by_key.hpp"
#include "caf_stream/lineage/state_step.hpp"
#include "caf_stream/lineage/union_dataset.hpp"
#include "caf_stream/state/keyed_panes.hpp"
#include "caf_stream/state/keyed_totals.hpp"

// Reductions by key over sliding windows. A step shuffles the panes that have come since the last
// one, a shuffle each, into the state of its partition; a reader hands out what the window has:
//
//   batches of pane 7 ══╗
//   batches of pane 8 ══╩═ step: panes 4..6 -> panes 5..8 ── reader: keys and values of 5..8

namespace caf_stream::lineage {

/// A pane that a step adds, and the data sets of its batches.
struct new_pane {
  stateful::pane_number number = 0;
  std::vector<dataset_ptr> batches;
};

/// What one slide does.
struct window_slide {
  state_batches batches;
  stateful::pane_number first = 0; ///< the window then has the panes [first, last]
  stateful::pane_number last = 0;
  std::vector<new_pane> panes; ///< in order
};

namespace window_detail {

template <class K, class V, class F, class P>
std::vector<dependency> shuffle_panes(const window_slide& slide, std::shared_ptr<const F> f,
                                      std::shared_ptr<const P> partitioner) {
  using combiner = reduce_combiner<K, V, F>;
  auto writer = make_writer(write_combined<std::pair<K, V>>(
    std::make_shared<const combiner>(std::move(f)), std::move(partitioner)));
  std::vector<dependency> result;
  for (auto& pane : slide.panes)
    result.push_back(
      {pane.batches.size() == 1 ? pane.batches[0] : make_union(pane.batches), writer});
  return result;
}

/// Calls f(pane number, piece) for each piece of a step's partition, in order.
template <class K, class C, class F>
void for_each_piece(const window_slide& slide, const dataset& step, partition_id p,
                    task_context& context, F&& f) {
  for (std::uint32_t i = 0; i < slide.panes.size(); ++i)
    for (auto& piece : context.pieces(step.id(), i, p))
      if (auto opened = open_piece<shuffle::table_piece<K, C>>(piece))
        f(slide.panes[i].number, *opened);
}

template <class State, class Piece, class Merge>
void add_piece(State& state, stateful::pane_number pane, const Piece& piece, Merge& merge) {
  state.add(
    pane, piece.size(), [&](std::size_t i) -> decltype(auto) { return piece.key(i); },
    [&](std::size_t i) -> decltype(auto) { return piece.value(i); }, merge);
}

/// The accumulating function as the states call it; V is the type of the stream's values.
template <class V, class F>
auto merge_with(std::shared_ptr<const F> f) {
  return [f = std::move(f)](owned_t<V>& acc, const owned_t<V>& other) {
    accumulate(*f, acc, view_of<V>(other));
  };
}

// Steps give no records of their own.
inline data::any_cursor open_nothing(const data::payload&) {
  return std::make_unique<data::empty_cursor<bool>>();
}

inline data::payload no_records() { return data::payload::make(data::record_list<bool>{}, 0, 0); }

/// Pairs of a key and what `find(state, row)` gives: something that points to a C, or is empty.
template <class K, class C, class State, class Find>
class window_cursor final : public data::cursor<std::pair<K, C>> {
public:
  window_cursor(stateful::state_reading reading, Find find)
    : reading_(std::move(reading)), state_(static_cast<const State&>(reading_.partition())),
      find_(std::move(find)) {}

  std::span<const std::pair<K, C>> next() override {
    auto& rows = state_.rows();
    out_.clear();
    while (out_.empty()) {
      auto n = rows.used_slots(at_, slots_.data(), slots_.size());
      if (n == 0)
        break;
      for (std::size_t i = 0; i < n; ++i)
        state_.expect(rows.value_at(slots_[i]));
      for (std::size_t i = 0; i < n; ++i)
        if (auto found = find_(state_, rows.value_at(slots_[i])))
          out_.push_back(std::pair<K, C>(K(rows.key_at(slots_[i])), *std::move(found)));
    }
    return out_.view();
  }

private:
  stateful::state_reading reading_;
  const State& state_;
  Find find_;
  std::size_t at_ = 0;
  std::array<std::uint32_t, data::chunk_size> slots_;
  data::chunk<std::pair<K, C>> out_;
};

template <class K, class C, class State, class Find>
dataset_ptr make_window_reader(std::string operation, dataset_ptr step, batch_time version,
                               Find find) {
  return make_state_reader(
    std::move(operation), std::move(step), version, [find](stateful::state_reading reading) {
      return std::make_unique<window_cursor<K, C, State, Find>>(std::move(reading), find);
    });
}

} // namespace window_detail

/// Pairs (k, v) to one pair for each key of the window: all its values reduced by f, older ones
/// first. `panes` is how many a window has.
template <class K, class V, class F, class P>
dataset_ptr make_reduce_window(std::string operation, window_slide slide, std::uint32_t panes,
                               std::shared_ptr<const F> f, std::shared_ptr<const P> partitioner) {
  using key = owned_t<K>;
  using combined = owned_t<V>;
  using window = stateful::keyed_panes<key, combined>;
  auto merge = window_detail::merge_with<V>(f);
  auto dependencies = window_detail::shuffle_panes<K, V>(slide, f, partitioner);
  auto batches = slide.batches;
  auto make = [panes](data::table_seed seed) { return std::make_shared<window>(panes, seed); };
  auto change = [slide = std::move(slide), merge](stateful::state_partition& partition,
                                                  partition_id p, const dataset& step,
                                                  task_context& context) {
    auto& state = static_cast<window&>(partition);
    state.mend(merge);
    window_detail::for_each_piece<key, combined>(
      slide, step, p, context, [&](stateful::pane_number pane, auto& piece) {
        window_detail::add_piece(state, pane, piece, merge);
      });
    state.slide_to(slide.last, merge);
    return window_detail::no_records();
  };
  auto step = make_state_step(operation, std::move(dependencies),
                              static_cast<std::uint32_t>(partitioner->count()), batches, make,
                              std::move(change), window_detail::open_nothing);
  auto find = [merge](const window& state, std::uint32_t row) { return state.find(row, merge); };
  return window_detail::make_window_reader<key, combined, window>(
    std::move(operation), std::move(step), batches.to, find);
}

/// The same where `inverse(acc, v)` takes out what f has put in: what leaves the window is taken
/// out, then what has come is put in. Keys for which `keep(key, value)` is false are forgotten.
template <class K, class V, class F, class Inverse, class Keep, class P>
dataset_ptr make_inverse_window(std::string operation, window_slide slide,
                                std::shared_ptr<const F> f, std::shared_ptr<const Inverse> inverse,
                                std::shared_ptr<const Keep> keep,
                                std::shared_ptr<const P> partitioner) {
  using key = owned_t<K>;
  using combined = owned_t<V>;
  using window = stateful::keyed_totals<key, combined>;
  auto merge = window_detail::merge_with<V>(f);
  auto dependencies = window_detail::shuffle_panes<K, V>(slide, f, partitioner);
  auto batches = slide.batches;
  auto make = [](data::table_seed seed) { return std::make_shared<window>(seed); };
  auto change = [slide = std::move(slide), merge,
                 subtract = window_detail::merge_with<V>(std::move(inverse)),
                 keep = std::move(keep)](stateful::state_partition& partition, partition_id p,
                                         const dataset& step, task_context& context) {
    auto& state = static_cast<window&>(partition);
    state.leave(slide.first, subtract);
    window_detail::for_each_piece<key, combined>(
      slide, step, p, context, [&](stateful::pane_number pane, auto& piece) {
        window_detail::add_piece(state, pane, piece, merge);
      });
    if (keep != nullptr)
      state.filter([&](const auto& k, const combined& value) {
        if constexpr (std::is_invocable_v<const Keep&, const key&, const combined&>) {
          const key owned_key(k);
          return std::invoke(*keep, owned_key, value);
        } else {
          const std::pair<key, combined> record(key(k), value);
          return std::invoke(*keep, record);
        }
      });
    state.finish();
    return window_detail::no_records();
  };
  auto step = make_state_step(operation, std::move(dependencies),
                              static_cast<std::uint32_t>(partitioner->count()), batches, make,
                              std::move(change), window_detail::open_nothing);
  auto find = [](const window& state, std::uint32_t row) { return state.find(row); };
  return window_detail::make_window_reader<key, combined, window>(
    std::move(operation), std::move(step), batches.to, find);
}

} // namespace caf_stream::lineage
