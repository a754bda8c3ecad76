#include "caf_stream/outputs/text_form.hpp"

#include <charconv>
#include <cmath>
#include <sstream>

namespace caf_stream::outputs::text_detail {

namespace {

template <class T>
void append_number(std::string& out, T x) {
  char buffer[32];
  auto end = std::to_chars(buffer, buffer + sizeof(buffer), x).ptr;
  out.append(buffer, end);
}

// The fewest digits that read back as the same number, laid out as java.lang.Double does: with a
// point, and with an exponent below 10^-3 and from 10^7 on.
template <class T>
void append_as_java(std::string& out, T x) {
  if (std::isnan(x)) {
    out += "NaN";
    return;
  }
  if (std::signbit(x)) {
    out += '-';
    x = -x;
  }
  if (std::isinf(x)) {
    out += "Infinity";
    return;
  }
  char buffer[64];
  auto plain = x == 0 || (x >= T(1e-3) && x < T(1e7));
  auto format = plain ? std::chars_format::fixed : std::chars_format::scientific;
  auto end = std::to_chars(buffer, buffer + sizeof(buffer), x, format).ptr;
  std::string_view text{buffer, static_cast<std::size_t>(end - buffer)};
  auto digits = text.substr(0, text.find('e'));
  out += digits;
  if (digits.find('.') == std::string_view::npos)
    out += ".0";
  if (plain)
    return;
  int exponent = 0;
  auto from = text.substr(digits.size() + 1);
  from.remove_prefix(from[0] == '+' ? 1 : 0);
  std::from_chars(from.data(), from.data() + from.size(), exponent);
  out += 'E';
  append_number(out, exponent);
}

} // namespace

void append_integer(std::string& out, std::int64_t x) { append_number(out, x); }

void append_unsigned(std::string& out, std::uint64_t x) { append_number(out, x); }

void append_floating(std::string& out, double x) { append_as_java(out, x); }

void append_floating(std::string& out, float x) { append_as_java(out, x); }

void append_streamed(std::string& out, const void* x, void (*print)(std::ostream&, const void*)) {
  std::ostringstream stream;
  print(stream, x);
  out += stream.str();
}

} // namespace caf_stream::outputs::text_detail
