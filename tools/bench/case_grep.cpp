#include "baseline_grep.hpp"
#include "bench_case.hpp"
#include "cut_at_lines.hpp"
#include "ours_grep.hpp"
#include "text_maker.hpp"

namespace caf_stream::bench {

namespace {

constexpr std::size_t batch_count = 20;

void run(const bench_options& options, report& results) {
  std::size_t records = options.quick ? 100'000 : 5'000'000;
  auto data = make_grep_data(records);
  auto batches = cut_at_lines(data.text, batch_count);
  auto million_records = static_cast<double>(records) / 1e6;
  paired_rates rates;
  for (unsigned i = 0; i < options.rounds; ++i) {
    auto ours = ours_grep(batches, data.word, options.workers);
    auto plain = plain_grep(batches, data.word, options.workers);
    require_same(ours.matches, plain.matches, "records that match, batch by batch");
    rates.add(million_records / ours.seconds, million_records / plain.seconds);
  }
  results.add(rates.summary("grep", "find", options.workers, "Mrecords/s", 0.8));
}

[[maybe_unused]] const bool registered = register_case({"grep", run});

} // namespace

} // namespace caf_stream::bench
