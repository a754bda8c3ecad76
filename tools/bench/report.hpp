#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace caf_stream::bench {

/// What a case found out about one variant. `ratio` is made so that more is better: ours through
/// baseline for rates, baseline through ours for times.
struct figure {
  std::string case_name;
  std::string variant;
  unsigned workers = 0;
  double ours = 0;
  double baseline = 0;
  std::string unit;
  double ratio = 0;
  double goal = 0;

  bool met() const { return ratio >= goal; }
};

/// Rates of ours and of its baseline, measured in turn: a pair a round.
class paired_rates {
public:
  void add(double ours, double baseline);

  /// The medians of both, and the median of the rounds' ratios.
  figure summary(std::string case_name, std::string variant, unsigned workers, std::string unit,
                 double goal) const;

private:
  std::vector<double> ours_, baseline_, ratios_;
};

/// Collects what the cases find.
class report {
public:
  void add(figure f) { figures_.push_back(std::move(f)); }

  /// A line below the table, for what has no goal.
  void note(std::string text) { notes_.push_back(std::move(text)); }

  bool all_met() const;
  void print(std::ostream& out) const;

  /// An array of objects with the keys case, variant, workers, ours, baseline, unit, ratio, goal
  /// and met.
  void write_json(std::ostream& out) const;

private:
  std::vector<figure> figures_;
  std::vector<std::string> notes_;
};

} // namespace caf_stream::bench
