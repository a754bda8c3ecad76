#include "process_memory.hpp"

#include "failure.hpp"

#include <fstream>

namespace caf_stream::bench {

std::uint64_t process_memory(const std::string& name) {
  std::ifstream status{"/proc/self/status"};
  for (std::string word; status >> word;)
    if (word == name + ":") {
      std::uint64_t kib = 0;
      status >> kib;
      return kib;
    }
  throw failure{"/proc/self/status has no " + name};
}

} // namespace caf_stream::bench
