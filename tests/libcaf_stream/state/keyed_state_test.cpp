#include "caf_stream/state/keyed_state.hpp"

#include <map>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "caf_stream/state/equality.hpp"

using namespace caf_stream;
using namespace caf_stream::stateful;

namespace {

using text_state = keyed_state<std::string, std::string>;
using content = std::map<std::string, std::string>;

content content_of(const text_state& state) {
  content result;
  std::size_t at = 0;
  std::uint32_t slots[16];
  while (auto n = state.next_slots(at, slots, 16))
    for (std::size_t i = 0; i < n; ++i)
      result.emplace(state.key_at(slots[i]), state.state_at(slots[i]));
  CHECK(result.size() == state.size());
  return result;
}

template <class F>
void on_key(text_state& state, const std::string& key, F f) {
  state.visit(
    1, [&](std::size_t) -> const std::string& { return key; },
    [&](std::size_t, auto& cell) { f(cell); });
}

void set(text_state& state, const std::string& key, const std::string& to) {
  on_key(state, key, [&](auto& cell) { cell.set(to); });
}

void remove(text_state& state, const std::string& key) {
  on_key(state, key, [](auto& cell) { cell.remove(); });
}

batch_time at(int seconds) { return from_millis(1000 * seconds); }

struct no_equality {};

std::vector<std::uint32_t> number(text_state& state, const std::vector<std::string>& keys) {
  std::vector<std::uint32_t> result(keys.size());
  state.number(
    keys.size(), [&](std::size_t i) -> const std::string& { return keys[i]; }, result.data());
  return result;
}

/// Visits all keys: f(key, cell, number).
template <class State, class F>
void visit_numbered(State& state, F f) {
  auto nowhere = [](std::uint32_t) { return nullptr; };
  state.visit_numbered(nowhere, nowhere, [&](std::uint32_t number, const auto& key, auto& cell) {
    f(key, cell, number);
  });
}

} // namespace

