#include <doctest/doctest.h>

#include "caf_stream/lineage/block_source.hpp"
#include "caf_stream/lineage/id_scope.hpp"
#include "support/shapes.hpp"

using namespace caf_stream;
using namespace caf_stream::test;

namespace {

template <class T>
data::payload make_list(std::vector<owned_t<T>> records) {
  data::record_list_builder<T> list;
  for (auto& each : records)
    list.push_back(each);
  return list.take();
}

} // namespace

TEST_SUITE("lineage.sources") {

  TEST_CASE("values are cut into equal runs") {
    rdd<int> rdd{lineage::make_values<int>({0, 1, 2, 3, 4, 5, 6}, 3), nullptr};
    auto size = [&rdd](partition_id p) { return rdd.dataset()->values(p).records(); };
    CHECK(size(0) == 2);
    CHECK(size(1) == 2);
    CHECK(size(2) == 3);
  }

  TEST_CASE("values come out in order, fewer than partitions too") {
    for (auto& s : shapes) {
      CHECK(make_test_rdd<int>(s, {1, 2, 3}).collect() == std::vector<int>{1, 2, 3});
      CHECK(make_test_rdd<std::string_view>(s, {"a", "bb"}).collect() ==
            std::vector<std::string>{"a", "bb"});
      CHECK(make_test_rdd<bool>(s, {true, false, true}).collect() ==
            std::vector<bool>{true, false, true});
      CHECK(make_test_rdd<int>(s, {}).collect().empty());
    }
  }

  TEST_CASE("a block source reads its parts of blocks, in order") {
    for (auto& s : shapes) {
      auto engine = s.make_engine();
      block_id a{0, 0, 1};
      block_id b{0, 0, 2};
      engine->store(a, make_list<std::string_view>({"a0", "a1", "a2", "a3"}));
      engine->store(b, make_list<std::string_view>({"b0", "b1", "b2"}));
      rdd<std::string_view> text{
        lineage::make_block_source<std::string_view>({{{a, 1, 4}, {b, 0, 1}}, {{b, 1, 3}}, {}}),
        engine};
      CHECK(text.partitions() == 3);
      CHECK(text.collect() == std::vector<std::string>{"a1", "a2", "a3", "b0", "b1", "b2"});
      CHECK(text.take(2) == std::vector<std::string>{"a1", "a2"});
    }
  }

  TEST_CASE("views into all blocks of a partition are good until its task ends") {
    for (auto& s : shapes) {
      auto engine = s.make_engine();
      std::vector<data::block_part> parts;
      for (std::uint64_t i = 0; i < 20; ++i) {
        engine->store({0, 0, i},
                      make_list<std::string_view>({"text of block " + std::to_string(i)}));
        parts.push_back({{0, 0, i}, 0, 1});
      }
      auto last_and_first =
        rdd<std::string_view>{lineage::make_block_source<std::string_view>({parts}), engine}
          .map_partitions([](auto& records) {
            std::vector<std::string_view> all;
            for (auto x : records)
              all.push_back(x);
            return std::vector{all.back(), all.front()};
          });
      CHECK(last_and_first.collect() ==
            std::vector<std::string>{"text of block 19", "text of block 0"});
    }
  }

  TEST_CASE("a missing block and one of another type are errors with a name") {
    auto engine = shapes[0].make_engine();
    engine->store({3, 0, 7}, data::payload::from_encoding(codec::to_bytes("?"), 1, 1));
    rdd<int> broken{lineage::make_block_source<int>({{{{3, 0, 7}, 0, 1}}}), engine};
    CHECK_THROWS_AS(broken.collect(), error);
    lineage::task_context context{{}, {}, {}, {}};
    try {
      broken.dataset()->open(0, context);
      FAIL("the block is not there");
    } catch (const error& e) {
      CHECK(std::string{e.what()}.find("block 3/0/7 is missing") != std::string::npos);
    }
  }

  TEST_CASE("a union has the partitions of all its parents, one after the other") {
    for (auto& s : shapes) {
      auto engine = s.make_engine();
      auto of = [&](std::vector<int> records, std::uint32_t n) {
        return rdd<int>{lineage::make_values<int>(std::move(records), n), engine};
      };
      auto all = of({1, 2}, 2).union_with(of({3, 4, 5}, s.partitions)).union_with(of({}, 1));
      CHECK(all.partitions() == 3 + s.partitions);
      CHECK(all.collect() == std::vector<int>{1, 2, 3, 4, 5});
      auto one = of({1}, 1);
      CHECK(one.union_with(one).collect() == std::vector<int>{1, 1});
    }
  }

  TEST_CASE("ids follow the order in which a batch's data sets are made") {
    auto make = [] {
      lineage::id_scope scope{operator_id{7}, from_millis(1000)};
      auto first = lineage::make_values<int>({1}, 1);
      auto second = lineage::make_union({first});
      return std::pair{first->id(), second->id()};
    };
    auto ids = make();
    CHECK(ids == make());
    CHECK(ids.first.op == operator_id{7});
    CHECK(ids.first.path == 0);
    CHECK(ids.second.path == 1);
    CHECK(lineage::make_union({})->id() != lineage::make_union({})->id());
  }

} // TEST_SUITE
