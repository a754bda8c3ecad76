#include "caf_stream/blocks/block_store.hpp"

#include <string>

#include <doctest/doctest.h>

#include "caf_stream/data/record_list.hpp"

using namespace caf_stream;
using namespace caf_stream::blocks;

namespace {

data::payload of_size(std::uint64_t bytes) {
  return data::payload::make(data::record_list<int>{{1, 2, 3}}, 3, bytes);
}

block_id number(std::uint64_t n) { return {0, 0, n}; }

kept_set set_of(std::uint64_t op, std::int64_t ms, std::uint32_t path = 0) {
  return {{op}, from_millis(ms), path};
}

} // namespace

TEST_SUITE("blocks.block_store") {

  TEST_CASE("blocks are found until they are forgotten") {
    block_store store{100_B};
    CHECK(store.put(number(1), of_size(40)) == put_result::kept);
    CHECK(store.put(number(2), of_size(60)) == put_result::kept);
    CHECK(store.used() == 100_B);
    CHECK(store.find(number(1)).bytes() == 40);
    CHECK(store.forget(number(1)));
    CHECK_FALSE(store.find(number(1)));
    CHECK_FALSE(store.forget(number(1)));
    CHECK(store.used() == 60_B);
    CHECK(store.blocks() == 1);
  }

  TEST_CASE("a block beyond the budget is refused until there is room") {
    block_store store{100_B};
    store.put(number(1), of_size(60));
    CHECK(store.put(number(2), of_size(41)) == put_result::full);
    CHECK_FALSE(store.find(number(2)));
    CHECK(store.used() == 60_B);
    store.forget(number(1));
    CHECK(store.put(number(2), of_size(41)) == put_result::kept);
  }

  TEST_CASE("a block that is larger than the budget is kept alone") {
    block_store store{100_B};
    CHECK(store.put(number(1), of_size(1000)) == put_result::kept);
    CHECK(store.put(number(2), of_size(1)) == put_result::full);
    store.forget(number(1));
    store.put(number(2), of_size(1));
    CHECK(store.put(number(1), of_size(1000)) == put_result::full);
  }

  TEST_CASE("a first block is kept even when pieces and kept partitions use the budget up") {
    block_store store{100_B};
    store.put_pieces({1, 0, 0}, {of_size(200)});
    CHECK(store.put(number(1), of_size(10)) == put_result::kept);
    CHECK(store.put(number(2), of_size(10)) == put_result::full);
    store.forget_job(1);
    CHECK(store.put(number(2), of_size(10)) == put_result::kept);
  }

  TEST_CASE("a block that is there already counts once") {
    block_store store{100_B};
    store.put(number(1), of_size(60));
    CHECK(store.put(number(1), of_size(60)) == put_result::kept);
    CHECK(store.used() == 60_B);
  }

  TEST_CASE("a computed partition beyond the budget is not kept, unless it has to be") {
    block_store store{100_B};
    auto set = set_of(1, 1000);
    CHECK(store.put_kept(set, 0, of_size(80)) == put_result::kept);
    CHECK(store.put_kept(set, 1, of_size(80)) == put_result::full);
    CHECK(store.kept_partitions(set) == std::vector<partition_id>{0});
    CHECK(store.put_kept(set, 1, of_size(80), storage_level::memory_only, when_full::keep) ==
          put_result::kept);
    CHECK(store.kept_partitions(set) == std::vector<partition_id>{0, 1});
    CHECK(store.used() == 160_B);
    CHECK(store.find_kept(set, 1));
    CHECK_FALSE(store.find_kept(set, 2));
  }

  TEST_CASE("a computed partition replaces the one of an earlier attempt") {
    block_store store{100_B};
    auto set = set_of(1, 1000);
    store.put_kept(set, 0, of_size(80));
    CHECK(store.put_kept(set, 0, of_size(90)) == put_result::kept);
    CHECK(store.used() == 90_B);
    CHECK(store.put_kept(set, 0, of_size(101)) == put_result::full);
    CHECK(store.find_kept(set, 0).bytes() == 90);
  }

  TEST_CASE("kept partitions are forgotten by data set or by operator and time") {
    block_store store{1_KiB};
    for (std::uint64_t op : {1, 2})
      for (std::int64_t ms : {-1000, 1000, 2000, 3000})
        for (std::uint32_t path : {0u, 1u})
          store.put_kept(set_of(op, ms, path), 5, of_size(1));
    CHECK(store.used() == 16_B);
    store.forget_kept(set_of(1, 1000, 1));
    CHECK_FALSE(store.find_kept(set_of(1, 1000, 1), 5));
    CHECK(store.find_kept(set_of(1, 1000, 0), 5));
    CHECK(store.used() == 15_B);
    store.forget_kept_through({1}, from_millis(2000));
    for (std::int64_t ms : {-1000, 1000, 2000})
      CHECK_FALSE(store.find_kept(set_of(1, ms), 5));
    CHECK(store.find_kept(set_of(1, 3000), 5));
    CHECK(store.find_kept(set_of(2, 1000), 5));
    CHECK(store.used() == 10_B);
  }

  TEST_CASE("pieces are found by map task and target until their job ends") {
    block_store store{100_B};
    store.put_pieces({1, 0, 0}, {of_size(10), data::payload{}, of_size(30)});
    store.put_pieces({1, 0, 1}, {of_size(5)});
    store.put_pieces({2, 0, 0}, {of_size(7)});
    CHECK(store.used_by_pieces() == 52_B);
    CHECK(store.find_piece({1, 0, 0}, 2)->bytes() == 30);
    CHECK(store.find_piece({1, 0, 0}, 1));
    CHECK_FALSE(*store.find_piece({1, 0, 0}, 1));
    CHECK_FALSE(store.find_piece({1, 0, 0}, 3));
    CHECK_FALSE(store.find_piece({1, 1, 0}, 0));
    CHECK(store.has_pieces({1, 0, 1}));
    store.forget_job(1);
    CHECK_FALSE(store.has_pieces({1, 0, 1}));
    CHECK(store.has_pieces({2, 0, 0}));
    CHECK(store.used() == 7_B);
  }

  TEST_CASE("pieces of a second attempt replace those of the first") {
    block_store store{100_B};
    store.put_pieces({1, 0, 0}, {of_size(10)});
    store.put_pieces({1, 0, 0}, {of_size(20)});
    CHECK(store.used() == 20_B);
    CHECK(store.find_piece({1, 0, 0}, 0)->bytes() == 20);
  }

  TEST_CASE("what is forgotten lives as long as somebody reads it") {
    block_store store{100_B};
    store.put(number(1), of_size(1));
    auto read = store.find(number(1));
    store.forget(number(1));
    CHECK((*read.get<data::record_list<int>>())->items.size() == 3);
  }

} // TEST_SUITE
