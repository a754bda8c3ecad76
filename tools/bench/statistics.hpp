#pragma once

#include <utility>
#include <vector>

namespace caf_stream::bench {

/// The smallest value that at least `share` of all values, in (0, 1], do not exceed. Requires that
/// there are values.
double quantile(std::vector<double> values, double share);

inline double median(std::vector<double> values) { return quantile(std::move(values), 0.5); }

} // namespace caf_stream::bench
