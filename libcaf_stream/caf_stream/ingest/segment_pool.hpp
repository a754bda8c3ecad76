#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "caf_stream/data/text_records.hpp"

namespace caf_stream::ingest {

/// Segments of text of one size, used again when the last block in them is gone: a page that was
/// touched before costs nothing to touch again. Outlives the pool's owner as long as one of its
/// segments does. Thread-safe.
class segment_pool : public std::enable_shared_from_this<segment_pool> {
public:
  /// Keeps at most `spare_bytes` for later.
  segment_pool(std::size_t segment_size, std::uint64_t spare_bytes);

  std::size_t segment_size() const noexcept { return segment_size_; }

  /// A segment of at least `capacity` bytes, whose content is arbitrary. Only one of
  /// `segment_size` comes back to the pool. Throws std::bad_alloc.
  std::shared_ptr<data::text_segment> get(std::size_t capacity);

  /// Called now and then: gives memory back that was not needed since the last call.
  void trim();

  /// Segments kept for later.
  std::size_t spare() const;

private:
  void give_back(std::unique_ptr<data::text_segment> segment);

  const std::size_t segment_size_;
  const std::size_t max_spare_;
  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<data::text_segment>> spare_; // used last, given out first
  std::size_t fewest_spare_ = 0;                           // since the last trim
};

} // namespace caf_stream::ingest
