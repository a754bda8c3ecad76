#include "caf_stream/base/byte_count.hpp"

#include <charconv>
#include <limits>

namespace caf_stream {

namespace {

struct size_unit {
  std::string_view name;
  std::uint64_t factor;
};

constexpr size_unit binary_units[] = {
  {"TiB", 1ull << 40}, {"GiB", 1ull << 30}, {"MiB", 1ull << 20}, {"KiB", 1ull << 10}, {"B", 1}};

constexpr size_unit decimal_units[] = {{"TB", 1'000'000'000'000ull},
                                       {"GB", 1'000'000'000},
                                       {"MB", 1'000'000},
                                       {"kB", 1'000},
                                       {"KB", 1'000},
                                       {"", 1}};

std::uint64_t factor_of(std::string_view unit) {
  for (auto& known : binary_units)
    if (known.name == unit)
      return known.factor;
  for (auto& known : decimal_units)
    if (known.name == unit)
      return known.factor;
  return 0;
}

} // namespace

std::string to_string(byte_count n) {
  for (auto& unit : binary_units)
    if (n.value != 0 && n.value % unit.factor == 0)
      return std::to_string(n.value / unit.factor) + std::string{unit.name};
  return "0B";
}

result<byte_count> parse_byte_count(std::string_view text) {
  auto refuse = [&](const char* why) {
    return fail(errc::invalid_argument, "'" + std::string{text} + "' is no size: " + why);
  };
  std::uint64_t number = 0;
  auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (code == std::errc::result_out_of_range)
    return refuse("the number is too large");
  if (code != std::errc{})
    return refuse("it must begin with a whole number, as in 64MiB");
  auto unit = text.substr(static_cast<std::size_t>(end - text.data()));
  if (unit.size() > 1 && unit.front() == ' ')
    unit.remove_prefix(1);
  auto factor = factor_of(unit);
  if (factor == 0)
    return refuse("units are B, KiB, MiB, GiB, TiB, kB, MB, GB and TB");
  if (number > std::numeric_limits<std::uint64_t>::max() / factor)
    return refuse("the number is too large");
  return byte_count{number * factor};
}

} // namespace caf_stream
