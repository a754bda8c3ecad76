#include "operations.hpp"

#include <atomic>
#include <cmath>

namespace caf_stream::test {

namespace {

rdd<record> add_to_all(const rdd<record>& batch, long number) {
  return batch.map([number](const record& x) { return record{x.first, small(x.second + number)}; });
}

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
    return s.transform(
      [f, n](const rdd<record>& batch) { return add_to_all(batch, small(f(batch, n))); });
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

/// Another one where records change places.
long weighted_sum(const records& all) {
  long sum = 0;
  for (std::size_t i = 0; i < all.size(); ++i)
    sum += static_cast<long>(i + 1) * (all[i].second + 10L * all[i].first + 1);
  return sum;
}

/// Whether two samples are one, of records of `all`, and about a half of them.
bool is_half_of(records sample, const records& again, records all) {
  if (sample != again)
    return false;
  std::sort(sample.begin(), sample.end());
  std::sort(all.begin(), all.end());
  auto size = static_cast<double>(all.size());
  auto deviations = std::abs(static_cast<double>(sample.size()) - size / 2) / (std::sqrt(size) / 2);
  return std::includes(all.begin(), all.end(), sample.begin(), sample.end()) &&
         (all.empty() || deviations < 6);
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

records plain_others(const records& all, int n) {
  records result;
  for (auto& x : all)
    if (x.second % 4 != n)
      result.push_back(x);
  return result;
}

} // namespace

std::vector<operation> operations_on_batches() {
  auto numbered = [](const batches& all, int) {
    batches result;
    for (auto& one : all) {
      auto number = static_cast<long>(result.size()) + 1;
      for (auto& x : result.emplace_back(one))
        x.second = small(x.second + number);
    }
    return result;
  };
  auto same = each_batch([](const records& all, int) { return all; });
  auto sum = plain_action([](const records& all, int) { return sum_of_values(all); });
  auto add_value = [](long acc, const record& x) { return acc + x.second; };
  return {
    {{"transform"}, on_rdd([](const rdd<record>& batch, int) { return batch; }), same},
    {{"transform with the time"},
     [](const stream& s, int) {
       return s.transform([slide = s.slide_duration()](const rdd<record>& batch, batch_time t) {
         return add_to_all(batch, batch_number(t, slide));
       });
     },
     numbered},
    {{"transform_with, with the time"},
     [](const stream& s, int n) {
       return s.transform_with(
         s.filter([n](const record& x) { return x.second % 4 == n; }),
         [slide = s.slide_duration()](const rdd<record>& all, const rdd<record>& some_of_them,
                                      batch_time t) {
           return add_to_all(all.subtract(some_of_them), batch_number(t, slide));
         });
     },
     [numbered](const batches& all, int n) {
       return numbered(each_batch(plain_others)(all, n), n);
     }},
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
    {{"sample of a half"},
     on_action([](const rdd<record>& batch, int n) {
       auto seed = static_cast<std::uint64_t>(n);
       return is_half_of(batch.sample(0.5, seed).collect(), batch.sample(0.5, seed).collect(),
                         batch.collect())
                ? 0L
                : 1L;
     }),
     plain_action([](const records&, int) { return 0L; })},
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
     each_batch(plain_others)},
    {{"intersection"},
     on_rdd([](const rdd<record>& batch, int n) { return batch.intersection(some(batch, n)); }),
     each_batch([](const records& all, int n) { return distinct_of(plain_some(all, n)); })},
    {{"rdd count", "collect"},
     on_action([](const rdd<record>& batch, int) {
       return batch.count() + 2 * sum_of_values(batch.collect());
     }),
     plain_action([](const records& all, int) {
       return static_cast<long>(all.size()) + 2 * sum_of_values(all);
     })},
    {{"take"},
     on_action([](const rdd<record>& batch, int n) {
       auto sorted = batch.sort_by([](const record& x) { return x; });
       return weighted_sum(sorted.take(static_cast<std::size_t>(n)));
     }),
     plain_action([](records all, int n) {
       std::sort(all.begin(), all.end());
       all.resize(std::min(all.size(), static_cast<std::size_t>(n)));
       return weighted_sum(all);
     })},
    {{"is_empty", "first", "rdd reduce"},
     on_action([](const rdd<record>& batch, int) {
       if (batch.is_empty())
         return 0L;
       auto sorted = batch.sort_by([](const record& x) { return x; });
       return weighted_sum({sorted.first(), batch.reduce([](const record& a, const record& b) {
                              return std::max(a, b);
                            })});
     }),
     plain_action([](const records& all, int) {
       if (all.empty())
         return 0L;
       auto [least, greatest] = std::minmax_element(all.begin(), all.end());
       return weighted_sum({*least, *greatest});
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
