// What goes when memory is used up, through the block store.

#include "caf_stream/blocks/eviction_core.hpp"

#include <set>

#include <doctest/doctest.h>

#include "caf_stream/blocks/block_store.hpp"
#include "caf_stream/data/record_list.hpp"

using namespace caf_stream;
using namespace caf_stream::blocks;
using enum storage_level;

namespace {

struct plain {
  int x = 0;
};

data::payload of_size(std::uint64_t bytes) {
  return data::payload::make(data::record_list<int>{{1, 2, 3}}, 3, bytes);
}

data::payload not_encodable(std::uint64_t bytes) {
  return data::payload::make(data::record_list<plain>{{plain{1}}}, 1, bytes);
}

struct nowhere final : data::stored_encoding {
  result<codec::bytes> read() const override { return fail(errc::io_error, "nowhere"); }
  result<std::shared_ptr<const mapped_file>> put_aside(std::string_view) const override {
    return fail(errc::io_error, "nowhere");
  }
};

data::payload stored(const data::payload& x) {
  return data::payload::from_stored(std::make_shared<nowhere>(), x.records(), x.bytes());
}

data::payload encoded(const data::payload& x, std::uint64_t bytes) {
  return data::payload::from_encoding(x.encode(), x.records(), bytes);
}

block_id number(std::uint64_t n) { return {0, 0, n}; }

kept_set set_of(std::uint64_t op) { return {{op}, from_millis(1000), 0}; }

/// Carries out all orders; each file takes a tenth of the memory. Returns what was written, in
/// order.
std::vector<std::string> write_all(block_store& store) {
  std::vector<std::string> written;
  while (auto order = store.next_order()) {
    auto records = std::exchange(order->records, {});
    if (order->to_disk)
      written.push_back(order->what);
    auto moved = order->to_disk ? stored(records) : encoded(records, 7);
    records = {}; // or it would count as read by somebody
    store.finished(order->number, moved, byte_count{moved.bytes() / 10});
  }
  return written;
}

} // namespace

