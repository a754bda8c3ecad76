#pragma once

#include <cstdint>
#include <string>

#include "caf_stream/base/ids.hpp"
#include "caf_stream/base/time.hpp"

namespace caf_stream {

/// Names what one task hands to the outside: the same whenever that task is run again, so that a
/// sink that remembers the ids it has committed can make an output exactly once.
struct output_id {
  /// 16 hexadecimal digits made of the operator's id, the kind of output and its place among those
  /// on the stream: the same in every run of the program.
  std::string output_uid;
  caf_stream::batch_time batch_time{};
  partition_id partition = 0;
  std::uint64_t epoch = 0; ///< life of the driver; a sink refuses older ones

  friend auto operator<=>(const output_id&, const output_id&) = default;

  /// For CAF 0.17, so that it can stand in messages.
  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, output_id& x) {
    return f(x.output_uid, x.batch_time, x.partition, x.epoch);
  }
};

} // namespace caf_stream
