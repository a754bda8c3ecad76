#include <doctest/doctest.h>

#include <vector>

#include "caf_stream/shuffle/partitioner.hpp"

using namespace caf_stream;

namespace {

struct by_parity {
  std::uint32_t count() const { return 2; }
  std::uint32_t operator()(int key) const { return static_cast<std::uint32_t>(key) % 2; }
};

struct by_length {
  std::uint32_t count() const { return 4; }
  std::size_t operator()(const std::string& key) const { return key.size(); }
};

} // namespace

TEST_SUITE("shuffle.partitioner") {

  TEST_CASE("a partition follows from hash and count as documented, so it never changes") {
    for (std::uint32_t count : {1u, 2u, 3u, 7u, 1000u})
      for (std::int64_t key : {0ll, 1ll, -1ll, 123456789012ll}) {
        auto hash = codec::key_hash(key);
        auto expected =
          static_cast<std::uint64_t>((static_cast<__uint128_t>(hash >> 32) * count) >> 32);
        CHECK(hash_partitioner{count}(key) == expected);
      }
  }

  TEST_CASE("known keys are in the partitions where checkpoints have them") {
    hash_partitioner partitioner{1000};
    std::vector<partition_id> found;
    for (std::string_view word : {"", "a", "the", "streaming", "a key longer than sixteen bytes"})
      found.push_back(partitioner(word));
    CHECK(found == std::vector<partition_id>{973, 444, 34, 505, 359});
  }

  TEST_CASE("a view, its owned value and an equal number of another type go the same way") {
    hash_partitioner partitioner{97};
    for (int i = 0; i < 100; ++i) {
      auto text = "key " + std::to_string(i);
      CHECK(partitioner(text) == partitioner(std::string_view{text}));
      CHECK(partitioner(std::pair{text, i}) == partitioner(std::pair{std::string_view{text}, i}));
      CHECK(partitioner(i) == partitioner(static_cast<std::int64_t>(i)));
    }
  }

  TEST_CASE("keys are spread evenly over any number of partitions") {
    for (std::uint32_t count : {2u, 3u, 8u, 10u}) {
      std::vector<int> keys(count, 0);
      hash_partitioner partitioner{count};
      for (int i = 0; i < 20'000; ++i)
        ++keys[partitioner(i)];
      for (int n : keys) {
        CHECK(n > 20'000 / static_cast<int>(count) * 9 / 10);
        CHECK(n < 20'000 / static_cast<int>(count) * 11 / 10);
      }
    }
  }

  TEST_CASE("no partitions are refused") { CHECK_THROWS_AS(hash_partitioner{0}, error); }

  TEST_CASE("partitioners of the user's are used, and checked") {
    static_assert(partitioner_for<by_parity, int>);
    static_assert(partitioner_for<by_length, std::string>);
    static_assert(partitioner_for<hash_partitioner, std::string>);
    static_assert(!partitioner_for<int, int>);
    CHECK(shuffle::partition_of<int>(by_parity{}, 7) == 1);
    CHECK(shuffle::partition_of<std::string>(by_length{}, std::string_view{"abc"}) == 3);
    try {
      shuffle::partition_of<std::string>(by_length{}, std::string_view{"abcd"});
      FAIL("a partition that does not exist was accepted");
    } catch (const error& e) {
      CHECK(e.code() == errc::invalid_argument);
      CHECK(std::string{e.what()} == "the partitioner put a key into partition 4 of 4");
    }
  }

} // TEST_SUITE
