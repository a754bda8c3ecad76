#include "operations.hpp"

namespace caf_stream::test {

namespace {

using optional_value = std::optional<int>;

int shown(const optional_value& x) { return x ? *x : 50; }

/// Pairs of each side's values of a key, where both have it, and where one lacks as `outer` says.
template <class F>
records joined(const records& left, const records& right, bool all_left, bool all_right, F f) {
  auto lefts = groups_of(left);
  auto rights = groups_of(right);
  std::map<int, int> keys;
  for (auto& [key, values] : lefts)
    keys[key];
  for (auto& [key, values] : rights)
    keys[key];
  records result;
  for (auto& [key, unused] : keys) {
    std::vector<optional_value> a(lefts[key].begin(), lefts[key].end());
    std::vector<optional_value> b(rights[key].begin(), rights[key].end());
    if (a.empty() && all_right)
      a.push_back(std::nullopt);
    if (b.empty() && all_left)
      b.push_back(std::nullopt);
    for (auto& v : a)
      for (auto& w : b)
        result.emplace_back(key, f(v, w));
  }
  return result;
}

/// The side that is joined: one value a key, some keys changed.
stream other_side(const stream& s, int n) {
  return s.map([n](const record& x) {
            return record{x.first + n % 2, x.second};
          })
    .reduce_by_key(std::plus{});
}

records plain_other_side(const records& all, int n) {
  records moved;
  for (auto& x : all)
    moved.emplace_back(x.first + n % 2, x.second);
  return sums_of(moved);
}

int both(const optional_value& v, const optional_value& w) {
  return small(3 * shown(v) + shown(w));
}

auto plain_join(bool all_left, bool all_right) {
  return each_batch([=](const records& all, int n) {
    return joined(all, plain_other_side(all, n), all_left, all_right, both);
  });
}

} // namespace

std::vector<operation> operations_on_pairs() {
  auto show = [](const auto& x) { return both(x.first, x.second); };
  auto grouped = each_batch([](const records& all, int) {
    records result;
    for (auto& [key, values] : groups_of(all))
      result.emplace_back(key, small(sum_of(values) + 5 * static_cast<long>(values.size())));
    return result;
  });
  auto sum_and_size = [](const std::vector<int>& values) {
    return small(sum_of(values) + 5 * static_cast<long>(values.size()));
  };
  auto values_twice = each_batch([](const records& all, int n) {
    records result;
    for (auto& [key, value] : all) {
      result.emplace_back(key, value);
      result.emplace_back(key, small(value + n));
    }
    return result;
  });

  return {
    {{"map_values"},
     [](const stream& s, int n) { return s.map_values([n](int x) { return small(x * n); }); },
     each_batch([](const records& all, int n) {
       records result;
       for (auto& [key, value] : all)
         result.emplace_back(key, small(value * n));
       return result;
     })},
    {{"flat_map_values"},
     [](const stream& s, int n) {
       return s.flat_map_values([n](int x) { return std::vector{x, small(x + n)}; });
     },
     values_twice},
    {{"flat_map_values with emit"},
     [](const stream& s, int n) {
       return s.flat_map_values<int>([n](int x, auto& emit) {
         emit(x);
         emit(small(x + n));
       });
     },
     values_twice},
    {{"group_by_key"},
     [sum_and_size](const stream& s, int n) {
       return s.group_by_key(n + 1).map_values(sum_and_size);
     },
     grouped},
    {{"reduce_by_key"},
     [](const stream& s, int n) { return s.reduce_by_key(std::plus{}, n + 1); },
     each_batch([](const records& all, int) { return sums_of(all); })},
    {{"combine_by_key"},
     [](const stream& s, int) {
       using sum_and_count = std::pair<int, int>;
       return s
         .combine_by_key(
           [](int x) {
             return sum_and_count{x, 1};
           },
           [](sum_and_count acc, int x) {
             return sum_and_count{acc.first + x, acc.second + 1};
           },
           [](sum_and_count a, const sum_and_count& b) {
             return sum_and_count{a.first + b.first, a.second + b.second};
           })
         .map_values([](const sum_and_count& x) { return small(x.first + 5L * x.second); });
     },
     grouped},
    {{"join"},
     [show](const stream& s, int n) { return s.join(other_side(s, n)).map_values(show); },
     plain_join(false, false)},
    {{"left_outer_join"},
     [show](const stream& s, int n) {
       return s.left_outer_join(other_side(s, n)).map_values(show);
     },
     plain_join(true, false)},
    {{"right_outer_join"},
     [show](const stream& s, int n) {
       return s.right_outer_join(other_side(s, n)).map_values(show);
     },
     plain_join(false, true)},
    {{"full_outer_join"},
     [show](const stream& s, int n) {
       return s.full_outer_join(other_side(s, n)).map_values(show);
     },
     plain_join(true, true)},
    {{"cogroup"},
     [](const stream& s, int n) {
       return s.cogroup(other_side(s, n)).map_values([](const auto& sides) {
         return small(3L * sum_of(sides.first) + sum_of(sides.second) +
                      static_cast<long>(sides.first.size()));
       });
     },
     each_batch([](const records& all, int n) {
       auto left = groups_of(all);
       auto right = groups_of(plain_other_side(all, n));
       std::map<int, int> keys;
       for (auto& [key, values] : left)
         keys[key];
       for (auto& [key, values] : right)
         keys[key];
       records result;
       for (auto& [key, unused] : keys)
         result.emplace_back(key, small(3L * sum_of(left[key]) + sum_of(right[key]) +
                                        static_cast<long>(left[key].size())));
       return result;
     })},
  };
}

} // namespace caf_stream::test
