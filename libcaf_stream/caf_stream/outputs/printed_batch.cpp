#include "caf_stream/outputs/printed_batch.hpp"

#include <iostream>

namespace caf_stream::outputs {

std::string print_head(batch_time t) {
  const std::string rule(43, '-');
  return rule + "\nTime: " + std::to_string(to_millis(t)) + " ms\n" + rule + "\n";
}

void write_out(const std::string& text) {
  std::cout.write(text.data(), static_cast<std::streamsize>(text.size())).flush();
}

} // namespace caf_stream::outputs
