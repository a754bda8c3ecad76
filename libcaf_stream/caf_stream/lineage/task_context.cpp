#include "caf_stream/lineage/task_context.hpp"

#include "caf_stream/base/log.hpp"

namespace caf_stream::lineage {

namespace {

std::string describe(const dataset_id& id, partition_id p) {
  return "partition " + std::to_string(p) + " of data set " + to_string(id.op) + "." +
         std::to_string(id.path) + " of batch " + std::to_string(to_millis(id.time)) + " ms";
}

} // namespace

task_context::task_context(task_id id, batch_time time, data::table_seed seed, task_inputs inputs,
                           std::shared_ptr<stateful::state_store> states)
  : id_(id), time_(time), seed_(seed), inputs_(std::move(inputs)), states_(std::move(states)) {}

data::any_cursor task_context::open(const dataset& set, partition_id p) {
  dataset_partition key{set.id(), p};
  if (auto i = inputs_.kept.find(key); i != inputs_.kept.end()) {
    auto kept = i->second.load();
    if (kept)
      return set.open_kept(*kept);
    log::warning(to_string(id_), ": ", kept.error().what(), "; it is computed again");
    lost_.push_back(key);
    inputs_.kept.erase(i);
  }
  if (set.level() == storage_level::none)
    return set.open(p, *this);
  return set.open_kept(computed(set, p).records);
}

const computed_partition& task_context::computed(const dataset& set, partition_id p) {
  dataset_partition key{set.id(), p};
  if (auto i = newly_kept_.find(key); i != newly_kept_.end())
    return i->second;
  auto level = set.level();
  auto cursor = set.open(p, *this);
  auto records = set.keep(*cursor);
  if (is_encoded_level(level) && records.is_encodable()) {
    auto encoding = records.encode();
    auto size = encoding.size();
    records = data::payload::from_encoding(std::move(encoding), records.records(), size);
  }
  return newly_kept_.emplace(key, computed_partition{std::move(records), level}).first->second;
}

const data::payload& task_context::block(const block_id& id) const {
  auto i = inputs_.blocks.find(id);
  if (i == inputs_.blocks.end())
    throw error{errc::damaged_data, to_string(id_) + ": " + to_string(id) + " is missing"};
  return i->second;
}

const data::payload& task_context::values(const dataset_id& set, partition_id p) const {
  auto i = inputs_.values.find({set, p});
  if (i == inputs_.values.end())
    throw error{errc::damaged_data,
                to_string(id_) + ": the values of " + describe(set, p) + " are missing"};
  return i->second;
}

const std::vector<data::payload>&
task_context::pieces(const dataset_id& set, std::uint32_t dependency, partition_id p) const {
  auto i = inputs_.pieces.find({set, dependency, p});
  if (i == inputs_.pieces.end())
    throw error{errc::damaged_data,
                to_string(id_) + ": the shuffle pieces of " + describe(set, p) + " are missing"};
  return i->second;
}

} // namespace caf_stream::lineage
