#pragma once

#include <atomic>
#include <memory>

#include "caf_stream/lineage/id_scope.hpp"
#include "caf_stream/lineage/list_chain.hpp"
#include "caf_stream/lineage/task_context.hpp"

namespace caf_stream::lineage {

/// Its parent's records, kept as owned values once they have been computed.
template <class T>
class persisted_dataset final : public dataset {
public:
  persisted_dataset(dataset_ptr parent, storage_level level)
    : dataset(next_dataset_id(), "persist", {{parent, nullptr}}, parent->partitions()),
      level_(level) {}

  storage_level level() const noexcept override { return given_up_ ? storage_level::none : level_; }

  void stop_keeping() const noexcept override { given_up_ = true; }

  data::any_cursor open(partition_id p, task_context& context) const override {
    return context.open(*dependencies()[0].parent, p);
  }

  data::payload keep(data::cursor_base& records) const override {
    auto& typed = data::typed<T>(records);
    data::record_list_builder<T> list;
    for (auto chunk = typed.next(); !chunk.empty(); chunk = typed.next())
      list.append(chunk);
    return list.take();
  }

  data::any_cursor open_kept(const data::payload& kept) const override {
    return open_lists<T>({kept});
  }

private:
  storage_level level_;
  mutable std::atomic<bool> given_up_{false};
};

template <class T>
dataset_ptr make_persisted(dataset_ptr parent, storage_level level) {
  return std::make_shared<const persisted_dataset<T>>(std::move(parent), level);
}

} // namespace caf_stream::lineage
