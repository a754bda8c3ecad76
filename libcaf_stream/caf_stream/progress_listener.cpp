#include "caf_stream/progress_listener.hpp"

#include <cstdio>

#include <nlohmann/json.hpp>

namespace caf_stream {

namespace {

std::string as_text(const batch_info& info) {
  auto line = "batch " + std::to_string(to_millis(info.batch_time)) +
              " ms: " + std::to_string(info.num_records) + " records, scheduling delay " +
              std::to_string(info.scheduling_delay.value_or(duration{0}).count()) +
              " ms, processing time " +
              std::to_string(info.processing_delay.value_or(duration{0}).count()) + " ms";
  for (auto& [id, output] : info.output_operation_infos)
    if (output.failure_reason)
      line += ", " + output.description + " failed";
  return line;
}

std::string as_json(const batch_info& info) {
  nlohmann::ordered_json line;
  line["batch_time"] = to_millis(info.batch_time);
  line["records"] = info.num_records;
  line["scheduling_delay_ms"] = info.scheduling_delay.value_or(duration{0}).count();
  line["processing_time_ms"] = info.processing_delay.value_or(duration{0}).count();
  auto failed = nlohmann::ordered_json::array();
  for (auto& [id, output] : info.output_operation_infos)
    if (output.failure_reason)
      failed.push_back(output.description);
  line["failed_outputs"] = std::move(failed);
  return line.dump();
}

class progress_listener final : public streaming_listener {
public:
  explicit progress_listener(progress_mode mode) : mode_(mode) {}

  void on_batch_completed(const batch_info& info) override {
    auto line = progress_line(info, mode_) + "\n";
    std::fputs(line.c_str(), stderr);
  }

private:
  progress_mode mode_;
};

} // namespace

std::string progress_line(const batch_info& info, progress_mode mode) {
  return mode == progress_mode::json ? as_json(info) : as_text(info);
}

std::shared_ptr<streaming_listener> make_progress_listener(progress_mode mode) {
  return std::make_shared<progress_listener>(mode);
}

} // namespace caf_stream
