#include "caf_stream/base/log.hpp"

#include <memory>
#include <mutex>

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

namespace caf_stream::log {

namespace {

spdlog::level::level_enum to_spdlog(level at) {
  switch (at) {
  case level::trace:
    return spdlog::level::trace;
  case level::debug:
    return spdlog::level::debug;
  case level::info:
    return spdlog::level::info;
  case level::warning:
    return spdlog::level::warn;
  case level::error:
    return spdlog::level::err;
  case level::off:
    break;
  }
  return spdlog::level::off;
}

// A logger of its own, outside spdlog's registry, so that a program's own use of spdlog and ours
// do not meet.
spdlog::logger& logger() {
  static spdlog::logger instance = [] {
    spdlog::logger made{"caf_stream", std::make_shared<spdlog::sinks::stderr_color_sink_mt>()};
    made.set_level(spdlog::level::warn);
    made.set_pattern("%Y-%m-%d %H:%M:%S.%e %^%l%$ caf_stream: %v");
    return made;
  }();
  return instance;
}

std::mutex sink_mutex;
std::shared_ptr<const std::function<void(level, std::string_view)>> current_sink;

} // namespace

bool parse_level(std::string_view text, level& out) {
  static constexpr std::pair<std::string_view, level> names[] = {
    {"trace", level::trace},     {"debug", level::debug}, {"info", level::info},
    {"warning", level::warning}, {"error", level::error}, {"off", level::off}};
  for (auto& [name, value] : names)
    if (name == text) {
      out = value;
      return true;
    }
  return false;
}

void set_level(level threshold) { logger().set_level(to_spdlog(threshold)); }

bool enabled(level at) { return logger().should_log(to_spdlog(at)); }

void write(level at, std::string_view text) {
  std::shared_ptr<const std::function<void(level, std::string_view)>> sink;
  {
    std::lock_guard guard{sink_mutex};
    sink = current_sink;
  }
  if (sink)
    (*sink)(at, text);
  else
    logger().log(to_spdlog(at), "{}", text);
}

void set_sink(std::function<void(level, std::string_view)> sink) {
  std::lock_guard guard{sink_mutex};
  current_sink =
    sink ? std::make_shared<const std::function<void(level, std::string_view)>>(std::move(sink))
         : nullptr;
}

} // namespace caf_stream::log
