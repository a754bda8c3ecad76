#include "caf_stream/blocks/block_store.hpp"

#include <limits>
#include <utility>

namespace caf_stream::blocks {

namespace {

constexpr auto last_partition = std::numeric_limits<partition_id>::max();

byte_count size_of(const data::payload& x) { return {x.bytes()}; }

byte_count size_of(const std::vector<data::payload>& xs) {
  byte_count sum;
  for (auto& x : xs)
    sum += size_of(x);
  return sum;
}

} // namespace

block_store::block_store(byte_count budget) : budget_(budget) {}

put_result block_store::put(const block_id& id, data::payload block) {
  if (blocks_.count(id) != 0)
    return put_result::kept;
  auto size = size_of(block);
  if (!fits(size) && !blocks_.empty())
    return put_result::full;
  used_ += size;
  blocks_.emplace(id, std::move(block));
  return put_result::kept;
}

data::payload block_store::find(const block_id& id) const {
  auto found = blocks_.find(id);
  return found == blocks_.end() ? data::payload{} : found->second;
}

bool block_store::forget(const block_id& id) {
  auto found = blocks_.find(id);
  if (found == blocks_.end())
    return false;
  used_ -= size_of(found->second);
  blocks_.erase(found);
  return true;
}

put_result block_store::put_kept(const kept_set& set, partition_id partition, data::payload records,
                                 when_full rule) {
  kept_key key{set, partition};
  auto size = size_of(records);
  auto found = kept_.find(key);
  auto freed = found == kept_.end() ? byte_count{} : size_of(found->second);
  if (rule == when_full::refuse && used_ - freed + size > budget_)
    return put_result::full;
  used_ = used_ - freed + size;
  used_by_kept_ = used_by_kept_ - freed + size;
  kept_.insert_or_assign(key, std::move(records));
  return put_result::kept;
}

data::payload block_store::find_kept(const kept_set& set, partition_id partition) const {
  auto found = kept_.find({set, partition});
  return found == kept_.end() ? data::payload{} : found->second;
}

std::vector<partition_id> block_store::kept_partitions(const kept_set& set) const {
  std::vector<partition_id> result;
  for (auto i = kept_.lower_bound({set, 0}); i != kept_.end() && i->first.set == set; ++i)
    result.push_back(i->first.partition);
  return result;
}

void block_store::forget_kept(const kept_set& set) {
  erase_kept(kept_.lower_bound({set, 0}), kept_.upper_bound({set, last_partition}));
}

void block_store::forget_kept_through(operator_id op, batch_time time) {
  erase_kept(
    kept_.lower_bound({{op, batch_time::min(), 0}, 0}),
    kept_.upper_bound({{op, time, std::numeric_limits<std::uint32_t>::max()}, last_partition}));
}

void block_store::erase_kept(kept_map::iterator first, kept_map::iterator last) {
  for (auto i = first; i != last; ++i) {
    used_ -= size_of(i->second);
    used_by_kept_ -= size_of(i->second);
  }
  kept_.erase(first, last);
}

void block_store::put_pieces(const piece_key& key, std::vector<data::payload> pieces) {
  if (auto found = pieces_.find(key); found != pieces_.end())
    erase_pieces(found, std::next(found));
  auto size = size_of(pieces);
  used_ += size;
  used_by_pieces_ += size;
  pieces_.emplace(key, std::move(pieces));
}

bool block_store::has_pieces(const piece_key& key) const { return pieces_.count(key) != 0; }

std::optional<data::payload> block_store::find_piece(const piece_key& key,
                                                     partition_id target) const {
  auto found = pieces_.find(key);
  if (found == pieces_.end() || target >= found->second.size())
    return std::nullopt;
  return found->second[target];
}

void block_store::forget_job(job_id job) {
  erase_pieces(
    pieces_.lower_bound({job, 0, 0}),
    pieces_.upper_bound({job, std::numeric_limits<std::uint32_t>::max(), last_partition}));
}

void block_store::erase_pieces(piece_map::iterator first, piece_map::iterator last) {
  for (auto i = first; i != last; ++i) {
    used_ -= size_of(i->second);
    used_by_pieces_ -= size_of(i->second);
  }
  pieces_.erase(first, last);
}

} // namespace caf_stream::blocks
