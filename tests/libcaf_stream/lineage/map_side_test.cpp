#include "caf_stream/lineage/map_side.hpp"

#include <doctest/doctest.h>

#include <map>
#include <vector>

#include "support/shapes.hpp"

using namespace caf_stream;
using namespace caf_stream::test;

namespace {

using pairs = std::vector<std::pair<int, int>>;

// So many records have a key each, then keys come again.
pairs distinct_keys_then_again(int distinct, int again) {
  pairs result;
  for (int i = 0; i < distinct; ++i)
    result.emplace_back(i, i);
  for (int i = 0; i < again; ++i)
    result.emplace_back(i % 1000, distinct + i);
  return result;
}

int first_of(int a, int) { return a; }
int last_of(int, int b) { return b; }

std::map<int, int> reduced(const shape& s, const pairs& records, int (*f)(int, int)) {
  auto found = make_test_rdd<std::pair<int, int>>(s, records).reduce_by_key(f).collect();
  std::map<int, int> result(found.begin(), found.end());
  CHECK(result.size() == found.size());
  return result;
}

/// Keeps the last value.
struct last_value {
  using key = int;
  using combined = int;
  const int& key_of(const std::pair<int, int>& x) const { return x.first; }
  int create(const std::pair<int, int>& x) const { return x.second; }
  void add(int& acc, const std::pair<int, int>& x) const { acc = x.second; }
  void merge(int& acc, int other) const { acc = other; }
};

// How many pairs one map task makes of the records. The values of a key rise.
std::size_t written(const pairs& records) {
  auto list = std::make_shared<data::record_list<std::pair<int, int>>>();
  list->items = records;
  data::list_cursor<std::pair<int, int>> cursor{list, 0, records.size()};
  last_value combiner;
  hash_partitioner one{1};
  lineage::map_side<std::pair<int, int>, last_value, hash_partitioner> task{combiner, one, {}};
  auto piece = task.run(cursor)[0];
  std::vector<int> last(records.size(), -1);
  bool rises = true;
  (*piece.get<shuffle::table_piece<int, int>>())->for_each([&](int key, int value) {
    auto before = std::exchange(last[static_cast<std::size_t>(key)], value);
    rises = rises && before < value;
  });
  CHECK(rises);
  return piece.records();
}

} // namespace

TEST_SUITE("lineage.map_side") {

  TEST_CASE("records that are not combined reach the reduce side, in order") {
    auto records = distinct_keys_then_again(70'000, 30'000);
    std::map<int, int> first, last;
    for (auto& [key, value] : records) {
      first.emplace(key, value);
      last[key] = value;
    }
    for (auto& s : shapes) {
      CHECK(reduced(s, records, first_of) == first);
      CHECK(reduced(s, records, last_of) == last);
    }
  }

  TEST_CASE("a task combines unless nearly every record has a key of its own") {
    CHECK(written(distinct_keys_then_again(1000, 100'000)) == 1000);
    CHECK(written(distinct_keys_then_again(60'000, 100'000)) == 60'000);
    // Far more than the first records are passed on, but not all that come after.
    auto passed = written(distinct_keys_then_again(100'000, 600'000));
    CHECK(passed > 400'000);
    CHECK(passed < 600'000);
  }

} // TEST_SUITE
