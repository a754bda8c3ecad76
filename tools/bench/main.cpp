#include "bench_case.hpp"
#include "memory_probe.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <fstream>
#include <iostream>

namespace {

using namespace caf_stream::bench;

/// Returns how many of the cases failed.
int run_cases(const std::vector<std::string>& chosen, const bench_options& options,
              report& results) {
  int failed = 0;
  for (auto& each : registered_cases()) {
    if (!chosen.empty() && std::find(chosen.begin(), chosen.end(), each.name) == chosen.end())
      continue;
    std::cerr << "running " << each.name << std::endl;
    try {
      each.run(options, results);
    } catch (const std::exception& e) {
      std::cerr << each.name << " FAILED: " << e.what() << std::endl;
      ++failed;
    }
  }
  return failed;
}

} // namespace

int main(int argc, char** argv) {
  if (argc > 1 && std::string_view{argv[1]} == probe_option)
    return run_memory_probe({argv + 2, argv + argc});
  CLI::App app{"Measures caf_stream against plain programs for the same work. Exits with 0 when "
               "all cases ran and agreed with their baselines, met or not; 1 when one did not; "
               "2 when a goal was missed under --strict."};
  bench_options options;
  std::vector<std::string> names, chosen;
  for (auto& each : registered_cases())
    names.push_back(each.name);
  std::string json;
  bool strict = false;
  app.add_option("--case", chosen, "Run only this case; may be given several times")
    ->check(CLI::IsMember(names))
    ->allow_extra_args(false);
  app.add_option("--json", json, "Write the figures to this file as JSON");
  app.add_option("--workers", options.workers, "Workers of ours, threads of the baselines")
    ->check(CLI::Range(1, 256))
    ->capture_default_str();
  app.add_option("--rounds", options.rounds, "How often ours and the baseline take turns")
    ->check(CLI::Range(1, 1000))
    ->capture_default_str();
  app.add_flag("--quick", options.quick, "Small data, to see that everything runs");
  app.add_flag("--strict", strict, "Exit with 2 when a goal is missed");
  CLI11_PARSE(app, argc, argv);

  report results;
  auto failed = run_cases(chosen, options, results);
  results.print(std::cout);
  if (!json.empty()) {
    std::ofstream out{json};
    results.write_json(out);
    if (!out.flush()) {
      std::cerr << "cannot write " << json << '\n';
      return 1;
    }
  }
  if (failed > 0)
    return 1;
  return strict && !results.all_met() ? 2 : 0;
}
