#include "caf_stream/ingest/sequence_set.hpp"

#include <limits>
#include <random>
#include <set>

#include <doctest/doctest.h>

using namespace caf_stream;
using ingest::sequence_set;

namespace {

using runs = std::map<std::uint64_t, std::uint64_t>;
constexpr auto largest = std::numeric_limits<std::uint64_t>::max();

} // namespace

TEST_SUITE("ingest.sequence_set") {

  TEST_CASE("neighbours become one run") {
    sequence_set set;
    for (std::uint64_t n : {5, 3, 1, 2})
      CHECK(set.insert(n));
    CHECK(set.runs() == runs{{1, 3}, {5, 5}});
    CHECK(set.begins_run(7));
    CHECK_FALSE(set.begins_run(4));
    CHECK_FALSE(set.begins_run(6));
    CHECK_FALSE(set.begins_run(0));
    CHECK(set.insert(4));
    CHECK(set.runs() == runs{{1, 5}});
    CHECK_FALSE(set.insert(3));
  }

  TEST_CASE("the first and the last number are like others") {
    sequence_set set;
    CHECK(set.insert(largest));
    CHECK(set.insert(0));
    CHECK_FALSE(set.insert(largest));
    CHECK_FALSE(set.insert(0));
    CHECK(set.insert(largest - 1));
    CHECK(set.insert(1));
    CHECK(set.runs() == runs{{0, 1}, {largest - 1, largest}});
  }

  TEST_CASE("it answers as a set of numbers does, also after merging and encoding") {
    auto seed = std::random_device{}();
    INFO("seed " << seed);
    std::mt19937_64 random{seed};
    for (int round = 0; round < 200; ++round) {
      std::set<std::uint64_t> expected;
      ingest::sequence_sets halves;
      for (int i = 0; i < 60; ++i) {
        auto n = random() % 50;
        auto& half = halves[random() % 2 == 0 ? "" : "other"];
        auto known = half.contains(n);
        if (half.insert(n) == known)
          FAIL("number ", n);
        expected.insert(n);
      }
      auto read = ingest::decode_sequences(ingest::encode_sequences(halves));
      REQUIRE(read);
      auto merged = (*read)[""];
      merged.merge((*read)["other"]);
      std::uint64_t after_last = 0;
      for (auto& [first, last] : merged.runs()) {
        CHECK(first <= last);
        CHECK((first == 0 || first > after_last)); // else it would be one run
        after_last = last + 1;
      }
      for (std::uint64_t n = 0; n < 52; ++n)
        if (merged.contains(n) != expected.contains(n))
          FAIL("number ", n);
    }
  }

  TEST_CASE("bytes that are no sets are an error") {
    auto read = ingest::decode_sequences("\xc1\x01");
    REQUIRE_FALSE(read);
    CHECK(read.error().code() == errc::damaged_data);
  }

} // TEST_SUITE
