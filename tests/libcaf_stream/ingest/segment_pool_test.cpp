#include "caf_stream/ingest/segment_pool.hpp"

#include <thread>

#include <doctest/doctest.h>

using namespace caf_stream;
using namespace caf_stream::ingest;

namespace {

constexpr std::size_t segment_size = 64 * 1024;

auto make_pool(std::size_t spare) {
  return std::make_shared<segment_pool>(segment_size, spare * segment_size);
}

} // namespace

TEST_SUITE("ingest.segment_pool") {

  TEST_CASE("a segment that nobody uses any more is given out again") {
    auto pool = make_pool(2);
    auto first = pool->get(100);
    CHECK(first->capacity() == segment_size);
    auto* memory = first->data();
    first.reset();
    CHECK(pool->spare() == 1);
    CHECK(pool->get(segment_size)->data() == memory);
  }

  TEST_CASE("no more segments are kept than there may be") {
    auto pool = make_pool(2);
    std::vector<std::shared_ptr<data::text_segment>> used;
    for (int i = 0; i < 5; ++i)
      used.push_back(pool->get(1));
    used.clear();
    CHECK(pool->spare() == 2);
  }

  TEST_CASE("a larger segment is made for the occasion") {
    auto pool = make_pool(2);
    CHECK(pool->get(segment_size + 1)->capacity() == segment_size + 1);
    CHECK(pool->spare() == 0);
  }

  TEST_CASE("segments may outlive who made the pool") {
    auto pool = make_pool(2);
    auto segment = pool->get(1);
    pool.reset();
    segment->data()[0] = 'x';
    segment.reset();
  }

  TEST_CASE("what was not needed for a while is given back, little by little") {
    auto pool = make_pool(8);
    std::vector<std::shared_ptr<data::text_segment>> used;
    for (int i = 0; i < 8; ++i)
      used.push_back(pool->get(1));
    used.clear();
    pool->trim(); // eight came back since the last time: none of them was spare all the while
    CHECK(pool->spare() == 8);
    for (std::size_t expected : {4, 2, 1, 0, 0}) {
      pool->trim();
      CHECK(pool->spare() == expected);
    }
  }

  TEST_CASE("segments that are in use between two trims are kept") {
    auto pool = make_pool(4);
    std::vector<std::shared_ptr<data::text_segment>> used;
    for (int round = 0; round < 10; ++round) {
      for (int i = 0; i < 4; ++i)
        used.push_back(pool->get(1));
      used.clear();
      pool->trim();
    }
    CHECK(pool->spare() == 4);
  }

  TEST_CASE("threads take and give back at once") {
    auto pool = make_pool(4);
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([&] {
        for (int i = 0; i < 2000; ++i) {
          auto segment = pool->get(1);
          segment->data()[0] = 'x';
          if (i % 100 == 0)
            pool->trim();
        }
      });
    for (auto& thread : threads)
      thread.join();
    CHECK(pool->spare() <= 4);
  }

} // TEST_SUITE
