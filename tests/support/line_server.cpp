#include "support/line_server.hpp"

#include <chrono>
#include <cstdio>
#include <fstream>
#include <stdexcept>
#include <string>
#include <utility>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace caf_stream::test {

namespace {

int listen_on(std::uint16_t port) {
  auto listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int yes = 1;
  ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  if (::bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(listener, 16) != 0) {
    ::close(listener);
    throw std::runtime_error{"cannot listen on port " + std::to_string(port)};
  }
  return listener;
}

std::uint16_t port_of(int listener) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin_port);
}

std::uint16_t port_of_peer(int socket) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  ::getpeername(socket, reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin_port);
}

// Whether the other side, which is a socket of this machine, has nothing left to read. Lines of
// /proc/net/tcp are `n: address:port address:port state sent_queue:received_queue …`.
bool has_been_read(int socket) {
  std::ifstream table{"/proc/net/tcp"};
  auto from = port_of_peer(socket);
  auto to = port_of(socket);
  for (std::string line; std::getline(table, line);) {
    unsigned local = 0, remote = 0, received = 0;
    if (std::sscanf(line.c_str(), " %*d: %*8x:%x %*8x:%x %*x %*x:%x", &local, &remote, &received) ==
          3 &&
        local == from && remote == to)
      return received == 0;
  }
  return true;
}

} // namespace

bool line_peer::send(std::string_view bytes) {
  while (!bytes.empty()) {
    auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0)
      return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool line_peer::send_split(std::string_view bytes, std::size_t at) {
  int yes = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  if (!send(bytes.substr(0, at)))
    return false;
  std::this_thread::sleep_for(std::chrono::microseconds{500});
  return send(bytes.substr(at));
}

void line_peer::reset() {
  // A reset overtakes what was sent before.
  while (!has_been_read(socket_))
    std::this_thread::yield();
  linger at_once{1, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

void line_peer::wait_until_closed() {
  char byte = 0;
  while (::recv(socket_, &byte, 1, 0) > 0) {
  }
}

line_server::line_server(serve_function serve, std::uint16_t port)
  : serve_(std::move(serve)), listener_(listen_on(port)), port_(port_of(listener_)),
    thread_([this] { run(); }) {}

line_server::line_server(std::string_view text)
  : line_server([text = std::string{text}](line_peer& peer, std::size_t) { peer.send(text); }) {}

line_server::~line_server() {
  {
    std::lock_guard guard{mutex_};
    ending_ = true;
    ::shutdown(listener_, SHUT_RDWR);
    if (client_ >= 0)
      ::shutdown(client_, SHUT_RDWR);
  }
  thread_.join();
  ::close(listener_);
}

void line_server::run() {
  for (;;) {
    auto client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0)
      return;
    {
      std::lock_guard guard{mutex_};
      client_ = ending_ ? -1 : client;
    }
    if (client_ >= 0) {
      line_peer peer{client};
      serve_(peer, connections_++);
    }
    std::lock_guard guard{mutex_};
    client_ = -1;
    ::close(client);
    if (ending_)
      return;
  }
}

std::uint16_t free_port() {
  auto listener = listen_on(0);
  auto port = port_of(listener);
  ::close(listener);
  return port;
}

} // namespace caf_stream::test
