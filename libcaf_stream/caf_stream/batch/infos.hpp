#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "caf_stream/base/ids.hpp"
#include "caf_stream/base/time.hpp"

// What listeners are told. Times are those of the context's clock; what is not known yet is
// absent.

namespace caf_stream {

/// What one input stream gave to a batch.
struct stream_input_info {
  stream_id input_stream_id = 0;
  std::int64_t num_records = 0;
  std::map<std::string, std::string> metadata;
};

/// One output operation of one batch.
struct output_operation_info {
  caf_stream::batch_time batch_time{};
  output_id_number id = 0; ///< its place among the outputs of the program
  std::string name;        ///< what the user called: `print`
  std::string description; ///< name and the line that made it
  std::optional<caf_stream::batch_time> start_time;
  std::optional<caf_stream::batch_time> end_time;
  std::optional<caf_stream::duration> duration; ///< known when both times are
  std::optional<std::string> failure_reason;
};

/// One batch. `scheduling_delay` is how long it waited, `processing_delay` how long it ran,
/// `total_delay` both.
struct batch_info {
  caf_stream::batch_time batch_time{};
  std::map<stream_id, stream_input_info> stream_id_to_input_info;
  caf_stream::batch_time submission_time{};
  std::optional<caf_stream::batch_time> processing_start_time;
  std::optional<caf_stream::batch_time> processing_end_time;
  std::map<output_id_number, output_operation_info> output_operation_infos;
  std::optional<duration> scheduling_delay;
  std::optional<duration> processing_delay;
  std::optional<duration> total_delay;
  std::int64_t num_records = 0;
};

/// A total delay that keeps rising, or has recovered.
struct delay_info {
  caf_stream::batch_time batch_time{};   ///< the batch that showed it
  duration total_delay{};                ///< of this batch
  duration batch_interval{};             ///< batches that take longer than this fall behind
  caf_stream::batch_time rising_since{}; ///< the batch whose delay was the last short one
};

/// A receiver and how it is.
struct receiver_info {
  caf_stream::stream_id stream_id = 0;
  std::string name; ///< its kind and stream: `socket_text-0`
  bool active = false;
  std::string location;    ///< the node's host
  std::string executor_id; ///< the node's number
  std::string last_error_message;
  std::string last_error;
  std::optional<batch_time> last_error_time;
};

/// Records that were lost and may be: refused, or held only by something that died.
struct loss_info {
  caf_stream::stream_id stream_id = 0;
  std::int64_t num_records = 0; ///< as far as it is known; bytes that were no record count as one
  std::string reason;
};

/// A node that joined or left.
struct node_info {
  node_number node = 0;
  std::string host;
  std::string reason;
};

} // namespace caf_stream
