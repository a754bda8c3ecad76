#include "caf_stream/base/clock.hpp"

#include <atomic>
#include <thread>

#include <doctest/doctest.h>

#include "caf_stream/base/error.hpp"

using namespace caf_stream;
using namespace std::chrono_literals;

TEST_SUITE("base.clock") {

  TEST_CASE("a manual clock moves only when told to") {
    manual_clock time{from_millis(500)};
    CHECK(time.is_manual());
    CHECK(to_millis(time.now()) == 500);
    time.advance(250ms);
    time.advance(0ms);
    CHECK(to_millis(time.now()) == 750);
  }

  TEST_CASE("a manual clock does not go back") {
    manual_clock time{from_millis(500)};
    CHECK_THROWS_AS(time.advance(-1ms), error);
    time.reach(from_millis(400));
    CHECK(to_millis(time.now()) == 500);
  }

  TEST_CASE("reach moves a manual clock to the time") {
    manual_clock time;
    time.reach(from_millis(3000));
    CHECK(to_millis(time.now()) == 3000);
  }

  TEST_CASE("a manual clock's future is never, its past is now") {
    manual_clock time{from_millis(500)};
    CHECK(time.until(from_millis(500)) == 0ns);
    CHECK(time.until(from_millis(100)) == 0ns);
    CHECK(time.until(from_millis(501)) == std::chrono::nanoseconds::max());
  }

  TEST_CASE("subscribers hear of each move until they leave") {
    manual_clock time;
    std::vector<std::int64_t> first, second;
    auto a = time.subscribe([&](batch_time t) { first.push_back(to_millis(t)); });
    auto b = time.subscribe([&](batch_time t) { second.push_back(to_millis(t)); });
    CHECK(a != b);
    time.advance(10ms);
    time.unsubscribe(a);
    time.reach(from_millis(50));
    time.reach(from_millis(20)); // no move
    time.unsubscribe(b);
    time.advance(10ms);
    CHECK(first == std::vector<std::int64_t>{10});
    CHECK(second == std::vector<std::int64_t>{10, 50});
  }

  TEST_CASE("the system's clock goes on when the wall clock is set back, and forward with it") {
    system_clock::wall_time wall{1000s};
    system_clock::steady_time steady{5s};
    system_clock time{[&] { return wall; }, [&] { return steady; }};
    auto pass = [&](std::chrono::milliseconds d) {
      wall += d;
      steady += d;
    };
    CHECK(to_millis(time.now()) == 1'000'000);
    pass(100ms);
    CHECK(to_millis(time.now()) == 1'000'100);
    wall -= 1h;
    CHECK(to_millis(time.now()) == 1'000'100);
    pass(100ms);
    CHECK(to_millis(time.now()) == 1'000'200);
    CHECK(time.until(from_millis(1'000'250)) == 50ms);
    wall += 1h + 2s; // corrected, and too far
    CHECK(to_millis(time.now()) == 1'002'200);
  }

  TEST_CASE("a wall clock that is slowed down a little is followed, but not backwards") {
    system_clock::wall_time wall{1000s};
    system_clock::steady_time steady{5s};
    system_clock time{[&] { return wall; }, [&] { return steady; }};
    CHECK(to_millis(time.now()) == 1'000'000);
    for (int i = 0; i < 1000; ++i) {
      wall += 99ms;
      steady += 100ms;
      time.now();
    }
    CHECK(to_millis(time.now()) == 1'099'000);
    wall -= 5ms;
    CHECK(to_millis(time.now()) == 1'099'000);
  }

  TEST_CASE("a manual clock is moved and read from several threads") {
    manual_clock time;
    std::atomic<int> calls{0};
    auto id = time.subscribe([&](batch_time) { ++calls; });
    std::vector<std::thread> movers;
    for (int i = 0; i < 4; ++i)
      movers.emplace_back([&] {
        for (int k = 0; k < 250; ++k)
          time.advance(1ms);
      });
    for (auto& mover : movers)
      mover.join();
    time.unsubscribe(id);
    CHECK(to_millis(time.now()) == 1000);
    CHECK(calls == 1000);
  }

  TEST_CASE("the machine's clock shows whole milliseconds and passes by itself") {
    auto time = default_clock();
    CHECK_FALSE(time->is_manual());
    auto before = std::chrono::system_clock::now();
    auto now = time->now();
    auto after = std::chrono::system_clock::now();
    CHECK(now + 1ms > before);
    CHECK(now <= after);
    CHECK(time->until(now - 1s) == 0ns);
    auto wait = time->until(now + 1h);
    CHECK(wait > 59min);
    CHECK(wait <= 1h);
    time->reach(now);
    CHECK(time->now() >= now);
    CHECK(default_clock() == time);
  }

} // TEST_SUITE
