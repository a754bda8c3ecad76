#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <span>

#include "caf_stream/data/chunk.hpp"
#include "caf_stream/lineage/functions.hpp"
#include "caf_stream/lineage/narrow_dataset.hpp"
#include "caf_stream/lineage/record_range.hpp"

namespace caf_stream::lineage {

// The function runs when the first record is asked for and reads its range as it likes. What it
// returns is kept here; a container is handed on where it is, any other range through a chunk.
template <class T, class U, class F>
class map_partitions_cursor final : public data::cursor<U> {
public:
  map_partitions_cursor(data::any_cursor parent, std::shared_ptr<const F> f)
    : parent_(std::move(parent)), f_(std::move(f)), in_{&data::typed<T>(*parent_)} {}

  std::span<const U> next() override {
    if (!made_) {
      record_range<T> records{in_};
      made_.emplace(std::invoke(*f_, records));
      if constexpr (!is_contiguous)
        at_.emplace(std::begin(*made_));
    }
    if constexpr (is_contiguous) {
      std::span<const U> all{*made_};
      auto chunk = all.subspan(done_, std::min(all.size() - done_, data::chunk_size));
      done_ += chunk.size();
      return chunk;
    } else {
      out_.clear();
      auto& at = *at_;
      while (out_.size() < data::chunk_size && !leaves_chunk() && at != std::end(*made_)) {
        out_.push_back(*at);
        ++at;
      }
      return out_.view();
    }
  }

private:
  using range = value_of_call<F, record_range<T>&>;
  static constexpr bool is_contiguous = std::is_constructible_v<std::span<const U>, const range&>;

  // A lazy range may give views into the chunk it reads: they are handed on before it reads more.
  bool leaves_chunk() const {
    return !out_.empty() && !in_.chunk.empty() && in_.at == in_.chunk.size();
  }

  data::any_cursor parent_;
  std::shared_ptr<const F> f_;
  typename record_range<T>::source in_;
  std::optional<range> made_;
  std::optional<decltype(std::begin(std::declval<range&>()))> at_;
  std::size_t done_ = 0;
  data::chunk<U> out_;
};

/// The records of each partition to the range that `f(records)` returns.
template <class T, class F>
dataset_ptr make_map_partitions(dataset_ptr parent, std::shared_ptr<const F> f) {
  using U = range_record_t<value_of_call<F, record_range<T>&>>;
  return make_narrow("map_partitions", std::move(parent),
                     [f = std::move(f)](data::any_cursor in, partition_id, task_context& context) {
                       if constexpr (is_view_v<T>)
                         context.keep_views();
                       return std::make_unique<map_partitions_cursor<T, U, F>>(std::move(in), f);
                     });
}

} // namespace caf_stream::lineage
