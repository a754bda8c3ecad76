#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace caf_stream::stateful {

/// What is written down in a batch and then forgotten. It grows in parts, since moving a million
/// entries to more memory costs as much as writing them, and keeps the parts that the last batch
/// needed, no more.
template <class T>
class account {
public:
  bool empty() const noexcept { return used_ == 0; }
  std::size_t size() const noexcept {
    return used_ == 0 ? 0 : (used_ - 1) * part_size + parts_[used_ - 1].size();
  }

  T& operator[](std::size_t i) noexcept { return parts_[i / part_size][i % part_size]; }

  void push_back(T entry) {
    if (used_ == 0 || parts_[used_ - 1].size() == part_size)
      begin_part();
    parts_[used_ - 1].push_back(std::move(entry));
  }

  /// Both require that it is not empty.
  T& back() noexcept { return parts_[used_ - 1].back(); }
  void pop_back() noexcept {
    parts_[used_ - 1].pop_back();
    if (parts_[used_ - 1].empty())
      --used_;
  }

  void forget() noexcept {
    while (parts_.size() > most_used_)
      parts_.pop_back();
    for (auto& part : parts_)
      part.clear();
    used_ = most_used_ = 0;
  }

  /// Of the entries, without what they hold elsewhere.
  std::size_t memory_bytes() const noexcept {
    std::size_t entries = 0;
    for (auto& part : parts_)
      entries += part.capacity();
    return entries * sizeof(T);
  }

private:
  static constexpr std::size_t part_size = 4096;

  void begin_part() {
    if (used_ == parts_.size()) {
      parts_.emplace_back();
      if (used_ != 0) // the first one grows: most batches are small
        parts_.back().reserve(part_size);
    }
    ++used_;
    most_used_ = most_used_ < used_ ? used_ : most_used_;
  }

  std::vector<std::vector<T>> parts_;
  std::size_t used_ = 0;
  std::size_t most_used_ = 0; // since it was forgotten last
};

} // namespace caf_stream::stateful
