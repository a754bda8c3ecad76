#include "bench_case.hpp"
#include "cut_at_lines.hpp"
#include "ours_scale.hpp"
#include "ours_word_count.hpp"
#include "text_maker.hpp"

#include <algorithm>
#include <thread>

// Here the baseline is ours as well: with one worker, with one operator, and in the first batches.

namespace caf_stream::bench {

namespace {

constexpr std::size_t batch_count = 20;

/// Of what as many workers could be faster, as the machine's processors allow.
constexpr double least_share = 0.9;

void run_workers(const bench_options& options, report& results) {
  auto text = make_text(options.quick ? 8'000'000 : 400'000'000);
  auto batches = cut_at_lines(text, batch_count);
  auto million_lines = static_cast<double>(std::count(text.begin(), text.end(), '\n')) / 1e6;
  const unsigned rounds = options.quick ? 1 : options.rounds;
  for (unsigned workers : {2u, 4u}) {
    paired_rates rates;
    for (unsigned i = 0; i < rounds; ++i) {
      auto many = ours_word_count(batches, workers);
      auto one = ours_word_count(batches, 1);
      require_same(many.tally, one.tally, "words with one worker");
      rates.add(million_lines / many.seconds, million_lines / one.seconds);
    }
    auto processors = std::max(1u, std::thread::hardware_concurrency());
    results.add(rates.summary("scale", std::to_string(workers) + " workers", workers, "Mlines/s",
                              least_share * std::min(workers, processors)));
  }
}

/// How many times a second an operator takes a record.
void run_operators(const bench_options& options, report& results) {
  const std::size_t records = options.quick ? 10'000 : 1'000'000;
  auto rate_of = [&](std::size_t operators) {
    auto run = ours_operators(operators, records, batch_count, options.workers);
    auto n = static_cast<std::int64_t>(records);
    require_same(run.sum,
                 static_cast<std::int64_t>(batch_count) *
                   (n * (n - 1) / 2 + n * static_cast<std::int64_t>(operators)),
                 "records of " + std::to_string(operators) + " operators");
    return static_cast<double>(batch_count * records * operators) / run.seconds / 1e6;
  };
  const unsigned rounds = options.quick ? 1 : options.rounds;
  for (std::size_t operators : {10, 100}) {
    paired_rates rates;
    for (unsigned i = 0; i < rounds; ++i)
      rates.add(rate_of(operators), rate_of(1));
    results.add(rates.summary("scale", std::to_string(operators) + " operators", options.workers,
                              "Mrecords/s", 1.0));
  }
}

void run_ticks(const bench_options& options, report& results) {
  auto run = ours_empty_ticks(options.quick ? 2'000 : 1'000'000, options.workers);
  constexpr double mib = 1024; // in KiB
  auto before = static_cast<double>(run.first_kib) / mib;
  auto after = static_cast<double>(run.last_kib) / mib;
  results.add(
    {"scale", "ticks, memory", options.workers, after, before, "MiB", before / after, least_share});
  results.add({"scale", "ticks, time", options.workers, run.last_seconds, run.first_seconds, "s",
               run.first_seconds / run.last_seconds, least_share});
}

void run(const bench_options& options, report& results) {
  run_ticks(options, results); // first, so that no other part leaves memory
  run_workers(options, results);
  run_operators(options, results);
}

[[maybe_unused]] const bool registered = register_case({"scale", run});

} // namespace

} // namespace caf_stream::bench
