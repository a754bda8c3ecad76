#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <type_traits>

#include "caf_stream/base/error.hpp"
#include "caf_stream/base/ids.hpp"
#include "caf_stream/codec/key_encoding.hpp"
#include "caf_stream/codec/owned.hpp"

// Which partition a key belongs to. All records of a key meet in one partition, so the answer must
// be the same in every process that takes part, and after a restart: it depends on the key's
// encoding and the number of partitions only.

namespace caf_stream {

/// Gives keys of type K a partition below `count()`. Called as const from several threads.
template <class P, class K>
concept partitioner_for = !std::is_arithmetic_v<P> && requires(const P& partitioner, const K& key) {
  { partitioner.count() } -> std::convertible_to<std::uint32_t>;
  { partitioner(key) } -> std::convertible_to<partition_id>;
};

/// Spreads keys evenly: partition = ((hash >> 32) * count) >> 32, where hash is codec::key_hash.
/// Part of the checkpoint format, so it never changes.
class hash_partitioner {
public:
  /// Throws errc::invalid_argument for 0 partitions.
  explicit hash_partitioner(std::uint32_t count);

  std::uint32_t count() const noexcept { return count_; }

  template <class K>
  partition_id operator()(const K& key) const {
    return static_cast<partition_id>(((codec::key_hash(key) >> 32) * count_) >> 32);
  }

private:
  std::uint32_t count_;
};

/// Says nothing: the context's default number of partitions.
struct default_partitioning {};

namespace shuffle {

/// A partitioner of what an operator was given: a number of partitions, a partitioner, or nothing.
/// Throws errc::invalid_argument for a number that is no number of partitions.
hash_partitioner make_hash_partitioner(std::int64_t count);

template <class P>
auto make_partitioner(P given, std::uint32_t default_count) {
  if constexpr (std::is_same_v<P, default_partitioning>)
    return hash_partitioner{default_count};
  else if constexpr (std::is_integral_v<P>)
    return make_hash_partitioner(static_cast<std::int64_t>(given));
  else
    return given;
}

[[noreturn]] void throw_no_such_partition(std::uint64_t partition, std::uint32_t count);

/// The partition of a key or a view of one. K is the owned type. Throws errc::invalid_argument when
/// the partitioner names one that does not exist.
template <class K, class P, class Key>
partition_id partition_of(const P& partitioner, const Key& key) {
  auto checked = [&](auto partition) {
    auto count = static_cast<std::uint32_t>(partitioner.count());
    if (static_cast<std::uint64_t>(partition) >= count)
      throw_no_such_partition(static_cast<std::uint64_t>(partition), count);
    return static_cast<partition_id>(partition);
  };
  if constexpr (std::is_invocable_v<const P&, const Key&>)
    return checked(partitioner(key));
  else
    return checked(partitioner(K(caf_stream::to_owned(key))));
}

} // namespace shuffle

} // namespace caf_stream
