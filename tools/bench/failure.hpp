#pragma once

#include <stdexcept>

namespace caf_stream::bench {

/// A case whose result is wrong or whose baseline is unsound, or that could not run; it reports no
/// figure then.
struct failure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

} // namespace caf_stream::bench
