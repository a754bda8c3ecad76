#include "operations.hpp"

#include <atomic>

namespace caf_stream::test {

namespace {

/// An operation on the rdd of each batch.
template <class F>
std::function<stream(const stream&, int)> on_rdd(F f) {
  return [f](const stream& s, int n) {
    return s.transform([f, n](const rdd<record>& batch) { return f(batch, n); });
  };
}

/// An action: what it gives, beside the batch's records.
template <class F>
std::function<stream(const stream&, int)> on_action(F f) {
  return [f](const stream& s, int n) {
    return s.transform([f, n](const rdd<record>& batch) {
      auto number = small(f(batch, n));
      return batch.map([number](const record& x) {
        return record{x.first, small(x.second + number)};
      });
    });
  };
}

template <class F>
std::function<batches(const batches&, int)> plain_action(F f) {
  return each_batch([f](const records& all, int n) {
    auto number = small(f(all, n));
    records result;
    for (auto& x : all)
      result.emplace_back(x.first, small(x.second + number));
    return result;
  });
}

long sum_of_values(const records& all) {
  long sum = 0;
  for (auto& x : all)
    sum += x.second;
  return sum;
}

rdd<record> some(const rdd<record>& batch, int n) {
  return batch.filter([n](const record& x) { return x.second % 4 == n; });
}

records plain_some(const records& all, int n) {
  records result;
  for (auto& x : all)
    if (x.second % 4 == n)
      result.push_back(x);
  return result;
}

} // namespace

std::vector<operation> operations_on_batches() {
  auto same = each_batch([](const records& all, int) { return all; });
  auto sum = plain_action([](const records& all, int) { return sum_of_values(all); });
  auto add_value = [](long acc, const record& x) { return acc + x.second; };
  return {
    {{"transform"}, on_rdd([](const rdd<record>& batch, int) { return batch; }), same},
    {{"transform of several"},
     [](const stream& s, int) {
       return s.context().transform(std::vector{s, s}, [](const std::vector<rdd<record>>& all) {
         return all[0].union_with(all[1]);
       });
     },
     each_batch([](records all, int) {
       auto size = all.size();
       for (std::size_t i = 0; i < size; ++i)
         all.push_back(all[i]);
       return all;
     })},
    {{"transform_with", "subtract_by_key"},
     [](const stream& s, int n) {
       return s.transform_with(s, [n](const rdd<record>& a, const rdd<record>& b) {
         return a.subtract_by_key(some(b, n));
       });
     },
     each_batch([](const records& all, int n) {
       auto gone = groups_of(plain_some(all, n));
       records result;
       for (auto& x : all)
         if (!gone.count(x.first))
           result.push_back(x);
       return result;
     })},
    {{"sort_by", "zip_with_index"},
     on_rdd([](const rdd<record>& batch, int) {
       return batch.sort_by([](const record& x) { return x; })
         .zip_with_index()
         .map([](const std::pair<record, std::int64_t>& x) {
           return record{x.first.first, small(x.first.second + x.second)};
         });
     }),
     each_batch([](records all, int) {
       std::sort(all.begin(), all.end());
       for (std::size_t i = 0; i < all.size(); ++i)
         all[i].second = small(all[i].second + static_cast<long>(i));
       return all;
     })},
    {{"distinct"},
     on_rdd([](const rdd<record>& batch, int n) { return batch.distinct(n + 1); }),
     each_batch([](const records& all, int) { return distinct_of(all); })},
    {{"sample"},
     on_rdd([](const rdd<record>& batch, int) { return batch.sample(false, 1.0); }),
     same},
    {{"cartesian"},
     on_rdd([](const rdd<record>& batch, int) {
       return batch
         .cartesian(
           batch.map([](const record& x) { return x.second; }).distinct().filter([](int x) {
             return x < 20;
           }))
         .map([](const std::pair<record, int>& x) {
           return record{x.first.first, small(x.first.second + x.second)};
         });
     }),
     each_batch([](const records& all, int) {
       std::map<int, int> values;
       for (auto& x : all)
         if (x.second < 20)
           values[x.second];
       records result;
       for (auto& x : all)
         for (auto& [value, unused] : values)
           result.emplace_back(x.first, small(x.second + value));
       return result;
     })},
    {{"subtract"},
     on_rdd([](const rdd<record>& batch, int n) { return batch.subtract(some(batch, n)); }),
     each_batch([](const records& all, int n) {
       records result;
       for (auto& x : all)
         if (x.second % 4 != n)
           result.push_back(x);
       return result;
     })},
    {{"intersection"},
     on_rdd([](const rdd<record>& batch, int n) { return batch.intersection(some(batch, n)); }),
     each_batch([](const records& all, int n) { return distinct_of(plain_some(all, n)); })},
    {{"rdd count", "collect", "take"},
     on_action([](const rdd<record>& batch, int n) {
       return batch.count() + static_cast<long>(batch.collect().size()) +
              static_cast<long>(batch.take(static_cast<std::size_t>(n)).size());
     }),
     plain_action([](const records& all, int n) {
       auto size = static_cast<long>(all.size());
       return 2 * size + std::min<long>(size, n);
     })},
    {{"is_empty", "first", "rdd reduce"},
     on_action([](const rdd<record>& batch, int) {
       if (batch.is_empty())
         return 0L;
       batch.first();
       return static_cast<long>(
         batch.reduce([](const record& a, const record& b) { return std::max(a, b); }).second);
     }),
     plain_action([](const records& all, int) {
       return all.empty() ? 0L
                          : static_cast<long>(std::max_element(all.begin(), all.end())->second);
     })},
    {{"aggregate"},
     on_action([add_value](const rdd<record>& batch, int) {
       return batch.aggregate(0L, add_value, [](long a, long b) { return a + b; });
     }),
     sum},
    {{"fold"},
     on_action([](const rdd<record>& batch, int) {
       return batch.map([](const record& x) { return static_cast<long>(x.second); })
         .fold(0L, std::plus{});
     }),
     sum},
    {{"foreach", "rdd foreach_partition"},
     on_action([](const rdd<record>& batch, int) {
       auto total = std::make_shared<std::atomic<long>>(0);
       batch.foreach ([total](const record& x) { *total += x.second; });
       batch.foreach_partition([total](auto& all) {
         for (auto& x : all)
           *total += 2L * x.second;
       });
       return total->load();
     }),
     plain_action([](const records& all, int) { return 3 * sum_of_values(all); })},
    {{"top"},
     on_action([](const rdd<record>& batch, int n) {
       return sum_of_values(batch.top(static_cast<std::size_t>(n)));
     }),
     plain_action([](records all, int n) {
       std::sort(all.rbegin(), all.rend());
       all.resize(std::min(all.size(), static_cast<std::size_t>(n)));
       return sum_of_values(all);
     })},
    {{"rdd count_by_value"},
     on_action([](const rdd<record>& batch, int) {
       return static_cast<long>(batch.count_by_value().size());
     }),
     plain_action(
       [](const records& all, int) { return static_cast<long>(distinct_of(all).size()); })},
  };
}

} // namespace caf_stream::test
