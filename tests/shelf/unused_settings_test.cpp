#include "caf_stream/streaming_context.hpp"

#include <mutex>

#include <doctest/doctest.h>

#include "caf_stream/base/log.hpp"
#include "caf_stream/config.hpp"

using namespace caf_stream;

TEST_SUITE("shelf.unused_settings") {
  TEST_CASE("who sets what has no effect yet is told so, and nobody else") {
    std::mutex mutex;
    std::string said;
    log::set_sink([&](log::level, std::string_view text) {
      std::lock_guard guard{mutex};
      said += std::string{text} + "\n";
    });
    {
      config cfg;
      streaming_context quiet{cfg, duration{1000}};
      CHECK(said.empty());
    }
    {
      config cfg;
      cfg.stream.backpressure.enabled = true;
      cfg.stream.catch_up = catch_up::fold;
      cfg.stream.task.deadline = duration{500};
      streaming_context context{cfg, duration{1000}};
    }
    log::set_sink({});
    CHECK(said.find("catch-up") != std::string::npos);
    CHECK(said.find("backpressure") == std::string::npos);
    CHECK(said.find("task.deadline") == std::string::npos);
    CHECK(said.find("app-name") == std::string::npos);
  }
}
