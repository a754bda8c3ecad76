#include "caf_stream/outputs/batch_folder.hpp"

#include "caf_stream/base/error.hpp"
#include "caf_stream/outputs/part_files.hpp"

namespace caf_stream::outputs {

std::string batch_folder(const std::string& prefix, batch_time t, const std::string& suffix) {
  auto result = prefix.empty() ? std::string{} : prefix + "-";
  result += std::to_string(to_millis(t));
  return suffix.empty() ? result : result + "." + suffix;
}

void check_batch_folder(const std::string& prefix, const std::string& suffix) {
  check_output_path(batch_folder(prefix, batch_time{}, suffix));
  if (suffix.find('/') != std::string::npos)
    throw error{errc::invalid_argument, "the suffix \"" + suffix + "\" of saved batches has a '/'"};
}

} // namespace caf_stream::outputs
