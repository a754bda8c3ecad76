#include "baseline_top_k.hpp"

#include "baseline_word_tables.hpp"
#include "stopwatch.hpp"

#include <algorithm>

namespace caf_stream::bench {

namespace {

/// Keeps pointers to entries; the front of the heap is the one to go next.
std::vector<counted_word> heap_scan(const tuned_table& table) {
  using entry = tuned_table::value_type;
  auto stays = [](const entry* a, const entry* b) { return counted_less{}(*b, *a); };
  std::vector<const entry*> heap;
  for (auto& each : table) {
    if (heap.size() == top_k) {
      if (!counted_less{}(*heap.front(), each))
        continue;
      std::pop_heap(heap.begin(), heap.end(), stays);
      heap.pop_back();
    }
    heap.push_back(&each);
    std::push_heap(heap.begin(), heap.end(), stays);
  }
  std::sort_heap(heap.begin(), heap.end(), stays);
  std::vector<counted_word> result;
  for (auto* each : heap)
    result.emplace_back(each->first, each->second);
  return result;
}

std::vector<counted_word> sort_all(const naive_table& table) {
  std::vector<counted_word> result(table.begin(), table.end());
  std::sort(result.begin(), result.end(), [](auto& a, auto& b) { return counted_less{}(b, a); });
  result.resize(std::min(result.size(), top_k));
  return result;
}

} // namespace

top_k_run tuned_top_k(const std::vector<std::string_view>& batches, unsigned threads) {
  top_k_run result;
  std::size_t expected = 0;
  for (auto batch : batches) {
    stopwatch watch;
    auto tables = count_in_parallel<tuned_table>(batch, threads, expected);
    result.top.push_back(heap_scan(tables.front()));
    result.seconds += watch.seconds();
    expected = tables.front().size();
  }
  return result;
}

top_k_run naive_top_k(const std::vector<std::string_view>& batches, unsigned threads) {
  top_k_run result;
  for (auto batch : batches) {
    stopwatch watch;
    auto tables = count_in_parallel<naive_table>(batch, threads, 0);
    result.top.push_back(sort_all(tables.front()));
    result.seconds += watch.seconds();
  }
  return result;
}

} // namespace caf_stream::bench
