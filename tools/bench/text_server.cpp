#include "text_server.hpp"

#include "loopback.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <limits>

namespace caf_stream::bench {

namespace {

constexpr std::size_t bytes_a_write = 256 * 1024;

} // namespace

text_server::text_server(std::string_view text, std::size_t repeats)
  : text_(text), repeats_(repeats) {
  listen();
}

text_server::text_server(std::string_view text, std::chrono::seconds time)
  : text_(text), repeats_(std::numeric_limits<std::size_t>::max()), time_(time) {
  listen();
}

void text_server::listen() {
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
  if (client < 0) {
    sent_.set_value(0);
    return;
  }
  client_ = client;
  first_byte_time_ = std::chrono::steady_clock::now();
  sent_.set_value(send_all(client));
}

std::size_t text_server::send_all(int client) {
  std::size_t sent_whole = 0;
  for (; sent_whole < repeats_; ++sent_whole) {
    if (time_ && std::chrono::steady_clock::now() - first_byte_time_.load() > *time_)
      break;
    auto rest = text_;
    while (!rest.empty()) {
      auto sent = ::send(client, rest.data(), std::min(rest.size(), bytes_a_write), MSG_NOSIGNAL);
      if (sent < 0 && errno == EINTR)
        continue;
      if (sent <= 0)
        return sent_whole; // The client is gone and says so itself.
      rest.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  return sent_whole;
}

} // namespace caf_stream::bench
