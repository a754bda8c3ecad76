#include "operations.hpp"

#include <optional>
#include <set>

namespace caf_stream::test {

namespace {

/// The records of each window.
using windows = std::vector<records>;
using plain_windows = std::function<batches(const windows&)>;

struct shape {
  duration length;
  std::optional<duration> slide; ///< none: with every batch
  int partitions;
};

windows windows_of(const batches& all, std::size_t length, std::size_t every) {
  windows result;
  for (auto end = every; end <= all.size(); end += every) {
    records window;
    for (auto i = end - std::min(end, length); i < end; ++i)
      window.insert(window.end(), all[i].begin(), all[i].end());
    result.push_back(std::move(window));
  }
  return result;
}

template <class F>
plain_windows each(F f) {
  return [f](const windows& all) {
    batches result;
    for (auto& window : all)
      result.push_back(f(window));
    return result;
  };
}

/// With an inverse a record stays once there was one.
template <class F>
plain_windows staying(F f) {
  return [f](const windows& all) {
    batches result;
    bool is_there = false;
    for (auto& window : all) {
      is_there = is_there || !window.empty();
      result.push_back(is_there ? records{f(window)} : records{});
    }
    return result;
  };
}

/// With an inverse a key stays once it was there.
batches staying_sums(const windows& all) {
  batches result;
  std::set<int> keys;
  for (auto& window : all) {
    auto groups = groups_of(window);
    for (auto& [key, values] : groups)
      keys.insert(key);
    records sums;
    for (int key : keys)
      sums.emplace_back(key, sum_of(groups[key]));
    result.push_back(std::move(sums));
  }
  return result;
}

records counts_of(const records& all) {
  std::map<record, int> counts;
  for (auto& x : all)
    ++counts[x];
  records result;
  for (auto& [x, count] : counts)
    result.emplace_back(x.first, small(x.second * 7L + count));
  return result;
}

record sum_of_all(const records& all) {
  record result{0, 0};
  for (auto& x : all)
    result = {result.first + x.first, result.second + x.second};
  return {small(result.first), small(result.second)};
}

int sum_and_size(const std::vector<int>& values) {
  return small(sum_of(values) + 5L * static_cast<long>(values.size()));
}

/// `run` on windows of n + 1 batches, one for every batch, and one for every second.
void add_windows(std::vector<operation>& to, const std::string& name,
                 std::function<stream(const stream&, const shape&)> run, plain_windows plain) {
  for (int every : {1, 2})
    to.push_back({{every == 1 ? name : name + " every second batch"},
                  [=](const stream& s, int n) {
                    shape w{(n + 1) * s.slide_duration(), std::nullopt, n + 1};
                    if (every != 1)
                      w.slide = every * s.slide_duration();
                    return run(s, w);
                  },
                  [=](const batches& all, int n) {
                    return plain(windows_of(all, static_cast<std::size_t>(n) + 1,
                                            static_cast<std::size_t>(every)));
                  }});
}

duration slide_of(const stream& s, const shape& w) { return w.slide.value_or(s.slide_duration()); }

void add_windows_by_key(std::vector<operation>& to) {
  add_windows(
    to, "group_by_key_and_window",
    [](const stream& s, const shape& w) {
      auto groups = w.slide ? s.group_by_key_and_window(w.length, *w.slide, w.partitions)
                            : s.group_by_key_and_window(w.length);
      return groups.map_values(sum_and_size);
    },
    each([](const records& all) {
      records result;
      for (auto& [key, values] : groups_of(all))
        result.emplace_back(key, sum_and_size(values));
      return result;
    }));
  add_windows(
    to, "reduce_by_key_and_window",
    [](const stream& s, const shape& w) {
      return w.slide ? s.reduce_by_key_and_window(std::plus{}, w.length, *w.slide, w.partitions)
                     : s.reduce_by_key_and_window(std::plus{}, w.length, w.partitions);
    },
    each(sums_of));
  add_windows(
    to, "reduce_by_key_and_window with inverse",
    [](const stream& s, const shape& w) {
      if (w.slide)
        return s.reduce_by_key_and_window(std::plus{}, std::minus{}, w.length, *w.slide,
                                          w.partitions);
      return s.reduce_by_key_and_window(std::plus{}, std::minus{}, w.length, w.partitions);
    },
    staying_sums);
  auto one_up = [](const record& x) { return record{x.first, x.second + 1}; };
  add_windows(
    to, "reduce_by_key_and_window with inverse and keep",
    [one_up](const stream& s, const shape& w) {
      auto more = s.map(one_up);
      auto positive = [](int, int x) { return x > 0; };
      if (w.slide)
        return more.reduce_by_key_and_window(std::plus{}, std::minus{}, w.length, *w.slide,
                                             positive, w.partitions);
      return more.reduce_by_key_and_window(std::plus{}, std::minus{}, w.length, positive,
                                           w.partitions);
    },
    each([one_up](records all) {
      std::transform(all.begin(), all.end(), all.begin(), one_up);
      return sums_of(all);
    }));
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
  std::vector<operation> result;
  add_windows(
    result, "window",
    [](const stream& s, const shape& w) {
      return w.slide ? s.window(w.length, *w.slide) : s.window(w.length);
    },
    each([](const records& all) { return all; }));
  add_windows(
    result, "reduce_by_window",
    [=](const stream& s, const shape& w) {
      return s.reduce_by_window(plus, w.length, slide_of(s, w)).map(small_record);
    },
    each([](const records& all) { return all.empty() ? all : records{sum_of_all(all)}; }));
  add_windows(
    result, "reduce_by_window with inverse",
    [=](const stream& s, const shape& w) {
      return s.reduce_by_window(plus, minus, w.length, slide_of(s, w)).map(small_record);
    },
    staying(sum_of_all));
  add_windows(
    result, "count_by_window",
    [](const stream& s, const shape& w) {
      return s.count_by_window(w.length, slide_of(s, w)).map([](std::int64_t count) {
        return record{1, small(count)};
      });
    },
    staying([](const records& all) {
      return record{1, small(static_cast<long>(all.size()))};
    }));
  add_windows(
    result, "count_by_value_and_window",
    [](const stream& s, const shape& w) {
      return s.count_by_value_and_window(w.length, slide_of(s, w))
        .map([](const std::pair<record, std::int64_t>& x) {
          return record{x.first.first, small(x.first.second * 7L + x.second)};
        });
    },
    each(counts_of));
  add_windows_by_key(result);
  return result;
}

} // namespace caf_stream::test
