#include "caf_stream/state/keyed_totals.hpp"

#include <map>
#include <random>
#include <string>

#include <doctest/doctest.h>

#include "caf_stream/base/error.hpp"
#include "support/window_memory.hpp"

using namespace caf_stream;
using stateful::pane_number;

namespace {

using totals = stateful::keyed_totals<std::string, long>;
using values = std::map<std::string, long>;

batch_time at(pane_number pane) { return from_millis(pane * 1000); }

void plus(long& acc, long x) { acc += x; }
void minus(long& acc, long x) { acc -= x; }

template <class Merge>
void add(totals& window, pane_number pane, const values& all, Merge merge) {
  std::vector<std::pair<std::string, long>> list(all.begin(), all.end());
  window.add(
    pane, list.size(), [&](std::size_t i) -> auto& { return list[i].first; },
    [&](std::size_t i) -> auto& { return list[i].second; }, merge);
}

values read(const totals& window) {
  values result;
  window.rows().for_each([&](std::string_view key, std::uint32_t row) {
    if (auto* found = window.find(row))
      result.emplace(key, *found);
  });
  return result;
}

struct step {
  pane_number first;
  pane_number last;
  std::vector<std::pair<pane_number, values>> panes;
};

template <class Merge, class Keep>
void run(totals& window, const step& s, Merge merge, Keep keep) {
  window.leave(s.first, minus);
  for (auto& [pane, all] : s.panes)
    add(window, pane, all, merge);
  window.filter(keep);
  window.finish();
}

bool keep_all(std::string_view, long) { return true; }
bool keep_positive(std::string_view, long x) { return x > 0; }

} // namespace

