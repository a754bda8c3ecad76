#include "caf_stream/blocks/eviction_core.hpp"

#include <algorithm>
#include <utility>

namespace caf_stream::blocks {

namespace {

// One is being written, and the next is already there when it is done.
constexpr std::size_t most_orders = 2;

byte_count size_of(const kept_item& x) { return {x.records.bytes()}; }

struct in_words {
  std::string operator()(const block_id& id) const { return caf_stream::to_string(id); }
  std::string operator()(const kept_partition& x) const {
    return "persisted partition " + std::to_string(x.partition) + " of data set " +
           caf_stream::to_string(x.set.op) + "." + std::to_string(x.set.path) + " of batch " +
           std::to_string(to_millis(x.set.time)) + " ms";
  }
};

} // namespace

std::string to_string(const item_key& key) { return std::visit(in_words{}, key); }

bool eviction_core::may_be_written(const kept_item& x) const noexcept {
  return x.may_spill && disk_has_room(size_of(x));
}

void eviction_core::add(kept_item& x) {
  x.memory = size_of(x);
  used_ += x.memory;
  if (is_disk_only(x.level) && may_be_written(x)) {
    want_written(x);
  } else if (is_encoded_level(x.level) && x.records.is_encodable() && !x.records.is_encoded()) {
    x.place = item_place::wanted;
    to_encode_.push_back(x);
  } else {
    rest(x);
  }
}

void eviction_core::add_to_disk(kept_item& x) {
  x.incoming = true;
  want_written(x);
}

void eviction_core::rest(kept_item& x) {
  x.place = item_place::memory;
  if (x.may_spill || x.may_drop)
    resting_.push_back(x);
}

void eviction_core::want_written(kept_item& x) {
  x.unlink();
  x.place = item_place::wanted;
  x.to_disk = true;
  x.disk = size_of(x); // what it may take at most, about
  disk_used_ += x.disk;
  leaving_ += x.memory;
  to_write_.push_back(x);
}

// Undoes want_written().
void eviction_core::back_to_memory(kept_item& x) {
  x.unlink();
  x.place = item_place::memory;
  x.to_disk = false;
  disk_used_ -= std::exchange(x.disk, {});
  leaving_ -= x.memory;
}

void eviction_core::remove(kept_item& x) {
  x.unlink();
  used_ -= x.memory;
  disk_used_ -= x.disk;
  if (x.to_disk)
    leaving_ -= x.memory;
  if (x.place == item_place::moving)
    moving_.erase(x.order);
  if (x.place == item_place::disk)
    disk_fails_ = false; // there is a little more space now
}

void eviction_core::touch(kept_item& x) {
  if (x.place != item_place::memory || !x.is_linked())
    return;
  x.unlink();
  resting_.push_back(x);
}

// What a task was given before it was written takes memory until the task is done.
void eviction_core::let_go() {
  std::erase_if(lingering_, [this](auto& x) {
    if (x.records.is_shared())
      return false;
    used_ -= x.memory;
    return true;
  });
}

room eviction_core::make_room(byte_count size, const kept_set* except,
                              const std::function<void(kept_item&)>& drop) {
  let_go();
  auto enough = [&] { return used_ - leaving_ + size <= budget_; };
  for (auto i = resting_.begin(); i != resting_.end() && !enough();) {
    auto& x = *i++;
    if (x.memory == 0_B || x.records.is_shared())
      continue;
    if (may_be_written(x)) {
      want_written(x);
      continue;
    }
    auto* partition = std::get_if<kept_partition>(&x.key);
    if (!x.may_drop || (except != nullptr && partition != nullptr && partition->set == *except))
      continue;
    ++counts_.dropped;
    drop(x);
  }
  return fits(size) ? room::there : enough() ? room::coming : room::none;
}

std::optional<move_order> eviction_core::next_order() {
  if (moving_.size() >= most_orders)
    return std::nullopt;
  auto& list = !to_write_.empty() ? to_write_ : to_encode_;
  if (list.empty())
    return std::nullopt;
  auto& x = list.front();
  x.unlink();
  x.place = item_place::moving;
  x.order = ++last_order_;
  moving_.emplace(x.order, &x);
  return move_order{x.order, x.to_disk, x.records, to_string(x.key)};
}

std::vector<move_order> eviction_core::open_orders() const {
  std::vector<move_order> result;
  for (auto& [number, x] : moving_)
    result.push_back({number, x->to_disk, x->records, to_string(x->key)});
  return result;
}

kept_item* eviction_core::finished(std::uint64_t order, data::payload records,
                                   byte_count file_bytes) {
  auto found = moving_.find(order);
  if (found == moving_.end())
    return nullptr;
  auto& x = *found->second;
  moving_.erase(found);
  auto before = std::exchange(x.records, std::move(records));
  if (x.memory != 0_B && before.is_shared())
    lingering_.push_back({std::move(before), x.memory});
  else
    used_ -= x.memory;
  if (!x.records.is_stored()) {
    x.memory = size_of(x);
    used_ += x.memory;
    rest(x);
    return &x;
  }
  ++counts_.spilled;
  counts_.spilled_bytes += x.records.bytes();
  counts_.file_bytes += file_bytes.value;
  leaving_ -= std::exchange(x.memory, {});
  x.to_disk = x.incoming = false;
  disk_used_ = disk_used_ - x.disk + file_bytes;
  x.disk = file_bytes;
  x.place = item_place::disk;
  return &x;
}

std::vector<kept_item*> eviction_core::failed(std::uint64_t order, bool lasting) {
  std::vector<kept_item*> given_back; // the oldest first
  ++counts_.failed;
  if (auto found = moving_.find(order); found != moving_.end()) {
    auto& x = *found->second;
    moving_.erase(found);
    if (lasting)
      x.may_spill = false;
    if (x.to_disk)
      given_back.push_back(&x);
    else
      rest(x);
  }
  if (!lasting) {
    disk_fails_ = true;
    for (auto& x : to_write_)
      given_back.push_back(&x);
  }
  std::vector<kept_item*> not_written;
  for (auto i = given_back.rbegin(); i != given_back.rend(); ++i) {
    auto& x = **i;
    back_to_memory(x);
    if (x.incoming)
      not_written.push_back(&x);
    else if (x.may_spill || x.may_drop)
      resting_.push_front(x);
  }
  std::reverse(not_written.begin(), not_written.end());
  return not_written;
}

} // namespace caf_stream::blocks
