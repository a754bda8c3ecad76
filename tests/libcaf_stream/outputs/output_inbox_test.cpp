#include "caf_stream/outputs/output_inbox.hpp"

#include <doctest/doctest.h>

using namespace caf_stream;

namespace {

output_id id(std::int64_t batch, partition_id partition = 0, std::uint64_t epoch = 0,
             std::string output = "counts") {
  return {std::move(output), from_millis(batch), partition, epoch};
}

} // namespace

TEST_SUITE("outputs.output_inbox") {

  TEST_CASE("each partition of each batch of each output is taken once") {
    output_inbox inbox;
    CHECK(inbox.take(id(1000)));
    CHECK(inbox.take(id(1000, 1)));
    CHECK(inbox.take(id(2000)));
    CHECK(inbox.take(id(1000, 0, 0, "sums")));
    CHECK_FALSE(inbox.take(id(1000)));
    CHECK_FALSE(inbox.take(id(2000)));
    CHECK(inbox.take(id(1500))); // late, but new
    CHECK(inbox.dropped() == 2);
  }

  TEST_CASE("an output that is handed over again by a later driver is the same one") {
    output_inbox inbox;
    CHECK(inbox.take(id(1000, 0, 1)));
    CHECK_FALSE(inbox.take(id(1000, 0, 2)));
  }

  TEST_CASE("what an earlier driver still hands over is refused") {
    output_inbox inbox;
    CHECK(inbox.take(id(1000, 0, 2)));
    CHECK_FALSE(inbox.take(id(2000, 0, 1)));
    CHECK(inbox.take(id(2000, 0, 2)));
  }

  TEST_CASE("batches that are too old count as taken") {
    output_inbox inbox{2};
    for (std::int64_t batch : {1000, 2000, 3000, 4000})
      CHECK(inbox.take(id(batch)));
    CHECK_FALSE(inbox.take(id(1000)));
    CHECK_FALSE(inbox.take(id(1500)));
    CHECK_FALSE(inbox.take(id(4000)));
    CHECK(inbox.take(id(1000, 1))); // of another partition none is forgotten
  }

  TEST_CASE("what was given back is taken again") {
    output_inbox inbox;
    CHECK(inbox.take(id(1000)));
    inbox.give_back(id(1000));
    CHECK(inbox.take(id(1000)));
    inbox.give_back(id(9000, 7));
  }

} // TEST_SUITE
