#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "caf_stream/ingest/receiver_port.hpp"
#include "caf_stream/receivers/socket_options.hpp"

// Lines of text from a TCP server. `\n` or `\r\n` ends a line and is no part of it; every other
// byte is kept: NUL, a lone CR, what is no UTF-8. When the server closes the connection, what came
// after its last `\n` is a line too.
//
// A line is received when its end is there. What is in the middle of a line when the receiver is
// stopped is no record; when the connection breaks there, the line is reported as lost.

namespace caf_stream::receivers {

/// A source of receivers that connect to `host:port`. A server that is absent is no failure: they
/// go on trying, and report an error each time the reason changes. Records are std::string_view.
std::shared_ptr<ingest::receiver_source>
socket_text_source(std::string host, std::uint16_t port,
                   storage_level level = storage_level::memory_and_disk_2,
                   socket_options options = {});

} // namespace caf_stream::receivers
