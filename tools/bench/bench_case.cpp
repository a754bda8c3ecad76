#include "bench_case.hpp"

#include <algorithm>
#include <sstream>

namespace caf_stream::bench {

namespace {

std::vector<bench_case>& cases() {
  static std::vector<bench_case> all;
  return all;
}

} // namespace

bool register_case(bench_case c) {
  cases().push_back(std::move(c));
  return true;
}

std::vector<bench_case> registered_cases() {
  auto result = cases();
  std::sort(result.begin(), result.end(), [](auto& a, auto& b) { return a.name < b.name; });
  return result;
}

void check_tuning(const paired_rates& tuned_and_naive, const std::string& of,
                  const bench_options& options, report& results) {
  constexpr double least = 1.7;
  auto found = tuned_and_naive.summary("", "", 0, "", least);
  std::ostringstream note;
  note << of << ": the tuned baseline is " << found.ratio << " x the naive one";
  if (!options.quick && !found.met())
    throw failure{"the baseline is unsound: " + note.str()};
  results.note(note.str());
}

} // namespace caf_stream::bench
