#include "caf_stream/data/key_hash.hpp"

#include <set>

#include <doctest/doctest.h>

using namespace caf_stream::data;

namespace {

struct point {
  int x = 0, y = 0;
  friend bool operator==(const point&, const point&) = default;
  friend std::uint64_t hash_value(const point& p) {
    return static_cast<std::uint64_t>(p.x) * 31 + static_cast<std::uint64_t>(p.y);
  }
};

struct no_hash {};

template <class K>
std::uint64_t hash(const K& key, std::uint64_t seed = 42) {
  return default_key_hash{}(key, seed);
}

} // namespace

TEST_SUITE("data.key_hash") {
  TEST_CASE("a view hashes like what it is a view of, and is equal to it") {
    std::pair<std::string, int> owned{"word", 3};
    std::pair<std::string_view, int> view{"word", 3};
    CHECK(hash(owned) == hash(view));
    CHECK(keys_equal(owned, view));
    std::tuple<std::string, std::optional<std::string>> owned_tuple{"a", "b"};
    std::tuple<std::string_view, std::optional<std::string_view>> view_tuple{"a", "b"};
    CHECK(hash(owned_tuple) == hash(view_tuple));
    CHECK(keys_equal(owned_tuple, view_tuple));
    std::vector<std::string> owned_list{"x", "", "yz"};
    std::vector<std::string_view> view_list{"x", "", "yz"};
    CHECK(hash(owned_list) == hash(view_list));
    CHECK(keys_equal(owned_list, view_list));
    CHECK_FALSE(keys_equal(owned_list, std::vector<std::string_view>{"x", ""}));
  }

  TEST_CASE("keys that differ have different hashes") {
    std::set<std::uint64_t> pairs, strings, vectors;
    for (int x = -100; x < 100; ++x)
      for (int y = -100; y < 100; ++y)
        pairs.insert(hash(std::pair{x, y}));
    CHECK(pairs.size() == 40000);
    for (std::size_t size = 0; size < 100; ++size) {
      strings.insert(hash(std::string(size, '\0')));
      vectors.insert(hash(std::vector<int>(size, 0)));
    }
    CHECK(strings.size() == 100);
    CHECK(vectors.size() == 100);
    CHECK(hash(std::optional<int>{}) != hash(std::optional<int>{0}));
    CHECK(hash(std::tuple{1, 2}) != hash(std::tuple{2, 1}));
    CHECK(hash(std::vector<std::string>{"ab", "c"}) != hash(std::vector<std::string>{"a", "bc"}));
  }

  TEST_CASE("the seed changes every hash") {
    CHECK(hash(std::string{"word"}, 1) != hash(std::string{"word"}, 2));
    CHECK(hash(7, 1) != hash(7, 2));
    CHECK(hash(point{1, 2}, 1) != hash(point{1, 2}, 2));
    CHECK(hash(std::vector<int>{}, 1) != hash(std::vector<int>{}, 2));
  }

  TEST_CASE("zeros of both signs are one key") {
    CHECK(hash(0.0) == hash(-0.0));
    CHECK(hash(1.0) != hash(-1.0));
  }

  TEST_CASE("types of the user's own bring a hash_value or have no hash") {
    CHECK(has_key_hash_v<point>);
    CHECK(keys_equal(std::pair{point{1, 2}, 3}, std::pair{point{1, 2}, 3}));
    CHECK(has_key_hash_v<std::pair<point, std::string>>);
    CHECK_FALSE(has_key_hash_v<no_hash>);
    CHECK_FALSE(has_key_hash_v<std::vector<no_hash>>);
  }
}
