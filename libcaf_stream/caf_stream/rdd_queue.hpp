#pragma once

#include <concepts>
#include <deque>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <utility>
#include <variant>
#include <vector>

#include "caf_stream/rdd.hpp"

namespace caf_stream {

/// A queue of data sets for `queue_stream`: each is the input of a batch. Copies share one queue.
/// Thread-safe.
template <class T>
class rdd_queue {
public:
  /// A data set, or records that become one when a batch takes them.
  /// The recipe only: a queue outlives contexts, and must not keep one.
  using item = std::variant<lineage::dataset_ptr, std::vector<owned_t<T>>>;

  void push(const rdd<T>& set) { push_item(set.dataset()); }
  void push(std::vector<owned_t<T>> records) { push_item(std::move(records)); }
  void push(std::initializer_list<T> records) requires std::copy_constructible<T> {
    push(std::vector<T>(records));
  }

  /// Keeps what the views are of.
  void push(const std::vector<T>& views) requires is_view_v<T> {
    std::vector<owned_t<T>> records;
    for (auto& x : views)
      records.push_back(to_owned(x));
    push_item(std::move(records));
  }

  std::size_t size() const {
    std::lock_guard guard{shared_->mutex};
    return shared_->items.size();
  }

  /// For the library: takes the oldest one, or all.
  std::deque<item> take(bool all) {
    std::lock_guard guard{shared_->mutex};
    std::deque<item> result;
    if (all) {
      result.swap(shared_->items);
    } else if (!shared_->items.empty()) {
      result.push_back(std::move(shared_->items.front()));
      shared_->items.pop_front();
    }
    return result;
  }

private:
  struct content {
    std::mutex mutex;
    std::deque<item> items;
  };

  void push_item(item x) {
    std::lock_guard guard{shared_->mutex};
    shared_->items.push_back(std::move(x));
  }

  std::shared_ptr<content> shared_ = std::make_shared<content>();
};

} // namespace caf_stream
