#pragma once

#include <memory>

#include "caf_stream/settings.hpp"
#include "caf_stream/streaming_listener.hpp"

namespace caf_stream {

/// Writes one line to standard error for every batch that has ended: batch time, records,
/// scheduling delay, processing time, and which outputs failed. As text for people or as a JSON
/// object for programs. Requires a mode other than `off`.
std::shared_ptr<streaming_listener> make_progress_listener(progress_mode mode);

/// The line, without its end.
std::string progress_line(const batch_info& info, progress_mode mode);

} // namespace caf_stream
