#include "caf_stream/engine/settings_text.hpp"

#include <charconv>
#include <cmath>
#include <limits>

namespace caf_stream::detail {

namespace {

struct time_unit {
  std::string_view name;
  std::int64_t milliseconds; // in one of it; 0 for the units below
  std::int64_t per_millisecond;
};

constexpr time_unit units[] = {{"h", 3'600'000, 1}, {"min", 60'000, 1}, {"s", 1000, 1},
                               {"ms", 1, 1},        {"us", 0, 1000},    {"ns", 0, 1'000'000}};

// The whole of `text` as a number.
template <class Number>
bool parse_whole(std::string_view text, Number& out) {
  auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), out);
  return code == std::errc{} && end == text.data() + text.size();
}

} // namespace

bool parse_duration(std::string_view text, duration& out, std::string& why) {
  auto digits = text.find_first_not_of("0123456789");
  std::int64_t number = 0;
  if (digits == 0 || text.empty())
    return false;
  if (digits == std::string_view::npos) {
    why = "it has no unit: ms, s, min or h";
    return false;
  }
  if (!parse_whole(text.substr(0, digits), number)) {
    why = "the number is too large";
    return false;
  }
  auto unit = text.substr(digits);
  if (unit.size() > 1 && unit.front() == ' ')
    unit.remove_prefix(1);
  for (auto& known : units) {
    if (known.name != unit)
      continue;
    if (number % known.per_millisecond != 0) {
      why = "times are whole milliseconds";
      return false;
    }
    if (known.milliseconds >
        std::numeric_limits<std::int64_t>::max() / std::max<std::int64_t>(number, 1)) {
      why = "the number is too large";
      return false;
    }
    out = duration{known.milliseconds != 0 ? number * known.milliseconds
                                           : number / known.per_millisecond};
    return true;
  }
  why = "units are ms, s, min and h";
  return false;
}

std::string print_duration(duration d) {
  for (auto& unit : units)
    if (d.count() != 0 && unit.milliseconds != 0 && d.count() % unit.milliseconds == 0)
      return std::to_string(d.count() / unit.milliseconds) + std::string{unit.name};
  return "0ms";
}

bool parse_flag(std::string_view text, bool& out) {
  if (text != "true" && text != "false")
    return false;
  out = text == "true";
  return true;
}

bool parse_count(std::string_view text, std::uint64_t& out) { return parse_whole(text, out); }

bool parse_number(std::string_view text, double& out) {
  double number = 0;
  if (!parse_whole(text, number) || !std::isfinite(number))
    return false;
  out = number;
  return true;
}

std::string print_number(double x) {
  char buffer[64];
  auto [end, code] = std::to_chars(buffer, buffer + sizeof buffer, x);
  return code == std::errc{} ? std::string(buffer, end) : "0";
}

} // namespace caf_stream::detail
