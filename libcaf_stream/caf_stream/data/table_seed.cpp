#include "caf_stream/data/table_seed.hpp"

#include <random>

namespace caf_stream::data {

table_seed draw_table_seed() {
  std::random_device entropy;
  std::uint64_t high = entropy();
  return {high << 32 | entropy()};
}

} // namespace caf_stream::data
