#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "caf_stream/codec/encoding.hpp"

// Types of a user, with and without an encoding.

namespace sample {

enum class colour : std::uint8_t { red = 1, green = 2 };
enum level { low = -1, high = 70000 };

} // namespace sample

MSGPACK_ADD_ENUM(sample::colour)

namespace sample {

struct reading {
  std::string sensor;
  double value = 0;
  std::optional<int> quality;
  std::vector<std::string> tags;
  std::map<std::string, int> counts;
  colour shown = colour::red;
  MSGPACK_DEFINE(sensor, value, quality, tags, counts, shown)
  friend bool operator==(const reading&, const reading&) = default;
};

struct tree {
  int value = 0;
  std::vector<tree> children;
  MSGPACK_DEFINE(value, children)
  friend bool operator==(const tree&, const tree&) = default;
};

struct without_encoding {
  int value = 0;
};

} // namespace sample
