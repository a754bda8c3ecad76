#include <doctest/doctest.h>

#include <random>

#include "caf_stream/data/block.hpp"

using namespace caf_stream;
using data::block_info;
using data::block_part;
using data::pack_blocks;

namespace {

constexpr std::uint64_t kib = 1024;

block_info block(std::uint64_t number, std::uint64_t records, std::uint64_t bytes) {
  return {{0, 0, number}, records, bytes};
}

// Every record of every block once, in order.
void check_complete(const std::vector<block_info>& blocks,
                    const std::vector<std::vector<block_part>>& packed) {
  std::vector<block_part> all;
  for (auto& partition : packed) {
    CHECK(!partition.empty());
    all.insert(all.end(), partition.begin(), partition.end());
  }
  std::size_t at = 0;
  for (auto& each : blocks) {
    std::uint64_t next = 0;
    while (next < each.records) {
      REQUIRE(at < all.size());
      REQUIRE(all[at].id == each.id);
      REQUIRE(all[at].first == next);
      REQUIRE(all[at].last > next);
      next = all[at++].last;
    }
    REQUIRE(next == each.records);
  }
  CHECK(at == all.size());
}

} // namespace

TEST_SUITE("data.block") {

  TEST_CASE("no blocks, and blocks without records, give no partitions") {
    CHECK(pack_blocks({}, 4).empty());
    CHECK(pack_blocks({block(1, 0, 100 * kib)}, 4).empty());
  }

  TEST_CASE("little data is not spread over many tasks") {
    auto packed = pack_blocks({block(1, 10, 100), block(2, 10, 100)}, 8);
    CHECK(packed.size() == 1);
    CHECK(packed[0].size() == 2);
  }

  TEST_CASE("one large block is split evenly") {
    std::vector<block_info> blocks{block(1, 1000, 4096 * kib)};
    auto packed = pack_blocks(blocks, 4);
    REQUIRE(packed.size() == 4);
    check_complete(blocks, packed);
    for (auto& partition : packed) {
      CHECK(partition.size() == 1);
      CHECK(partition[0].last - partition[0].first == 250);
    }
  }

  TEST_CASE("a block of one record is never split") {
    std::vector<block_info> blocks{block(1, 1, 4096 * kib), block(2, 1, kib)};
    auto packed = pack_blocks(blocks, 4);
    check_complete(blocks, packed);
    CHECK(packed.size() <= 2);
  }

  TEST_CASE("any blocks are covered once, in order, by partitions of about equal bytes") {
    std::mt19937 random{20240607};
    for (int run = 0; run < 500; ++run) {
      std::vector<block_info> blocks;
      std::uint64_t total = 0;
      for (std::uint64_t i = 0, n = random() % 12; i < n; ++i) {
        auto records = random() % 4 == 0 ? random() % 3 : random() % 50'000;
        blocks.push_back(block(i, records, records * (1 + random() % 200)));
        total += blocks.back().bytes;
      }
      auto wanted = 1 + random() % 8;
      auto packed = pack_blocks(blocks, wanted);
      CAPTURE(run);
      CHECK(packed.size() <= wanted);
      check_complete(blocks, packed);
      for (auto& partition : packed) {
        double bytes = 0;
        for (auto& part : partition) {
          auto& whole = blocks[part.id.number];
          bytes += static_cast<double>(whole.bytes) * static_cast<double>(part.last - part.first) /
                   static_cast<double>(whole.records);
        }
        CHECK(bytes <= static_cast<double>(total) / static_cast<double>(packed.size()) + 20'000);
      }
    }
  }

} // TEST_SUITE
