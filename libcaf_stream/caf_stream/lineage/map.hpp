#pragma once

#include <algorithm>
#include <memory>
#include <span>
#include <type_traits>

#include "caf_stream/data/chunk.hpp"
#include "caf_stream/lineage/functions.hpp"
#include "caf_stream/lineage/narrow_dataset.hpp"

namespace caf_stream::lineage {

template <class T, class U, class F>
class map_cursor final : public data::cursor<U> {
public:
  map_cursor(data::any_cursor parent, std::shared_ptr<const F> f)
    : parent_(std::move(parent)), f_(std::move(f)) {}

  std::span<const U> next() override {
    auto& f = *f_;
    auto in = data::typed<T>(*parent_).next();
    if constexpr (overwrites) {
      if (capacity_ < in.size()) {
        capacity_ = std::max(in.size(), data::chunk_size);
        out_.reset(new U[capacity_]);
      }
      for (std::size_t i = 0; i < in.size(); ++i)
        out_[i] = std::invoke(f, in[i]);
      return {out_.get(), in.size()};
    } else {
      out_.clear();
      out_.reserve(in.size());
      for (const T& x : in)
        out_.push_back(std::invoke(f, x));
      return out_.view();
    }
  }

private:
  // Where nothing has to be destroyed, records of before are written over, which spares the account
  // of how many there are.
  static constexpr bool overwrites = std::is_trivially_destructible_v<U> &&
                                     std::is_default_constructible_v<U> &&
                                     std::is_move_assignable_v<U>;

  data::any_cursor parent_;
  std::shared_ptr<const F> f_;
  std::conditional_t<overwrites, std::unique_ptr<U[]>, data::chunk<U>> out_;
  std::size_t capacity_ = 0;
};

/// Records of T to `f(record)`.
template <class T, class F>
dataset_ptr make_map(dataset_ptr parent, std::shared_ptr<const F> f,
                     std::string operation = "map") {
  using U = value_of_call<F, const T&>;
  return make_narrow(std::move(operation), std::move(parent),
                     [f = std::move(f)](data::any_cursor in, partition_id, task_context&) {
                       return std::make_unique<map_cursor<T, U, F>>(std::move(in), f);
                     });
}

} // namespace caf_stream::lineage
