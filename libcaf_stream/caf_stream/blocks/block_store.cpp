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

void fill(kept_item& x, item_key key, data::payload records, storage_level level, bool may_drop) {
  x.key = std::move(key);
  x.may_spill = uses_disk(level) && records.is_encodable();
  x.may_drop = may_drop;
  x.level = level;
  x.records = std::move(records);
}

put_result waits_for(room there) {
  return there == room::coming ? put_result::soon : put_result::full;
}

} // namespace

block_store::block_store(byte_count memory, byte_count disk) : eviction_(memory, disk) {}

room block_store::make_room(byte_count size, const kept_set* except) {
  return eviction_.make_room(size, except, [this](kept_item& x) {
    auto key = std::get<kept_partition>(x.key);
    dropped_.push_back(key);
    forget_kept(key);
  });
}

put_result block_store::put(const block_id& id, data::payload block, storage_level level) {
  if (auto found = blocks_.find(id); found != blocks_.end())
    return found->second.incoming ? put_result::writing : put_result::kept;
  auto size = size_of(block);
  auto there = make_room(size, nullptr);
  if (blocks_.empty())
    there = room::there;
  if (there == room::coming)
    return put_result::soon;
  auto& item = blocks_[id];
  fill(item, id, std::move(block), level, false);
  if (there == room::there) {
    eviction_.add(item);
    return put_result::kept;
  }
  if (eviction_.may_be_written(item)) {
    eviction_.add_to_disk(item);
    return put_result::writing;
  }
  blocks_.erase(id);
  return put_result::full;
}

data::payload block_store::find(const block_id& id) {
  auto found = blocks_.find(id);
  if (found == blocks_.end())
    return {};
  eviction_.touch(found->second);
  return found->second.records;
}

bool block_store::forget(const block_id& id) {
  auto found = blocks_.find(id);
  if (found == blocks_.end())
    return false;
  eviction_.remove(found->second);
  blocks_.erase(found);
  return true;
}

put_result block_store::put_kept(const kept_set& set, partition_id partition, data::payload records,
                                 storage_level level, when_full rule) {
  kept_partition key{set, partition};
  auto size = size_of(records);
  auto found = kept_.find(key);
  auto freed = found == kept_.end() ? byte_count{} : found->second.memory;
  auto there = room::there;
  if (rule == when_full::refuse && size != 0_B)
    there = make_room(size - std::min(size, freed), &set);
  kept_item candidate;
  fill(candidate, key, std::move(records), level, rule == when_full::refuse);
  if (there != room::there && (there == room::coming || !eviction_.may_be_written(candidate)))
    return waits_for(there);
  forget_kept(key);
  auto& item = kept_[key];
  fill(item, key, std::move(candidate.records), level, rule == when_full::refuse);
  if (there == room::there) {
    eviction_.add(item);
    return put_result::kept;
  }
  eviction_.add_to_disk(item);
  return put_result::writing;
}

data::payload block_store::find_kept(const kept_set& set, partition_id partition) {
  auto found = kept_.find({set, partition});
  if (found == kept_.end() || found->second.incoming)
    return {};
  eviction_.touch(found->second);
  return found->second.records;
}

bool block_store::has_kept(const kept_partition& partition) const {
  auto found = kept_.find(partition);
  return found != kept_.end() && !found->second.incoming;
}

std::vector<partition_id> block_store::kept_partitions(const kept_set& set) const {
  std::vector<partition_id> result;
  for (auto i = kept_.lower_bound({set, 0}); i != kept_.end() && i->first.set == set; ++i)
    if (!i->second.incoming)
      result.push_back(i->first.partition);
  return result;
}

void block_store::forget_kept(const kept_set& set) {
  erase_kept(kept_.lower_bound({set, 0}), kept_.upper_bound({set, last_partition}));
}

void block_store::forget_kept(const kept_partition& partition) {
  if (auto found = kept_.find(partition); found != kept_.end())
    erase_kept(found, std::next(found));
}

void block_store::forget_kept_through(operator_id op, batch_time time) {
  erase_kept(
    kept_.lower_bound({{op, batch_time::min(), 0}, 0}),
    kept_.upper_bound({{op, time, std::numeric_limits<std::uint32_t>::max()}, last_partition}));
}

void block_store::erase_kept(kept_map::iterator first, kept_map::iterator last) {
  for (auto i = first; i != last; ++i)
    eviction_.remove(i->second);
  kept_.erase(first, last);
}

std::vector<kept_partition> block_store::take_dropped() { return std::exchange(dropped_, {}); }

void block_store::put_pieces(const piece_key& key, std::vector<data::payload> pieces) {
  if (auto found = pieces_.find(key); found != pieces_.end())
    erase_pieces(found, std::next(found));
  auto size = size_of(pieces);
  // They are kept in any case, but what may go makes room for them.
  make_room(size, nullptr);
  eviction_.count(size);
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
    eviction_.uncount(size_of(i->second));
    used_by_pieces_ -= size_of(i->second);
  }
  pieces_.erase(first, last);
}

bool block_store::is_writing(const item_key& key) const {
  if (auto* id = std::get_if<block_id>(&key)) {
    auto found = blocks_.find(*id);
    return found != blocks_.end() && found->second.incoming;
  }
  auto found = kept_.find(std::get<kept_partition>(key));
  return found != kept_.end() && found->second.incoming;
}

void block_store::finished(std::uint64_t order, data::payload records, byte_count file_bytes) {
  eviction_.finished(order, std::move(records), file_bytes);
}

void block_store::failed(std::uint64_t order, bool lasting) {
  for (auto* x : eviction_.failed(order, lasting)) {
    auto key = x->key;
    if (auto* id = std::get_if<block_id>(&key))
      forget(*id);
    else
      forget_kept(std::get<kept_partition>(key));
  }
}

} // namespace caf_stream::blocks
