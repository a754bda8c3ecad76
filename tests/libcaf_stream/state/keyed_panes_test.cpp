#include "caf_stream/state/keyed_panes.hpp"

#include <deque>
#include <map>
#include <random>
#include <set>
#include <string>

#include <doctest/doctest.h>

#include "caf_stream/base/error.hpp"
#include "support/window_memory.hpp"

using namespace caf_stream;
using stateful::pane_number;

namespace {

// Text shows which panes went into a value, and in which order. It is too long to be held inside of
// a string.
using panes = stateful::keyed_panes<std::string, std::string>;
using values = std::map<std::string, std::string>;

void append(std::string& acc, const std::string& other) { acc += other; }

void add(panes& window, pane_number pane, const values& all) {
  std::vector<std::pair<std::string, std::string>> list(all.begin(), all.end());
  window.add(
    pane, list.size(), [&](std::size_t i) -> const std::string& { return list[i].first; },
    [&](std::size_t i) -> const std::string& { return list[i].second; }, append);
}

values read(const panes& window) {
  values result;
  window.rows().for_each([&](std::string_view key, std::uint32_t row) {
    if (auto found = window.find(row, append))
      result.emplace(key, *found);
  });
  return result;
}

batch_time at(pane_number pane) { return from_millis(pane * 1000); }

/// The same window, computed from the panes that were added.
class plain_window {
public:
  explicit plain_window(pane_number length) : length_(length) {}
  void add(pane_number pane, const values& all) {
    for (auto& [key, value] : all)
      panes_[pane][key] += value;
  }
  values read(pane_number last) const {
    values result;
    for (auto i = panes_.upper_bound(last - length_); i != panes_.end() && i->first <= last; ++i)
      for (auto& [key, value] : i->second)
        result[key] += value;
    return result;
  }

private:
  pane_number length_;
  std::map<pane_number, values> panes_;
};

values some_values(std::mt19937& random, pane_number pane, int keys) {
  values result;
  for (int i = 0; i < keys; ++i)
    if (random() % 3 != 0)
      result["key" + std::to_string(random() % static_cast<unsigned>(keys))] =
        "(" + std::to_string(pane) + "." + std::to_string(random() % 10) + std::string(500, ')');
  return result;
}

} // namespace

