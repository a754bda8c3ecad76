#include "report.hpp"

#include "statistics.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <iomanip>
#include <ostream>

namespace caf_stream::bench {

void paired_rates::add(double ours, double baseline) {
  ours_.push_back(ours);
  baseline_.push_back(baseline);
  ratios_.push_back(ours / baseline);
}

figure paired_rates::summary(std::string case_name, std::string variant, unsigned workers,
                             std::string unit, double goal) const {
  return {std::move(case_name), std::move(variant), workers,         median(ours_),
          median(baseline_),    std::move(unit),    median(ratios_), goal};
}

bool report::all_met() const {
  return std::all_of(figures_.begin(), figures_.end(), [](auto& f) { return f.met(); });
}

void report::print(std::ostream& out) const {
  auto cells = [&out](auto name, auto variant, auto workers, auto ours, auto baseline, auto unit,
                      auto ratio, auto goal, auto met) {
    out << std::left << std::setw(12) << name << std::setw(14) << variant << std::right
        << std::setw(7) << workers << std::setw(11) << ours << std::setw(11) << baseline << "  "
        << std::left << std::setw(12) << unit << std::right << std::setw(7) << ratio << std::setw(7)
        << goal << "  " << met << '\n';
  };
  auto flags = out.flags();
  out << std::fixed << std::setprecision(2);
  cells("case", "variant", "workers", "ours", "baseline", "unit", "ratio", "goal", "met");
  for (auto& f : figures_)
    cells(f.case_name, f.variant, f.workers, f.ours, f.baseline, f.unit, f.ratio, f.goal,
          f.met() ? "yes" : "no");
  for (auto& text : notes_)
    out << text << '\n';
  out.flags(flags);
}

void report::write_json(std::ostream& out) const {
  auto rows = nlohmann::ordered_json::array();
  for (auto& f : figures_)
    rows.push_back({{"case", f.case_name},
                    {"variant", f.variant},
                    {"workers", f.workers},
                    {"ours", f.ours},
                    {"baseline", f.baseline},
                    {"unit", f.unit},
                    {"ratio", f.ratio},
                    {"goal", f.goal},
                    {"met", f.met()}});
  out << rows.dump(2) << '\n';
}

} // namespace caf_stream::bench
