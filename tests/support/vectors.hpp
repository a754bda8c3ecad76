#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

#include <doctest/doctest.h>
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

/// Checks the list "elsewhere" of a file of vectors: each `test` is a case of ours, and there is a
/// reason.
inline void check_elsewhere(const nlohmann::json& vectors) {
  std::string text;
  for (auto& entry : std::filesystem::recursive_directory_iterator{source_folder() / "tests"})
    if (entry.path().extension() == ".cpp") {
      std::ifstream file{entry.path()};
      std::ostringstream content;
      content << file.rdbuf();
      text += content.str();
    }
  CHECK_FALSE(vectors.at("elsewhere").empty());
  for (auto& vector : vectors.at("elsewhere")) {
    CAPTURE(vector.at("name"));
    auto test_case = "TEST_CASE(\"" + vector.at("test").get<std::string>() + "\")";
    CHECK(text.find(test_case) != std::string::npos);
    CHECK_FALSE(vector.at("reason").get<std::string>().empty());
  }
}

} // namespace caf_stream::test
