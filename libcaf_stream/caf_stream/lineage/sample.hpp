#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <random>

#include "caf_stream/data/chunk.hpp"
#include "caf_stream/data/key_hash.hpp"
#include "caf_stream/lineage/id_scope.hpp"
#include "caf_stream/lineage/narrow_dataset.hpp"

namespace caf_stream::lineage {

/// What a sample takes: each record with probability `fraction`, or, with replacement, each a
/// Poisson-distributed number of times whose mean is `fraction`.
struct sample_options {
  bool with_replacement = false;
  double fraction = 0;
  std::optional<std::uint64_t> seed; ///< none: another sample for each data set
};

/// The same whenever the batch is compiled again.
std::uint64_t seed_of(const dataset_id& id) noexcept;

/// Throws errc::invalid_argument unless 0 <= fraction, and fraction <= 1 without replacement.
void check_sample(const sample_options& options);

/// How often the next record is taken. The same for the same seed, partition and options, so that a
/// task that runs again takes the same records.
class sampler {
public:
  sampler(const sample_options& options, std::uint64_t seed, partition_id p);

  int next() {
    if (poisson_)
      return (*poisson_)(random_);
    return static_cast<double>(random_() >> 11) * 0x1p-53 < fraction_ ? 1 : 0;
  }

private:
  double fraction_;
  std::mt19937_64 random_;
  std::optional<std::poisson_distribution<int>> poisson_;
};

template <class T>
class sample_cursor final : public data::cursor<T> {
public:
  sample_cursor(data::any_cursor parent, sampler taken)
    : parent_(std::move(parent)), taken_(std::move(taken)) {}

  std::span<const T> next() override {
    out_.clear();
    while (out_.empty()) {
      auto chunk = data::typed<T>(*parent_).next();
      if (chunk.empty())
        break;
      for (const T& x : chunk)
        for (int n = taken_.next(); n > 0; --n)
          out_.push_back(x);
    }
    return out_.view();
  }

private:
  data::any_cursor parent_;
  sampler taken_;
  data::chunk<T> out_;
};

template <class T>
dataset_ptr make_sample(dataset_ptr parent, sample_options options) {
  check_sample(options);
  auto seed = options.seed ? *options.seed : seed_of(next_dataset_id());
  return make_narrow(
    "sample", std::move(parent),
    [options, seed](data::any_cursor in, partition_id p, task_context&) {
      return std::make_unique<sample_cursor<T>>(std::move(in), sampler{options, seed, p});
    });
}

} // namespace caf_stream::lineage
