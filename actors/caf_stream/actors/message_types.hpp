#pragma once

#include <tuple>

#include <caf/fwd.hpp>

#include "caf_stream/actors/messages.hpp"

namespace caf_stream::actors {

/// Every message that actors send each other, so that each can be registered, and tested to survive
/// its encoding. A message that is missing here cannot leave the process.
using all_messages = std::tuple<
  look_at_clock, tick, last_tick, meet_clock, meet_runner, meet_tracker, decide_batch,
  batch_decided, run_output, output_started, output_finished, generator_ready, generator_done,
  cut_block, cut_done, block_ready, store_block, block_stored, block_waits, block_added,
  forget_data, feed_task, run_task, store_pieces, store_kept, lose_kept, forget_kept, task_done,
  task_failed, forget_job, worker_ready, spiller_ready, move_records, records_moved, remove_files,
  start_receiver, end_receiver, receiver_status, receiver_ended, batch_processed, set_rate,
  begin_receiving, end_receiving, receiving_begun, receiving_ended, receiver_request, start_again,
  drain_generator, generator_drained, inbox_changed, meet_receiver, begin_streams, stop_streams,
  patience_over, user_code_ended, receivers_ended, batches_ended, close_bus, streaming_started,
  batch_event, delay_event, output_event, records_lost, pick_inputs, inputs_picked>;

/// Lets an actor system send them to other nodes.
void register_messages(caf::actor_system_config& cfg);

/// Whether an actor system has them all.
bool messages_registered(const caf::actor_system& system);

} // namespace caf_stream::actors
