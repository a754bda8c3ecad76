#include "caf_stream/receivers/resolve.hpp"

#include <thread>
#include <utility>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>

#include <netdb.h>

namespace caf_stream::receivers {

namespace {

using boost::asio::ip::tcp;

result<endpoints> look_up(const std::string& host, std::uint16_t port) {
  addrinfo wanted{};
  wanted.ai_family = AF_UNSPEC;
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* first = nullptr;
  if (auto failed = ::getaddrinfo(host.c_str(), nullptr, &wanted, &first); failed != 0)
    return fail(errc::io_error, "cannot resolve '" + host + "': " + ::gai_strerror(failed));
  std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner{first, &::freeaddrinfo};
  endpoints found;
  for (auto* entry = first; entry != nullptr; entry = entry->ai_next) {
    tcp::endpoint endpoint;
    endpoint.resize(entry->ai_addrlen);
    std::copy_n(reinterpret_cast<const char*>(entry->ai_addr), entry->ai_addrlen,
                reinterpret_cast<char*>(endpoint.data()));
    endpoint.port(port);
    found.push_back(endpoint);
  }
  if (found.empty())
    return fail(errc::io_error, "cannot resolve '" + host + "': it has no address");
  return found;
}

} // namespace

void resolve(std::shared_ptr<boost::asio::io_context> io, const std::string& host,
             std::uint16_t port, std::function<void(result<endpoints>)> then) {
  boost::system::error_code not_numeric;
  auto address = boost::asio::ip::make_address(host, not_numeric);
  if (!not_numeric) {
    boost::asio::post(
      *io, [then = std::move(then), found = endpoints{{address, port}}] { then(found); });
    return;
  }
  std::thread{[io = std::move(io), host, port, then = std::move(then)]() mutable {
    auto found = look_up(host, port);
    auto& queue = *io;
    boost::asio::post(queue, [then = std::move(then), found = std::move(found)] { then(found); });
  }}.detach();
}

} // namespace caf_stream::receivers
