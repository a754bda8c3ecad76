#include "caf_stream/lineage/sample.hpp"

#include <cmath>
#include <string>

#include "caf_stream/base/error.hpp"

namespace caf_stream::lineage {

namespace {

std::uint64_t seed_of(const sample_options& options, batch_time time, partition_id p) {
  auto seed =
    options.seed ? *options.seed : data::hash_word(static_cast<std::uint64_t>(to_millis(time)), 1);
  return data::hash_word(p, seed);
}

} // namespace

void check_sample(const sample_options& options) {
  constexpr double most_copies = 1e6; // beyond it a record would not be sampled but multiplied
  const double most = options.with_replacement ? most_copies : 1;
  if (!(options.fraction >= 0 && options.fraction <= most))
    throw error{errc::invalid_argument,
                "sample needs a fraction between 0 and " + std::to_string(static_cast<long>(most)) +
                  (options.with_replacement ? "" : " when it does not replace what it took") +
                  ", not " + std::to_string(options.fraction)};
}

sampler::sampler(const sample_options& options, batch_time time, partition_id p)
  : fraction_(options.fraction), random_(seed_of(options, time, p)) {
  if (options.with_replacement && options.fraction > 0)
    poisson_.emplace(options.fraction);
}

} // namespace caf_stream::lineage
