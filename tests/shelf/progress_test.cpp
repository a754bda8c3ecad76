// The line a batch that is written on request.

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "caf_stream/progress_listener.hpp"

using namespace caf_stream;
using namespace std::chrono_literals;

namespace {

batch_info a_batch() {
  batch_info info;
  info.batch_time = from_millis(1'357'008'430'000);
  info.num_records = 1234;
  info.scheduling_delay = 3ms;
  info.processing_delay = 45ms;
  info.total_delay = 48ms;
  output_operation_info good, bad;
  good.description = "print at main.cpp:12";
  bad.id = 1;
  bad.description = "foreach_rdd at \"main\".cpp:13";
  bad.failure_reason = "it failed\nbadly";
  info.output_operation_infos = {{0, good}, {1, bad}};
  return info;
}

} // namespace

TEST_SUITE("shelf.progress") {

  TEST_CASE("as a line of text it has time, records, delays and failed outputs") {
    CHECK(progress_line(a_batch(), progress_mode::line) ==
          "batch 1357008430000 ms: 1234 records, scheduling delay 3 ms, processing time 45 ms, "
          "foreach_rdd at \"main\".cpp:13 failed");
    CHECK(progress_line(batch_info{}, progress_mode::line) ==
          "batch 0 ms: 0 records, scheduling delay 0 ms, processing time 0 ms");
  }

  TEST_CASE("as JSON it is one object on one line, with the same content") {
    auto line = progress_line(a_batch(), progress_mode::json);
    CHECK(line.find('\n') == std::string::npos);
    auto read = nlohmann::json::parse(line);
    CHECK(read.at("batch_time") == 1'357'008'430'000);
    CHECK(read.at("records") == 1234);
    CHECK(read.at("scheduling_delay_ms") == 3);
    CHECK(read.at("processing_time_ms") == 45);
    CHECK(read.at("failed_outputs") == nlohmann::json::array({"foreach_rdd at \"main\".cpp:13"}));
  }
}
