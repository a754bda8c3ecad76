#include "loopback.hpp"

#include "failure.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

namespace caf_stream::bench {

namespace {

[[noreturn]] void fail(const char* what) {
  throw failure{std::string{what} + ": " + std::generic_category().message(errno)};
}

} // namespace

loopback_listener listen_on_loopback() {
  auto listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (listener < 0)
    fail("no socket to listen on");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto plain = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener, plain, size) != 0 || ::listen(listener, 1) != 0 ||
      ::getsockname(listener, plain, &size) != 0) {
    ::close(listener);
    fail("no loopback port to listen on");
  }
  return {listener, ntohs(address.sin_port)};
}

} // namespace caf_stream::bench
