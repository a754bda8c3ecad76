#pragma once

#include <cstddef>
#include <iterator>
#include <span>

#include "caf_stream/data/cursor.hpp"

namespace caf_stream {

/// The records of a partition, for `map_partitions` and `foreach_partition`: an input range, read
/// once, straight from the operators above. A small handle; copies read from the same place.
///
///   for (const T& record : records) ...
///
/// A record is good until the iterator moves on; records that are views into a block are good as
/// long as the task runs.
template <class T>
class record_range {
public:
  /// What all handles and iterators share.
  struct source {
    data::cursor<T>* records;
    std::span<const T> chunk{};
    std::size_t at = 0;

    bool at_end() {
      if (at == chunk.size()) {
        chunk = records->next();
        at = 0;
      }
      return chunk.empty();
    }
  };

  class iterator {
  public:
    using iterator_category = std::input_iterator_tag;
    using value_type = T;
    using difference_type = std::ptrdiff_t;
    using pointer = const T*;
    using reference = const T&;

    iterator() = default;
    explicit iterator(source& from) : from_(&from) {}

    reference operator*() const { return from_->chunk[from_->at]; }
    pointer operator->() const { return &**this; }
    iterator& operator++() {
      ++from_->at;
      return *this;
    }
    void operator++(int) { ++from_->at; }

    /// Where there are more records, all iterators of a range stand at the same one.
    friend bool operator==(const iterator& a, const iterator& b) {
      return a.at_end() == b.at_end();
    }

  private:
    bool at_end() const { return from_ == nullptr || from_->at_end(); }

    source* from_ = nullptr;
  };

  using value_type = T;

  explicit record_range(source& from) : from_(&from) {}

  /// Where reading stands: the first record not yet stepped over.
  iterator begin() const {
    from_->at_end();
    return iterator{*from_};
  }
  iterator end() const { return {}; }

private:
  source* from_;
};

} // namespace caf_stream
