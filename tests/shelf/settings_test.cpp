#include "caf_stream/settings.hpp"

#include <cstdlib>
#include <set>

#include <doctest/doctest.h>

#include "caf_stream/engine/settings_text.hpp"

using namespace caf_stream;
using namespace std::chrono_literals;

namespace {

// The names of the public API. A program outside this repository may use any of them.
constexpr std::string_view promised[] = {
  "batch-interval",
  "app-name",
  "workers",
  "default-partitions",
  "block-interval",
  "block-size",
  "memory-budget",
  "spill-dir",
  "spill-limit",
  "remember",
  "concurrent-jobs",
  "task.max-attempts",
  "task.deadline",
  "failure-policy",
  "progress",
  "explain",
  "encode-local",
  "receiver.max-rate",
  "receiver.max-record-bytes",
  "receiver.restart-delay",
  "receiver.max-restarts",
  "receiver.idle-timeout",
  "receiver.write-ahead-log",
  "backpressure.enabled",
  "backpressure.initial-rate",
  "backpressure.rate-estimator",
  "backpressure.pid.proportional",
  "backpressure.pid.integral",
  "backpressure.pid.derived",
  "backpressure.pid.min-rate",
  "checkpoint",
  "checkpoint-interval",
  "catch-up",
  "role",
  "listen",
  "join",
  "min-workers",
  "heartbeat.interval",
  "heartbeat.timeout",
  "tls.certificate",
  "tls.key",
  "tls.passphrase",
  "tls.ca-file",
  "tls.ca-path",
  "log-level",
  "receiver.on-end",
};

std::string failure(const status& s) { return s ? "success" : s.error().what(); }

std::string failure_of(std::string_view name, std::string_view text) {
  settings s;
  auto done = s.set(name, text);
  CHECK((done || done.error().code() == errc::invalid_setting));
  return failure(done);
}

// A value other than the default, for each kind.
std::string another_value(const setting_row& row) {
  switch (row.kind) {
  case setting_kind::flag:
    return row.get(settings{}) == "true" ? "false" : "true";
  case setting_kind::count:
    return "7";
  case setting_kind::number:
    return "0.125";
  case setting_kind::duration:
    return "1234ms";
  case setting_kind::size:
    return "12345KiB";
  case setting_kind::text:
    return "some text";
  case setting_kind::choice:
    break;
  }
  auto end = row.accepted.find_first_of(", ");
  auto first = row.accepted.substr(0, end);
  return first != row.get(settings{}) ? first : row.accepted.substr(row.accepted.rfind(' ') + 1);
}

} // namespace

