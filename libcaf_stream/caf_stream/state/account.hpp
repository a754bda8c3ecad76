#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>
#include <vector>

namespace caf_stream::stateful {

/// What is written down in a batch and then forgotten. It grows in parts, since moving a million
/// entries to more memory costs as much as writing them, and keeps the parts that the last batch
/// needed, no more.
///
/// Entries are made where they stay: to copy one in wide words just after its members were written
/// would have the processor wait until all that was written before is in its cache.
template <class T>
class account {
public:
  account() = default;
  account(const account&) = delete;
  account& operator=(const account&) = delete;
  ~account() { end_entries(); }

  bool empty() const noexcept { return used_ == 0; }
  std::size_t size() const noexcept {
    if (used_ == 0)
      return 0;
    auto before = used_ == 1 ? 0 : first_size + (used_ - 2) * part_size;
    return before + static_cast<std::size_t>(end_ - parts_[used_ - 1].first());
  }

  /// Requires that i < size().
  T& operator[](std::size_t i) noexcept {
    auto* entry = i < first_size ? parts_[0].first() + i
                                 : parts_[1 + (i - first_size) / part_size].first() +
                                     (i - first_size) % part_size;
    return *std::launder(reinterpret_cast<T*>(entry));
  }

  template <class... Args>
  T& emplace_back(Args&&... args) {
    if (end_ == limit_)
      begin_part();
    try {
      auto* entry = ::new (static_cast<void*>(end_)) T(std::forward<Args>(args)...);
      ++end_;
      return *entry;
    } catch (...) {
      if (end_ == parts_[used_ - 1].first())
        end_part();
      throw;
    }
  }

  /// The same where `wanted`. The entry is written in any case, so that nothing has to be guessed.
  template <class... Args>
    requires(std::is_trivially_copyable_v<T>&& std::is_nothrow_constructible_v<T, Args...>)
  void emplace_back_if(bool wanted, Args&&... args) {
    if (end_ == limit_) {
      if (!wanted)
        return;
      begin_part();
    }
    ::new (static_cast<void*>(end_)) T(std::forward<Args>(args)...);
    __builtin_prefetch(end_ + 16, 1);
    end_ += wanted ? 1 : 0;
  }

  /// Both require that it is not empty.
  T& back() noexcept { return *std::launder(reinterpret_cast<T*>(end_ - 1)); }
  void pop_back() noexcept {
    back().~T();
    if (--end_ == parts_[used_ - 1].first())
      end_part();
  }

  void forget() noexcept {
    end_entries();
    while (parts_.size() > most_used_)
      parts_.pop_back();
    most_used_ = 0;
  }

  /// Of the entries, without what they hold elsewhere.
  std::size_t memory_bytes() const noexcept {
    std::size_t entries = 0;
    for (auto& each : parts_)
      entries += each.size;
    return entries * sizeof(T);
  }

private:
  struct place_of_entry {
    alignas(T) std::byte bytes[sizeof(T)];
  };

  struct part {
    explicit part(std::size_t n) : places(new place_of_entry[n]), size(n) {}

    place_of_entry* first() const noexcept { return places.get(); }

    std::unique_ptr<place_of_entry[]> places;
    std::size_t size;
  };

  static constexpr std::size_t first_size = 32; // most batches are small
  static constexpr std::size_t part_size = 4096;

  [[gnu::noinline]] void begin_part() {
    if (used_ == parts_.size())
      parts_.emplace_back(used_ == 0 ? first_size : part_size);
    use(used_ + 1);
    end_ = parts_[used_ - 1].first();
    most_used_ = most_used_ < used_ ? used_ : most_used_;
  }

  void end_part() noexcept {
    use(used_ - 1);
    end_ = limit_;
  }

  void use(std::size_t parts) noexcept {
    used_ = parts;
    limit_ = used_ == 0 ? nullptr : parts_[used_ - 1].first() + parts_[used_ - 1].size;
  }

  void end_entries() noexcept {
    if constexpr (!std::is_trivially_destructible_v<T>)
      while (!empty())
        pop_back();
    use(0);
    end_ = nullptr;
  }

  std::vector<part> parts_;
  std::size_t used_ = 0;            // parts
  std::size_t most_used_ = 0;       // since it was forgotten last
  place_of_entry* end_ = nullptr;   // behind the last entry
  place_of_entry* limit_ = nullptr; // of the part that it is in
};

} // namespace caf_stream::stateful
