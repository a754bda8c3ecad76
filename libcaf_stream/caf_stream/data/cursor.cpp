#include "caf_stream/data/cursor.hpp"

namespace caf_stream::data {

cursor_base::~cursor_base() = default;

} // namespace caf_stream::data
