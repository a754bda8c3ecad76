#include "caf_stream/data/hash_table.hpp"

#include <map>
#include <memory>
#include <random>
#include <set>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include "cpu_levels.hpp"
#include "memory_edge.hpp"

using namespace caf_stream;
using namespace caf_stream::data;

namespace {

// Counts how many are alive; may throw when it is copied.
struct tracked {
  static inline long alive = 0;
  static inline bool throws = false;

  explicit tracked(long v = 0) : value(v) { ++alive; }
  tracked(const tracked& other) : value(other.value) {
    if (throws)
      throw std::runtime_error("copied");
    ++alive;
  }
  tracked(tracked&& other) noexcept : value(other.value) { ++alive; }
  tracked& operator=(const tracked&) = default;
  ~tracked() { --alive; }

  long value;
};

// Large, over-aligned, and throws when it is moved for all a table knows.
struct alignas(32) heavy {
  explicit heavy(long v) : value(v) {}
  heavy(const heavy& other) : value(other.value) {}
  heavy& operator=(const heavy&) = default;
  long value;
  char rest[100] = {};
};

struct point {
  std::string name;
  int x = 0;
  friend bool operator==(const point&, const point&) = default;
  friend std::uint64_t hash_value(const point& p) {
    return p.name.size() + static_cast<std::uint64_t>(p.x % 5); // few different ones
  }
};

enum class colour : std::int8_t { red = -1, green = 0, blue = 1 };

long value_of(long v) { return v; }
long value_of(const tracked& v) { return v.value; }
long value_of(const heavy& v) { return v.value; }
long value_of(const std::unique_ptr<long>& v) { return *v; }
long value_of(const std::string& v) { return std::stol(v); }

template <class V>
V make(long v) {
  if constexpr (std::is_same_v<V, std::unique_ptr<long>>)
    return std::make_unique<long>(v);
  else if constexpr (std::is_same_v<V, std::string>)
    return std::to_string(v);
  else
    return V(v);
}

template <class K>
K key_of(std::uint64_t n) {
  if constexpr (std::is_same_v<K, std::string>) {
    std::string key = std::to_string(n * 0x9e3779b97f4a7c15u >> 40);
    if (n % 7 == 0)
      key.resize(n % 50, 'l'); // many are long, some empty
    else if (n % 11 == 0)
      key.insert(key.size() / 2, 2, '\0');
    return key;
  } else if constexpr (std::is_same_v<K, point>) {
    return {std::to_string(n), static_cast<int>(n)};
  } else if constexpr (std::is_same_v<K, std::pair<std::string, int>>) {
    return {std::to_string(n / 3), static_cast<int>(n % 3)};
  } else {
    return static_cast<K>(n - 3); // -1 is among them
  }
}

template <class K>
K owned(const K& key) {
  return key;
}
std::string owned(std::string_view key) { return std::string{key}; }

struct by_point {
  bool operator()(const point& a, const point& b) const {
    return std::tie(a.name, a.x) < std::tie(b.name, b.x);
  }
};

template <class K>
using model_map =
  std::map<K, long, std::conditional_t<std::is_same_v<K, point>, by_point, std::less<K>>>;

template <class K, class V>
void check_same(const hash_table<K, V>& table, const model_map<K>& model) {
  REQUIRE(table.size() == model.size());
  model_map<K> seen;
  table.for_each([&](const auto& key, const V& value) {
    CHECK(seen.emplace(owned(key), value_of(value)).second);
  });
  CHECK((seen == model));
}

// Random batches of insertions, sums and erasures, beside a std::map.
template <class K, class V>
void against_model(cpu_level level, unsigned seed, int rounds = 60) {
  CAPTURE(to_string(level));
  CAPTURE(seed);
  std::mt19937 random(seed);
  auto alive = tracked::alive;
  {
    hash_table<K, V> table({seed}, level);
    model_map<K> model;
    for (int round = 0; round < rounds; ++round) {
      auto range = 1 + random() % 3000;
      std::vector<K> keys;
      for (auto n = random() % 700; n != 0; --n)
        keys.push_back(key_of<K>(random() % range));
      auto next = [](long value, std::size_t i) {
        return (value * 3 + static_cast<long>(i) % 5) % 1000000007;
      };
      table.upsert(
        keys.size(), [&](std::size_t i) -> const K& { return keys[i]; },
        [&](std::size_t i) { return make<V>(static_cast<long>(i)); },
        [&](V& value, std::size_t i) { value = make<V>(next(value_of(value), i)); });
      for (std::size_t i = 0; i < keys.size(); ++i) {
        auto [it, is_new] = model.emplace(keys[i], static_cast<long>(i));
        if (!is_new)
          it->second = next(it->second, i);
      }
      for (int k = 0; k < 200; ++k) {
        auto key = key_of<K>(random() % range);
        auto it = model.find(key);
        auto* value = table.find(key);
        REQUIRE((value != nullptr) == (it != model.end()));
        if (value)
          CHECK(value_of(*value) == it->second);
        if (random() % 4 == 0)
          CHECK(table.erase(key) == (model.erase(key) == 1));
      }
      if (round % 10 == 9) {
        auto before = model.size();
        auto condemned = [&](long value) { return value % 3 == 0; };
        for (auto it = model.begin(); it != model.end();)
          it = condemned(it->second) ? model.erase(it) : std::next(it);
        std::size_t asked = 0;
        auto gone = table.erase_if([&](const auto&, V& value) {
          ++asked;
          return condemned(value_of(value));
        });
        CHECK(asked == before);
        CHECK(gone == before - model.size());
      }
      check_same(table, model);
    }
    auto moved = std::move(table);
    check_same(moved, model);
    CHECK(table.empty());
    table.try_emplace(key_of<K>(5), make<V>(1));
    CHECK(table.size() == 1);
    table = std::move(moved);
    check_same(table, model);
    table.clear();
    CHECK(table.empty());
    CHECK(table.find(key_of<K>(5)) == nullptr);
  }
  CHECK(tracked::alive == alive);
}

template <class K, class V>
void against_model_everywhere() {
  auto seed = std::random_device{}();
  for (auto level : test::levels_here())
    against_model<K, V>(level, seed);
}

template <class K>
std::vector<K> order_of(const hash_table<K, long>& table) {
  std::vector<K> result;
  table.for_each([&](const auto& key, long) { result.push_back(owned(key)); });
  return result;
}

template <class K>
void count(hash_table<K, long>& table, const std::vector<K>& keys, std::size_t chunk = 1024) {
  for (std::size_t from = 0; from < keys.size(); from += chunk)
    table.upsert(
      std::min(chunk, keys.size() - from),
      [&](std::size_t i) -> const K& { return keys[from + i]; }, [](std::size_t) { return 1L; },
      [](long& value, std::size_t) { ++value; });
}

// Used slots next to each other: what a look-up may have to walk.
template <class K>
std::size_t longest_run(const hash_table<K, long>& table) {
  std::size_t longest = 0, run = 0;
  std::uint32_t last = 0;
  table.for_each_slot([&](std::uint32_t slot) {
    run = slot == last + 1 ? run + 1 : 1;
    longest = std::max(longest, run);
    last = slot;
  });
  return longest;
}

} // namespace