TEST_SUITE("blocks.eviction_core") {

  TEST_CASE("blocks are written when another one needs the room, the least recently used first") {
    block_store store{100_B, 1_KiB};
    for (std::uint64_t n : {1, 2, 3, 4})
      CHECK(store.put(number(n), of_size(25), memory_and_disk) == put_result::kept);
    CHECK(!store.next_order());
    store.find(number(1));
    CHECK(store.put(number(5), of_size(40), memory_and_disk) == put_result::soon);
    CHECK(write_all(store) == std::vector<std::string>{"block 0/0/2", "block 0/0/3"});
    CHECK(store.used() == 50_B);
    CHECK(store.disk_used() == 4_B);
    CHECK(store.put(number(5), of_size(40), memory_and_disk) == put_result::kept);
    CHECK(store.find(number(2)).is_stored());
    CHECK(!store.find(number(1)).is_stored());
    CHECK(store.blocks() == 5);
    for (std::uint64_t n : {1, 2, 3, 4, 5})
      CHECK(store.forget(number(n)));
    CHECK(store.used() == 0_B);
    CHECK(store.disk_used() == 0_B);
  }

  TEST_CASE("asking again orders no more than is needed") {
    block_store store{100_B, 1_KiB};
    for (std::uint64_t n : {1, 2, 3, 4})
      store.put(number(n), of_size(25), memory_and_disk);
    for (int i = 0; i < 5; ++i)
      CHECK(store.put(number(5), of_size(25), memory_and_disk) == put_result::soon);
    CHECK(write_all(store).size() == 1);
  }

  TEST_CASE("blocks in memory only, and records without an encoding, stay") {
    block_store store{100_B, 1_KiB};
    store.put(number(1), of_size(50), memory_only);
    store.put(number(2), not_encodable(50), memory_and_disk);
    CHECK(store.put(number(3), of_size(1), memory_only) == put_result::full);
    CHECK(!store.next_order());
    CHECK(store.put(number(3), not_encodable(1), disk_only) == put_result::full);
    CHECK(store.used() == 100_B);
  }

  TEST_CASE("what somebody reads is not written; a new block goes to disk instead of waiting") {
    block_store store{100_B, 1_KiB};
    store.put(number(1), of_size(100), memory_and_disk);
    auto read = store.find(number(1));
    CHECK(store.put(number(2), of_size(30), memory_only) == put_result::full);
    CHECK(store.put(number(2), of_size(30), memory_and_disk) == put_result::writing);
    CHECK(store.is_writing(number(2)));
    CHECK(store.put(number(2), of_size(30), memory_and_disk) == put_result::writing);
    CHECK(store.used() == 100_B);
    CHECK(write_all(store) == std::vector<std::string>{"block 0/0/2"});
    CHECK(!store.is_writing(number(2)));
    CHECK(store.find(number(2)).is_stored());
    CHECK(store.used() == 100_B);
    read = {};
    CHECK(store.put(number(3), of_size(30), memory_only) == put_result::soon);
    CHECK(write_all(store) == std::vector<std::string>{"block 0/0/1"});
  }

  TEST_CASE("what a task was given before it was written counts until the task is done") {
    block_store store{100_B, 1_KiB};
    store.put(number(1), of_size(100), disk_only);
    auto read = store.find(number(1));
    write_all(store);
    CHECK(store.find(number(1)).is_stored());
    CHECK(store.used() == 100_B);
    CHECK(store.put(number(2), of_size(10), memory_only) == put_result::full);
    read = {};
    CHECK(store.put(number(2), of_size(10), memory_only) == put_result::kept);
    CHECK(store.used() == 10_B);
  }

  TEST_CASE("disk_only goes to disk at once") {
    block_store store{100_B, 1_KiB};
    CHECK(store.put(number(1), of_size(50), disk_only) == put_result::kept);
    CHECK(write_all(store) == std::vector<std::string>{"block 0/0/1"});
    CHECK(store.used() == 0_B);
  }

  TEST_CASE("encoded levels are encoded in memory, and then written like others") {
    block_store store{100_B, 1_KiB};
    CHECK(store.put(number(1), of_size(60), memory_and_disk_ser) == put_result::kept);
    CHECK(store.put(number(2), of_size(40), memory_only_ser) == put_result::kept);
    CHECK(write_all(store).empty());
    CHECK(store.find(number(1)).is_encoded());
    CHECK(store.find(number(2)).is_encoded());
    CHECK(store.used() == 14_B);
    CHECK(store.put(number(3), of_size(90), memory_only) == put_result::soon);
    CHECK(write_all(store) == std::vector<std::string>{"block 0/0/1"});
  }

  TEST_CASE("no more is written than the disk may take") {
    block_store store{100_B, 60_B};
    store.put(number(1), of_size(50), memory_and_disk);
    store.put(number(2), of_size(50), memory_and_disk);
    // What is on its way counts in full.
    CHECK(store.put(number(3), of_size(80), memory_and_disk) == put_result::full);
    CHECK(write_all(store) == std::vector<std::string>{"block 0/0/1"});
    CHECK(store.disk_used() == 5_B);
    CHECK(store.put(number(3), of_size(80), memory_and_disk) == put_result::soon);
    CHECK(write_all(store) == std::vector<std::string>{"block 0/0/2"});
    CHECK(store.put(number(3), of_size(80), memory_and_disk) == put_result::kept);
    CHECK(store.disk_used() == 10_B);
  }

  TEST_CASE("a partition makes room for others by level: dropped, or written") {
    block_store store{100_B, 1_KiB};
    CHECK(store.put_kept(set_of(1), 0, of_size(50), memory_only) == put_result::kept);
    CHECK(store.put_kept(set_of(2), 0, of_size(50), memory_and_disk) == put_result::kept);
    CHECK(store.put(number(1), of_size(50), memory_only) == put_result::kept);
    CHECK(store.take_dropped() == std::vector<kept_partition>{{set_of(1), 0}});
    CHECK(store.take_dropped().empty());
    CHECK(!store.find_kept(set_of(1), 0));
    CHECK(store.put_kept(set_of(3), 0, of_size(50), memory_only) == put_result::soon);
    CHECK(write_all(store).at(0).find("persisted partition 0 of data set") == 0);
    CHECK(store.put_kept(set_of(3), 0, of_size(50), memory_only) == put_result::kept);
    CHECK(store.find_kept(set_of(2), 0).is_stored());
    CHECK(store.counts().dropped == 1);
    CHECK(store.counts().spilled == 1);
  }

  TEST_CASE("partitions do not push out those of their own data set") {
    block_store store{100_B, 1_KiB};
    store.put_kept(set_of(1), 0, of_size(60), memory_only);
    CHECK(store.put_kept(set_of(1), 1, of_size(60), memory_only) == put_result::full);
    CHECK(store.find_kept(set_of(1), 0));
    CHECK(store.take_dropped().empty());
  }

  TEST_CASE("what nothing could compute again is not dropped") {
    block_store store{100_B};
    store.put_kept(set_of(1), 0, of_size(100), memory_only, when_full::keep);
    CHECK(store.put_kept(set_of(2), 0, of_size(10), memory_only) == put_result::full);
    CHECK(store.find_kept(set_of(1), 0));
  }

  TEST_CASE("a partition that finds no room goes to disk, and counts as kept only then") {
    block_store store{100_B, 1_KiB};
    store.put(number(1), of_size(100), memory_only);
    CHECK(store.put_kept(set_of(1), 0, of_size(60), memory_and_disk) == put_result::writing);
    CHECK(!store.find_kept(set_of(1), 0));
    CHECK(!store.has_kept({set_of(1), 0}));
    CHECK(store.kept_partitions(set_of(1)).empty());
    write_all(store);
    CHECK(store.has_kept({set_of(1), 0}));
    CHECK(store.find_kept(set_of(1), 0).is_stored());
  }

  TEST_CASE("where the disk fails everything stays in memory until it is tried again") {
    block_store store{100_B, 1_KiB};
    for (std::uint64_t n : {1, 2, 3, 4})
      store.put(number(n), of_size(25), memory_and_disk);
    auto read = store.find(number(4));
    CHECK(store.put(number(5), of_size(75), memory_and_disk) == put_result::soon);
    CHECK(store.put(number(6), of_size(90), memory_and_disk) == put_result::writing);
    auto order = store.next_order();
    REQUIRE(order);
    order->records = {};
    store.failed(order->number, false);
    CHECK(store.disk_fails());
    CHECK(!store.next_order());
    CHECK(!store.is_writing(number(6)));
    CHECK(!store.find(number(6)));
    CHECK(store.put(number(5), of_size(75), memory_and_disk) == put_result::full);
    CHECK(store.used() == 100_B);
    CHECK(store.disk_used() == 0_B);
    store.try_disk_again();
    CHECK(store.put(number(5), of_size(75), memory_and_disk) == put_result::soon);
    CHECK(write_all(store) ==
          std::vector<std::string>{"block 0/0/1", "block 0/0/2", "block 0/0/3"});
  }

  TEST_CASE("what cannot be encoded after all stays for good, and others still go") {
    block_store store{100_B, 1_KiB};
    store.put(number(1), of_size(50), memory_and_disk);
    store.put(number(2), of_size(50), memory_and_disk);
    CHECK(store.put(number(3), of_size(50), memory_and_disk) == put_result::soon);
    auto order = store.next_order();
    REQUIRE(order);
    order->records = {};
    store.failed(order->number, true);
    CHECK(!store.disk_fails());
    CHECK(store.put(number(3), of_size(50), memory_and_disk) == put_result::soon);
    CHECK(write_all(store) == std::vector<std::string>{"block 0/0/2"});
  }

  TEST_CASE("what is forgotten on its way to disk is not kept when it arrives there") {
    block_store store{100_B, 1_KiB};
    store.put(number(1), of_size(60), memory_and_disk);
    store.put(number(2), of_size(40), memory_and_disk);
    CHECK(store.put(number(3), of_size(60), memory_and_disk) == put_result::soon);
    auto order = store.next_order();
    REQUIRE(order);
    store.forget(number(1));
    CHECK(store.disk_used() == 0_B);
    CHECK(store.used() == 40_B);
    store.finished(order->number, stored(order->records), 6_B);
    CHECK(!store.find(number(1)));
    CHECK(store.disk_used() == 0_B);
    CHECK(store.put(number(3), of_size(60), memory_and_disk) == put_result::kept);
  }

  TEST_CASE("open orders are given out again, and the second answer changes nothing") {
    block_store store{100_B, 1_KiB};
    store.put(number(1), of_size(60), disk_only);
    auto order = store.next_order();
    REQUIRE(order);
    auto again = store.open_orders();
    REQUIRE(again.size() == 1);
    CHECK(again[0].number == order->number);
    CHECK(again[0].to_disk);
    store.finished(order->number, stored(order->records), 6_B);
    store.finished(order->number, stored(order->records), 6_B);
    CHECK(store.disk_used() == 6_B);
    CHECK(store.open_orders().empty());
  }

} // TEST_SUITE
