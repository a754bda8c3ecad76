#pragma once

#include <cstdint>
#include <memory>

// A TCP server inside the program, so that an example has something to read without a second
// terminal.

namespace examples {

/// Serves a short text, a line every few milliseconds and over and over again, on a thread of its
/// own: each client is sent the text from its beginning, one client after the other.
class text_server {
public:
  /// Listens on a free port of loopback. Throws std::system_error.
  text_server();
  ~text_server();

  text_server(const text_server&) = delete;
  text_server& operator=(const text_server&) = delete;

  std::uint16_t port() const noexcept;

private:
  struct state;
  std::unique_ptr<state> state_;
};

} // namespace examples