TEST_SUITE("state.keyed_totals") {

  TEST_CASE("what leaves the window is taken out, and its key stays") {
    totals window{{}};
    window.begin(stateful::no_batch, at(1));
    run(window, {0, 1, {{1, {{"a", 4}}}}}, plus, keep_all);
    CHECK(read(window) == values{{"a", 4}});
    window.begin(at(1), at(2));
    run(window, {1, 2, {{2, {{"a", 1}, {"b", 2}}}}}, plus, keep_all);
    CHECK(read(window) == values{{"a", 5}, {"b", 2}});
    window.begin(at(2), at(3));
    run(window, {2, 3, {}}, plus, keep_all);
    CHECK(read(window) == values{{"a", 1}, {"b", 2}});
    window.begin(at(3), at(4));
    run(window, {3, 4, {}}, plus, keep_all);
    CHECK(read(window) == values{{"a", 0}, {"b", 0}});
  }

  TEST_CASE("a key that is not kept begins anew, and what it had in the window does not count") {
    totals window{{}};
    auto small = [](std::string_view, long x) { return x < 10; };
    window.begin(stateful::no_batch, at(1));
    run(window, {-1, 1, {{1, {{"a", 4}}}}}, plus, small);
    window.begin(at(1), at(2));
    run(window, {0, 2, {{2, {{"a", 8}}}}}, plus, small);
    CHECK(read(window).empty()); // 12
    window.begin(at(2), at(3));
    run(window, {1, 3, {{3, {{"a", 1}}}}}, plus, small);
    CHECK(read(window) == values{{"a", 1}});
    window.begin(at(3), at(4));
    run(window, {2, 4, {}}, plus, small); // the 4 leaves, and was not in any more
    CHECK(read(window) == values{{"a", 1}});
  }

  TEST_CASE("keys that are not kept leave nothing behind") {
    totals window{{}};
    auto base = stateful::no_batch;
    for (pane_number pane = 1; pane <= 300; ++pane) {
      window.begin(base, at(pane));
      run(window, {pane - 1, pane, {{pane, {{"key" + std::to_string(pane), 1}}}}}, plus,
          keep_positive);
      base = at(pane);
      CHECK(read(window).size() <= 2);
    }
    CHECK(window.rows().size() <= 5);
  }

  TEST_CASE("random windows, gaps, undone batches and failures give what plain ones do") {
    for (unsigned seed = 1; seed <= 60; ++seed) {
      CAPTURE(seed);
      std::mt19937 random{seed};
      auto length = static_cast<pane_number>(1 + random() % 12);
      auto slide = static_cast<pane_number>(1 + random() % 4);
      auto keys = static_cast<unsigned>(1 + random() % 20);
      totals window{{seed}};
      std::map<pane_number, values> plain;
      auto base = stateful::no_batch;
      pane_number done = 0;
      for (pane_number last = slide; last < 150; last += slide) {
        if (random() % 12 == 0)
          last += length + static_cast<pane_number>(random() % 3);
        step s{last - length + 1, last, {}};
        for (auto pane = std::max(done + 1, s.first); pane <= last; ++pane)
          for (auto pieces = 1 + random() % 2; pieces > 0; --pieces) {
            values all;
            for (unsigned i = random() % keys; i > 0; --i)
              all["key" + std::to_string(random() % keys)] = 1 + static_cast<long>(random() % 9);
            s.panes.emplace_back(pane, std::move(all));
          }
        auto fails = random() % 4 == 0;
        auto calls = static_cast<int>(random() % 20);
        for (bool once_more : {true, false}) {
          window.begin(base, at(last));
          auto merge = [&](long& acc, long x) {
            if (fails && once_more && calls-- == 0)
              throw error{errc::task_failed, "no more"};
            acc += x;
          };
          try {
            run(window, s, merge, keep_positive);
          } catch (const error&) {
            continue;
          }
          break;
        }
        auto now = plain;
        for (auto& [pane, all] : s.panes)
          for (auto& [key, x] : all)
            now[pane][key] += x;
        now.erase(now.begin(), now.lower_bound(s.first));
        values expected;
        for (auto& [pane, all] : now)
          for (auto& [key, x] : all)
            expected[key] += x;
        CHECK(read(window) == expected);
        if (random() % 5 == 0)
          continue;
        plain = now;
        base = at(last);
        done = last;
      }
    }
  }

  TEST_CASE("what many keys needed is given back when they are undone, and when they leave") {
    totals window{{}};
    const long value = 1;
    test::check_memory_is_given_back([&](pane_number from, pane_number to, const auto& keys) {
      window.begin(from == 0 ? stateful::no_batch : at(from), at(to));
      window.leave(to - 3, minus);
      window.add(
        to, keys.size(), [&](std::size_t i) -> auto& { return keys[i]; },
        [&](std::size_t) -> auto& { return value; }, plus);
      window.filter(keep_positive);
      window.finish();
      return window.memory_bytes();
    });
  }

  TEST_CASE("values are counted once, also when a function throws with one in its hands") {
    stateful::keyed_totals<int, std::vector<char>> window{{}};
    const std::vector<char> large(1'000'000);
    auto no = [](auto& acc, const auto&) {
      acc = std::vector<char>{};
      throw error{errc::task_failed, "no"};
    };
    auto yes = [](auto&, const auto&) {};
    auto add = [&](auto merge) {
      window.add(
        1, 2, [](std::size_t) { return 1; }, [&](std::size_t) -> auto& { return large; }, merge);
    };
    auto at_once = [](auto&, const auto&) { throw error{errc::task_failed, "no"}; };
    window.begin(stateful::no_batch, at(1));
    CHECK_THROWS_AS(add(at_once), error);
    window.begin(stateful::no_batch, at(1));
    CHECK_THROWS_AS(add(no), error);
    window.begin(stateful::no_batch, at(1));
    add(yes);
    window.finish();
    CHECK(window.memory_bytes() > 2 * large.size());
    CHECK(window.memory_bytes() < 3 * large.size());
    for (pane_number pane = 2; pane <= 4; ++pane) {
      window.begin(at(pane - 1), at(pane));
      window.leave(pane, yes);
      window.filter([](int, const auto&) { return false; });
      window.finish();
    }
    CHECK(window.memory_bytes() < 16 * 1024);
  }

} // TEST_SUITE
