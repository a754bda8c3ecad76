#include "memory_probe.hpp"

#include "bench_context.hpp"
#include "failure.hpp"
#include "process_memory.hpp"

#include <atomic>
#include <iostream>
#include <thread>

namespace caf_stream::bench {

namespace {

using namespace std::chrono_literals;

constexpr auto interval = 100ms;

/// Lets `rate` bytes a second pass, over all threads.
class slow_sink {
public:
  explicit slow_sink(double rate) : rate_(rate) {}

  void take(std::size_t bytes) {
    auto before = bytes_.fetch_add(static_cast<std::int64_t>(bytes));
    // Looking at the clock for each line would be the slowest of all.
    if (rate_ == 0 || before / step == (before + static_cast<std::int64_t>(bytes)) / step)
      return;
    auto due = begin_ + std::chrono::duration<double>{static_cast<double>(before) / rate_};
    std::this_thread::sleep_until(std::chrono::time_point_cast<std::chrono::nanoseconds>(due));
  }

private:
  static constexpr std::int64_t step = 1 << 20;

  double rate_;
  std::atomic<std::int64_t> bytes_{0};
  std::chrono::time_point<std::chrono::steady_clock, std::chrono::duration<double>> begin_ =
    std::chrono::steady_clock::now();
};

storage_level level_called(const std::string& name) {
  for (auto i = 0; i <= static_cast<int>(storage_level::disk_only_2); ++i)
    if (auto level = static_cast<storage_level>(i); to_string(level) == name)
      return level;
  throw failure{"there is no storage level " + name};
}

void print(std::int64_t lines, double seconds) {
  std::cout << process_memory("VmRSS") << ' ' << process_memory("VmHWM") << ' ' << lines << ' '
            << seconds << std::endl;
}

void run_idle(std::chrono::seconds time) {
  config cfg;
  streaming_context context{cfg, 1s};
  // A listener of its own that never says anything would be another process; nobody listens here.
  context.socket_text_stream("127.0.0.1", 9)
    .flat_map(split_words)
    .map([](std::string_view word) {
      return std::pair{word, 1L};
    })
    .reduce_by_key(std::plus{})
    .foreach_rdd([](const auto& counts) { counts.count(); });
  context.start();
  std::this_thread::sleep_for(time);
  print(0, static_cast<double>(time.count()));
  context.stop({.gracefully = false, .timeout = std::nullopt});
}

void run_loaded(const std::vector<std::string>& words) {
  config cfg;
  auto port = static_cast<std::uint16_t>(std::stoi(words.at(1)));
  auto level = level_called(words.at(2));
  if (auto set = cfg.stream.set("memory-budget", words.at(3)); !set)
    throw failure{set.error().what()};
  cfg.stream.workers = std::stoul(words.at(5));
  auto sink = std::make_shared<slow_sink>(std::stod(words.at(4)));
  auto seen = std::make_shared<std::atomic<std::int64_t>>(0);
  streaming_context context{cfg, interval};
  auto watch = std::make_shared<batch_watch>();
  context.add_listener(watch);
  context.socket_text_stream("127.0.0.1", port, level)
    .foreach_partition([sink, seen](auto&& lines, const output_id&) {
      std::int64_t n = 0;
      for (auto line : lines) {
        sink->take(line.size() + 1);
        ++n;
      }
      *seen += n;
    });
  auto begin = std::chrono::steady_clock::now();
  context.start();
  std::int64_t expected = 0;
  std::cin >> expected;
  for (std::size_t batches = 1; *seen < expected; ++batches)
    watch->wait_for(batches);
  std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
  print(*seen, time.count());
  context.stop({.gracefully = false, .timeout = std::nullopt});
}

} // namespace

int run_memory_probe(const std::vector<std::string>& words) {
  try {
    if (!words.empty() && words[0] == "idle")
      run_idle(std::chrono::seconds{std::stoi(words.at(1))});
    else
      run_loaded(words);
    return 0;
  } catch (const std::exception& e) {
    std::cerr << "probe: " << e.what() << '\n';
    return 1;
  }
}

} // namespace caf_stream::bench