TEST_SUITE("data.hash_table") {
  TEST_CASE("a table of strings does what a map does") {
    against_model_everywhere<std::string, long>();
  }
  TEST_CASE("values may need their moves and ends") {
    against_model_everywhere<std::string, tracked>();
    against_model_everywhere<std::string, std::string>();
    against_model_everywhere<long, tracked>();
  }
  TEST_CASE("values may only move") {
    against_model_everywhere<std::string, std::unique_ptr<long>>();
    against_model_everywhere<std::uint32_t, std::unique_ptr<long>>();
  }
  TEST_CASE("values may be large, over-aligned and unable to move") {
    against_model_everywhere<std::string, heavy>();
    against_model_everywhere<std::int64_t, heavy>();
  }
  TEST_CASE("a table of numbers does what a map does") {
    against_model_everywhere<std::int64_t, long>();
    against_model_everywhere<std::uint64_t, long>();
    against_model_everywhere<int, long>();
    against_model_everywhere<std::uint16_t, long>();
    against_model_everywhere<signed char, long>();
  }
  TEST_CASE("a table of other keys does what a map does") {
    against_model<std::pair<std::string, int>, long>(cpu_level::portable, std::random_device{}());
    against_model<std::pair<std::string, int>, std::unique_ptr<long>>(cpu_level::portable,
                                                                      std::random_device{}());
    against_model<point, tracked>(cpu_level::portable, std::random_device{}(), 20);
  }

  TEST_CASE("a table that has lost most entries gives memory back, and keeps the others") {
    auto check = [](auto key_of) {
      hash_table<decltype(key_of(0)), long> table;
      for (int i = 0; i < 100'000; ++i)
        table.try_emplace(key_of(i), i);
      auto full = table.memory_bytes();
      table.shrink();
      CHECK(table.memory_bytes() == full);
      table.erase_if([](const auto&, long x) { return x >= 10; });
      table.shrink();
      CHECK(table.memory_bytes() < full / 10);
      CHECK(table.size() == 10);
      for (int i = 0; i < 10; ++i)
        CHECK(*table.find(key_of(i)) == i);
      CHECK_FALSE(table.contains(key_of(10)));
      table.erase_if([](const auto&, long) { return true; });
      table.shrink();
      table.try_emplace(key_of(5), 7);
      CHECK(*table.find(key_of(5)) == 7);
    };
    check([](int i) { return static_cast<std::int64_t>(i) - 1; }); // -1 has a place of its own
    check([](int i) { return std::pair{i, -i}; });
  }

  TEST_CASE("enums and booleans are numbers") {
    hash_table<colour, long> colours;
    for (auto c : {colour::red, colour::green, colour::blue, colour::red})
      ++*colours.try_emplace(c, 0).first;
    CHECK(colours.size() == 3);
    CHECK(*colours.find(colour::red) == 2);
    hash_table<bool, long> flags;
    flags.try_emplace(true, 1);
    CHECK(flags.contains(true));
    CHECK_FALSE(flags.contains(false));
  }

  TEST_CASE("the smallest and largest numbers are keys like others") {
    for (auto level : test::levels_here()) {
      hash_table<std::int64_t, long> table({1}, level);
      std::vector<std::int64_t> keys{0, -1, 1, INT64_MIN, INT64_MAX, -2};
      for (int round = 0; round < 3; ++round)
        count(table, keys);
      CHECK(table.size() == keys.size());
      for (auto key : keys)
        CHECK(*table.find(key) == 3);
      CHECK(table.erase(std::int64_t{-1}));
      CHECK_FALSE(table.contains(std::int64_t{-1}));
      CHECK(order_of(table).size() == keys.size() - 1);
    }
  }

  TEST_CASE("keys of every length, with zeros in them, at the edge of memory") {
    test::memory_edge edge;
    for (auto level : test::levels_here()) {
      CAPTURE(to_string(level));
      hash_table<std::string, long> table({7}, level);
      std::vector<std::string> keys;
      for (std::size_t size = 0; size < 100; ++size) {
        keys.push_back(std::string(size, '\0'));
        keys.push_back(std::string(size, 'k') + "k" + '\0');
        keys.push_back(std::string(size, 'k') + "\xff");
      }
      for (auto& key : keys) {
        auto view = edge.at_end(key);
        // In a batch of its own, and with neighbours that the kernels take together with it.
        for (std::size_t n : {1u, 4u, 9u})
          table.upsert(
            n, [&](std::size_t) { return view; }, [](std::size_t) { return 1L; },
            [](long& value, std::size_t) { ++value; });
        view = edge.at_begin(key);
        table.upsert(
          8, [&](std::size_t) { return view; }, [](std::size_t) { return 1L; },
          [](long& value, std::size_t) { ++value; });
        CHECK(table.contains(view));
      }
      CHECK(table.size() == keys.size());
      for (auto& key : keys)
        CHECK(*table.find(key) == 22);
    }
  }

  TEST_CASE("keys are read where they lie, at equal distances") {
    for (auto level : test::levels_here()) {
      std::vector<std::pair<std::string_view, long>> records;
      std::vector<std::string> words;
      for (int i = 0; i < 1000; ++i)
        words.push_back(std::string(static_cast<std::size_t>(i % 19), 'a') +
                        std::to_string(i % 50));
      for (auto& word : words)
        records.emplace_back(word, 2);
      hash_table<std::string, long> strided_table({3}, level);
      hash_table<std::string, long> plain_table({3}, level);
      strided_table.upsert(
        records.size(), strided<std::string_view>{&records[0].first, sizeof(records[0])},
        [&](std::size_t i) { return records[i].second; },
        [&](long& value, std::size_t i) { value += records[i].second; });
      for (int k = 0; k < 2; ++k)
        count(plain_table, words);
      CHECK(order_of(strided_table) == order_of(plain_table));
      for (auto& word : words)
        CHECK(*strided_table.find(word) == *plain_table.find(word));
    }
  }

  TEST_CASE("every level leaves the same order, however insertions are grouped") {
    std::vector<std::string> words;
    std::vector<std::int64_t> numbers;
    for (std::uint64_t i = 0; i < 30000; ++i) {
      words.push_back(key_of<std::string>(i * i % 20011));
      numbers.push_back(static_cast<std::int64_t>(i * i % 20011) - 5);
    }
    hash_table<std::string, long> first_words({9}, cpu_level::portable);
    hash_table<std::int64_t, long> first_numbers({9}, cpu_level::portable);
    count(first_words, words);
    count(first_numbers, numbers);
    for (auto level : test::levels_here()) {
      for (std::size_t chunk : {1u, 100u, 127u, 30000u}) {
        hash_table<std::string, long> other_words({9}, level);
        hash_table<std::int64_t, long> other_numbers({9}, level);
        count(other_words, words, chunk);
        count(other_numbers, numbers, chunk);
        CHECK(order_of(other_words) == order_of(first_words));
        CHECK(order_of(other_numbers) == order_of(first_numbers));
      }
    }
    hash_table<std::string, long> other_seed({10});
    count(other_seed, words);
    CHECK(order_of(other_seed) != order_of(first_words));
  }

  TEST_CASE("slots can be walked and read by number") {
    hash_table<std::string, long> table({5});
    std::vector<std::string> words;
    for (int i = 0; i < 1000; ++i)
      words.push_back(std::to_string(i));
    count(table, words);
    std::vector<std::uint32_t> slots(100);
    std::vector<std::string> keys;
    std::size_t at = 0;
    while (auto n = table.used_slots(at, slots.data(), slots.size()))
      for (std::size_t i = 0; i < n; ++i) {
        keys.emplace_back(table.key_at(slots[i]));
        table.value_at(slots[i]) += 41;
      }
    CHECK(keys == order_of(table));
    for (auto& word : words)
      CHECK(*table.find(word) == 42);
  }

  TEST_CASE("what throws leaves the records before it, and a good table") {
    for (auto level : test::levels_here()) {
      auto alive = tracked::alive;
      {
        hash_table<std::string, tracked> table({5}, level);
        std::vector<std::string> keys;
        for (int i = 0; i < 500; ++i)
          keys.push_back(std::to_string(i % 300) + (i % 3 == 0 ? "that makes it a long key" : ""));
        auto upsert = [&](std::size_t bad_new, std::size_t bad_found) {
          table.upsert(
            keys.size(), [&](std::size_t i) -> const std::string& { return keys[i]; },
            [&](std::size_t i) {
              if (i == bad_new)
                throw std::runtime_error("new");
              return tracked(1);
            },
            [&](tracked& value, std::size_t i) {
              if (i == bad_found)
                throw std::runtime_error("found");
              ++value.value;
            });
        };
        CHECK_THROWS_WITH(upsert(100, 999), "new");
        CHECK(table.size() == 100);
        for (std::size_t i = 0; i < 300; ++i)
          CHECK(table.contains(keys[i]) == (i < 100));
        CHECK_THROWS_WITH(upsert(999, 420), "found");
        CHECK(table.size() == 300);
        upsert(999, 999);
        CHECK(table.find(keys[0])->value == 5);
        CHECK(table.find(keys[199])->value == 3);
        CHECK(table.find(keys[299])->value == 2);
      }
      CHECK(tracked::alive == alive);
    }
  }

  TEST_CASE("a key that cannot be copied is not inserted") {
    struct no_copy_now {
      tracked t;
      bool operator==(const no_copy_now& other) const { return t.value == other.t.value; }
    };
    auto hash = [](const no_copy_now& key, std::uint64_t seed) {
      return hash_word(static_cast<std::uint64_t>(key.t.value), seed);
    };
    auto alive = tracked::alive;
    {
      hash_table<no_copy_now, std::string, decltype(hash)> table({1}, hash);
      std::vector<no_copy_now> keys;
      keys.reserve(200);
      for (long i = 0; i < 200; ++i)
        keys.push_back({tracked{i}});
      bool armed = true;
      auto upsert = [&] {
        table.upsert(
          keys.size(), [&](std::size_t i) -> const no_copy_now& { return keys[i]; },
          [&](std::size_t i) {
            tracked::throws = armed && i >= 50;
            return std::string(30, 'v');
          },
          [](std::string&, std::size_t) {});
      };
      tracked::throws = true;
      CHECK_THROWS_AS(upsert(), std::runtime_error);
      CHECK(table.empty());
      tracked::throws = false;
      CHECK_THROWS_AS(upsert(), std::runtime_error);
      tracked::throws = false;
      CHECK(table.size() >= 51);
      CHECK(table.size() < 200);
      armed = false;
      upsert();
      CHECK(table.size() == 200);
    }
    CHECK(tracked::alive == alive);
  }

  TEST_CASE("a million keys, strings and numbers") {
    hash_table<std::string, long> strings({11});
    hash_table<std::uint64_t, long> numbers({11});
    std::string word;
    for (std::uint64_t i = 0; i < 1000000; i += 1000) {
      std::vector<std::string> words;
      std::vector<std::uint64_t> ids;
      for (std::uint64_t k = i; k < i + 1000; ++k) {
        words.push_back("key-" + std::to_string(k));
        ids.push_back(k * 8);
      }
      count(strings, words);
      count(numbers, ids);
    }
    CHECK(strings.size() == 1000000);
    CHECK(numbers.size() == 1000000);
    for (std::uint64_t i = 0; i < 1000000; i += 37) {
      REQUIRE(strings.find("key-" + std::to_string(i)));
      REQUIRE(numbers.find(i * 8));
    }
    CHECK(strings.memory_bytes() < 110 * strings.size());
    CHECK(numbers.memory_bytes() < 60 * numbers.size());
  }

  TEST_CASE("a table read in its order does not crowd a part of a smaller one") {
    std::vector<std::string> words;
    std::vector<std::int64_t> numbers;
    for (int i = 0; i < 100000; ++i) {
      words.push_back(std::to_string(i));
      numbers.push_back(i);
    }
    hash_table<std::string, long> source_words({11});
    hash_table<std::int64_t, long> source_numbers({11});
    count(source_words, words);
    count(source_numbers, numbers);
    hash_table<std::string, long> target_words({11});
    hash_table<std::int64_t, long> target_numbers({11});
    words = order_of(source_words);
    numbers = order_of(source_numbers);
    constexpr std::size_t step = 1000;
    for (std::size_t i = 0; i < words.size(); i += step) {
      auto from = static_cast<std::ptrdiff_t>(i);
      auto to = from + static_cast<std::ptrdiff_t>(step);
      count(target_words, std::vector(words.begin() + from, words.begin() + to));
      count(target_numbers, std::vector(numbers.begin() + from, numbers.begin() + to));
      REQUIRE(longest_run(target_words) < 300);
      REQUIRE(longest_run(target_numbers) < 300);
    }
  }

  TEST_CASE("a hash that always collides only makes a table slow") {
    auto same = [](const auto&, std::uint64_t) { return std::uint64_t{0}; };
    hash_table<std::pair<std::string, int>, long, decltype(same)> table({1}, same);
    for (int round = 0; round < 2; ++round)
      for (int i = 0; i < 1000; ++i)
        ++*table.try_emplace(std::pair<std::string_view, int>{"key", i}, 0).first;
    CHECK(table.size() == 1000);
    for (int i = 0; i < 1000; i += 2)
      CHECK(table.erase(std::pair<std::string_view, int>{"key", i}));
    for (int i = 0; i < 1000; ++i)
      CHECK(table.contains(std::pair<std::string_view, int>{"key", i}) == (i % 2 == 1));
  }

  TEST_CASE("tables that are asked for room do not grow, and long keys that go give memory back") {
    hash_table<std::string, long> table({2});
    table.reserve(10000);
    auto before = table.memory_bytes();
    for (int i = 0; i < 10000; ++i)
      table.try_emplace(std::to_string(i), i);
    CHECK(table.memory_bytes() == before);
    table.clear();
    CHECK(table.memory_bytes() == before);
    for (int i = 0; i < 300000; ++i) {
      auto key = "a key too long for its slot " + std::to_string(i);
      table.try_emplace(key, i);
      if (i >= 1000)
        CHECK(table.erase("a key too long for its slot " + std::to_string(i - 1000)));
    }
    CHECK(table.size() == 1000);
    CHECK(table.memory_bytes() < before + 1000000);
    table.for_each([](std::string_view key, long value) {
      CHECK(key == "a key too long for its slot " + std::to_string(value));
    });
  }
}
