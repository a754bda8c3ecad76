#include "caf_stream/engine/engine.hpp"

namespace caf_stream::engine {

job_engine::~job_engine() = default;

} // namespace caf_stream::engine
