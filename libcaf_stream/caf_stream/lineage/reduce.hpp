#pragma once

#include <optional>

#include "caf_stream/lineage/accumulate.hpp"
#include "caf_stream/lineage/list_chain.hpp"
#include "caf_stream/lineage/shuffled_dataset.hpp"

namespace caf_stream::lineage {

/// All remaining records reduced to one; nothing where there are none.
template <class T, class F>
std::optional<owned_t<T>> reduce_records(data::cursor_base& records, const F& f) {
  auto& typed = data::typed<T>(records);
  std::optional<owned_t<T>> acc;
  for (auto chunk = typed.next(); !chunk.empty(); chunk = typed.next())
    for (const T& x : chunk) {
      if (acc)
        accumulate(f, *acc, x);
      else
        acc.emplace(to_owned(x));
    }
  return acc;
}

/// A payload with the one record, or an empty one.
template <class T>
data::payload pack_record(std::optional<owned_t<T>> record) {
  if (!record)
    return {};
  data::record_list_builder<T> list;
  list.push_back(*std::move(record));
  return list.take();
}

/// Hands out what a function makes, once.
template <class T>
class optional_cursor final : public data::cursor<T> {
public:
  explicit optional_cursor(std::function<std::optional<T>()> make) : make_(std::move(make)) {}

  std::span<const T> next() override {
    if (std::exchange(done_, true))
      return {};
    record_ = make_();
    return record_ ? std::span<const T>{&*record_, 1} : std::span<const T>{};
  }

private:
  std::function<std::optional<T>()> make_;
  std::optional<T> record_;
  bool done_ = false;
};

/// All records reduced to one, in one partition; nothing where there are none. The record is owned.
template <class T, class F>
dataset_ptr make_reduce(dataset_ptr parent, std::shared_ptr<const F> f) {
  auto write = [f](data::cursor_base& records, std::uint32_t, task_context&) {
    return std::vector{pack_record<T>(reduce_records<T>(records, *f))};
  };
  auto open = [f](const std::vector<data::payload>& pieces, task_context&) {
    return std::make_unique<optional_cursor<owned_t<T>>>(
      [f, pieces] { return reduce_records<T>(*open_lists<T>(pieces), *f); });
  };
  return make_shuffled("reduce", std::move(parent), 1, write, open);
}

} // namespace caf_stream::lineage
