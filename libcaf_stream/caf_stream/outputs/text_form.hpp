#pragma once

#include <concepts>
#include <cstdint>
#include <iterator>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

// Records as people and text files see them:
//
//   text          as it is                   std::pair      (hello,1)
//   42, -7        42, -7                     std::tuple     (a,b,c)
//   1.0, 0.1      1.0, 0.1, as Java does     std::optional  Some(x), None
//   true          true                       ranges         [a, b]
//
// Other types through their own `to_string(x)` or `operator<<`, enums without one as numbers.

namespace caf_stream::outputs {

namespace text_detail {

void to_string() = delete; // only functions found by argument-dependent look-up are asked below

template <class T>
concept has_to_string = requires(const T& x) {
  { to_string(x) } -> std::convertible_to<std::string_view>;
};

template <class T>
void append_to_string(std::string& out, const T& x) {
  const auto& text = to_string(x);
  out += std::string_view{text};
}

template <class T>
concept is_streamed = requires(std::ostream& out, const T& x) {
  { out << x } -> std::convertible_to<std::ostream&>;
};

template <class T>
concept is_iterated = requires(const T& x) {
  std::begin(x) != std::end(x);
};

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

template <class T>
inline constexpr bool is_tuple = false;
template <class A, class B>
inline constexpr bool is_tuple<std::pair<A, B>> = true;
template <class... Ts>
inline constexpr bool is_tuple<std::tuple<Ts...>> = true;

void append_integer(std::string& out, std::int64_t x);
void append_unsigned(std::string& out, std::uint64_t x);
void append_floating(std::string& out, double x);
void append_floating(std::string& out, float x);
void append_streamed(std::string& out, const void* x, void (*print)(std::ostream&, const void*));

} // namespace text_detail

/// Appends the text of `x`.
template <class T>
void append_text(std::string& out, const T& x) {
  namespace detail = text_detail;
  if constexpr (std::is_same_v<T, bool>) {
    out += x ? "true" : "false";
  } else if constexpr (std::is_same_v<T, char>) {
    out += x;
  } else if constexpr (std::is_floating_point_v<T>) {
    detail::append_floating(out, static_cast<std::conditional_t<sizeof(T) == 4, float, double>>(x));
  } else if constexpr (std::is_integral_v<T>) {
    if constexpr (std::is_signed_v<T>)
      detail::append_integer(out, x);
    else
      detail::append_unsigned(out, x);
  } else if constexpr (std::is_convertible_v<const T&, std::string_view>) {
    out += std::string_view{x};
  } else if constexpr (detail::is_tuple<T>) {
    out += '(';
    std::apply(
      [&out](const auto&... xs) {
        bool first = true;
        ((out += std::exchange(first, false) ? "" : ",", append_text(out, xs)), ...);
      },
      x);
    out += ')';
  } else if constexpr (detail::is_optional<T>) {
    if (x) {
      out += "Some(";
      append_text(out, *x);
      out += ')';
    } else {
      out += "None";
    }
  } else if constexpr (detail::has_to_string<T>) {
    detail::append_to_string(out, x);
  } else if constexpr (detail::is_streamed<T>) {
    detail::append_streamed(out, &x, [](std::ostream& stream, const void* value) {
      stream << *static_cast<const T*>(value);
    });
  } else if constexpr (detail::is_iterated<T>) {
    out += '[';
    bool first = true;
    for (const std::iter_value_t<decltype(std::begin(x))>& each : x) {
      out += std::exchange(first, false) ? "" : ", ";
      append_text(out, each);
    }
    out += ']';
  } else if constexpr (std::is_enum_v<T>) {
    append_text(out, static_cast<std::int64_t>(x));
  } else {
    static_assert(!sizeof(T), "records of this type have no text form: give it operator<< or a "
                              "to_string(const T&) beside it");
  }
}

template <class T>
std::string to_text(const T& x) {
  std::string out;
  append_text(out, x);
  return out;
}

} // namespace caf_stream::outputs
