#pragma once

#include <functional>
#include <vector>

#include "caf_stream/codec/owned.hpp"
#include "caf_stream/data/chunk.hpp"
#include "caf_stream/lineage/dataset.hpp"
#include "caf_stream/lineage/task_context.hpp"

namespace caf_stream::lineage {

/// A data set whose partition l * R + r reads partition l of the left and r of the right, which has
/// R partitions.
using open_product = std::function<data::any_cursor(data::any_cursor left, data::any_cursor right)>;

dataset_ptr make_cartesian(dataset_ptr left, dataset_ptr right, open_product open);

/// Keeps the right partition, owned, and walks it once for each record of the left.
template <class T, class U>
class cartesian_cursor final : public data::cursor<std::pair<T, U>> {
public:
  cartesian_cursor(data::any_cursor left, data::any_cursor right)
    : left_(std::move(left)), right_(std::move(right)) {}

  std::span<const std::pair<T, U>> next() override {
    if (right_)
      keep_right();
    out_.clear();
    // Pairs may be views of this chunk of the left, so they go on before the next one is taken.
    while (out_.empty()) {
      if (in_.empty() || kept_.empty()) {
        in_ = data::typed<T>(*left_).next();
        if (in_.empty() || kept_.empty())
          return {};
      }
      while (!in_.empty() && out_.size() < data::chunk_size) {
        out_.push_back(std::pair<T, U>(in_[0], view_of<U>(kept_[at_].x)));
        if (++at_ == kept_.size()) {
          at_ = 0;
          in_ = in_.subspan(1);
        }
      }
    }
    return out_.view();
  }

private:
  struct kept_record { // a struct, since std::vector<bool> has no references
    owned_t<U> x;
  };

  void keep_right() {
    auto& typed = data::typed<U>(*right_);
    for (auto chunk = typed.next(); !chunk.empty(); chunk = typed.next())
      for (const U& x : chunk)
        kept_.push_back(kept_record{to_owned(x)});
    right_.reset();
  }

  data::any_cursor left_;
  data::any_cursor right_; // null once it has been read
  std::vector<kept_record> kept_;
  std::span<const T> in_; // the first stands beside kept_[at_] next
  std::size_t at_ = 0;
  data::chunk<std::pair<T, U>> out_;
};

/// A pair of each record of the left with each of the right.
template <class T, class U>
dataset_ptr make_cartesian(dataset_ptr left, dataset_ptr right) {
  return make_cartesian(
    std::move(left), std::move(right), [](data::any_cursor l, data::any_cursor r) {
      return std::make_unique<cartesian_cursor<T, U>>(std::move(l), std::move(r));
    });
}

} // namespace caf_stream::lineage
