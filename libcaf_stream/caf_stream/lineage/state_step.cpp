#include "caf_stream/lineage/state_step.hpp"

#include <utility>

#include "caf_stream/base/error.hpp"
#include "caf_stream/data/record_list.hpp"
#include "caf_stream/lineage/id_scope.hpp"
#include "caf_stream/state/state_store.hpp"

namespace caf_stream::lineage {

namespace {

// Other tables of the batch have seeds 0 and 1 (combine_by_key.hpp).
constexpr std::uint64_t state_seed = 2;

/// Hands the payload of a step from open() to keep().
class step_result final : public data::cursor_base {
public:
  explicit step_result(data::payload records) : records_(std::move(records)) {}
  const data::payload& records() const noexcept { return records_; }

private:
  data::payload records_;
};

class state_step final : public dataset {
public:
  state_step(std::string operation, std::vector<dependency> dependencies, std::uint32_t partitions,
             state_batches batches, make_state make, change_state change, open_records open)
    : dataset(next_dataset_id(), std::move(operation), std::move(dependencies), partitions),
      batches_(batches), make_(std::move(make)), change_(std::move(change)),
      open_(std::move(open)) {}

  storage_level level() const noexcept override { return storage_level::memory_and_disk; }

  data::any_cursor open(partition_id p, task_context& context) const override {
    stateful::state_id place{id().op, p};
    auto partition = context.states().find_or_make(
      place, [&] { return make_(context.seed().derived(state_seed)); });
    auto lock = stateful::lock_for_change(*partition);
    partition->begin(batches_.from, batches_.to);
    partition->set_complete(false);
    auto records = change_(*partition, p, *this, context);
    if (!records) // what is kept says that the step has run
      records = data::record_list_builder<std::int64_t>{}.take();
    context.states().account(place, operation(), {partition->memory_bytes()});
    partition->set_complete(true);
    return std::make_unique<step_result>(std::move(records));
  }

  data::payload keep(data::cursor_base& result) const override {
    return static_cast<step_result&>(result).records();
  }

  data::any_cursor open_kept(const data::payload& kept) const override { return open_(kept); }

private:
  state_batches batches_;
  make_state make_;
  change_state change_;
  open_records open_;
};

class state_reader final : public dataset {
public:
  state_reader(std::string operation, dataset_ptr step, batch_time version, open_state open)
    : dataset(next_dataset_id(), std::move(operation), {{step, nullptr}}, step->partitions()),
      version_(version), open_(std::move(open)) {}

  data::any_cursor open(partition_id p, task_context& context) const override {
    auto& step = *dependencies()[0].parent;
    context.open(step, p); // the step has run, or runs now
    auto partition = context.states().find({step.id().op, p});
    if (partition == nullptr)
      throw error{errc::damaged_data, "the state of " + operation() + " is not here"};
    stateful::state_reading reading{std::move(partition)};
    if (auto version = reading.partition().version(); version != version_)
      throw error{errc::invalid_state, "the state of batch " + std::to_string(to_millis(version_)) +
                                         " ms is asked for, but it has moved on to batch " +
                                         std::to_string(to_millis(version)) +
                                         " ms: persist what is to be read later"};
    return open_(std::move(reading));
  }

private:
  batch_time version_;
  open_state open_;
};

} // namespace

dataset_ptr make_state_step(std::string operation, std::vector<dependency> dependencies,
                            std::uint32_t partitions, state_batches batches, make_state make,
                            change_state change, open_records open) {
  return std::make_shared<const state_step>(std::move(operation), std::move(dependencies),
                                            partitions, batches, std::move(make), std::move(change),
                                            std::move(open));
}

dataset_ptr make_state_reader(std::string operation, dataset_ptr step, batch_time version,
                              open_state open) {
  return std::make_shared<const state_reader>(std::move(operation), std::move(step), version,
                                              std::move(open));
}

} // namespace caf_stream::lineage
