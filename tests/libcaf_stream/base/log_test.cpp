#include "caf_stream/base/log.hpp"

#include <vector>

#include <doctest/doctest.h>

using namespace caf_stream;

namespace {

// Collects lines instead of printing them; puts everything back at the end.
class captured_log {
public:
  captured_log() {
    log::set_sink(
      [this](log::level at, std::string_view text) { lines.emplace_back(at, std::string{text}); });
  }
  ~captured_log() {
    log::set_sink({});
    log::set_level(log::level::warning);
  }

  std::vector<std::pair<log::level, std::string>> lines;
};

struct counted {
  int* printed;
  friend std::ostream& operator<<(std::ostream& out, const counted& x) {
    ++*x.printed;
    return out << "x";
  }
};

} // namespace

TEST_SUITE("base.log") {

  TEST_CASE("warnings and errors are written unless told otherwise") {
    captured_log log_lines;
    log::debug("a");
    log::info("b");
    log::warning("block ", 7, " is late");
    log::error("c");
    REQUIRE(log_lines.lines.size() == 2);
    CHECK(log_lines.lines[0] == std::pair{log::level::warning, std::string{"block 7 is late"}});
    CHECK(log_lines.lines[1].first == log::level::error);
  }

  TEST_CASE("the threshold decides, and below it nothing is even formatted") {
    captured_log log_lines;
    int printed = 0;
    log::info(counted{&printed});
    CHECK(printed == 0);
    log::set_level(log::level::info);
    CHECK(log::enabled(log::level::info));
    CHECK_FALSE(log::enabled(log::level::debug));
    log::info(counted{&printed});
    CHECK(printed == 1);
    log::set_level(log::level::off);
    log::error("unheard");
    CHECK(log_lines.lines.size() == 1);
  }

  TEST_CASE("levels are read by name") {
    auto read = log::level::off;
    CHECK(log::parse_level("trace", read));
    CHECK(read == log::level::trace);
    CHECK(log::parse_level("warning", read));
    CHECK(read == log::level::warning);
    CHECK_FALSE(log::parse_level("warn", read));
    CHECK_FALSE(log::parse_level("Error", read));
    CHECK(read == log::level::warning);
  }

} // TEST_SUITE
