#pragma once

#include <vector>

#include "caf_stream/codec/owned.hpp"
#include "caf_stream/lineage/narrow_dataset.hpp"
#include "caf_stream/lineage/reduce.hpp"

namespace caf_stream::lineage {

/// Each partition to one record, the list of its records, owned; an empty list of none.
template <class T>
dataset_ptr make_glom(dataset_ptr parent) {
  using list = std::vector<owned_t<T>>;
  return make_narrow("glom", std::move(parent),
                     [](data::any_cursor in, partition_id, task_context&) {
                       auto all = [from = std::shared_ptr<data::cursor_base>{std::move(in)}] {
                         auto& typed = data::typed<T>(*from);
                         list records;
                         for (auto chunk = typed.next(); !chunk.empty(); chunk = typed.next())
                           for (const T& x : chunk)
                             records.push_back(to_owned(x));
                         return std::optional<list>{std::move(records)};
                       };
                       return std::make_unique<optional_cursor<list>>(std::move(all));
                     });
}

} // namespace caf_stream::lineage
