#pragma once

#include <optional>

#include "caf_stream/base/time.hpp"

namespace caf_stream {

/// While it lives, this thread works for the batch at `time`. Marks nest.
class batch_mark {
public:
  explicit batch_mark(batch_time time) noexcept;
  ~batch_mark();

  batch_mark(const batch_mark&) = delete;
  batch_mark& operator=(const batch_mark&) = delete;

private:
  std::optional<batch_time> outer_;
};

/// The batch that this thread works for; nothing where it works for none.
std::optional<batch_time> current_batch() noexcept;

} // namespace caf_stream
