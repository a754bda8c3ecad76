#include "caf_stream/ingest/ledger.hpp"

namespace caf_stream::ingest {

namespace {

const batch_blocks no_blocks;

} // namespace

bool block_ledger::add(const data::block_info& block) {
  if (!known_.insert(block.id).second)
    return false;
  waiting_[block.id.stream].push_back(block);
  return true;
}

const batch_blocks& block_ledger::decide(batch_time time) {
  if (last_decided_ && time <= *last_decided_)
    return blocks_of(time);
  last_decided_ = time;
  auto& batch = decided_[time];
  batch.swap(waiting_);
  return batch;
}

const batch_blocks& block_ledger::blocks_of(batch_time time) const {
  auto found = decided_.find(time);
  return found == decided_.end() ? no_blocks : found->second;
}

std::size_t block_ledger::waiting_count() const noexcept {
  std::size_t count = 0;
  for (auto& [stream, blocks] : waiting_)
    count += blocks.size();
  return count;
}

std::vector<block_id> block_ledger::forget_through(batch_time time) {
  std::vector<block_id> forgotten;
  auto end = decided_.upper_bound(time);
  for (auto batch = decided_.begin(); batch != end; ++batch) {
    for (auto& [stream, blocks] : batch->second) {
      for (auto& block : blocks) {
        forgotten.push_back(block.id);
        known_.erase(block.id);
      }
    }
  }
  decided_.erase(decided_.begin(), end);
  return forgotten;
}

} // namespace caf_stream::ingest
