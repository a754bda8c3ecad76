#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "caf_stream/base/error.hpp"

namespace caf_stream::receivers {

/// The addresses of a host, for a port. Never empty.
using endpoints = std::vector<boost::asio::ip::tcp::endpoint>;

/// Looks a host up and calls `then` in `io`. The system's resolver cannot be interrupted and may
/// take a minute, so it has a thread that nobody waits for: when `io` ends before the answer, the
/// answer is dropped. (Asio's own resolver would be waited for.)
void resolve(std::shared_ptr<boost::asio::io_context> io, const std::string& host,
             std::uint16_t port, std::function<void(result<endpoints>)> then);

} // namespace caf_stream::receivers