TEST_SUITE("state.keyed_state") {

  TEST_CASE("states are set, changed and removed in place") {
    text_state state{{1}};
    state.begin(no_batch, at(1));
    set(state, "ann", "3");
    set(state, "bob", "7");
    state.begin(at(1), at(2));
    set(state, "ann", "4");
    remove(state, "bob");
    remove(state, "nobody");
    CHECK(content_of(state) == content{{"ann", "4"}});
    CHECK(*state.find(std::string_view{"ann"}) == "4");
    CHECK(state.find(std::string_view{"bob"}) == nullptr);
    state.begin(at(2), at(3));
    CHECK(content_of(state) == content{{"ann", "4"}});
  }

  TEST_CASE("a batch that is undone leaves what was there before") {
    text_state state{{1}};
    state.begin(no_batch, at(1));
    set(state, "ann", "3");
    set(state, "bob", "7");
    state.begin(at(1), at(2));
    auto bytes = state.memory_bytes();
    set(state, "ann", "4");
    set(state, "ann", std::string(1000, 'x'));
    remove(state, "bob");
    set(state, "bob", "9");
    remove(state, "bob");
    set(state, "eve", "1");
    remove(state, "eve");
    set(state, "eve", "2");
    on_key(state, "new", [](auto&) {});
    CHECK(state.memory_bytes() > bytes);
    state.begin(at(1), at(2));
    CHECK(content_of(state) == content{{"ann", "3"}, {"bob", "7"}});
    CHECK(state.memory_bytes() < bytes + 1000); // the long text is gone
    state.begin(at(1), at(3));
    CHECK(content_of(state) == content{{"ann", "3"}, {"bob", "7"}});
  }

  TEST_CASE("memory of many keys is given back when they go, and when they are undone") {
    keyed_state<std::int64_t, std::int64_t> state{{1}};
    auto add = [&](std::int64_t from, std::int64_t to) {
      state.visit(
        static_cast<std::size_t>(to - from),
        [&](std::size_t i) { return from + static_cast<std::int64_t>(i); },
        [](std::size_t, auto& cell) { cell.set(1); });
    };
    state.begin(no_batch, at(1));
    add(0, 10);
    state.begin(at(1), at(2));
    auto few = state.memory_bytes();
    add(10, 200'000);
    auto many = state.memory_bytes();
    CHECK(many > 100 * few);
    state.begin(at(1), at(3)); // 2 was given up
    CHECK(state.size() == 10);
    CHECK(state.memory_bytes() < many / 2); // the account keeps its parts for one batch more
    add(10, 200'000);
    state.begin(at(3), at(4));
    state.visit_all([](std::int64_t key, auto& cell) {
      if (key >= 10)
        cell.remove();
    });
    state.begin(at(4), at(5));
    state.begin(at(5), at(6));
    CHECK(state.size() == 10);
    CHECK(state.memory_bytes() < 100 * few);
    CHECK(*state.find(std::int64_t{9}) == 1);
  }

  TEST_CASE("states need no default constructor, and what is overwritten counts as memory") {
    struct text {
      explicit text(std::size_t n) : value(n, 'x') {}
      std::size_t footprint() const { return sizeof(*this) + value.capacity(); }
      std::string value;
    };
    keyed_state<int, text> state{{1}};
    auto on_key_1 = [&](auto f) {
      state.visit(
        1, [](std::size_t) { return 1; }, [&](std::size_t, auto& cell) { f(cell); });
    };
    state.begin(no_batch, at(1));
    on_key_1([](auto& cell) { cell.set(text{100'000}); });
    state.begin(at(1), at(2));
    on_key_1([](auto& cell) { cell.set(text{100'000}); });
    CHECK(state.memory_bytes() > 200'000);
    state.begin(at(2), at(3));
    CHECK(state.memory_bytes() < 200'000);
    on_key_1([](auto& cell) { cell.remove(); });
    CHECK(state.size() == 0);
    state.begin(at(2), at(4));
    CHECK(state.find(1)->value.size() == 100'000);
  }

  TEST_CASE("a function that throws half way leaves a batch that can be undone") {
    text_state state{{1}};
    state.begin(no_batch, at(1));
    for (int i = 0; i < 100; ++i)
      set(state, std::to_string(i), "old");
    auto before = content_of(state);
    state.begin(at(1), at(2));
    std::vector<std::string> keys;
    for (int i = 50; i < 150; ++i)
      keys.push_back(std::to_string(i));
    auto half_way = [&] {
      state.visit(
        keys.size(), [&](std::size_t i) -> const std::string& { return keys[i]; },
        [&](std::size_t i, auto& cell) {
          cell.set("new");
          if (i == 77)
            throw std::runtime_error{"no more"};
        });
    };
    CHECK_THROWS_AS(half_way(), std::runtime_error);
    state.begin(at(1), at(2));
    CHECK(content_of(state) == before);
  }

  TEST_CASE("touching counts as data and is undone too, loading does not count") {
    text_state state{{1}};
    state.begin(no_batch, at(1));
    set(state, "set", "x");
    on_key(state, "loaded", [](auto& cell) { cell.load("y"); });
    auto touched = [&](const std::string& key) {
      batch_time result;
      on_key(state, key, [&](auto& cell) { result = cell.touched(); });
      return result;
    };
    CHECK(touched("set") == at(1));
    CHECK(touched("loaded") == batch_time{});
    state.begin(at(1), at(2));
    on_key(state, "set", [](auto& cell) { cell.touch(); });
    CHECK(touched("set") == at(2));
    on_key(state, "set", [](auto& cell) { cell.set("z"); });
    state.begin(at(1), at(3));
    CHECK(touched("set") == at(1));
    CHECK(content_of(state) == content{{"set", "x"}, {"loaded", "y"}});
  }

  TEST_CASE("the bound of the oldest touch is part of the batch") {
    text_state state{{1}};
    state.begin(no_batch, at(1));
    state.set_oldest(at(1));
    state.begin(at(1), at(2));
    state.set_oldest(at(2));
    state.begin(at(1), at(3));
    CHECK(state.oldest() == at(1));
  }

  TEST_CASE("keys are numbered as they come, and a walk sees those with a state or a number") {
    text_state state{{1}};
    state.begin(no_batch, at(1));
    set(state, "ann", "3");
    set(state, "bob", "7");
    state.begin(at(1), at(2));
    CHECK(number(state, {"eve", "ann", "eve"}) == std::vector<std::uint32_t>{0, 1, 0});
    CHECK(number(state, {"new", "ann"}) == std::vector<std::uint32_t>{2, 1});
    CHECK(state.numbered() == 3);
    std::map<std::string, std::uint32_t> seen;
    visit_numbered(state, [&](auto key, auto& cell, std::uint32_t number) {
      seen.emplace(key, number);
      CHECK(cell.exists() == (key == "ann" || key == "bob"));
      if (key == "ann" || key == "eve")
        cell.set("set");
    });
    CHECK(seen == std::map<std::string, std::uint32_t>{
                    {"ann", 1}, {"bob", text_state::none}, {"eve", 0}, {"new", 2}});
    CHECK(state.numbered() == 0);
    CHECK(content_of(state) == content{{"ann", "set"}, {"bob", "7"}, {"eve", "set"}});
    state.begin(at(2), at(3));
    on_key(state, "new", [](auto& cell) { CHECK_FALSE(cell.exists()); });
    state.begin(at(2), at(4));
    state.begin(at(4), at(5));
    CHECK(content_of(state) == content{{"ann", "set"}, {"bob", "7"}, {"eve", "set"}});
  }

  TEST_CASE("numbers are taken back when a batch is undone before or in the walk") {
    for (int fails_at : {0, 1, 70, 150, 300}) {
      text_state state{{1}};
      state.begin(no_batch, at(1));
      for (int i = 0; i < 200; ++i)
        set(state, std::to_string(i), "old");
      auto before = content_of(state);
      state.begin(at(1), at(2));
      state.set_complete(false);
      std::vector<std::string> keys;
      for (int i = 100; i < 400; ++i)
        keys.push_back(std::to_string(i));
      number(state, keys);
      int calls = 0;
      auto half_way = [&] {
        visit_numbered(state, [&](auto, auto& cell, std::uint32_t) {
          if (++calls == fails_at)
            throw std::runtime_error{"no more"};
          calls % 3 == 0 ? cell.remove() : cell.set("new");
        });
      };
      if (fails_at != 0)
        CHECK_THROWS_AS(half_way(), std::runtime_error);
      state.begin(at(1), at(2));
      CHECK(content_of(state) == before);
      CHECK(state.numbered() == 0);
      for (int i = 0; i < 200; ++i)
        on_key(state, std::to_string(i), [](auto& cell) { CHECK(cell.touched() == at(1)); });
    }
  }

  TEST_CASE("states that are copied as bytes are put back too, whatever was done to them") {
    keyed_state<long, long> state{{1}};
    auto add = [&](std::vector<long> keys, long n) {
      state.visit(
        keys.size(), [&](std::size_t i) -> const long& { return keys[i]; },
        [&](std::size_t, auto& cell) {
          if (n == 0)
            cell.remove();
          else
            cell.set((cell.exists() ? cell.get() : 0) + n);
        });
    };
    std::vector<long> many;
    for (long i = 0; i < 10'000; ++i)
      many.push_back(i % 6000);
    state.begin(no_batch, at(1));
    add(many, 1);
    state.begin(at(1), at(2));
    add(many, 5);
    add({1, 2, 3}, 0);
    add({3}, 9);
    add({-1, 7000}, 4);
    CHECK(state.size() == 6000);
    state.begin(at(1), at(3));
    CHECK(state.size() == 6000);
    long sum = 0;
    for (long key : many)
      sum += state.find(key) != nullptr ? *state.find(key) : 0;
    CHECK(sum == 4000 * 4 + 2000);
    CHECK(state.find(-1L) == nullptr);
    CHECK(state.find(7000L) == nullptr);
  }

  TEST_CASE("random batches, some of them undone, are as with a std::map") {
    auto seed = std::random_device{}();
    CAPTURE(seed);
    std::mt19937 random{seed};
    text_state state{{1}};
    content right, now;
    batch_time from = no_batch;
    for (int t = 1; t < 300; ++t) {
      state.begin(from, at(t));
      now = right;
      for (auto n = random() % 50; n > 0; --n) {
        auto key = std::to_string(random() % 40);
        switch (random() % 4) {
        case 0:
          remove(state, key), now.erase(key);
          break;
        case 1:
          on_key(state, key, [](auto& cell) {
            if (cell.exists())
              cell.touch();
          });
          break;
        default:
          set(state, key, std::to_string(n)), now[key] = std::to_string(n);
        }
      }
      if (random() % 8 == 0)
        state.visit_all([&](const auto& key, auto& cell) {
          if (random() % 2 == 0) {
            cell.remove();
            now.erase(std::string{key});
          }
        });
      REQUIRE(content_of(state) == now);
      if (random() % 3 != 0) { // else it was given up
        right = now;
        from = at(t);
      }
    }
  }

  TEST_CASE("equality is looked for in what containers hold") {
    CHECK(has_equality_v<int>);
    CHECK(has_equality_v<std::vector<std::string>>);
    CHECK(has_equality_v<std::map<int, std::vector<int>>>);
    CHECK_FALSE(has_equality_v<no_equality>);
    CHECK_FALSE(has_equality_v<std::vector<no_equality>>);
    CHECK_FALSE(has_equality_v<std::optional<no_equality>>);
    CHECK_FALSE(has_equality_v<std::pair<int, no_equality>>);
    CHECK_FALSE(has_equality_v<std::tuple<int, std::map<int, no_equality>>>);
  }

} // TEST_SUITE
