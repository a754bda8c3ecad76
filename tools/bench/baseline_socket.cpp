#include "baseline_socket.hpp"

#include "failure.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <vector>

namespace caf_stream::bench {

namespace {

constexpr std::size_t bytes_a_read = 256 * 1024;
constexpr std::size_t block_size = 4 * 1024 * 1024;

class connection {
public:
  explicit connection(std::uint16_t port)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) {
      ::close(socket_);
      throw failure{"the baseline cannot connect to the sender"};
    }
  }

  ~connection() { ::close(socket_); }

  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;

  std::size_t read(char* to, std::size_t size) {
    for (;;) {
      auto result = ::recv(socket_, to, size, 0);
      if (result > 0)
        return static_cast<std::size_t>(result);
      if (result == 0 || errno != EINTR)
        throw failure{"the sender's connection ended early"};
    }
  }

private:
  int socket_;
};

/// Bytes and where each whole line in them ends.
struct line_block {
  std::unique_ptr<char[]> bytes = std::make_unique<char[]>(block_size);
  std::size_t used = 0;
  std::vector<std::uint32_t> line_ends;

  void add_lines(std::size_t size) {
    auto pos = bytes.get() + used;
    auto end = pos + size;
    while (auto newline = std::memchr(pos, '\n', static_cast<std::size_t>(end - pos))) {
      pos = static_cast<char*>(newline) + 1;
      line_ends.push_back(static_cast<std::uint32_t>(pos - bytes.get()));
    }
    used += size;
  }

  /// Keeps only the line that has begun.
  void start_anew() {
    auto begun = line_ends.empty() ? 0 : line_ends.back();
    std::memmove(bytes.get(), bytes.get() + begun, used - begun);
    used -= begun;
    line_ends.clear();
  }
};

} // namespace

socket_run read_lines(std::uint16_t port, std::size_t bytes) {
  connection from{port};
  line_block block;
  std::int64_t lines = 0;
  while (bytes > 0) {
    auto room = std::min(bytes_a_read, block_size - block.used);
    auto size = from.read(block.bytes.get() + block.used, room);
    block.add_lines(size);
    bytes -= size;
    if (block.used == block_size || bytes == 0) {
      lines += static_cast<std::int64_t>(block.line_ends.size());
      block.start_anew();
    }
  }
  return {lines, std::chrono::steady_clock::now()};
}

} // namespace caf_stream::bench
