#pragma once

#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <string>

#include <nlohmann/json.hpp>

#include "support/source_folder.hpp"

// Inputs and expected results, from the files of tests/vectors.

namespace caf_stream::test {

/// What tests/vectors/NAME says. Throws std::runtime_error when it is not there.
inline nlohmann::json read_vectors(const std::string& name) {
  auto path = source_folder() / "tests/vectors" / name;
  std::ifstream file{path};
  if (!file)
    throw std::runtime_error{"cannot read " + path.string()};
  return nlohmann::json::parse(file);
}

/// Each batch sorted, where the order of its records is not part of the answer.
inline nlohmann::json sorted_batches(nlohmann::json batches) {
  for (auto& batch : batches)
    std::sort(batch.begin(), batch.end());
  return batches;
}

} // namespace caf_stream::test
