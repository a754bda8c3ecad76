#include "operations.hpp"

#include <optional>
#include <span>

namespace caf_stream::test {

namespace {

using states = std::map<int, int>;

records all_of(const states& sums) { return {sums.begin(), sums.end()}; }

/// What a state begins with where it does: n keys.
records initial_pairs(int n) {
  records result;
  for (int key = 0; key < n; ++key)
    result.emplace_back(key, 10 * key + 1);
  return result;
}

// -- update_state_by_key -------------------------------------------------------------------------

// The sum of each key; a key goes when its sum comes to a multiple of seven.
std::optional<int> update(std::span<const int> values, std::optional<int> sum) {
  int result = sum.value_or(0);
  for (int x : values)
    result = small(result + x + 1L);
  if (result % 7 == 0)
    return std::nullopt;
  return result;
}

// The same, which the number of the batch and the key go into as well.
std::optional<int> update_at(long batch, int key, std::span<const int> values,
                             std::optional<int> sum) {
  auto result = update(values, sum);
  return result ? std::optional<int>{small(*result + 3 * batch + key)} : std::nullopt;
}

auto timed_update(const stream& s) {
  return [slide = s.slide_duration()](batch_time t, const int& key, std::span<const int> values,
                                      std::optional<int> sum) {
    return update_at(batch_number(t, slide), key, values, sum);
  };
}

template <class F>
std::function<batches(const batches&, int)> plain_updates(bool from_pairs, F f) {
  return [=](const batches& all, int n) {
    batches result;
    states sums;
    if (from_pairs)
      for (auto& x : initial_pairs(n))
        sums.insert(x);
    for (auto& batch : all) {
      auto groups = groups_of(batch);
      for (auto& [key, sum] : sums)
        groups[key];
      for (auto& [key, values] : groups) {
        auto old = sums.count(key) ? std::optional<int>{sums[key]} : std::nullopt;
        if (auto next = f(static_cast<long>(result.size()) + 1, key, values, old))
          sums[key] = *next;
        else
          sums.erase(key);
      }
      result.push_back(all_of(sums));
    }
    return result;
  };
}

void add_updates(std::vector<operation>& to) {
  auto untimed = [](long, int, const std::vector<int>& values, std::optional<int> sum) {
    return update(values, sum);
  };
  to.push_back({{"update_state_by_key"},
                [](const stream& s, int n) { return s.update_state_by_key(update, n + 1); },
                plain_updates(false, untimed)});
  to.push_back(
    {{"update_state_by_key from pairs"},
     [](const stream& s, int n) { return s.update_state_by_key(update, initial_pairs(n), n + 1); },
     plain_updates(true, untimed)});
  to.push_back(
    {{"update_state_by_key with the time"},
     [](const stream& s, int n) { return s.update_state_by_key(timed_update(s), n + 1); },
     plain_updates(false, update_at)});
  to.push_back({{"update_state_by_key from an rdd, with the time"},
                [](const stream& s, int n) {
                  auto initial = s.context().make_rdd(initial_pairs(n), 2);
                  return s.update_state_by_key(timed_update(s), initial, n + 1);
                },
                plain_updates(true, update_at)});
}

// -- map_with_state ------------------------------------------------------------------------------

struct mapping {
  bool from_pairs = false;
  bool with_timeout = false;
  bool with_time = false;
  bool snapshots = false;
};

std::string name_of(const mapping& m) {
  return std::string{m.snapshots ? "state_snapshots" : "map_with_state"} +
         (m.from_pairs ? " from pairs" : "") + (m.with_timeout ? " with a timeout" : "") +
         (m.with_time ? " with the time" : "");
}

/// For so many batches a key may be idle.
int idle_batches(int n) { return n / 2 + 1; }

int at_end(int sum) { return small(sum + 50L); }

/// With the time, what is emitted.
bool is_emitted(long batch, int result) { return (batch + result) % 2 == 0; }

// The sum of each key; a key goes when its sum comes to a multiple of seven.
record add(const int& key, std::optional<int> value, state<int>& sum) {
  if (sum.is_timing_out())
    return {key, at_end(sum.get() + value.value_or(0))};
  auto result = small(sum.get_option().value_or(0) + value.value_or(0) + 1L);
  if (result % 7 != 0)
    sum.update(result);
  else if (sum.exists())
    sum.remove();
  return {key, result};
}

// One value a key and batch: within a key, records keep the order of partitions only.
template <class Spec>
stream mapped(const mapping& m, const stream& s, const Spec& spec, int n) {
  auto run = [&](const auto& with_timeout) -> stream {
    auto result = s.reduce_by_key(std::plus{}).map_with_state(with_timeout.partitions(n + 1));
    if (m.snapshots)
      return result.state_snapshots();
    return result;
  };
  return run(m.with_timeout ? spec.timeout(idle_batches(n) * s.slide_duration()) : spec);
}

template <class F>
stream mapped_by(const mapping& m, const stream& s, F f, int n) {
  if (m.from_pairs)
    return mapped(m, s, state_spec(f).initial_state(initial_pairs(n)), n);
  return mapped(m, s, state_spec(f), n);
}

stream run_mapping(const mapping& m, const stream& s, int n) {
  if (!m.with_time)
    return mapped_by(m, s, add, n);
  auto timed = [slide = s.slide_duration()](batch_time t, const int& key, std::optional<int> value,
                                            state<int>& sum) -> std::optional<record> {
    auto result = add(key, value, sum);
    return is_emitted(batch_number(t, slide), result.second) ? std::optional{result} : std::nullopt;
  };
  return mapped_by(m, s, timed, n);
}

batches plain_mapping(const mapping& m, const batches& all, int n) {
  batches result;
  states sums;
  std::map<int, long> touched;
  for (auto& [key, sum] : m.from_pairs ? initial_pairs(n) : records{}) {
    sums[key] = sum;
    touched[key] = 1;
  }
  for (long number = 1; number <= static_cast<long>(all.size()); ++number) {
    records emitted;
    for (auto& [key, value] : sums_of(all[static_cast<std::size_t>(number) - 1])) {
      auto sum = small((sums.count(key) ? sums[key] : 0) + value + 1L);
      if (sum % 7 == 0)
        sums.erase(key);
      else
        sums[key] = sum;
      touched[key] = number;
      emitted.emplace_back(key, sum);
    }
    for (auto& [key, sum] : states{sums})
      if (m.with_timeout && touched[key] < number - idle_batches(n)) {
        emitted.emplace_back(key, at_end(sum));
        sums.erase(key);
      }
    if (m.with_time)
      std::erase_if(emitted, [&](const record& x) { return !is_emitted(number, x.second); });
    result.push_back(m.snapshots ? all_of(sums) : emitted);
  }
  return result;
}

void add_mappings(std::vector<operation>& to) {
  for (mapping m :
       {mapping{}, mapping{true, false, false, false}, mapping{false, true, false, false},
        mapping{false, false, true, false}, mapping{true, true, true, false}})
    for (bool snapshots : {false, true}) {
      m.snapshots = snapshots;
      to.push_back({{name_of(m)},
                    [m](const stream& s, int n) { return run_mapping(m, s, n); },
                    [m](const batches& all, int n) { return plain_mapping(m, all, n); }});
    }
}

} // namespace

std::vector<operation> operations_on_states() {
  std::vector<operation> result;
  add_updates(result);
  add_mappings(result);
  return result;
}

} // namespace caf_stream::test
