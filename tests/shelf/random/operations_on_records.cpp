#include "operations.hpp"

namespace caf_stream::test {

std::vector<operation> operations_on_records() {
  auto add = [](int n) {
    return [n](const record& x) { return record{x.first, small(x.second + n)}; };
  };
  auto twice = [](const records& all, int) {
    records result;
    for (auto& x : all) {
      result.push_back(x);
      result.emplace_back(x.first + 1, x.second);
    }
    return result;
  };
  auto same = each_batch([](const records& all, int) { return all; });
  auto added = each_batch([add](const records& all, int n) {
    records result;
    for (auto& x : all)
      result.push_back(add(n)(x));
    return result;
  });
  auto one_number = [](std::int64_t n) { return record{0, small(n)}; };

  return {
    {{"map"}, [add](const stream& s, int n) { return s.map(add(n)); }, added},
    {{"flat_map"},
     [](const stream& s, int) {
       return s.flat_map([](const record& x) { return records{x, {x.first + 1, x.second}}; });
     },
     each_batch(twice)},
    {{"flat_map with emit"},
     [](const stream& s, int) {
       return s.flat_map<record>([](const record& x, auto& emit) {
         emit(x);
         emit(record{x.first + 1, x.second});
       });
     },
     each_batch(twice)},
    {{"filter"},
     [](const stream& s, int n) {
       return s.filter([n](const record& x) { return x.second % 4 != n; });
     },
     each_batch([](const records& all, int n) {
       records result;
       for (auto& x : all)
         if (x.second % 4 != n)
           result.push_back(x);
       return result;
     })},
    {{"map_partitions"},
     [add](const stream& s, int n) {
       return s.map_partitions([add, n](auto& all) {
         records result;
         for (auto& x : all)
           result.push_back(add(n)(x));
         return result;
       });
     },
     added},
    {{"glom"},
     [](const stream& s, int) { return s.glom().flat_map([](const records& all) { return all; }); },
     same},
    {{"repartition"},
     [](const stream& s, int n) { return s.repartition(static_cast<std::uint32_t>(n) + 1); },
     same},
    {{"union_with"},
     [add](const stream& s, int n) { return s.union_with(s.map(add(n))); },
     each_batch([add](records all, int n) {
       auto size = all.size();
       for (std::size_t i = 0; i < size; ++i)
         all.push_back(add(n)(all[i]));
       return all;
     })},
    {{"union_all"},
     [](const stream& s, int n) {
       return s.context().union_all(std::vector(static_cast<std::size_t>(n) + 1, s));
     },
     each_batch([](const records& all, int n) {
       records result;
       for (int i = 0; i <= n; ++i)
         result.insert(result.end(), all.begin(), all.end());
       return result;
     })},
    {{"count"},
     [one_number](const stream& s, int) { return s.count().map(one_number); },
     each_batch([one_number](const records& all, int) {
       return records{one_number(static_cast<std::int64_t>(all.size()))};
     })},
    {{"reduce"},
     [](const stream& s, int) {
       return s.reduce([](const record& a, const record& b) { return std::max(a, b); });
     },
     each_batch([](const records& all, int) {
       return all.empty() ? all : records{*std::max_element(all.begin(), all.end())};
     })},
    {{"count_by_value"},
     [](const stream& s, int n) {
       return s.count_by_value(n + 1).map([](const std::pair<record, std::int64_t>& x) {
         return record{x.first.first, small(x.first.second * 7 + x.second)};
       });
     },
     each_batch([](const records& all, int) {
       std::map<record, int> counts;
       for (auto& x : all)
         ++counts[x];
       records result;
       for (auto& [x, count] : counts)
         result.emplace_back(x.first, small(x.second * 7 + count));
       return result;
     })},
    {{"persist"},
     [](const stream& s, int) { return s.map([](const record& x) { return x; }).persist(); },
     same},
    {{"cache"},
     [](const stream& s, int) { return s.map([](const record& x) { return x; }).cache(); },
     same},
  };
}

} // namespace caf_stream::test
