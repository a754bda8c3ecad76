#include "caf_stream/base/batch_mark.hpp"

#include <utility>

namespace caf_stream {

namespace {

thread_local std::optional<batch_time> current;

} // namespace

batch_mark::batch_mark(batch_time time) noexcept : outer_(std::exchange(current, time)) {}

batch_mark::~batch_mark() { current = outer_; }

std::optional<batch_time> current_batch() noexcept { return current; }

} // namespace caf_stream
