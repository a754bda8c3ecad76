#pragma once

#include <cstdint>
#include <type_traits>

#include "caf_stream/codec/key_encoding.hpp"
#include "caf_stream/data/hash_table.hpp"

namespace caf_stream::shuffle {

/// Hashes a key's encoding, for keys that have no hash of their own.
struct encoded_key_hash {
  template <class K>
  std::uint64_t operator()(const K& key, std::uint64_t seed) const {
    thread_local codec::bytes buffer;
    buffer.clear();
    codec::append_key(buffer, key);
    return data::hash_bytes(codec::as_view(buffer), seed);
  }
};

/// The table that keys of a shuffle are combined in.
template <class K, class V>
using key_table = data::hash_table<
  K, V, std::conditional_t<data::has_key_hash_v<K>, data::default_key_hash, encoded_key_hash>>;

} // namespace caf_stream::shuffle
