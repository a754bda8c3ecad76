#pragma once

#include <cstdint>
#include <string_view>

namespace caf_stream {

/// Where records are kept and how. `_ser` keeps them encoded in memory; `_2` keeps a replica on a
/// second node.
enum class storage_level : std::uint8_t {
  none, ///< not kept
  memory_only,
  memory_only_2,
  memory_only_ser,
  memory_only_ser_2,
  memory_and_disk,
  memory_and_disk_2,
  memory_and_disk_ser,
  memory_and_disk_ser_2,
  disk_only,
  disk_only_2,
};

/// True where records may go to disk.
constexpr bool uses_disk(storage_level level) noexcept {
  return level >= storage_level::memory_and_disk;
}

/// True where records stay encoded in memory.
constexpr bool is_encoded_level(storage_level level) noexcept {
  return level == storage_level::memory_only_ser || level == storage_level::memory_only_ser_2 ||
         level == storage_level::memory_and_disk_ser ||
         level == storage_level::memory_and_disk_ser_2;
}

/// True where records go to disk as soon as possible.
constexpr bool is_disk_only(storage_level level) noexcept {
  return level == storage_level::disk_only || level == storage_level::disk_only_2;
}

constexpr std::string_view to_string(storage_level level) noexcept {
  constexpr std::string_view names[] = {"none",
                                        "memory_only",
                                        "memory_only_2",
                                        "memory_only_ser",
                                        "memory_only_ser_2",
                                        "memory_and_disk",
                                        "memory_and_disk_2",
                                        "memory_and_disk_ser",
                                        "memory_and_disk_ser_2",
                                        "disk_only",
                                        "disk_only_2"};
  return names[static_cast<std::size_t>(level)];
}

} // namespace caf_stream
