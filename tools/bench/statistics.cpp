#include "statistics.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace caf_stream::bench {

double quantile(std::vector<double> values, double share) {
  auto rank = std::ceil(share * static_cast<double>(values.size()));
  auto nth = values.begin() + static_cast<std::ptrdiff_t>(rank) - 1;
  std::nth_element(values.begin(), nth, values.end());
  return *nth;
}

} // namespace caf_stream::bench
