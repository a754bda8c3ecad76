#include "text_server.hpp"

#include "loopback.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace caf_stream::bench {

namespace {

constexpr std::size_t bytes_a_write = 256 * 1024;

} // namespace

text_server::text_server(std::string_view text, std::size_t repeats)
  : text_(text), repeats_(repeats) {
  auto listener = listen_on_loopback();
  listener_ = listener.socket;
  port_ = listener.port;
  thread_ = std::jthread{[this] { run(); }};
}

text_server::~text_server() {
  // Ends an accept that nobody answered and a write that nobody reads.
  ::shutdown(listener_, SHUT_RDWR);
  if (client_.load() >= 0)
    ::shutdown(client_, SHUT_RDWR);
  thread_.join();
  if (client_.load() >= 0)
    ::close(client_);
  ::close(listener_);
}

void text_server::run() {
  auto client = ::accept(listener_, nullptr, nullptr);
  if (client < 0)
    return;
  client_ = client;
  first_byte_time_ = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < repeats_; ++i) {
    auto rest = text_;
    while (!rest.empty()) {
      auto sent = ::send(client, rest.data(), std::min(rest.size(), bytes_a_write), MSG_NOSIGNAL);
      if (sent < 0 && errno == EINTR)
        continue;
      if (sent <= 0)
        return; // The client is gone and says so itself.
      rest.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
}

} // namespace caf_stream::bench
