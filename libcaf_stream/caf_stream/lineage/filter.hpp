#pragma once

#include <memory>
#include <span>
#include <type_traits>

#include "caf_stream/data/chunk.hpp"
#include "caf_stream/lineage/narrow_dataset.hpp"

namespace caf_stream::lineage {

// Small records that pass are copied next to each other. Larger ones are handed on where they are
// as long as many in a row pass, and copied otherwise. Whatever has been copied goes on before the
// next chunk is taken from above, since the copies may be views into this one.
template <class T, class F>
class filter_cursor final : public data::cursor<T> {
public:
  filter_cursor(data::any_cursor parent, std::shared_ptr<const F> passes)
    : parent_(std::move(parent)), passes_(std::move(passes)) {}

  std::span<const T> next() override {
    if (!run_.empty())
      return std::exchange(run_, {});
    out_.clear();
    do {
      if (in_.empty()) {
        in_ = data::typed<T>(*parent_).next();
        if (in_.empty())
          return {};
      }
      take();
    } while (out_.empty() && run_.empty());
    return out_.empty() ? std::exchange(run_, {}) : out_.view();
  }

private:
  static constexpr bool is_small = std::is_trivially_copyable_v<T> && sizeof(T) <= 32;
  static constexpr std::size_t long_run = 16;

  void take() {
    auto& passes = *passes_;
    if constexpr (is_small) {
      for (const T& x : std::exchange(in_, {}))
        if (std::invoke(passes, x))
          out_.push_back(x);
    } else {
      while (!in_.empty() && run_.empty()) {
        std::size_t n = 0;
        while (n < in_.size() && std::invoke(passes, in_[n]))
          ++n;
        if (n >= long_run)
          run_ = in_.first(n);
        else
          for (const T& x : in_.first(n))
            out_.push_back(x);
        in_ =
          in_.subspan(n == in_.size() ? n : n + 1); // the record that ended the run did not pass
      }
    }
  }

  data::any_cursor parent_;
  std::shared_ptr<const F> passes_;
  std::span<const T> in_;  // not looked at yet
  std::span<const T> run_; // passed, to be handed on as it is
  data::chunk<T> out_;
};

/// The records for which `passes(record)` is true.
template <class T, class F>
dataset_ptr make_filter(dataset_ptr parent, std::shared_ptr<const F> passes) {
  return make_narrow(
    "filter", std::move(parent),
    [passes = std::move(passes)](data::any_cursor in, partition_id, task_context&) {
      return std::make_unique<filter_cursor<T, F>>(std::move(in), passes);
    });
}

} // namespace caf_stream::lineage
