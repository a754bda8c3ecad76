#include "bench_case.hpp"
#include "memory_probe.hpp"
#include "text_maker.hpp"
#include "text_server.hpp"

#include <boost/process.hpp>

#include <algorithm>
#include <sstream>
#include <thread>

namespace caf_stream::bench {

namespace {

namespace process = boost::process;
using std::chrono::seconds;

constexpr double mib = 1024;                       // in KiB
constexpr double idle_limit = 30'000'000.0 / 1024; // KiB
constexpr double budget = 64 * mib;
constexpr double loaded_limit = budget + 64 * mib;

/// A probe and the pipes to it.
class probe {
public:
  explicit probe(std::vector<std::string> words) {
    words.insert(words.begin(), probe_option);
    child_ = process::child{"/proc/self/exe", process::args = words,
                            process::std_in<in_, process::std_out> out_};
  }

  /// Tells it how many lines there are, and waits for its result.
  probe_result finish(std::int64_t lines = 0) {
    in_ << lines << std::endl;
    probe_result result;
    if (!(out_ >> result.now_kib >> result.peak_kib >> result.lines >> result.seconds))
      throw failure{"the probe gave no result"};
    child_.wait();
    return result;
  }

private:
  process::opstream in_;
  process::ipstream out_;
  process::child child_;
};

struct load {
  probe_result result;
  double bytes = 0;
};

/// Sends `text` again and again for as long as `time` says, and waits until all of it came out.
load run_loaded(const std::string& text, const std::string& level, double rate, seconds time,
                unsigned workers) {
  text_server server{text, time};
  probe measured{{"loaded", std::to_string(server.port()), level, "64MiB", std::to_string(rate),
                  std::to_string(workers)}};
  auto lines = std::count(text.begin(), text.end(), '\n');
  auto sent = static_cast<std::int64_t>(server.wait_until_sent());
  auto result = measured.finish(sent * lines);
  require_same(result.lines, sent * lines, "lines that came out with " + level);
  return {result, static_cast<double>(sent) * static_cast<double>(text.size())};
}

void run_idle(const bench_options& options, report& results) {
  auto result = probe{{"idle", options.quick ? "1" : "10"}}.finish();
  auto ours = static_cast<double>(result.now_kib);
  results.add({"memory", "idle", options.workers, ours / mib, idle_limit / mib, "MiB",
               idle_limit / ours, 1.0});
}

void run(const bench_options& options, report& results) {
  run_idle(options, results);
  auto text = make_text(options.quick ? 1'000'000 : 16'000'000);
  auto full = run_loaded(text, "memory_only", 0, seconds{options.quick ? 1 : 3}, options.workers);
  auto rate = full.bytes / full.result.seconds / 10;
  std::ostringstream note;
  note << "memory: the sink takes " << rate / 1e6 << " MB/s;";
  for (std::string level :
       {"memory_only", "memory_only_ser", "memory_and_disk", "memory_and_disk_ser", "disk_only"}) {
    // The receiver's default is measured for a minute.
    auto time = seconds{options.quick ? 1 : level == "memory_and_disk" ? 60 : 15};
    auto loaded = run_loaded(text, level, rate, time, options.workers);
    auto peak = static_cast<double>(loaded.result.peak_kib);
    results.add({"memory", level, options.workers, peak / mib, loaded_limit / mib, "MiB",
                 loaded_limit / peak, 1.0});
    note << ' ' << level << ": " << loaded.bytes / 1e6 << " MB in " << loaded.result.seconds
         << " s;";
  }
  results.note(note.str());
}

[[maybe_unused]] const bool registered = register_case({"memory", run});

} // namespace

} // namespace caf_stream::bench
