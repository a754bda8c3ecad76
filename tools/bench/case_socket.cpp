#include "baseline_socket.hpp"
#include "bench_case.hpp"
#include "ours_socket.hpp"
#include "text_maker.hpp"
#include "text_server.hpp"

#include <algorithm>

namespace caf_stream::bench {

namespace {

/// Gigabytes a second from the first byte that was sent.
double rate(const text_server& server, const socket_run& run) {
  std::chrono::duration<double> time = run.end - server.first_byte_time();
  return static_cast<double>(server.bytes()) / 1e9 / time.count();
}

void run(const bench_options& options, report& results) {
  auto text = make_text(options.quick ? 8'000'000 : 100'000'000);
  std::size_t repeats = options.quick ? 2 : 20;
  auto lines = std::count(text.begin(), text.end(), '\n') * static_cast<std::int64_t>(repeats);
  paired_rates rates;
  for (unsigned i = 0; i < options.rounds; ++i) {
    text_server our_server{text, repeats};
    auto ours = ours_read_lines(our_server.port(), lines, options.workers);
    text_server plain_server{text, repeats};
    auto plain = read_lines(plain_server.port(), plain_server.bytes());
    require_same(ours.lines, plain.lines, "lines received");
    rates.add(rate(our_server, ours), rate(plain_server, plain));
  }
  results.add(rates.summary("socket", "lines", options.workers, "GB/s", 0.8));
}

[[maybe_unused]] const bool registered = register_case({"socket", run});

} // namespace

} // namespace caf_stream::bench
