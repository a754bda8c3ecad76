#pragma once

// A case measures ours and its baseline in turn, round after round, checks that both came to the
// same result and reports the medians of the rounds. Each is one file, `case_NAME.cpp`, that
// registers itself.

#include "failure.hpp"
#include "report.hpp"

#include <string>
#include <vector>

namespace caf_stream::bench {

struct bench_options {
  /// Small data: shows that everything runs and agrees; the figures mean little.
  bool quick = false;
  /// Of ours, and threads of the baselines.
  unsigned workers = 2;
  unsigned rounds = 5;
};

struct bench_case {
  std::string name;
  /// Throws `failure` where ours and the baseline disagree or the baseline is unsound.
  void (*run)(const bench_options&, report&);
};

/// Makes a case known; returns true, so that it can initialize a constant of its file.
bool register_case(bench_case c);

/// All cases, by name.
std::vector<bench_case> registered_cases();

/// Throws `failure` saying `what` unless `ours` equals `baseline`.
template <class T>
void require_same(const T& ours, const T& baseline, const std::string& what) {
  if (!(ours == baseline))
    throw failure{"ours and the baseline disagree: " + what};
}

/// A yardstick must be sound: notes how much faster the tuned baseline was than the naive one, and
/// throws `failure` where it was not 1.7 times as fast, unless the data is small: there other
/// things count than what the baselines differ in.
void check_tuning(const paired_rates& tuned_and_naive, const std::string& of,
                  const bench_options& options, report& results);

} // namespace caf_stream::bench
