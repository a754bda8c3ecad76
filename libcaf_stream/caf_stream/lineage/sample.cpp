#include "caf_stream/lineage/sample.hpp"

#include <cmath>
#include <string>

#include "caf_stream/base/error.hpp"

namespace caf_stream::lineage {

std::uint64_t seed_of(const dataset_id& id) noexcept {
  auto of_batch = data::hash_word(static_cast<std::uint64_t>(to_millis(id.time)), id.op.value);
  return data::hash_word(id.path, of_batch);
}

void check_sample(const sample_options& options) {
  constexpr double most_copies = 1e6; // beyond it a record would not be sampled but multiplied
  const double most = options.with_replacement ? most_copies : 1;
  if (!(options.fraction >= 0 && options.fraction <= most))
    throw error{errc::invalid_argument,
                "sample needs a fraction between 0 and " + std::to_string(static_cast<long>(most)) +
                  (options.with_replacement ? "" : " when it does not replace what it took") +
                  ", not " + std::to_string(options.fraction)};
}

sampler::sampler(const sample_options& options, std::uint64_t seed, partition_id p)
  : fraction_(options.fraction), random_(data::hash_word(p, seed)) {
  if (options.with_replacement && options.fraction > 0)
    poisson_.emplace(options.fraction);
}

} // namespace caf_stream::lineage
