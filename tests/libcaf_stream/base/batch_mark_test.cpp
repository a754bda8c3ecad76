#include <doctest/doctest.h>

#include <thread>

#include "caf_stream/base/batch_mark.hpp"

using namespace caf_stream;

TEST_SUITE("base.batch_mark") {

  TEST_CASE("a thread works for the batch of its innermost mark") {
    CHECK(!current_batch());
    {
      batch_mark outer{batch_time{duration{1000}}};
      CHECK(current_batch() == batch_time{duration{1000}});
      {
        batch_mark inner{batch_time{duration{2000}}};
        CHECK(current_batch() == batch_time{duration{2000}});
        std::thread{[] { CHECK(!current_batch()); }}.join();
      }
      CHECK(current_batch() == batch_time{duration{1000}});
    }
    CHECK(!current_batch());
  }

} // TEST_SUITE
