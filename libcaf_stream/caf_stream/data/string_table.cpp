#include "caf_stream/data/string_table.hpp"

#include <algorithm>
#include <cstring>
#include <new>
#include <stdexcept>

#include "caf_stream/data/hash_places.ipp"

namespace caf_stream::data {

namespace {

constexpr std::size_t first_chunk = 4096;
constexpr std::size_t largest_chunk = std::size_t{1} << 20;

// Less than this is not worth copying what lives.
constexpr std::size_t worth_compacting = std::size_t{64} << 10;

std::size_t size_of_key(const std::byte* slot) {
  return static_cast<std::uint32_t>(load_word(slot)) - 1;
}

const char* address_of_key(const std::byte* slot) {
  return reinterpret_cast<const char*>(load_word(slot + 8));
}

} // namespace

key_arena& key_arena::operator=(key_arena&& other) noexcept {
  chunks_ = std::exchange(other.chunks_, {});
  used_ = std::exchange(other.used_, 0);
  size_ = std::exchange(other.size_, 0);
  stored_ = std::exchange(other.stored_, 0);
  dead_ = std::exchange(other.dead_, 0);
  memory_ = std::exchange(other.memory_, 0);
  return *this;
}

const char* key_arena::store(std::string_view key) {
  if (key.size() > size_ - used_) {
    auto size = std::max(key.size(), std::min(std::max(first_chunk, memory_), largest_chunk));
    chunks_.emplace_back(new char[size]);
    memory_ += size;
    size_ = size;
    used_ = 0;
  }
  auto* copy = chunks_.back().get() + used_;
  std::memcpy(copy, key.data(), key.size());
  used_ += key.size();
  stored_ += key.size();
  return copy;
}

string_table::string_table(table_seed seed, const slot_layout& layout, cpu_level level)
  : slots_(seed, layout), kernels_(&hash_kernels_for(level)) {}

std::size_t string_table::put(probes& prepared, std::size_t first, std::size_t last,
                              found_slot* out) {
  auto at = first;
  while (at != last) {
    auto before = slots_.room();
    auto room = before;
    at += kernels_->put_strings(slots_.view(), prepared, at, last, room, out + (at - first));
    slots_.added(before - room);
    if (at == last)
      break;
    if (room == 0) {
      if (at != first)
        break;
      slots_.grow();
      for (auto i = first; i < last; ++i)
        prepared.home[i] = home_of_tag(slots_.view(), prepared.meta[i]);
    } else {
      try {
        out[at - first] = reinterpret_cast<found_slot>(insert_long(prepared, at)) + 1;
        ++at;
      } catch (...) {
        if (at == first)
          throw;
        break; // for those before; the next call meets it first
      }
    }
  }
  return at - first;
}

std::byte* string_table::insert_long(const probes& prepared, std::size_t i) {
  auto size = prepared.key[i][0];
  if (size > max_key_size)
    throw std::length_error("a key of a hash table is longer than 4 GB");
  auto* copy = keys_.store({reinterpret_cast<const char*>(prepared.key[i][1]), size});
  auto* slot = slots_.empty_slot(prepared.home[i]);
  store_word(slot, prepared.meta[i]);
  store_word(slot + 8, reinterpret_cast<std::uintptr_t>(copy));
  store_word(slot + 16, size);
  slots_.added(1);
  return slot;
}

void string_table::take_back(const found_slot* slots, std::size_t n) noexcept {
  for (std::size_t i = 0; i < n; ++i) {
    if (slots[i] & 1) {
      auto size = size_of_key(reinterpret_cast<const std::byte*>(slots[i] - 1));
      if (size > inline_key_size)
        keys_.release(size);
    }
  }
  slots_.take_back(slots, n);
}

void string_table::erase(std::byte* slot) noexcept {
  auto size = size_of_key(slot);
  slots_.erase(slot);
  if (size <= inline_key_size)
    return;
  keys_.release(size);
  if (keys_.dead_bytes() > worth_compacting && keys_.dead_bytes() > keys_.live_bytes()) {
    try {
      compact_keys();
    } catch (const std::bad_alloc&) {
      // The keys stay where they are; the next erased key tries again.
    }
  }
}

void string_table::compact_keys() {
  key_arena fresh;
  std::vector<const char*> moved;
  for (std::size_t i = 0; i < slots_.slot_count(); ++i)
    if (slots_.used(i) && size_of_key(slots_.slot(i)) > inline_key_size)
      moved.push_back(fresh.store(key_of(slots_.slot(i))));
  auto next = moved.begin();
  for (std::size_t i = 0; i < slots_.slot_count(); ++i)
    if (slots_.used(i) && size_of_key(slots_.slot(i)) > inline_key_size)
      store_word(slots_.slot(i) + 8, reinterpret_cast<std::uintptr_t>(*next++));
  keys_ = std::move(fresh);
}

void string_table::clear() noexcept {
  slots_.clear();
  keys_ = key_arena{};
}

std::string_view string_table::key_of(const std::byte* slot) noexcept {
  auto size = size_of_key(slot);
  if (size <= inline_key_size)
    return {reinterpret_cast<const char*>(slot + 8), size};
  return {address_of_key(slot), size};
}

} // namespace caf_stream::data
