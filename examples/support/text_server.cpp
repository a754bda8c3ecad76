#include "support/text_server.hpp"

#include <atomic>
#include <cerrno>
#include <chrono>
#include <string_view>
#include <system_error>
#include <thread>

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace examples {

namespace {

constexpr std::chrono::milliseconds between_lines{5};

// Lewis Carroll: Through the Looking-Glass, 1871.
constexpr std::string_view lines[] = {
  "the sun was shining on the sea\n",
  "shining with all his might\n",
  "he did his very best to make\n",
  "the billows smooth and bright\n",
  "and this was odd because it was\n",
  "the middle of the night\n",
  "\n",
  "the sea was wet as wet could be\n",
  "the sands were dry as dry\n",
  "you could not see a cloud because\n",
  "no cloud was in the sky\n",
  "no birds were flying overhead\n",
  "there were no birds to fly\n",
  "\n",
  "the time has come the walrus said\n",
  "to talk of many things\n",
  "of shoes and ships and sealing wax\n",
  "of cabbages and kings\n",
  "and why the sea is boiling hot\n",
  "and whether pigs have wings\n",
  "\n",
};

[[noreturn]] void fail(const char* what) {
  throw std::system_error{errno, std::generic_category(), what};
}

class socket_handle {
public:
  explicit socket_handle(int fd) : fd_(fd) {}
  ~socket_handle() {
    if (fd_ >= 0)
      ::close(fd_);
  }
  socket_handle(const socket_handle&) = delete;
  socket_handle& operator=(const socket_handle&) = delete;

  int get() const noexcept { return fd_; }

private:
  int fd_;
};

bool send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    auto sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0)
      return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

} // namespace

struct text_server::state {
  state() : listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener.get(), generic, sizeof address) != 0 || ::listen(listener.get(), 4) != 0 ||
        ::getsockname(listener.get(), generic, &size) != 0)
      fail("cannot serve a text on loopback");
    port = ntohs(address.sin_port);
  }

  void run() {
    while (!ending) {
      pollfd waiting{listener.get(), POLLIN, 0};
      if (::poll(&waiting, 1, 100) <= 0)
        continue;
      socket_handle client{::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC)};
      if (client.get() >= 0)
        serve(client.get());
    }
  }

  // Returns when the client has gone. One that reads nothing for a second is let go.
  void serve(int client) {
    timeval patience{1, 0};
    ::setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    for (;;)
      for (auto line : lines) {
        if (ending || !send_all(client, line))
          return;
        std::this_thread::sleep_for(between_lines);
      }
  }

  socket_handle listener;
  std::uint16_t port = 0;
  std::atomic<bool> ending{false};
  std::thread thread;
};

text_server::text_server() : state_(std::make_unique<state>()) {
  state_->thread = std::thread{[this] { state_->run(); }};
}

text_server::~text_server() {
  state_->ending = true;
  state_->thread.join();
}

std::uint16_t text_server::port() const noexcept { return state_->port; }

} // namespace examples
