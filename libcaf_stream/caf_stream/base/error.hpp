#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

// One error type for everything: thrown where the program misuses the API, returned in a
// `result<T>` where good software must expect a failure.

namespace caf_stream {

/// What kind of failure it is, for programs; the text is for people.
enum class errc {
  invalid_argument = 1, ///< a value that can never be right
  invalid_state,        ///< right at another time: added after start, started after stop
  invalid_graph,        ///< the whole graph is wrong; thrown by start() with all findings
  invalid_setting,      ///< an option or configuration value that cannot be read or is out of range
  io_error,             ///< the operating system refused; the text has its words
  damaged_data,         ///< bytes that do not decode
  task_failed,          ///< a function of the user failed at every attempt
  receiver_failed,      ///< a receiver was given up
  out_of_memory_budget, ///< something does not fit `memory-budget`
  actor_failed,         ///< a part of the driver died; the context has ended
  not_encodable,        ///< a record type without an encoding had to be encoded
  stopped,              ///< the context ended while the call waited
  timed_out,
};

std::string_view to_string(errc code) noexcept;

/// An error with its kind and one sentence: what, which id, where, what to do.
class error : public std::runtime_error {
public:
  error(errc code, const std::string& text) : std::runtime_error(text), code_(code) {}

  errc code() const noexcept { return code_; }

private:
  errc code_;
};

/// A value or the error that kept it from coming to be.
template <class T>
using result = tl::expected<T, error>;

/// A result without a value.
using status = result<void>;

inline tl::unexpected<error> fail(errc code, const std::string& text) {
  return tl::unexpected<error>{error{code, text}};
}

/// The failure of a system call: `what` and the words for `errno_value`.
tl::unexpected<error> fail_errno(const std::string& what, int errno_value);

} // namespace caf_stream
