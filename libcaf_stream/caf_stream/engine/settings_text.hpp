#pragma once

#include <concepts>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "caf_stream/engine/settings.hpp"

// How the values of settings read as text. `setting_text<T>` has for each type of a field
//   kind       what the help calls it
//   accepted   what is taken, in words; `bound` goes behind the noun
//   parse      text to value; false where the text is not accepted
//   print      value to text that `parse` takes back

namespace caf_stream::detail {

/// Reads a whole number with `ms`, `s`, `min` or `h`, or with `us` or `ns` where that makes whole
/// milliseconds. On failure `why` says what is wrong.
bool parse_duration(std::string_view text, duration& out, std::string& why);

/// In the largest unit that is exact: `1500ms`, `2s`, `10min`.
std::string print_duration(duration d);

bool parse_flag(std::string_view text, bool& out);
bool parse_count(std::string_view text, std::uint64_t& out);
bool parse_number(std::string_view text, double& out);
std::string print_number(double x);

template <class Enum>
struct choice {
  std::string_view name;
  Enum value;
};

/// The names of an enumeration's values, `static constexpr choice<Enum> all[]`; specialized beside
/// the table.
template <class Enum>
struct choices;

template <class T>
struct setting_text;

template <>
struct setting_text<bool> {
  static constexpr auto kind = setting_kind::flag;
  static std::string accepted(const std::string&) { return "true or false"; }
  static bool parse(std::string_view text, bool& out, std::string&) {
    return parse_flag(text, out);
  }
  static std::string print(bool x) { return x ? "true" : "false"; }
};

template <class Int>
  requires std::integral<Int>
struct setting_text<Int> {
  static constexpr auto kind = setting_kind::count;
  static std::string accepted(const std::string& bound) { return "a whole number" + bound; }
  static bool parse(std::string_view text, Int& out, std::string&) {
    std::uint64_t number = 0;
    if (!parse_count(text, number) || !std::in_range<Int>(number))
      return false;
    out = static_cast<Int>(number);
    return true;
  }
  static std::string print(Int x) { return std::to_string(x); }
};

template <>
struct setting_text<double> {
  static constexpr auto kind = setting_kind::number;
  static std::string accepted(const std::string& bound) { return "a number" + bound; }
  static bool parse(std::string_view text, double& out, std::string&) {
    return parse_number(text, out);
  }
  static std::string print(double x) { return print_number(x); }
};

template <>
struct setting_text<duration> {
  static constexpr auto kind = setting_kind::duration;
  static std::string accepted(const std::string& bound) {
    return "a time" + bound + ", such as 500ms, 10s, 1min or 2h";
  }
  static bool parse(std::string_view text, duration& out, std::string& why) {
    return parse_duration(text, out, why);
  }
  static std::string print(duration x) { return print_duration(x); }
};

template <>
struct setting_text<byte_count> {
  static constexpr auto kind = setting_kind::size;
  static std::string accepted(const std::string& bound) {
    return "a size" + bound + ", such as 512B, 64KiB, 4MiB or 1GB";
  }
  static bool parse(std::string_view text, byte_count& out, std::string&) {
    auto size = parse_byte_count(text);
    if (size)
      out = *size;
    return size.has_value();
  }
  static std::string print(byte_count x) { return to_string(x); }
};

template <>
struct setting_text<std::string> {
  static constexpr auto kind = setting_kind::text;
  static std::string accepted(const std::string&) { return "any text"; }
  static bool parse(std::string_view text, std::string& out, std::string&) {
    out = text;
    return true;
  }
  static std::string print(const std::string& x) { return x; }
};

template <class Enum>
  requires std::is_enum_v<Enum>
struct setting_text<Enum> {
  static constexpr auto kind = setting_kind::choice;
  static std::string accepted(const std::string&) {
    std::string result;
    auto left = std::size(choices<Enum>::all);
    for (auto& option : choices<Enum>::all) {
      --left;
      result += option.name;
      result += left > 1 ? ", " : left == 1 ? " or " : "";
    }
    return result;
  }
  static bool parse(std::string_view text, Enum& out, std::string&) {
    for (auto& option : choices<Enum>::all)
      if (option.name == text) {
        out = option.value;
        return true;
      }
    return false;
  }
  static std::string print(Enum x) {
    for (auto& option : choices<Enum>::all)
      if (option.value == x)
        return std::string{option.name};
    return "";
  }
};

template <class T>
struct setting_text<std::optional<T>> {
  static constexpr auto kind = setting_text<T>::kind;
  static std::string accepted(const std::string& bound) {
    return setting_text<T>::accepted(bound) + ", or none";
  }
  static bool parse(std::string_view text, std::optional<T>& out, std::string& why) {
    if (text == "none") {
      out = std::nullopt;
      return true;
    }
    T value{};
    if (!setting_text<T>::parse(text, value, why))
      return false;
    out = value;
    return true;
  }
  static std::string print(const std::optional<T>& x) {
    return x ? setting_text<T>::print(*x) : "none";
  }
};

} // namespace caf_stream::detail