TEST_SUITE("shelf.settings") {

  TEST_CASE("every promised name is in the table") {
    for (auto name : promised) {
      CAPTURE(name);
      CHECK(find_setting(name) != nullptr);
    }
  }

  TEST_CASE("names are unique, in kebab-case, and every row says what it changes") {
    std::set<std::string_view> names;
    for (auto& row : settings::table()) {
      CAPTURE(row.name);
      CHECK(names.insert(row.name).second);
      CHECK(row.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz-.") == std::string_view::npos);
      CHECK(row.effect.size() > 10);
      CHECK_FALSE(row.accepted.empty());
    }
  }

  TEST_CASE("every row reads back what it prints, for the default and for another value") {
    for (auto& row : settings::table()) {
      CAPTURE(row.name);
      settings s;
      auto before = s.get(row.name);
      CHECK(failure(s.set(row.name, before)) == "success");
      CHECK(s.get(row.name) == before);
      auto other = another_value(row);
      CHECK(failure(s.set(row.name, other)) == "success");
      CHECK(s.get(row.name) == other);
      if (row.name != "backpressure.rate-estimator")
        CHECK(other != before);
      // No other field has changed.
      settings untouched;
      for (auto& else_row : settings::table())
        if (else_row.name != row.name)
          CHECK(else_row.get(s) == else_row.get(untouched));
    }
  }

  TEST_CASE("optional settings can be none, others cannot") {
    for (auto& row : settings::table()) {
      CAPTURE(row.name);
      settings s;
      if (row.optional) {
        CHECK(s.get(row.name) == "none");
        CHECK(s.set(row.name, another_value(row)));
        CHECK(s.set(row.name, "none"));
        CHECK(s.get(row.name) == "none");
      } else if (row.kind != setting_kind::text) {
        CHECK_FALSE(s.set(row.name, "none"));
      }
    }
  }

  TEST_CASE("the defaults are those that are documented") {
    settings s;
    CHECK(s.workers >= 1);
    CHECK(s.default_partitions == 0);
    CHECK(s.partitions() == s.workers);
    CHECK(s.block_interval == 200ms);
    CHECK(s.block_size == 4_MiB);
    CHECK(s.memory_budget >= 64_MiB);
    CHECK(s.concurrent_jobs == 1);
    CHECK(s.task.max_attempts == 4);
    CHECK(s.failure_policy == failure_policy::report);
    CHECK(s.receiver.max_record_bytes == 16_MiB);
    CHECK(s.receiver.restart_delay == 2s);
    CHECK(s.receiver.max_restarts == 10);
    CHECK(s.receiver.restart_window == 60s);
    CHECK(s.receiver.on_end == end_of_connection::reconnect);
    CHECK(s.receiver.write_ahead_log);
    CHECK_FALSE(s.backpressure.enabled);
    CHECK(s.backpressure.pid.proportional == 1.0);
    CHECK(s.backpressure.pid.integral == 0.2);
    CHECK(s.backpressure.pid.derived == 0.0);
    CHECK(s.backpressure.pid.min_rate == 100);
    CHECK(s.catch_up == catch_up::all);
    CHECK(s.role == node_role::local);
    CHECK(s.heartbeat.interval == 1s);
    CHECK(s.heartbeat.timeout == 5s);
    CHECK(s.log_level == log::level::warning);
    CHECK(s.clock == nullptr);
    CHECK(find_setting("receiver.restart-delay")->default_text == "2s");
    CHECK(find_setting("workers")->default_text == "number of cores");
    CHECK(failure(s.validate()) == "success");
  }

  TEST_CASE("the environment turns encode-local on") {
    auto before = std::getenv("CAF_STREAM_ENCODE_LOCAL");
    std::string saved = before != nullptr ? before : "";
    ::setenv("CAF_STREAM_ENCODE_LOCAL", "1", 1);
    CHECK(settings{}.encode_local);
    ::setenv("CAF_STREAM_ENCODE_LOCAL", "0", 1);
    CHECK_FALSE(settings{}.encode_local);
    ::unsetenv("CAF_STREAM_ENCODE_LOCAL");
    CHECK_FALSE(settings{}.encode_local);
    if (!saved.empty())
      ::setenv("CAF_STREAM_ENCODE_LOCAL", saved.c_str(), 1);
  }

  TEST_CASE("text becomes the field's value") {
    settings s;
    CHECK(s.set("block-size", "1MiB"));
    CHECK(s.block_size == 1_MiB);
    CHECK(s.set("batch-interval", "500ms"));
    CHECK(s.batch_interval == 500ms);
    CHECK(s.set("receiver.max-rate", "1000"));
    CHECK(s.receiver.max_rate == 1000);
    CHECK(s.set("catch-up", "skip-empty"));
    CHECK(s.catch_up == catch_up::skip_empty);
    CHECK(s.set("explain", "true"));
    CHECK(s.explain);
    CHECK(s.set("log-level", "debug"));
    CHECK(s.log_level == log::level::debug);
    CHECK(s.set("default-partitions", "3"));
    CHECK(s.partitions() == 3);
  }

  TEST_CASE("times are read as CAF writes them") {
    auto read = [](std::string_view text) {
      duration d{-1};
      std::string why;
      return detail::parse_duration(text, d, why) ? d : duration{-1};
    };
    CHECK(read("500ms") == 500ms);
    CHECK(read("10s") == 10s);
    CHECK(read("10 s") == 10s);
    CHECK(read("1min") == 60s);
    CHECK(read("2h") == 2h);
    CHECK(read("5000us") == 5ms);
    CHECK(read("2000000ns") == 2ms);
    CHECK(read("0ms") == 0ms);
    for (auto text : {"", "5", "ms", "-5ms", "1.5s", "5m", "5 ", "5  s", "50us", "1500us",
                      "9223372036854775808ms", "9223372036854775807s"})
      CHECK(read(text) == -1ms);
    for (auto d : {0ms, 1ms, 1500ms, 2000ms, 60'000ms, 90'000ms, 7'200'000ms})
      CHECK(read(detail::print_duration(d)) == d);
    CHECK(detail::print_duration(1500ms) == "1500ms");
    CHECK(detail::print_duration(90s) == "90s");
  }

  TEST_CASE("a bad value is refused with the name, the text and what is accepted") {
    CHECK(failure_of("block-interval", "5") ==
          "stream.block-interval cannot be '5', because it has no unit: ms, s, min or h; accepted "
          "is a time greater than 0, such as 500ms, 10s, 1min or 2h");
    CHECK(failure_of("block-interval", "50us") ==
          "stream.block-interval cannot be '50us', because times are whole milliseconds; accepted "
          "is a time greater than 0, such as 500ms, 10s, 1min or 2h");
    CHECK(failure_of("workers", "0") == "stream.workers cannot be '0', because it must be greater "
                                        "than 0; accepted is a whole number greater than 0");
    CHECK(failure_of("role", "master") ==
          "stream.role cannot be 'master'; accepted is local, driver or worker");
    CHECK(failure_of("explain", "yes") ==
          "stream.explain cannot be 'yes'; accepted is true or false");
    CHECK(failure_of("backpressure.pid.integral", "-0.5").find("not below 0") != std::string::npos);
    for (auto text : {"-1", "1.5", "", " 1", "1 ", "0x10", "18446744073709551616"})
      CHECK(failure_of("concurrent-jobs", text) != "success");
    for (auto text : {"nan", "inf", "1e999", "", "1,5"})
      CHECK(failure_of("backpressure.pid.integral", text) != "success");
    for (auto text : {"0", "-1", "many"})
      CHECK(failure_of("receiver.max-rate", text) != "success");
    CHECK(failure_of("block-size", "0B") != "success");
  }

  TEST_CASE("a refused value leaves the field as it was") {
    settings s;
    s.workers = 3;
    CHECK_FALSE(s.set("workers", "0"));
    CHECK(s.workers == 3);
  }

  TEST_CASE("a misspelt name is refused with the nearest one") {
    CHECK(failure_of("wokers", "2") ==
          "there is no setting stream.wokers; did you mean stream.workers?");
    CHECK(failure_of("block_size", "2").find("did you mean stream.block-size?") !=
          std::string::npos);
    CHECK(failure_of("max-rate", "2").find("did you mean stream.receiver.max-rate?") !=
          std::string::npos);
    CHECK(failure_of("frobnicate-everything", "2") ==
          "there is no setting stream.frobnicate-everything");
    CHECK(failure_of("", "2") == "there is no setting stream.");
    CHECK_THROWS_WITH_AS(settings{}.get("wokers"),
                         "there is no setting stream.wokers; did you mean stream.workers?", error);
  }

  TEST_CASE("validate tells all findings at once") {
    settings s;
    s.block_interval = 0ms;
    s.workers = 0;
    s.block_size = 4_MiB;
    s.memory_budget = 7_MiB;
    auto bad = s.validate();
    REQUIRE_FALSE(bad);
    CHECK(bad.error().code() == errc::invalid_setting);
    std::string text = bad.error().what();
    CHECK(text.find("stream.block-interval is 0ms, but must be a time greater than 0") !=
          std::string::npos);
    CHECK(text.find("stream.workers is 0") != std::string::npos);
    CHECK(
      text.find("stream.memory-budget (7MiB) must hold two blocks of stream.block-size (4MiB)") !=
      std::string::npos);
  }

  TEST_CASE("what only several settings together show to be wrong is found") {
    auto finding = [](auto change) {
      settings s;
      change(s);
      return failure(s.validate());
    };
    auto names = [&](std::string_view part, auto change) {
      auto text = finding(change);
      CAPTURE(text);
      CHECK(text.find(part) != std::string::npos);
    };
    names("heartbeat.timeout must be longer", [](settings& s) { s.heartbeat.timeout = 1s; });
    names("stream.join must say", [](settings& s) { s.role = node_role::worker; });
    names("stream.join is for workers", [](settings& s) { s.join = "localhost:1"; });
    names("go together", [](settings& s) { s.tls.key = "k"; });
    names("lead off this machine", [](settings& s) { s.listen = "0.0.0.0:4000"; });
    names("lead off this machine", [](settings& s) {
      s.role = node_role::worker;
      s.join = "driver.example:4000";
    });
    names("task.deadline is 0ms", [](settings& s) { s.task.deadline = 0ms; });
    CHECK(finding([](settings& s) { s.listen = "127.0.0.1:4000"; }) == "success");
    CHECK(finding([](settings& s) { s.listen = "localhost:4000"; }) == "success");
    CHECK(finding([](settings& s) { s.listen = "[::1]:4000"; }) == "success");
    CHECK(finding([](settings& s) {
            s.listen = "0.0.0.0:4000";
            s.tls.certificate = "c";
            s.tls.key = "k";
            s.tls.ca_file = "a";
          }) == "success");
    CHECK(finding([](settings& s) { s.memory_budget = s.block_size * 2; }) == "success");
  }

  TEST_CASE("settings are written with designated names") {
    settings s{.workers = 2, .block_interval = 50ms, .task = {.max_attempts = 1}};
    CHECK(s.workers == 2);
    CHECK(s.task.max_attempts == 1);
    CHECK(s.concurrent_jobs == 1);
  }

} // TEST_SUITE
