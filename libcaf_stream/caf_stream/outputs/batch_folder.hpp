#pragma once

#include <string>

#include "caf_stream/base/time.hpp"

namespace caf_stream::outputs {

/// The folder of a saved batch: `prefix-TIME_IN_MS[.suffix]`; just the time where the prefix is
/// empty.
std::string batch_folder(const std::string& prefix, batch_time t, const std::string& suffix);

/// Throws errc::invalid_argument where such folders could end up elsewhere: a NUL or a `..` in the
/// prefix, a NUL or a `/` in the suffix.
void check_batch_folder(const std::string& prefix, const std::string& suffix);

} // namespace caf_stream::outputs
