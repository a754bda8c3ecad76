#include "operations.hpp"

namespace caf_stream::test {

namespace {

duration length_of(int n) { return (n + 1) * duration{1000}; }

constexpr auto every_batch = duration{1000};

records counts_of(const records& all) {
  std::map<record, int> counts;
  for (auto& x : all)
    ++counts[x];
  records result;
  for (auto& [x, count] : counts)
    result.emplace_back(x.first, small(x.second * 7L + count));
  return result;
}

/// With an inverse a record stays once there was one.
template <class F>
std::function<batches(const batches&, int)> staying(F f) {
  return [f](const batches& all, int n) {
    auto result =
      each_window([f](const records& window, int) { return records{f(window)}; })(all, n);
    for (std::size_t i = 0; i < all.size() && all[i].empty(); ++i)
      result[i].clear();
    return result;
  };
}

record sum_of_all(const records& all) {
  record result{0, 0};
  for (auto& x : all)
    result = {result.first + x.first, result.second + x.second};
  return {small(result.first), small(result.second)};
}

} // namespace

std::vector<operation> operations_on_windows() {
  auto small_record = [](const record& x) { return record{small(x.first), small(x.second)}; };
  auto plus = [](const record& a, const record& b) {
    return record{a.first + b.first, a.second + b.second};
  };
  auto minus = [](const record& a, const record& b) {
    return record{a.first - b.first, a.second - b.second};
  };
  auto sums = each_window([](const records& all, int) { return sums_of(all); });
  auto positive = [](int, int x) { return x > 0; };
  auto one_up = [](const record& x) { return record{x.first, x.second + 1}; };
  return {
    {{"window"},
     [](const stream& s, int n) { return s.window(length_of(n)); },
     each_window([](const records& all, int) { return all; })},
    {{"reduce_by_window"},
     [plus, small_record](const stream& s, int n) {
       return s.reduce_by_window(plus, length_of(n), every_batch).map(small_record);
     },
     each_window(
       [](const records& all, int) { return all.empty() ? all : records{sum_of_all(all)}; })},
    {{"reduce_by_window with inverse"},
     [plus, minus, small_record](const stream& s, int n) {
       return s.reduce_by_window(plus, minus, length_of(n), every_batch).map(small_record);
     },
     staying(sum_of_all)},
    {{"count_by_window"},
     [](const stream& s, int n) {
       return s.count_by_window(length_of(n), every_batch).map([](std::int64_t count) {
         return record{1, small(count)};
       });
     },
     staying([](const records& all) {
       return record{1, small(static_cast<long>(all.size()))};
     })},
    {{"count_by_value_and_window"},
     [](const stream& s, int n) {
       return s.count_by_value_and_window(length_of(n), every_batch)
         .map([](const std::pair<record, std::int64_t>& x) {
           return record{x.first.first, small(x.first.second * 7L + x.second)};
         });
     },
     each_window([](const records& all, int) { return counts_of(all); })},
    {{"group_by_key_and_window"},
     [](const stream& s, int n) {
       return s.group_by_key_and_window(length_of(n)).map_values([](const std::vector<int>& x) {
         return small(sum_of(x) + 5L * static_cast<long>(x.size()));
       });
     },
     each_window([](const records& all, int) {
       records result;
       for (auto& [key, x] : groups_of(all))
         result.emplace_back(key, small(sum_of(x) + 5L * static_cast<long>(x.size())));
       return result;
     })},
    {{"reduce_by_key_and_window"},
     [](const stream& s, int n) {
       return s.reduce_by_key_and_window(std::plus{}, length_of(n), n + 1);
     },
     sums},
    {{"reduce_by_key_and_window with inverse and keep"},
     [positive, one_up](const stream& s, int n) {
       return s.map(one_up).reduce_by_key_and_window(std::plus{}, std::minus{}, length_of(n),
                                                     positive, n + 1);
     },
     each_window([one_up](const records& all, int) {
       records more;
       for (auto& x : all)
         more.push_back(one_up(x));
       return sums_of(more);
     })},
  };
}

} // namespace caf_stream::test
