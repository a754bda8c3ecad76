#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "caf_stream/ingest/byte_decoder.hpp"
#include "caf_stream/receivers/socket_options.hpp"

namespace caf_stream::receivers {

/// A source of receivers that connect to `host:port` and have what they read decoded. A server that
/// is absent is no failure: they go on trying, and report an error each time the reason changes.
/// A peer that sends what the decoder refuses is treated as one whose connection broke. What is in
/// the middle of a record when the connection ends is reported as lost, as one record.
std::shared_ptr<ingest::receiver_source>
socket_bytes_source(std::string kind, std::string host, std::uint16_t port,
                    std::shared_ptr<const ingest::byte_format> format,
                    storage_level level = storage_level::memory_and_disk_2,
                    socket_options options = {});

} // namespace caf_stream::receivers
