#pragma once

#include <concepts>
#include <memory>
#include <span>

#include "caf_stream/data/chunk.hpp"
#include "caf_stream/lineage/emitter.hpp"
#include "caf_stream/lineage/functions.hpp"
#include "caf_stream/lineage/narrow_dataset.hpp"

// A record to any number of records. Three forms of functions, one cursor each:
//
//   f(record) -> range       the elements of the range
//   f(record, emit)          whatever is given to emit
//   f.split_chunk(...)       cuts many records at once; what split_words does with SIMD

namespace caf_stream::lineage {

/// A function that names the records it emits as `emits<T>`.
template <class F, class T>
concept names_emitted = requires {
  typename F::template emits<T>;
};

/// A function with a bulk form: `split_chunk(in, n, at, out, capacity)` writes records of
/// in[0 .. n) to `out` from `at` on, moves `at` on and returns how many; 0 once all are done. A new
/// chunk begins at `place{}`.
template <class F, class T, class U>
concept splits_chunks = std::is_trivially_copyable_v<U> && std::default_initializable<U> &&
  requires(const F& f, const T* in, std::size_t n, typename F::place& at, U* out) {
  { f.split_chunk(in, n, at, out, n) } -> std::same_as<std::size_t>;
};

/// Fills chunks of about `chunk_size` records; the records of one call stay together.
template <class T, class U, class F>
class flat_map_cursor final : public data::cursor<U> {
public:
  flat_map_cursor(data::any_cursor parent, std::shared_ptr<const F> f)
    : parent_(std::move(parent)), f_(std::move(f)) {}

  std::span<const U> next() override {
    auto& f = *f_;
    emitter<U> emit{out_};
    out_.clear();
    while (out_.empty()) {
      if (at_ == in_.size()) {
        in_ = data::typed<T>(*parent_).next();
        at_ = 0;
        if (in_.empty())
          return {};
      }
      while (at_ != in_.size() && out_.size() < data::chunk_size) {
        const T& x = in_[at_++];
        if constexpr (std::is_invocable_v<const F&, const T&, emitter<U>&>)
          std::invoke(f, x, emit);
        else
          append_range(std::invoke(f, x), out_);
      }
    }
    return out_.view();
  }

private:
  data::any_cursor parent_;
  std::shared_ptr<const F> f_;
  std::span<const T> in_;
  std::size_t at_ = 0;
  data::chunk<U> out_;
};

template <class T, class U, class F>
class split_cursor final : public data::cursor<U> {
public:
  split_cursor(data::any_cursor parent, std::shared_ptr<const F> f)
    : parent_(std::move(parent)), f_(std::move(f)), out_(new U[data::chunk_size]) {}

  std::span<const U> next() override {
    for (;;) {
      auto n = f_->split_chunk(in_.data(), in_.size(), at_, out_.get(), data::chunk_size);
      if (n != 0)
        return {out_.get(), n};
      in_ = data::typed<T>(*parent_).next();
      at_ = {};
      if (in_.empty())
        return {};
    }
  }

private:
  data::any_cursor parent_;
  std::shared_ptr<const F> f_;
  std::span<const T> in_;
  typename F::place at_{};
  std::unique_ptr<U[]> out_;
};

/// Records of T to the records of U that `f` gives for them.
template <class T, class U, class F>
dataset_ptr make_flat_map(dataset_ptr parent, std::shared_ptr<const F> f,
                          std::string operation = "flat_map") {
  return make_narrow(
    std::move(operation), std::move(parent),
    [f = std::move(f)](data::any_cursor in, partition_id, task_context&) -> data::any_cursor {
      if constexpr (splits_chunks<F, T, U>)
        return std::make_unique<split_cursor<T, U, F>>(std::move(in), f);
      else
        return std::make_unique<flat_map_cursor<T, U, F>>(std::move(in), f);
    });
}

} // namespace caf_stream::lineage
