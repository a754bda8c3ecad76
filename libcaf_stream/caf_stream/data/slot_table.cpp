#include "caf_stream/data/slot_table.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <new>
#include <stdexcept>

#include "caf_stream/data/hash_places.ipp"

namespace caf_stream::data {

namespace {

constexpr std::size_t first_capacity = 32;
constexpr std::size_t max_capacity = std::size_t{1} << 31;

// Up to here a table grows to four times its capacity.
constexpr std::size_t small_capacity = 1 << 17;

constexpr std::size_t limit_of(std::size_t capacity) { return capacity / 8 * 5; }

// A table without memory is probed here: two empty slots, and two more behind them.
alignas(64) std::byte no_slots[128];

table_view empty_view(table_seed seed) {
  table_view view{};
  view.begin = no_slots;
  view.end = no_slots + 64;
  view.stride = 32;
  view.shift = 31;
  for (std::uint64_t i = 0; i < 4; ++i)
    view.secret[i] = seed.derived(i).value;
  return view;
}

} // namespace

slot_table::slot_table(table_seed seed, const slot_layout& layout)
  : seed_(seed), layout_(layout), view_(empty_view(seed)) {}

slot_table::slot_table(slot_table&& other) noexcept
  : seed_(other.seed_), layout_(other.layout_), memory_(std::move(other.memory_)),
    view_(other.view_), size_(other.size_), limit_(other.limit_), capacity_(other.capacity_) {
  other.forget();
}

slot_table& slot_table::operator=(slot_table&& other) noexcept {
  if (this != &other) {
    end_entries();
    seed_ = other.seed_;
    layout_ = other.layout_;
    memory_ = std::move(other.memory_);
    view_ = other.view_;
    size_ = other.size_;
    limit_ = other.limit_;
    capacity_ = other.capacity_;
    other.forget();
  }
  return *this;
}

slot_table::~slot_table() { end_entries(); }

void slot_table::forget() noexcept {
  memory_ = slot_memory{};
  view_ = empty_view(seed_);
  size_ = limit_ = capacity_ = 0;
}

void slot_table::take_back(const found_slot* slots, std::size_t n) noexcept {
  for (std::size_t i = 0; i < n; ++i) {
    if (slots[i] & 1) {
      store_word(reinterpret_cast<std::byte*>(slots[i] - 1), 0);
      --size_;
    }
  }
}

void slot_table::grow() {
  if (capacity_ == 0)
    rehash(first_capacity);
  else
    rehash(capacity_ < small_capacity ? 4 * capacity_ : 2 * capacity_);
}

void slot_table::reserve(std::size_t n) {
  if (n <= limit_)
    return;
  if (n > limit_of(max_capacity))
    throw std::length_error("a hash table cannot have that many entries");
  auto capacity = std::max(first_capacity, std::bit_ceil(n));
  rehash(limit_of(capacity) < n ? 2 * capacity : capacity);
}

void slot_table::shrink() noexcept {
  if (capacity_ <= small_capacity / 64 || size_ > capacity_ / 16)
    return;
  try {
    rehash(std::max(first_capacity, std::bit_ceil(4 * size_)));
  } catch (const std::bad_alloc&) { // it may be tried again
  }
}

std::byte* slot_table::home(const std::byte* slot) const noexcept {
  auto word = load_word(slot);
  return layout_.homes == slot_layout::home::by_tag ? data::home_of_tag(view_, word)
                                                    : home_of_word(view_, word);
}

std::byte* slot_table::empty_slot(std::byte* home) const noexcept {
  while (load_word(home) != 0)
    home = next_slot(view_, home);
  return home;
}

void slot_table::move_slot(std::byte* to, std::byte* from) const noexcept {
  if (layout_.relocate)
    layout_.relocate(to, from);
  else if (layout_.stride == 32)
    std::memcpy(to, from, 32); // the one stride worth its own code: strings and a word
  else
    std::memcpy(to, from, layout_.stride);
}

void slot_table::rehash(std::size_t capacity) {
  if (capacity > max_capacity)
    throw std::length_error("a hash table cannot have that many entries");
  slot_memory memory((capacity + 2) * layout_.stride);
  auto old = view_;
  auto old_capacity = capacity_;
  view_.begin = memory.data();
  view_.end = memory.data() + capacity * layout_.stride;
  view_.stride = layout_.stride;
  view_.shift = 32 - static_cast<unsigned>(std::bit_width(capacity / 2) - 1);
  view_.multiplier = (seed_.derived(64 + view_.shift).value >> 32) | 1;
  constexpr std::size_t batch = 64;
  std::byte* from[batch];
  std::byte* to[batch];
  std::size_t at = 0;
  while (at < old_capacity) {
    std::size_t n = 0;
    for (; at < old_capacity && n < batch; ++at) {
      from[n] = old.begin + at * old.stride;
      n += load_word(from[n]) != 0;
    }
    for (std::size_t i = 0; i < n; ++i) {
      to[i] = home(from[i]);
      ask_for(view_, to[i]);
    }
    for (std::size_t i = 0; i < n; ++i)
      move_slot(empty_slot(to[i]), from[i]);
  }
  if (old_capacity != 0 && load_word(old.end) != 0)
    move_slot(view_.end, old.end);
  memory_ = std::move(memory);
  capacity_ = capacity;
  limit_ = limit_of(capacity);
}

void slot_table::end_entries() noexcept {
  if (!layout_.destroy || size_ == 0)
    return;
  for (std::size_t i = 0; i < slot_count(); ++i)
    if (used(i))
      layout_.destroy(slot(i));
}

void slot_table::clear() noexcept {
  end_entries();
  if (size_ != 0)
    std::memset(memory_.data(), 0, memory_.size());
  size_ = 0;
}

// A later entry may close the gap unless its home lies between the gap and itself (Knuth, The Art
// of Computer Programming 3, 6.4, algorithm R).
void slot_table::erase(std::byte* gap) noexcept {
  if (layout_.destroy)
    layout_.destroy(gap);
  --size_;
  if (gap != view_.end) {
    auto whole = view_.end - view_.begin;
    for (auto* at = next_slot(view_, gap); load_word(at) != 0; at = next_slot(view_, at)) {
      auto from_home = at - home(at);
      auto from_gap = at - gap;
      if (from_home < 0)
        from_home += whole;
      if (from_gap < 0)
        from_gap += whole;
      if (from_home >= from_gap) {
        move_slot(gap, at);
        gap = at;
      }
    }
  }
  store_word(gap, 0);
}

std::size_t slot_table::used_slots(std::size_t& at, std::uint32_t* out,
                                   std::size_t capacity) const noexcept {
  std::size_t count = 0;
  auto* slot = view_.begin + at * view_.stride;
  for (; at < slot_count() && count < capacity; ++at, slot += view_.stride) {
    __builtin_prefetch(slot + 1024);
    out[count] = static_cast<std::uint32_t>(at);
    count += load_word(slot) != 0;
  }
  return count;
}

} // namespace caf_stream::data
