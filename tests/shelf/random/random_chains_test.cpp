// slow
#include <cstdio>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "caf_stream/base/log.hpp"
#include "caf_stream/testing.hpp"
#include "operations.hpp"

// Chains of random operators on random batches, on the real engine, against a plain fold.

using namespace caf_stream;
using namespace caf_stream::test;

namespace {

constexpr int cases = 10'000;
constexpr int least_draws = 100; // of each operator

struct chain_link {
  std::size_t operation = 0;
  int n = 0;
};

std::vector<operation> all_operations() {
  std::vector<operation> result;
  for (auto some : {operations_on_records(), operations_on_pairs(), operations_on_batches(),
                    operations_on_windows(), operations_on_states()})
    result.insert(result.end(), some.begin(), some.end());
  return result;
}

batches sorted(batches all) {
  for (auto& one : all)
    std::sort(one.begin(), one.end());
  return all;
}

// Evenly from 0 to `limit` - 1, whatever the size of what it is part of.
template <class T>
rc::Gen<T> below(T limit) {
  return rc::gen::resize(rc::kNominalSize, rc::gen::inRange<T>(0, limit));
}

rc::Gen<batches> some_batches() {
  auto one = rc::gen::resize(8, rc::gen::container<records>(rc::gen::pair(below(5), below(10))));
  return rc::gen::resize(5, rc::gen::nonEmpty(rc::gen::container<batches>(one)));
}

} // namespace

TEST_SUITE("shelf.random_chains") {

  TEST_CASE("chains of operators give what a plain fold gives") {
    const auto operations = all_operations();
    std::map<std::string, int> draws;
    auto some_links = rc::gen::resize(
      4, rc::gen::nonEmpty(rc::gen::container<std::vector<chain_link>>(
           rc::gen::construct<chain_link>(below(operations.size()), below(largest_n + 1)))));

    auto property = [&] {
      auto input = *some_batches();
      auto chain = *some_links;
      testing::run_options options;
      options.workers = static_cast<std::size_t>(1 + *below(3));
      options.partitions = static_cast<std::size_t>(1 + *below(3));
      options.input_partitions = static_cast<std::size_t>(1 + *below(3));
      auto expected = input;
      std::string shown;
      for (auto& [number, n] : chain) {
        auto& drawn = operations[number];
        expected = drawn.plain(expected, n);
        for (auto& name : drawn.names) {
          ++draws[name];
          shown += name + "(" + std::to_string(n) + ") ";
        }
      }
      RC_LOG() << shown;
      auto pipeline = [&](stream s) {
        for (auto& [number, n] : chain)
          s = operations[number].run(s, n);
        return s;
      };
      RC_ASSERT(sorted(testing::run_batches<record>(input, pipeline, options)) == sorted(expected));
    };

    log::set_sink([](log::level, std::string_view) {}); // each chain with a state would warn
    rc::detail::TestParams params = rc::detail::configuration().testParams;
    params.maxSuccess = cases;
    rc::detail::TestMetadata about;
    about.id = "random chains";
    auto result = rc::detail::checkTestable(property, about, params);
    log::set_sink({});
    std::string said;
    if (!result.template is<rc::detail::SuccessResult>()) {
      std::ostringstream out;
      rc::detail::printResultMessage(result, out);
      said = out.str();
    }
    CHECK(said == "");

    std::printf("operators drawn in %d chains, seed %llu:\n", cases,
                static_cast<unsigned long long>(params.seed));
    for (auto& one : operations)
      for (auto& name : one.names) {
        std::printf("  %6d  %s\n", draws[name], name.c_str());
        CHECK(draws[name] >= least_draws);
      }
  }

} // TEST_SUITE
