// Hashing and finding numbers, included by the file of each level.
//
// The word of the key -1 would be 0, which means empty. That key has the slot behind the others to
// itself, where its word is 1; see number_table.

#include "caf_stream/data/hash_places.ipp"

namespace caf_stream::data {

namespace {

struct number_probe {
  std::uint64_t word;
  std::byte* home;
};

inline number_probe prepare_number(const table_view& table, std::uint64_t key) {
  number_probe probe{key + 1, home_of_word(table, key + 1)};
  if (probe.word == 0) [[unlikely]]
    probe = {1, table.end};
  return probe;
}

inline void prepare_numbers(const table_view& shared, const std::uint64_t* keys, std::size_t n,
                            number_probes& out) {
  auto table = shared; // no store can change this copy, so it stays in registers
  for (std::size_t i = 0; i < n; ++i) {
    auto probe = prepare_number(table, keys[i]);
    out.word[i] = probe.word;
    out.home[i] = probe.home;
    ask_for(table, probe.home);
  }
}

// The slot that holds the key, or the empty one where it belongs.
inline std::byte* seek_number(const table_view& table, std::byte* home, std::uint64_t word) {
  auto* slot = home;
  for (auto head = load_word(slot); head != 0 && head != word; head = load_word(slot))
    slot = next_slot(table, slot);
  return slot;
}

inline std::byte* find_number(const table_view& table, std::uint64_t key) {
  auto probe = prepare_number(table, key);
  auto* slot = seek_number(table, probe.home, probe.word);
  return load_word(slot) != 0 ? slot : nullptr;
}

__attribute__((noinline)) inline found_slot put_far_number(const table_view& table,
                                                           const number_probes& probes,
                                                           std::size_t i, std::size_t& room) {
  auto* slot = seek_number(table, probes.home[i], probes.word[i]);
  if (load_word(slot) != 0)
    return reinterpret_cast<found_slot>(slot);
  if (room == 0)
    return 0;
  --room;
  store_word(slot, probes.word[i]);
  return reinterpret_cast<found_slot>(slot) + 1;
}

// 1 where the slot has another word; see other_head.
inline std::uint64_t other_word(const std::byte* slot, std::uint64_t word) {
  auto difference = load_word(slot) ^ word;
  return (difference | (0 - difference)) >> 63;
}

inline std::size_t put_numbers(const table_view& table, const number_probes& probes,
                               std::size_t first, std::size_t last, std::size_t& room,
                               found_slot* out) {
  auto stride = table.stride;
  for (auto i = first; i < last; ++i, ++out) {
    auto* slot = probes.home[i];
    auto not_first = other_word(slot, probes.word[i]);
    auto not_second = other_word(slot + stride, probes.word[i]);
    *out = reinterpret_cast<found_slot>(slot) + (stride & (0 - not_first));
    if (not_first & not_second) [[unlikely]] {
      *out = put_far_number(table, probes, i, room);
      if (*out == 0)
        return i - first;
    }
  }
  return last - first;
}

} // namespace

} // namespace caf_stream::data
