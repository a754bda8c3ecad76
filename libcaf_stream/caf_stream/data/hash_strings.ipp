// Hashing and finding strings one by one, included by the file of each level after it has defined,
// with internal linkage,
//
//   struct short_key { std::uint64_t low, high; };
//   short_key load_short(const char* key, std::size_t size);   size <= 16; zeros behind the key
//
// Everything is in an unnamed namespace: a function that other files share could be kept by the
// linker in the form only this file's processor can run.
//
// A short key's hash is NH (Black, Halevi, Krawczyk, Krovetz, Rogaway: UMAC, 1999): 32-bit words of
// the key, with a secret added to each, multiplied in pairs and summed up. Vectors can do that, and
// whoever does not know the secrets cannot name keys that collide.

#include "caf_stream/data/hash_places.ipp"

namespace caf_stream::data {

namespace {

inline std::uint64_t read8(const char* from) {
  std::uint64_t x;
  __builtin_memcpy(&x, from, sizeof(x));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  x = __builtin_bswap64(x);
#endif
  return x;
}

// (low half of x + low half of secret) * (high half of x + high half of secret)
inline std::uint64_t multiply_halves(std::uint64_t x, std::uint64_t secret) {
  std::uint64_t a = static_cast<std::uint32_t>(x + secret);
  std::uint64_t b = static_cast<std::uint32_t>((x >> 32) + (secret >> 32));
  return a * b;
}

inline std::uint64_t hash_short(const table_view& table, short_key key) {
  return multiply_halves(key.low, table.secret[0]) + multiply_halves(key.high, table.secret[1]);
}

// At least 17 bytes.
std::uint64_t hash_long(const table_view& table, const char* key, std::size_t size) {
  auto* s = table.secret;
  auto a = s[2], b = s[3];
  auto left = size;
  for (; left > 32; left -= 32, key += 32) {
    a = mix(read8(key) ^ s[0], read8(key + 8) ^ a);
    b = mix(read8(key + 16) ^ s[1], read8(key + 24) ^ b);
  }
  if (left > 16)
    a = mix(read8(key) ^ s[2], read8(key + 8) ^ a);
  auto* last = key + left - 16;
  return mix(read8(last) ^ s[0] ^ a, (read8(last + 8) ^ s[1] ^ b) + size);
}

struct string_probe {
  short_key key;
  std::uint64_t meta;
  std::byte* home;
};

inline string_probe prepare_string(const table_view& table, text_ref key) {
  string_probe probe;
  std::uint64_t hash;
  auto size = key.size;
  if (size <= inline_key_size) [[likely]] {
    probe.key = load_short(key.data, size);
    hash = hash_short(table, probe.key);
  } else {
    probe.key = {reinterpret_cast<std::uintptr_t>(key.data), size};
    hash = hash_long(table, key.data, size);
    if (size > max_key_size)
      size = max_key_size + 1;
  }
  auto tag = static_cast<std::uint32_t>(hash ^ hash >> 32);
  probe.meta = std::uint64_t{tag} << 32 | (size + 1);
  probe.home = home_of_hash(table, tag);
  return probe;
}

inline text_ref key_at(const text_ref* keys, std::size_t stride, std::size_t i) {
  text_ref key;
  __builtin_memcpy(&key, reinterpret_cast<const char*>(keys) + i * stride, sizeof(key));
  return key;
}

inline void prepare_one_by_one(const table_view& shared, const text_ref* keys, std::size_t stride,
                               std::size_t first, std::size_t last, string_probes& out) {
  auto table = shared; // no store can change this copy, so it stays in registers
  for (auto i = first; i < last; ++i) {
    auto probe = prepare_string(table, key_at(keys, stride, i));
    out.key[i][0] = probe.key.high;
    out.key[i][1] = probe.key.low;
    out.meta[i] = probe.meta;
    out.home[i] = probe.home;
    ask_for(table, probe.home);
  }
}

inline void prepare_strings_scalar(const table_view& table, const text_ref* keys,
                                   std::size_t stride, std::size_t n, string_probes& out) {
  prepare_one_by_one(table, keys, stride, 0, n, out);
}

inline bool is_long(std::uint64_t meta) {
  return static_cast<std::uint32_t>(meta) > inline_key_size + 1;
}

inline bool has_key(const std::byte* slot, const string_probe& probe) {
  if (load_word(slot) != probe.meta || load_word(slot + 16) != probe.key.high)
    return false;
  if (load_word(slot + 8) == probe.key.low)
    return true;
  return is_long(probe.meta) &&
         __builtin_memcmp(reinterpret_cast<const char*>(load_word(slot + 8)),
                          reinterpret_cast<const char*>(probe.key.low), probe.key.high) == 0;
}

// The slot that holds the key, or the empty one where it belongs.
inline std::byte* seek_string(const table_view& table, const string_probe& probe) {
  auto* slot = probe.home;
  while (load_word(slot) != 0 && !has_key(slot, probe))
    slot = next_slot(table, slot);
  return slot;
}

inline std::byte* find_string(const table_view& table, text_ref key) {
  auto* slot = seek_string(table, prepare_string(table, key));
  return load_word(slot) != 0 ? slot : nullptr;
}

// For a key that is not simply in the first two slots. Returns 0 where put_strings must stop.
__attribute__((noinline)) inline found_slot put_far_string(const table_view& table,
                                                           const string_probes& probes,
                                                           std::size_t i, std::size_t& room) {
  string_probe probe{{probes.key[i][1], probes.key[i][0]}, probes.meta[i], probes.home[i]};
  auto* slot = seek_string(table, probe);
  if (load_word(slot) != 0)
    return reinterpret_cast<found_slot>(slot);
  if (room == 0 || is_long(probe.meta))
    return 0;
  --room;
  store_word(slot, probe.meta);
  store_word(slot + 8, probe.key.low);
  store_word(slot + 16, probe.key.high);
  return reinterpret_cast<found_slot>(slot) + 1;
}

// 1 where the slot has not the head of the probe. By arithmetic: of a comparison the compiler would
// make a branch, and which of two slots has the key nobody can guess.
inline std::uint64_t other_head(const std::byte* slot, const string_probes& probes, std::size_t i) {
  auto difference = (load_word(slot) ^ probes.meta[i]) | (load_word(slot + 8) ^ probes.key[i][1]) |
                    (load_word(slot + 16) ^ probes.key[i][0]);
  return (difference | (0 - difference)) >> 63;
}

inline std::size_t put_strings_scalar(const table_view& table, const string_probes& probes,
                                      std::size_t first, std::size_t last, std::size_t& room,
                                      found_slot* out) {
  auto stride = table.stride;
  for (auto i = first; i < last; ++i, ++out) {
    auto* slot = probes.home[i];
    auto not_first = other_head(slot, probes, i);
    auto not_second = other_head(slot + stride, probes, i);
    *out = reinterpret_cast<found_slot>(slot) + (stride & (0 - not_first));
    if (not_first & not_second) [[unlikely]] {
      *out = put_far_string(table, probes, i, room);
      if (*out == 0)
        return i - first;
    }
  }
  return last - first;
}

} // namespace

} // namespace caf_stream::data
