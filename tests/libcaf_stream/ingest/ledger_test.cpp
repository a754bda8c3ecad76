#include "caf_stream/ingest/ledger.hpp"

#include <doctest/doctest.h>

using namespace caf_stream;
using namespace caf_stream::ingest;

namespace {

constexpr auto t1 = from_millis(1000);
constexpr auto t2 = from_millis(2000);
constexpr auto t3 = from_millis(3000);

data::block_info block(std::uint64_t number, stream_id stream = 0) {
  return {{stream, 0, number}, 10, 100};
}

void add_five(block_ledger& ledger, std::uint64_t first) {
  for (auto i = first; i < first + 5; ++i)
    CHECK(ledger.add(block(i)));
}

} // namespace

TEST_SUITE("ingest.ledger") {

  TEST_CASE("a batch is given all blocks that wait, once") {
    block_ledger ledger;
    add_five(ledger, 0);
    CHECK(ledger.waiting_count() == 5);
    CHECK(ledger.decide(t1).at(0).size() == 5);
    CHECK(ledger.waiting_count() == 0);
    CHECK(ledger.decide(t2).empty());
    CHECK(ledger.blocks_of(t1).at(0).size() == 5);
  }

  TEST_CASE("deciding an old or equal time again changes nothing") {
    block_ledger ledger;
    add_five(ledger, 0);
    ledger.decide(t1);
    ledger.decide(t2);
    CHECK(ledger.decide(t1).at(0).size() == 5);
    add_five(ledger, 5);
    CHECK(ledger.decide(t2).empty());
    CHECK(ledger.waiting_count() == 5);
    CHECK(ledger.last_decided() == t2);
    CHECK(ledger.decide(t3).at(0).size() == 5);
  }

  TEST_CASE("a time between two decisions has nothing") {
    block_ledger ledger;
    ledger.decide(t1);
    ledger.decide(t3);
    add_five(ledger, 0);
    CHECK(ledger.decide(t2).empty());
    CHECK(ledger.waiting_count() == 5);
  }

  TEST_CASE("blocks are sorted by stream and stay in the order of their arrival") {
    block_ledger ledger;
    for (auto& info : {block(2, 1), block(0, 0), block(1, 1), block(3, 1)})
      ledger.add(info);
    auto& batch = ledger.decide(t1);
    REQUIRE(batch.size() == 2);
    CHECK(batch.at(0).size() == 1);
    REQUIRE(batch.at(1).size() == 3);
    CHECK(batch.at(1)[0].id.number == 2);
    CHECK(batch.at(1)[1].id.number == 1);
    CHECK(batch.at(1)[2].id.number == 3);
  }

  TEST_CASE("a block that comes twice counts once, also after its batch was decided") {
    block_ledger ledger;
    CHECK(ledger.add(block(1)));
    CHECK_FALSE(ledger.add(block(1)));
    CHECK(ledger.decide(t1).at(0).size() == 1);
    CHECK_FALSE(ledger.add(block(1)));
    CHECK(ledger.decide(t2).empty());
  }

  TEST_CASE("what is forgotten is returned and gone") {
    block_ledger ledger;
    add_five(ledger, 0);
    ledger.decide(t1);
    add_five(ledger, 5);
    ledger.decide(t2);
    auto forgotten = ledger.forget_through(t1);
    CHECK(forgotten.size() == 5);
    CHECK(ledger.blocks_of(t1).empty());
    CHECK(ledger.blocks_of(t2).at(0).size() == 5);
    CHECK(ledger.decide(t1).empty());
    CHECK(ledger.forget_through(t1).empty());
    CHECK(ledger.last_decided() == t2);
  }

  TEST_CASE("a hundred thousand blocks go to one batch") {
    block_ledger ledger;
    for (std::uint64_t i = 0; i < 100'000; ++i)
      ledger.add(block(i));
    CHECK(ledger.decide(t1).at(0).size() == 100'000);
  }

} // TEST_SUITE
