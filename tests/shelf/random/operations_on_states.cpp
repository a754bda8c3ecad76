#include "operations.hpp"

namespace caf_stream::test {

std::vector<operation> operations_on_states() {
  // The sum of each key; a key goes when its sum comes to a multiple of seven.
  auto update = [](std::span<const int> values, std::optional<int> sum) -> std::optional<int> {
    int result = sum.value_or(0);
    for (int x : values)
      result = small(result + x + 1L);
    if (result % 7 == 0)
      return std::nullopt;
    return result;
  };
  auto add = [](const int& key, std::optional<int> value, state<int>& sum) {
    auto result = small(sum.get_option().value_or(0) + value.value_or(0) + 1L);
    if (result % 7 == 0 && sum.exists())
      sum.remove();
    else if (result % 7 != 0)
      sum.update(result);
    return record{key, result};
  };
  auto plain_states = [](const batches& all, int, auto each_batch_of_states) {
    batches result;
    std::map<int, int> sums;
    for (auto& batch : all)
      result.push_back(each_batch_of_states(sums, batch));
    return result;
  };
  auto all_of = [](const std::map<int, int>& sums) { return records(sums.begin(), sums.end()); };
  return {
    {{"update_state_by_key"},
     [update](const stream& s, int n) { return s.update_state_by_key(update, n + 1); },
     [plain_states, update, all_of](const batches& all, int n) {
       return plain_states(all, n, [&](std::map<int, int>& sums, const records& batch) {
         auto groups = groups_of(batch);
         for (auto& [key, sum] : sums)
           groups[key];
         for (auto& [key, values] : groups) {
           auto old = sums.count(key) ? std::optional<int>{sums[key]} : std::nullopt;
           if (auto next = update(values, old))
             sums[key] = *next;
           else
             sums.erase(key);
         }
         return all_of(sums);
       });
     }},
    // One value a key and batch: within a key, records keep the order of partitions only.
    {{"map_with_state"},
     [add](const stream& s, int n) {
       return s.reduce_by_key(std::plus{}).map_with_state(state_spec(add).partitions(n + 1));
     },
     [plain_states](const batches& all, int n) {
       return plain_states(all, n, [](std::map<int, int>& sums, const records& batch) {
         records emitted;
         for (auto& [key, value] : sums_of(batch)) {
           auto result = small((sums.count(key) ? sums[key] : 0) + value + 1L);
           if (result % 7 == 0)
             sums.erase(key);
           else
             sums[key] = result;
           emitted.emplace_back(key, result);
         }
         return emitted;
       });
     }},
    {{"state_snapshots"},
     [add](const stream& s, int n) {
       return s.reduce_by_key(std::plus{})
         .map_with_state(state_spec(add).partitions(n + 1))
         .state_snapshots();
     },
     [plain_states, all_of](const batches& all, int n) {
       return plain_states(all, n, [&](std::map<int, int>& sums, const records& batch) {
         for (auto& [key, value] : sums_of(batch)) {
           auto result = small((sums.count(key) ? sums[key] : 0) + value + 1L);
           if (result % 7 == 0)
             sums.erase(key);
           else
             sums[key] = result;
         }
         return all_of(sums);
       });
     }},
  };
}

} // namespace caf_stream::test
