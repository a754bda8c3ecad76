#include "caf_stream/ingest/segment_pool.hpp"

#include <algorithm>
#include <iterator>

namespace caf_stream::ingest {

namespace {

// To unmap a segment takes a while, and who trims has a tick to answer.
constexpr std::size_t most_at_once = 16;

} // namespace

segment_pool::segment_pool(std::size_t segment_size, std::uint64_t spare_bytes)
  : segment_size_(segment_size), max_spare_(spare_bytes / segment_size) {
  spare_.reserve(max_spare_);
}

std::shared_ptr<data::text_segment> segment_pool::get(std::size_t capacity) {
  if (capacity > segment_size_)
    return std::make_shared<data::text_segment>(capacity);
  std::unique_ptr<data::text_segment> segment;
  {
    std::lock_guard guard{mutex_};
    if (!spare_.empty()) {
      segment = std::move(spare_.back());
      spare_.pop_back();
      fewest_spare_ = std::min(fewest_spare_, spare_.size());
    }
  }
  if (!segment)
    segment = std::make_unique<data::text_segment>(segment_size_);
  return {segment.release(), [pool = shared_from_this()](data::text_segment* used) {
            pool->give_back(std::unique_ptr<data::text_segment>{used});
          }};
}

void segment_pool::give_back(std::unique_ptr<data::text_segment> segment) {
  std::lock_guard guard{mutex_};
  if (spare_.size() < max_spare_)
    spare_.push_back(std::move(segment));
}

void segment_pool::trim() {
  std::vector<std::unique_ptr<data::text_segment>> unused; // unmapped without the lock
  std::lock_guard guard{mutex_};
  auto n = std::min((fewest_spare_ + 1) / 2, most_at_once);
  auto surplus = spare_.begin() + static_cast<std::ptrdiff_t>(n);
  std::move(spare_.begin(), surplus, std::back_inserter(unused));
  spare_.erase(spare_.begin(), surplus);
  fewest_spare_ = spare_.size();
}

std::size_t segment_pool::spare() const {
  std::lock_guard guard{mutex_};
  return spare_.size();
}

} // namespace caf_stream::ingest
