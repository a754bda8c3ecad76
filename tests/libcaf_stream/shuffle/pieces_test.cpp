#include <doctest/doctest.h>

#include <map>
#include <set>

#include "caf_stream/shuffle/pieces.hpp"

using namespace caf_stream;

namespace {

struct plain {
  int x = 0;
};

template <class K, class C>
std::shared_ptr<shuffle::key_table<K, C>> make_table(const std::vector<std::pair<K, C>>& pairs) {
  auto table = std::make_shared<shuffle::key_table<K, C>>(data::table_seed{1});
  table->upsert(
    pairs.size(), [&](std::size_t i) -> const K& { return pairs[i].first; },
    [&](std::size_t i) { return pairs[i].second; }, [](C&, std::size_t) {});
  return table;
}

template <class K, class C>
std::map<K, C> content(const data::payload& piece) {
  std::map<K, C> result;
  if (!piece)
    return result;
  auto opened = piece.get<shuffle::table_piece<K, C>>();
  REQUIRE(opened);
  (*opened)->for_each([&](const auto& k, const C& v) { result.emplace(K(k), v); });
  return result;
}

std::vector<std::pair<std::string, std::int64_t>> words() {
  std::vector<std::pair<std::string, std::int64_t>> result;
  for (int i = 0; i < 1000; ++i)
    result.emplace_back(
      "word " + std::string(static_cast<std::size_t>(i % 30), 'x') + std::to_string(i), i);
  return result;
}

} // namespace

TEST_SUITE("shuffle.pieces") {

  TEST_CASE("every key is in the piece of its partition, once") {
    auto pairs = words();
    hash_partitioner partitioner{7};
    auto pieces = shuffle::cut_table<std::string, std::int64_t>(make_table(pairs), partitioner);
    REQUIRE(pieces.size() == 7);
    std::map<std::string, std::int64_t> all;
    for (partition_id p = 0; p < 7; ++p)
      for (auto& [key, value] : content<std::string, std::int64_t>(pieces[p])) {
        CHECK(partitioner(key) == p);
        CHECK(all.emplace(key, value).second);
      }
    CHECK(all == std::map<std::string, std::int64_t>(pairs.begin(), pairs.end()));
  }

  TEST_CASE("a piece reads the same after its encoding, in the same order") {
    auto pieces =
      shuffle::cut_table<std::string, std::int64_t>(make_table(words()), hash_partitioner{3});
    for (auto& piece : pieces) {
      REQUIRE(piece.is_encodable());
      auto encoded = data::payload::from_encoding(piece.encode(), piece.records(), piece.bytes());
      auto live = *piece.get<shuffle::table_piece<std::string, std::int64_t>>();
      auto decoded = *encoded.get<shuffle::table_piece<std::string, std::int64_t>>();
      REQUIRE(live->size() == decoded->size());
      for (std::size_t i = 0; i < live->size(); ++i) {
        CHECK(live->key(i) == decoded->key(i));
        CHECK(live->value(i) == decoded->value(i));
      }
    }
  }

  TEST_CASE("pairs that were not combined come before the table, also after the encoding") {
    shuffle::pairs_by_partition<int, int> first{{{5, 1}, {5, 2}}, {}};
    struct to_first {
      std::uint32_t count() const { return 2; }
      partition_id operator()(int) const { return 0; }
    };
    auto pieces = shuffle::cut_table<int, int>(make_table<int, int>({{5, 3}}), to_first{}, first);
    CHECK(!pieces[1]);
    CHECK(pieces[0].records() == 3);
    CHECK(pieces[0].bytes() >= 3 * sizeof(std::pair<int, int>));
    auto encoded =
      data::payload::from_encoding(pieces[0].encode(), pieces[0].records(), pieces[0].bytes());
    for (auto& piece : {pieces[0], encoded}) {
      auto opened = *piece.get<shuffle::table_piece<int, int>>();
      std::vector<int> values;
      opened->for_each([&](int, int value) { values.push_back(value); });
      CHECK(values == std::vector<int>{1, 2, 3});
    }
  }

  TEST_CASE("pieces without keys are empty payloads, and pieces know their size") {
    auto pieces = shuffle::cut_table<int, std::string>(
      make_table<int, std::string>({{1, std::string(1000, 'x')}}), hash_partitioner{5});
    int full = 0;
    for (auto& piece : pieces)
      if (piece) {
        ++full;
        CHECK(piece.records() == 1);
        CHECK(piece.bytes() >= 1000);
      }
    CHECK(full == 1);
    for (auto& piece : shuffle::cut_table<int, int>(make_table<int, int>({}), hash_partitioner{2}))
      CHECK(!piece);
  }

  TEST_CASE("values without an encoding can be shuffled within a process") {
    auto pieces =
      shuffle::cut_table<int, plain>(make_table<int, plain>({{1, plain{7}}}), hash_partitioner{1});
    CHECK(!pieces[0].is_encodable());
    auto opened = *pieces[0].get<shuffle::table_piece<int, plain>>();
    CHECK(opened->value(0).x == 7);
  }

  TEST_CASE("keys that have an encoding and no hash of their own are combined") {
    using key = std::set<std::string>;
    auto table = make_table<key, int>({{key{"a", "b"}, 1}, {key{"b", "a"}, 2}, {key{"c"}, 3}});
    CHECK(table->size() == 2);
    auto pieces = shuffle::cut_table<key, int>(table, hash_partitioner{1});
    CHECK((content<key, int>(pieces[0]) == std::map<key, int>{{{"a", "b"}, 1}, {{"c"}, 3}}));
  }

  TEST_CASE("bytes that are no piece are an error") {
    auto broken = data::payload::from_encoding(codec::to_bytes("no piece"), 1, 8);
    auto opened = broken.get<shuffle::table_piece<std::string, int>>();
    REQUIRE(!opened);
    CHECK(opened.error().code() == errc::damaged_data);
  }

} // TEST_SUITE
