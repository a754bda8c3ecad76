#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "caf_stream/engine/engine.hpp"
#include "caf_stream/lineage/accumulate.hpp"
#include "caf_stream/lineage/count.hpp"
#include "caf_stream/lineage/list_chain.hpp"
#include "caf_stream/lineage/reduce.hpp"

// Actions: what runs where the data is, and what the driver makes of the results. Each runs one job
// over all partitions and waits for it; see job_engine::run for who may call and what is thrown.

namespace caf_stream::engine {

/// Runs `action` on every partition of `target`.
std::vector<data::payload> run_on_all(job_engine& engine, const lineage::dataset_ptr& target,
                                      exec::partition_action action, std::string description);

/// The first `limit` records in partition order, as owned values. No task reads more than that
/// many.
template <class T>
std::vector<owned_t<T>>
collect_records(job_engine& engine, const lineage::dataset_ptr& target, std::string description,
                std::size_t limit = std::numeric_limits<std::size_t>::max()) {
  std::vector<owned_t<T>> result;
  if (limit == 0)
    return result;
  auto action = [limit](partition_id, data::cursor_base& records, lineage::task_context&) {
    auto& typed = data::typed<T>(records);
    data::record_list_builder<T> list;
    while (list.size() < limit) {
      auto chunk = typed.next();
      if (chunk.empty())
        break;
      list.append(chunk.first(std::min(chunk.size(), limit - list.size())));
    }
    return list.take();
  };
  auto lists = run_on_all(engine, target, action, std::move(description));
  std::size_t sum = 0;
  for (auto& list : lists)
    sum += list.records();
  result.reserve(std::min(sum, limit));
  auto all = lineage::open_lists<T>(lists);
  auto& typed = data::typed<T>(*all);
  for (auto chunk = typed.next(); !chunk.empty() && result.size() < limit; chunk = typed.next())
    for (const T& x : chunk.first(std::min(chunk.size(), limit - result.size())))
      result.push_back(to_owned(x));
  return result;
}

/// No task reads more than its first records.
template <class T>
bool has_records(job_engine& engine, const lineage::dataset_ptr& target) {
  auto action = [](partition_id, data::cursor_base& records, lineage::task_context&) {
    auto first = data::typed<T>(records).next().size();
    return lineage::pack_record<std::int64_t>(static_cast<std::int64_t>(first));
  };
  auto firsts = lineage::open_lists<std::int64_t>(run_on_all(engine, target, action, "is_empty"));
  return lineage::reduce_records<std::int64_t>(*firsts, std::plus<>{}).value_or(0) != 0;
}

template <class T>
std::int64_t count_records(job_engine& engine, const lineage::dataset_ptr& target) {
  auto action = [](partition_id, data::cursor_base& records, lineage::task_context&) {
    return lineage::pack_record<std::int64_t>(lineage::count_records<T>(records));
  };
  auto counts = lineage::open_lists<std::int64_t>(run_on_all(engine, target, action, "count"));
  return lineage::reduce_records<std::int64_t>(*counts, std::plus<>{}).value_or(0);
}

/// f applied to all records, in partition order; nothing where there are none.
template <class T, class F>
std::optional<owned_t<T>> reduce_records(job_engine& engine, const lineage::dataset_ptr& target,
                                         std::shared_ptr<const F> f) {
  auto action = [f](partition_id, data::cursor_base& records, lineage::task_context&) {
    return lineage::pack_record<T>(lineage::reduce_records<T>(records, *f));
  };
  auto partial = lineage::open_lists<T>(run_on_all(engine, target, action, "reduce"));
  return lineage::reduce_records<T>(*partial, *f);
}

/// `add(acc, record)` over each partition, beginning with `zero`, then `merge(acc, other)` over the
/// partitions, beginning with `zero` again.
template <class T, class A, class Add, class Merge>
A aggregate_records(job_engine& engine, const lineage::dataset_ptr& target, A zero,
                    std::shared_ptr<const Add> add, const Merge& merge, std::string description) {
  auto action = [zero, add](partition_id, data::cursor_base& records, lineage::task_context&) {
    auto& typed = data::typed<T>(records);
    A acc = zero;
    for (auto chunk = typed.next(); !chunk.empty(); chunk = typed.next())
      for (const T& x : chunk)
        lineage::accumulate(*add, acc, x);
    return lineage::pack_record<A>(std::move(acc));
  };
  auto partial = lineage::open_lists<A>(run_on_all(engine, target, action, std::move(description)));
  auto& typed = data::typed<A>(*partial);
  for (auto chunk = typed.next(); !chunk.empty(); chunk = typed.next())
    for (const A& x : chunk)
      lineage::accumulate(merge, zero, x);
  return zero;
}

/// The `n` largest records, the largest first. Of equal ones those that come first.
template <class T, class Less>
std::vector<owned_t<T>> top_records(job_engine& engine, const lineage::dataset_ptr& target,
                                    std::size_t n, std::shared_ptr<const Less> less) {
  if (n == 0)
    return {};
  auto largest = [n, less](auto& typed) {
    // A heap of at most n whose front is the one to go next.
    using ranked = std::pair<owned_t<T>, std::uint64_t>;
    auto stays_longer = [&less](const ranked& a, const ranked& b) {
      if ((*less)(view_of<T>(b.first), view_of<T>(a.first)))
        return true;
      return !(*less)(view_of<T>(a.first), view_of<T>(b.first)) && a.second < b.second;
    };
    std::vector<ranked> heap;
    std::uint64_t number = 0;
    for (auto chunk = typed.next(); !chunk.empty(); chunk = typed.next())
      for (const T& x : chunk) {
        if (heap.size() == n) {
          if (!(*less)(view_of<T>(heap.front().first), x))
            continue;
          std::pop_heap(heap.begin(), heap.end(), stays_longer);
          heap.pop_back();
        }
        heap.emplace_back(to_owned(x), number++);
        std::push_heap(heap.begin(), heap.end(), stays_longer);
      }
    std::sort_heap(heap.begin(), heap.end(), stays_longer);
    std::vector<owned_t<T>> result;
    for (auto& each : heap)
      result.push_back(std::move(each.first));
    return result;
  };
  auto action = [largest](partition_id, data::cursor_base& records, lineage::task_context&) {
    data::record_list_builder<T> list;
    for (auto&& x : largest(data::typed<T>(records)))
      list.push_back(owned_t<T>(std::move(x)));
    return list.take();
  };
  auto partial = lineage::open_lists<T>(run_on_all(engine, target, action, "top"));
  return largest(data::typed<T>(*partial));
}

} // namespace caf_stream::engine
