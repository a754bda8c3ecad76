#pragma once

#include <functional>
#include <sstream>
#include <string>
#include <string_view>

// The one way the library says something in passing. Quiet by default: warnings and errors only,
// on standard error. Thread-safe.

namespace caf_stream::log {

enum class level { trace, debug, info, warning, error, off };

/// Reads `trace`, `debug`, `info`, `warning`, `error` or `off`; false when `text` is none of them.
bool parse_level(std::string_view text, level& out);

void set_level(level threshold);
bool enabled(level at);
void write(level at, std::string_view text);

/// Sends lines to `sink` instead of standard error; an empty function undoes that. For tests and
/// for programs that have a log of their own.
void set_sink(std::function<void(level, std::string_view)> sink);

template <class... Parts>
void line(level at, const Parts&... parts) {
  if (!enabled(at))
    return;
  std::ostringstream out;
  (out << ... << parts);
  write(at, out.str());
}

template <class... Parts>
void debug(const Parts&... parts) {
  line(level::debug, parts...);
}

template <class... Parts>
void info(const Parts&... parts) {
  line(level::info, parts...);
}

template <class... Parts>
void warning(const Parts&... parts) {
  line(level::warning, parts...);
}

template <class... Parts>
void error(const Parts&... parts) {
  line(level::error, parts...);
}

} // namespace caf_stream::log