TEST_SUITE("state.keyed_panes") {

  TEST_CASE("a window has its last panes, older ones first") {
    panes window{3, {}};
    std::vector<std::string> seen;
    for (pane_number pane = 1; pane <= 6; ++pane) {
      window.begin(pane == 1 ? stateful::no_batch : at(pane - 1), at(pane));
      window.mend(append);
      add(window, pane, {{"a", std::to_string(pane)}});
      window.slide_to(pane, append);
      seen.push_back(read(window).at("a"));
    }
    CHECK(seen == std::vector<std::string>{"1", "12", "123", "234", "345", "456"});
  }

  TEST_CASE("a key without records in the window is not in it, and its memory is used again") {
    panes window{2, {}};
    for (pane_number pane = 1; pane <= 200; ++pane) {
      window.begin(pane == 1 ? stateful::no_batch : at(pane - 1), at(pane));
      window.mend(append);
      add(window, pane, {{"key" + std::to_string(pane), "x"}});
      window.slide_to(pane, append);
      CHECK(read(window).size() == (pane == 1 ? 1 : 2));
    }
    CHECK(window.rows().size() <= 6);
  }

  TEST_CASE("random windows, slides, gaps, undone batches and failures give what plain ones do") {
    for (unsigned seed = 1; seed <= 60; ++seed) {
      CAPTURE(seed);
      std::mt19937 random{seed};
      auto length = static_cast<pane_number>(1 + random() % 12);
      auto slide = static_cast<pane_number>(1 + random() % 4);
      auto keys = static_cast<int>(1 + random() % 20);
      panes window{static_cast<std::uint32_t>(length), {seed}};
      plain_window plain{length};
      auto base = stateful::no_batch;
      pane_number done = 0;
      for (pane_number last = slide; last < 150; last += slide) {
        if (random() % 12 == 0)
          last += length + static_cast<pane_number>(random() % 3); // nothing was due for a while
        std::vector<std::pair<pane_number, values>> added;
        for (auto pane = std::max(done + 1, last - length + 1); pane <= last; ++pane)
          for (auto pieces = 1 + random() % 2; pieces > 0; --pieces)
            added.emplace_back(pane, some_values(random, pane, keys));
        auto fails = random() % 4 == 0;
        auto calls = static_cast<int>(random() % 20);
        for (bool once_more : {true, false}) { // what fails is tried again
          window.begin(base, at(last));
          auto merge = [&](std::string& acc, const std::string& other) {
            if (fails && once_more && calls-- == 0)
              throw error{errc::task_failed, "no more"};
            acc += other;
          };
          try {
            window.mend(merge);
            for (auto& [pane, all] : added) {
              std::vector<std::pair<std::string, std::string>> list(all.begin(), all.end());
              window.add(
                pane, list.size(), [&](std::size_t i) -> auto& { return list[i].first; },
                [&](std::size_t i) -> auto& { return list[i].second; }, merge);
            }
            window.slide_to(last, merge);
          } catch (const error&) {
            continue;
          }
          break;
        }
        auto expected = plain;
        for (auto& [pane, all] : added)
          expected.add(pane, all);
        CHECK(read(window) == expected.read(last));
        if (random() % 5 == 0)
          continue; // given up: the next one builds on what was before
        plain = expected;
        base = at(last);
        done = last;
      }
      for (int i = 1; i <= 3; ++i) { // nothing comes any more
        auto last = 1000 + i * (length + 1);
        window.begin(base, at(last));
        window.mend(append);
        window.slide_to(last, append);
        base = at(last);
      }
      CHECK(read(window).empty());
      CHECK(window.memory_bytes() < 16 * 1024);
    }
  }

  TEST_CASE("what many keys needed is given back when they are undone, and when they leave") {
    panes window{4, {}};
    const std::string value = "x";
    test::check_memory_is_given_back([&](pane_number from, pane_number to, const auto& keys) {
      window.begin(from == 0 ? stateful::no_batch : at(from), at(to));
      window.mend(append);
      window.add(
        to, keys.size(), [&](std::size_t i) -> auto& { return keys[i]; },
        [&](std::size_t) -> auto& { return value; }, append);
      window.slide_to(to, append);
      return window.memory_bytes();
    });
  }

  TEST_CASE("a batch that is run again combines in the same order") {
    auto sums = [](bool fails) {
      stateful::keyed_panes<int, double> window{5, {}};
      auto plus = [](double& acc, double x) { acc += x; };
      auto base = stateful::no_batch;
      for (pane_number pane = 1; pane <= 8; ++pane)
        for (auto attempts = fails ? 2 : 1; attempts > 0; --attempts) {
          window.begin(base, at(pane));
          window.mend(plus);
          auto keys = static_cast<std::size_t>(pane);
          auto value = 0.1 * static_cast<double>(pane);
          window.add(
            pane, keys, [](std::size_t i) { return static_cast<int>(i); },
            [&](std::size_t) -> auto& { return value; }, plus);
          if (attempts != 1)
            continue;
          window.slide_to(pane, plus);
          base = at(pane);
        }
      std::map<int, double> result;
      window.rows().for_each(
        [&](int key, std::uint32_t row) { result[key] = *window.find(row, plus); });
      return result;
    };
    CHECK(sums(true) == sums(false));
  }

  TEST_CASE("no slide calls the function much more often than others do") {
    constexpr int keys = 300;
    constexpr pane_number length = 30;
    stateful::keyed_panes<int, long> window{length, {}};
    std::vector<int> calls;
    for (pane_number pane = 1; pane <= 4 * length; ++pane) {
      int n = 0;
      auto merge = [&n](long& acc, long other) {
        ++n;
        acc += other;
      };
      window.begin(pane == 1 ? stateful::no_batch : at(pane - 1), at(pane));
      window.mend(merge);
      window.add(
        pane, keys, [](std::size_t i) { return static_cast<int>(i); },
        [](std::size_t) -> const long& {
          static const long one = 1;
          return one;
        },
        merge);
      window.slide_to(pane, merge);
      long sum = 0;
      window.rows().for_each(
        [&](int, std::uint32_t row) { sum += window.find(row, merge).value_or(0); });
      CHECK(sum == keys * std::min(pane, length));
      calls.push_back(n);
    }
    // A call for what is new, one to read, and one for the share of keys that turn.
    for (int n : calls)
      CHECK(n <= 3 * keys + keys / 10);
    CHECK(*std::min_element(calls.begin() + length, calls.end()) >= keys);
  }

} // TEST_SUITE
