#include "caf_stream/base/error.hpp"

#include <system_error>

namespace caf_stream {

std::string_view to_string(errc code) noexcept {
  switch (code) {
  case errc::invalid_argument:
    return "invalid argument";
  case errc::invalid_state:
    return "invalid state";
  case errc::invalid_graph:
    return "invalid graph";
  case errc::invalid_setting:
    return "invalid setting";
  case errc::io_error:
    return "input/output error";
  case errc::damaged_data:
    return "damaged data";
  case errc::task_failed:
    return "task failed";
  case errc::receiver_failed:
    return "receiver failed";
  case errc::out_of_memory_budget:
    return "out of memory budget";
  case errc::actor_failed:
    return "actor failed";
  case errc::not_encodable:
    return "not encodable";
  case errc::stopped:
    return "stopped";
  case errc::timed_out:
    return "timed out";
  }
  return "unknown";
}

tl::unexpected<error> fail_errno(const std::string& what, int errno_value) {
  return fail(errc::io_error, what + ": " + std::generic_category().message(errno_value));
}

} // namespace caf_stream
