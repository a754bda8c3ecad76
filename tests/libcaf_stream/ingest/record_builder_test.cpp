#include "caf_stream/ingest/record_builder.hpp"

#include <atomic>
#include <numeric>
#include <random>
#include <thread>

#include <doctest/doctest.h>

#include "support/recording_port.hpp"

using namespace caf_stream;
using namespace caf_stream::ingest;
using namespace std::chrono_literals;
using caf_stream::test::eventually;
using caf_stream::test::records_of;
using caf_stream::test::take_all;

namespace {

builder_options small_blocks(std::uint64_t bytes) {
  builder_options options;
  options.block_size = bytes;
  return options;
}

std::vector<long> numbers(long first, long last) {
  std::vector<long> result(static_cast<std::size_t>(last - first));
  std::iota(result.begin(), result.end(), first);
  return result;
}

errc code_of(const status& outcome) { return outcome ? errc{} : outcome.error().code(); }

} // namespace

TEST_SUITE("ingest.record_builder") {

  TEST_CASE("records are in the open block, in order, until it is cut") {
    record_builder<long> builder{{}};
    for (long i = 0; i < 10; ++i)
      CHECK(builder.add(i));
    CHECK(builder.accepted() == 10);
    CHECK_FALSE(builder.take());
    builder.cut();
    auto block = builder.take();
    REQUIRE(block);
    CHECK(block.records() == 10);
    CHECK(block.bytes() == 10 * sizeof(long));
    CHECK(records_of<long>(block) == numbers(0, 10));
    CHECK_FALSE(builder.take());
  }

  TEST_CASE("a cut of an empty block makes none") {
    record_builder<long> builder{{}};
    builder.cut();
    CHECK(builder.sealed() == 0);
    CHECK_FALSE(builder.take());
  }

  TEST_CASE("a block is sealed by its size, which is told") {
    auto options = small_blocks(4 * sizeof(long));
    int told = 0;
    options.on_sealed = [&] { ++told; };
    record_builder<long> builder{options};
    for (long i = 0; i < 7; ++i)
      CHECK(builder.add(i));
    CHECK(told == 1);
    CHECK(builder.sealed() == 1);
    CHECK(records_of<long>(builder.take()) == numbers(0, 4));
    builder.cut();
    CHECK(told == 1);
    CHECK(records_of<long>(builder.take()) == numbers(4, 7));
  }

  TEST_CASE("who is told may take the block at once") {
    auto options = small_blocks(sizeof(long));
    record_builder<long>* self = nullptr;
    std::size_t taken = 0;
    options.on_sealed = [&] { taken += self->take().records(); };
    record_builder<long> builder{options};
    self = &builder;
    for (long i = 0; i < 100; ++i)
      CHECK(builder.add(i));
    CHECK(taken == 100);
  }

  TEST_CASE("text is copied") {
    record_builder<std::string_view> builder{{}};
    std::string text = "ab";
    CHECK(builder.add(text));
    text = "xy";
    CHECK(builder.add(""));
    CHECK(builder.add(std::string_view{"\0\xff\r\n", 4}));
    CHECK(take_all<std::string_view>(builder) ==
          std::vector<std::string>{"ab", "", std::string{"\0\xff\r\n", 4}});
  }

  TEST_CASE("views inside records are owned, and what can only be moved is moved") {
    record_builder<std::pair<std::string_view, long>> pairs{{}};
    CHECK(pairs.add({std::string{"key, longer than what fits inside"}, 1}));
    CHECK(take_all<std::pair<std::string_view, long>>(pairs) ==
          std::vector<std::pair<std::string, long>>{{"key, longer than what fits inside", 1}});
    record_builder<std::unique_ptr<int>> pointers{{}};
    CHECK(pointers.add(std::make_unique<int>(5)));
    pointers.cut();
    CHECK(pointers.take().records() == 1);
  }

  TEST_CASE("a record that is too long is refused and says so") {
    builder_options options;
    options.max_record_bytes = 4;
    record_builder<std::string> builder{options};
    CHECK(builder.add("1234"));
    auto refused = builder.add("12345");
    CHECK(code_of(refused) == errc::invalid_argument);
    CHECK(std::string{refused.error().what()} ==
          "a record of 5 bytes was refused: the limit is 4 bytes");
    CHECK(take_all<std::string>(builder) == std::vector<std::string>{"1234"});
  }

  TEST_CASE("a producer waits while too many blocks have not been taken") {
    record_builder<long> builder{small_blocks(sizeof(long))};
    CHECK(builder.add(0));
    CHECK(builder.add(1));
    std::thread producer{[&] { CHECK(builder.add(2)); }};
    CHECK(eventually([&] { return builder.has_waiting_producer(); }));
    CHECK(builder.accepted() == 2);
    CHECK(records_of<long>(builder.take()) == numbers(0, 1));
    producer.join();
    CHECK(take_all<long>(builder) == numbers(1, 3));
    CHECK_FALSE(builder.has_waiting_producer());
  }

  TEST_CASE("a cut seals the open block even when enough are sealed") {
    builder_options options;
    options.max_sealed = 1;
    record_builder<long> builder{options};
    CHECK(builder.add(0));
    builder.cut();
    std::thread producer{[&] { CHECK(builder.add(1)); }};
    CHECK(eventually([&] { return builder.has_waiting_producer(); }));
    builder.take();
    producer.join();
    builder.cut();
    CHECK(builder.sealed() == 1);
    CHECK(records_of<long>(builder.take()) == numbers(1, 2));
  }

  TEST_CASE("an interrupt ends a wait, refuses records and keeps those that were added") {
    record_builder<long> builder{small_blocks(sizeof(long))};
    CHECK(builder.add(0));
    CHECK(builder.add(1));
    status outcome;
    std::thread producer{[&] { outcome = builder.add(2); }};
    CHECK(eventually([&] { return builder.has_waiting_producer(); }));
    builder.interrupt();
    producer.join();
    CHECK(code_of(outcome) == errc::stopped);
    CHECK(take_all<long>(builder) == numbers(0, 2));
    CHECK(code_of(builder.add(2)) == errc::stopped);
    builder.resume();
    CHECK(builder.add(3));
    CHECK(take_all<long>(builder) == numbers(3, 4));
  }

  TEST_CASE("a closed builder refuses records for good but gives out what it has") {
    record_builder<long> builder{{}};
    for (long i = 0; i < 1000; ++i)
      CHECK(builder.add(i));
    builder.close();
    builder.close();
    CHECK(code_of(builder.add(0)) == errc::stopped);
    builder.resume();
    CHECK(code_of(builder.add(0)) == errc::stopped);
    CHECK(take_all<long>(builder) == numbers(0, 1000));
  }

  TEST_CASE("a wait for the rate ends with an update of it, and with an interrupt") {
    builder_options options;
    options.limiter = std::make_shared<rate_limiter>(std::nullopt, 0.001);
    record_builder<long> builder{options};
    CHECK(builder.add(0));
    std::thread producer{[&] { CHECK(builder.add(1)); }};
    CHECK(eventually([&] { return builder.has_waiting_producer(); }));
    CHECK(builder.accepted() == 1);
    options.limiter->update(1e6);
    producer.join();
    CHECK(builder.accepted() == 2);
    options.limiter->update(0.001);
    status outcome;
    std::thread other{[&] {
      while ((outcome = builder.add(2)))
        ;
    }};
    CHECK(eventually([&] { return builder.has_waiting_producer(); }));
    builder.interrupt();
    other.join();
    CHECK(code_of(outcome) == errc::stopped);
  }

  TEST_CASE("no record is lost or there twice, however blocks are cut and taken") {
    constexpr long per_thread = 20'000;
    constexpr int threads = 4;
    auto seed = std::random_device{}();
    CAPTURE(seed);
    record_builder<std::pair<int, long>> builder{small_blocks(1000 * 16)};
    std::vector<std::thread> producers;
    std::atomic<int> running{threads};
    for (int t = 0; t < threads; ++t)
      producers.emplace_back([&, t] {
        for (long i = 0; i < per_thread; ++i) {
          while (!builder.add({t, i}))
            std::this_thread::yield();
        }
        --running;
      });
    std::thread disturber{[&] {
      while (running != 0) {
        builder.interrupt();
        builder.resume();
        std::this_thread::yield();
      }
    }};
    std::vector<long> next(threads, 0);
    bool in_order = true;
    std::mt19937 random{seed};
    auto drain = [&] {
      while (auto block = builder.take())
        for (auto& [thread, i] : records_of<std::pair<int, long>>(block))
          in_order = in_order && i == next[static_cast<std::size_t>(thread)]++;
    };
    while (running != 0) {
      if (random() % 3 == 0)
        builder.cut();
      drain();
      if (random() % 8 == 0)
        std::this_thread::sleep_for(std::chrono::microseconds{random() % 200});
    }
    for (auto& producer : producers)
      producer.join();
    disturber.join();
    builder.cut();
    drain();
    CHECK(in_order);
    CHECK(next == std::vector<long>(threads, per_thread));
  }

  TEST_CASE("a limited producer fills blocks evenly") {
    builder_options options;
    options.limiter = std::make_shared<rate_limiter>(10'000);
    record_builder<long> builder{options};
    std::atomic<bool> done{false};
    std::thread producer{[&] {
      for (long i = 0; !done; ++i)
        (void)builder.add(i);
    }};
    std::this_thread::sleep_for(100ms);
    auto before = builder.accepted();
    auto begin = std::chrono::steady_clock::now();
    std::this_thread::sleep_for(300ms);
    auto count = static_cast<double>(builder.accepted() - before);
    std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    done = true;
    builder.close();
    producer.join();
    // What a late wake-up missed is made up for by a twentieth of a second at most.
    CHECK(count <= 10'000 * (took.count() + 0.06));
    CHECK(count >= 10'000 * took.count() * 0.5);
  }

  TEST_CASE("a block can be made of records at once") {
    CHECK(make_block<long>({1, 2, 3}).records() == 3);
    CHECK(make_block<long>({1, 2, 3}).bytes() == 3 * sizeof(long));
    CHECK(records_of<long>(make_block<long>(numbers(0, 9))) == numbers(0, 9));
    CHECK(records_of<std::string>(make_block<std::string>({"a", "b"})) ==
          std::vector<std::string>{"a", "b"});
    CHECK(records_of<std::string_view>(make_block<std::string_view>({"a", "b"})) ==
          std::vector<std::string>{"a", "b"});
    CHECK(records_of<bool>(make_block<bool>({true, false})) == std::vector<bool>{true, false});
  }

} // TEST_SUITE
