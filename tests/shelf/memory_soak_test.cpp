// slow: a text much larger than the memory budget goes through, and memory stays bounded.

#include <atomic>
#include <charconv>
#include <fstream>
#include <thread>

#include <doctest/doctest.h>

#include "caf_stream/streaming_context.hpp"
#include "support/engine.hpp"
#include "support/line_server.hpp"
#include "support/temp_folder.hpp"

using namespace caf_stream;
using namespace std::chrono_literals;
using test::line_peer;
using test::line_server;

namespace {

constexpr std::int64_t total_lines = 1'500'000;
constexpr std::size_t line_size = 100; // with its end
constexpr std::uint64_t budget = 8 << 20;

/// What may be in memory beyond the budget. Where all messages go through their encoding, the heap
/// of each thread that encodes keeps the room that a batch's bytes took.
std::uint64_t slack() { return settings{}.encode_local ? 192 << 20 : 64 << 20; }

std::uint64_t resident_bytes() {
  std::ifstream statm{"/proc/self/statm"};
  std::uint64_t all = 0, resident = 0;
  statm >> all >> resident;
  return resident * 4096;
}

/// Sends the numbered lines as fast as they are taken.
void send_lines(line_peer& peer) {
  std::string text;
  for (std::int64_t n = 0; n < total_lines; ++n) {
    auto line = std::to_string(n);
    line.resize(line_size - 1, n % 7 == 0 ? 'x' : static_cast<char>('a' + n % 23));
    // The number ends where a letter begins.
    text += line;
    text += '\n';
    if (text.size() > 1'000'000) {
      if (!peer.send(text))
        return;
      text.clear();
    }
  }
  peer.send(text);
  peer.wait_until_closed();
}

std::int64_t number_of(std::string_view line) {
  std::int64_t n = -1;
  std::from_chars(line.data(), line.data() + line.size(), n);
  return line.size() == line_size - 1 ? n : -1;
}

/// What a sink has seen.
struct account {
  std::atomic<std::int64_t> lines{0};
  std::atomic<std::int64_t> sum{0};
  std::atomic<std::uint64_t> peak{0};

  void add(std::int64_t n, std::int64_t numbers) {
    sum += numbers;
    lines += n;
    look();
  }

  void look() {
    auto now = resident_bytes();
    for (auto before = peak.load(); now > before && !peak.compare_exchange_weak(before, now);) {
    }
  }
};

/// Runs all lines through `sink` and checks that each came once and that memory stayed bounded.
template <class Sink>
void run(storage_level level, Sink sink) {
  test::temp_folder spill_dir;
  line_server server{[](line_peer& peer, std::size_t) { send_lines(peer); }};
  auto options = test::small_settings();
  options.block_size = 1_MiB;
  options.memory_budget = byte_count{budget};
  options.spill_limit = 1_GiB;
  options.spill_dir = spill_dir.path();
  auto seen = std::make_shared<account>();
  auto before = resident_bytes();
  {
    auto events = std::make_shared<test::recorder>();
    streaming_context context{test::shared_system(), 100ms, options};
    context.add_listener(events);
    context.socket_text_stream("127.0.0.1", server.port(), level)
      .foreach_partition(
        [seen, sink](record_range<std::string_view>& lines) { sink(lines, *seen); });
    context.start();
    for (std::size_t batches = 1; seen->lines < total_lines; ++batches)
      REQUIRE(events->wait_for_batches(batches));
    context.stop();
  }
  CHECK(seen->lines == total_lines);
  CHECK(seen->sum == total_lines * (total_lines - 1) / 2);
  auto more = static_cast<std::int64_t>(seen->peak) - static_cast<std::int64_t>(before);
  MESSAGE(to_string(level) << ": " << more / 1024 / 1024 << " MiB more than before");
  CHECK(seen->peak < before + budget + slack());
}

} // namespace

TEST_SUITE("shelf.memory_soak") {

  TEST_CASE("against a slow sink the sender waits or blocks go to disk, by level") {
    auto slowly = [](auto& lines, account& seen) {
      std::int64_t n = 0, sum = 0;
      for (auto line : lines) {
        sum += number_of(line);
        if (++n % 10'000 == 0) {
          seen.look();
          std::this_thread::sleep_for(20ms); // the slowness that is to be tested
        }
      }
      seen.add(n, sum);
    };
    for (auto level : {storage_level::memory_only, storage_level::memory_only_ser,
                       storage_level::memory_and_disk, storage_level::disk_only})
      run(level, slowly);
  }

  TEST_CASE("all lines of a partition can be looked at at its end, also where they are on disk") {
    auto keeping = [](auto& lines, account& seen) {
      std::vector<std::string_view> all;
      for (auto line : lines) {
        all.push_back(line);
        if (all.size() % 10'000 == 0) {
          seen.look();
          std::this_thread::sleep_for(5ms);
        }
      }
      std::int64_t sum = 0;
      for (auto line : all)
        sum += number_of(line);
      seen.sum += sum;
      seen.lines += static_cast<std::int64_t>(all.size());
    };
    run(storage_level::disk_only, keeping);
  }

} // TEST_SUITE
