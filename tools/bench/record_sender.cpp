#include "record_sender.hpp"

#include "loopback.hpp"
#include "random.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>

namespace caf_stream::bench {

namespace {

/// Between two records: 1 to 5 ms, so that each part of a batch's interval gets its share.
constexpr std::uint64_t least_gap = 1'000;
constexpr std::uint64_t gap_range = 4'000;

} // namespace

record_sender::record_sender(std::size_t records) : records_(records) {
  auto listener = listen_on_loopback();
  listener_ = listener.socket;
  port_ = listener.port;
  thread_ = std::jthread{[this] { run(); }};
}

record_sender::~record_sender() {
  ending_ = true;
  ::shutdown(listener_, SHUT_RDWR);
  thread_.join();
  if (client_.load() >= 0)
    ::close(client_);
  ::close(listener_);
}

void record_sender::run() {
  auto client = ::accept(listener_, nullptr, nullptr);
  if (client < 0)
    return;
  client_ = client;
  int yes = 1;
  ::setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  random_source random{3};
  times_.reserve(records_);
  for (std::size_t i = 0; i < records_ && !ending_; ++i) {
    std::this_thread::sleep_for(std::chrono::microseconds{least_gap + random.below(gap_range)});
    auto line = std::to_string(i) + "\n";
    times_.push_back(std::chrono::steady_clock::now());
    if (::send(client, line.data(), line.size(), MSG_NOSIGNAL) < 0)
      return; // The client is gone and says so itself.
  }
}

} // namespace caf_stream::bench
