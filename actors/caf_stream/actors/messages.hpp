#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "caf_stream/actors/message_parts.hpp"

// Every message that actors of a context send each other. A message is a plain struct; within a
// process it is shared, between processes its body is msgpack. The comment says who sends it to
// whom and what the other does with it. Handles never stand in a body: an answer goes to the
// sender, and where another actor is meant its handle is the message's second element.

namespace caf_stream::actors {

// -- the clock and the life of a batch -----------------------------------------------------------

/// A clock, or who waits, to itself; a manual clock to the batch clock: look what time it is.
struct look_at_clock {
  std::uint32_t unused = 0;
  MSGPACK_DEFINE(unused)
};

/// Batch clock -> batch scheduler: the batch at `time` is due. `last`: no tick comes after it.
struct tick {
  batch_time time{};
  bool last = false;
  MSGPACK_DEFINE(time, last)
};

/// Batch scheduler -> batch clock: end, after one more tick if `wanted`.
struct last_tick {
  bool wanted = true;
  MSGPACK_DEFINE(wanted)
};

/// Root supervisor -> batch scheduler: the actor in the second element is the batch clock.
struct meet_clock {
  std::uint32_t unused = 0;
  MSGPACK_DEFINE(unused)
};

/// Root supervisor -> batch scheduler: the actor in the second element is an idle job runner.
struct meet_runner {
  std::uint32_t unused = 0;
  MSGPACK_DEFINE(unused)
};

/// Root supervisor -> batch scheduler, with backpressure: the actor in the second element is the
/// receiver tracker, which wants to be told of batch_processed.
struct meet_tracker {
  std::uint32_t unused = 0;
  MSGPACK_DEFINE(unused)
};

/// Batch scheduler -> block ledger: decide which blocks belong to the batch at `time`.
struct decide_batch {
  batch_time time{};
  MSGPACK_DEFINE(time)
};

/// Block ledger -> batch scheduler: the decision.
struct batch_decided {
  batch_time time{};
  std::map<stream_id, std::vector<data::block_info>> blocks;
  MSGPACK_DEFINE(time, blocks)
};

/// Batch scheduler -> input picker: fix what each stream gives to the batch at `time`: these
/// blocks, and what the driver finds by itself, such as files. `last`: no batch comes after it. The
/// second element is whom to answer.
struct pick_inputs {
  batch_time time{};
  std::map<stream_id, std::vector<data::block_info>> blocks;
  bool last = false;
  MSGPACK_DEFINE(time, blocks, last)
};

/// Input picker -> batch scheduler: it is fixed; records of each stream.
struct inputs_picked {
  batch_time time{};
  std::map<stream_id, std::int64_t> records;
  MSGPACK_DEFINE(time, records)
};

/// Batch scheduler -> job runner: run one output of a batch.
struct run_output {
  batch_time time{};
  output_id_number output = 0;
  MSGPACK_DEFINE(time, output)
};

/// Job runner -> batch scheduler: it begins now.
struct output_started {
  batch_time time{};
  output_id_number output = 0;
  batch_time at{};
  MSGPACK_DEFINE(time, output, at)
};

/// Job runner -> batch scheduler: it has ended; with what went wrong, if something did.
struct output_finished {
  batch_time time{};
  output_id_number output = 0;
  batch_time at{};
  std::optional<std::string> failure;
  MSGPACK_DEFINE(time, output, at, failure)
};

// -- blocks --------------------------------------------------------------------------------------

/// Receiver supervisor -> block ledger, with the generator as a second element, before a receiver
/// begins: the generator is to be asked to cut at ticks.
struct generator_ready {
  stream_id stream = 0;
  MSGPACK_DEFINE(stream)
};

/// Block generator -> block ledger, when its stream has ended and all its blocks are added.
struct generator_done {
  stream_id stream = 0;
  MSGPACK_DEFINE(stream)
};

/// Block ledger -> block generator: the batch at `time` is due, cut what is open.
struct cut_block {
  batch_time time{};
  MSGPACK_DEFINE(time)
};

/// Block generator -> block ledger: all that was there at `time` is added, or must wait for room.
struct cut_done {
  stream_id stream = 0;
  batch_time time{};
  MSGPACK_DEFINE(stream, time)
};

/// A receiver's builder or thread -> block generator: there is something to store.
struct block_ready {
  std::uint32_t unused = 0;
  MSGPACK_DEFINE(unused)
};

/// Block generator -> block keeper: keep this block, now or when there is room.
struct store_block {
  data::block_info info;
  data::payload block;
  storage_level level = storage_level::memory_only;
  MSGPACK_DEFINE(info, block, level)
};

/// Block keeper -> block generator: it is kept.
struct block_stored {
  block_id id;
  MSGPACK_DEFINE(id)
};

/// Block keeper -> block generator: the memory budget is used up, the block is written to disk or
/// waits for room; block_stored comes later.
struct block_waits {
  block_id id;
  MSGPACK_DEFINE(id)
};

/// Block generator -> block ledger: a block is kept and may go into a batch.
struct block_added {
  data::block_info info;
  MSGPACK_DEFINE(info)
};

/// Batch scheduler -> block keeper and block ledger: the batches up to `through` have ended, and
/// nobody looks at these blocks any more, nor at what was persisted of operators up to a batch.
struct forget_data {
  batch_time through{};
  std::vector<block_id> blocks;
  std::vector<std::pair<operator_id, batch_time>> kept;
  MSGPACK_DEFINE(through, blocks, kept)
};

// -- tasks ---------------------------------------------------------------------------------------

/// Job runner -> block keeper: give the task its inputs and pass it to the worker in `slot`, which
/// answers the actor in the second element.
struct feed_task {
  task_id id;
  std::uint32_t slot = 0;
  plan::task_needs needs;
  MSGPACK_DEFINE(id, slot, needs)
};

/// Block keeper (or job runner, for tasks without inputs) -> partition worker: run it. The second
/// element is who wants to know how it went.
struct run_task {
  task_id id;
  lineage::task_inputs inputs;
  MSGPACK_DEFINE(id, inputs)
};

/// Partition worker -> block keeper: the pieces of a map task.
struct store_pieces {
  task_id id;
  std::vector<data::payload> pieces;
  MSGPACK_DEFINE(id, pieces)
};

/// Partition worker -> job runner: the task has succeeded; `result` is that of the action.
struct task_done {
  task_id id;
  data::payload result;
  MSGPACK_DEFINE(id, result)
};

/// Partition worker -> block keeper: computed partitions of persisted data sets; kept if there is
/// room. Only when that is decided `done` is passed on to the second element, so that whatever is
/// planned after the job knows of them.
struct store_kept {
  task_done done;
  std::vector<std::pair<lineage::dataset_partition, lineage::computed_partition>> partitions;
  MSGPACK_DEFINE(done, partitions)
};

/// Partition worker -> block keeper: these kept partitions could not be read back; forget them.
struct lose_kept {
  std::vector<lineage::dataset_partition> partitions;
  MSGPACK_DEFINE(partitions)
};

/// The engine, for `unpersist` -> block keeper: forget what is kept of this data set.
struct forget_kept {
  lineage::dataset_id set;
  MSGPACK_DEFINE(set)
};

/// Partition worker or block keeper -> job runner: this attempt has failed. `outdated`: a kept
/// partition that the plan counts on is gone; plan anew.
struct task_failed {
  task_id id;
  std::string why;
  bool outdated = false;
  MSGPACK_DEFINE(id, why, outdated)
};

/// Job runner -> block keeper: the job has ended, its pieces are not needed any more.
struct forget_job {
  job_id job = 0;
  MSGPACK_DEFINE(job)
};

/// Node agent -> block keeper: the actor in the second element is the worker in `slot` now.
struct worker_ready {
  std::uint32_t slot = 0;
  MSGPACK_DEFINE(slot)
};

// -- blocks on disk ------------------------------------------------------------------------------

/// Node agent -> block keeper: the actor in the second element is the block spiller now.
struct spiller_ready {
  std::uint32_t unused = 0;
  MSGPACK_DEFINE(unused)
};

/// Block keeper -> block spiller: write this to disk, or encode it, and say records_moved. `what`
/// names it in errors.
struct move_records {
  std::uint64_t order = 0;
  bool to_disk = false;
  std::string what;
  data::payload records;
  MSGPACK_DEFINE(order, to_disk, what, records)
};

/// Block spiller -> block keeper: done; `records` stand for the file or are the encoding. With
/// `failure` nothing was done; `lasting`: nor can it ever be.
struct records_moved {
  std::uint64_t order = 0;
  data::payload records;
  std::uint64_t file_bytes = 0;
  std::optional<std::string> failure;
  bool lasting = false;
  MSGPACK_DEFINE(order, records, file_bytes, failure, lasting)
};

/// Block keeper -> block spiller: blocks were forgotten, remove the files that nobody reads.
struct remove_files {
  std::uint32_t unused = 0;
  MSGPACK_DEFINE(unused)
};

// -- receivers -----------------------------------------------------------------------------------

/// Receiver tracker -> node agent: run the receiver of `stream` on this node.
struct start_receiver {
  stream_id stream = 0;
  MSGPACK_DEFINE(stream)
};

/// Receiver tracker -> node agent, node agent -> receiver supervisor: end the receiver, store what
/// it has, and say receiver_ended. With `drain` false what is not stored yet is dropped.
struct end_receiver {
  stream_id stream = 0;
  bool drain = true;
  MSGPACK_DEFINE(stream, drain)
};

/// Receiver supervisor -> receiver tracker: the receiver runs (`active`), waits to be started
/// again, or has something to report.
struct receiver_status {
  enum class change : std::uint8_t { started, error, stopped };
  std::uint8_t what = 0; ///< a `change`
  receiver_info info;
  MSGPACK_DEFINE(what, info)
};

/// Receiver supervisor -> receiver tracker: the receiver has ended for good, all its blocks are in
/// the ledger. `failure`: it was given up, and why.
struct receiver_ended {
  stream_id stream = 0;
  std::optional<std::string> failure;
  MSGPACK_DEFINE(stream, failure)
};

/// Batch scheduler -> receiver tracker, with backpressure: a batch has ended at `end`, after it had
/// waited for `scheduling_delay` and run for `processing_delay`. `records` of each stream.
struct batch_processed {
  batch_time end{};
  duration processing_delay{};
  duration scheduling_delay{};
  std::map<stream_id, std::int64_t> records;
  MSGPACK_DEFINE(end, processing_delay, scheduling_delay, records)
};

/// Receiver tracker -> node agent: the stream may take in `rate` records a second, from now on.
struct set_rate {
  stream_id stream = 0;
  double rate = 0;
  MSGPACK_DEFINE(stream, rate)
};

/// Receiver supervisor -> receiver: begin.
struct begin_receiving {
  std::uint32_t unused = 0;
  MSGPACK_DEFINE(unused)
};

/// Receiver supervisor -> receiver: end.
struct end_receiving {
  std::uint32_t unused = 0;
  MSGPACK_DEFINE(unused)
};

/// Receiver -> receiver supervisor: on_start() has returned, or thrown `failure`.
struct receiving_begun {
  std::optional<std::string> failure;
  MSGPACK_DEFINE(failure)
};

/// Receiver -> receiver supervisor: on_stop() has returned.
struct receiving_ended {
  std::optional<std::string> failure;
  MSGPACK_DEFINE(failure)
};

/// The port, for a receiver's thread -> receiver supervisor.
struct receiver_request {
  enum class kind : std::uint8_t { report_error, restart, stop };
  std::uint8_t what = 0; ///< a `kind`
  std::string text;
  std::optional<duration> delay;
  std::uint64_t incarnation = 0; ///< which life of the receiver says it
  MSGPACK_DEFINE(what, text, delay, incarnation)
};

/// Receiver supervisor -> itself, after a delay: start the receiver again.
struct start_again {
  std::uint64_t incarnation = 0;
  MSGPACK_DEFINE(incarnation)
};

/// Receiver supervisor -> block generator: nothing more comes; store what there is (or drop it) and
/// answer with generator_drained.
struct drain_generator {
  bool drain = true;
  MSGPACK_DEFINE(drain)
};

/// Block generator -> receiver supervisor.
struct generator_drained {
  stream_id stream = 0;
  MSGPACK_DEFINE(stream)
};

/// An inbox, from any thread -> its inbox actor: something was stored that somebody waits for,
/// something was dropped, or the inbox has ended.
struct inbox_changed {
  std::uint32_t unused = 0;
  MSGPACK_DEFINE(unused)
};

/// A receiver that is an actor of the program's -> the relay behind its handle: the actor in the
/// second element is the receiver now.
struct meet_receiver {
  std::uint32_t unused = 0;
  MSGPACK_DEFINE(unused)
};

// -- the life of the context ---------------------------------------------------------------------

/// The context -> root supervisor, which passes it on: end. Gracefully: receivers end first, what
/// they stored is processed, then the rest ends.
struct stop_streams {
  bool gracefully = true;
  std::optional<duration> timeout =
    std::nullopt; ///< of a graceful end, which then becomes one at once
  MSGPACK_DEFINE(gracefully, timeout)
};

/// The context -> root supervisor: the graph has started, run it.
struct begin_streams {
  std::uint32_t unused = 0;
  MSGPACK_DEFINE(unused)
};

/// Receiver tracker -> block ledger -> batch scheduler: all receivers have ended and their blocks
/// are in the ledger, `waiting` of them in no batch yet.
struct receivers_ended {
  std::uint64_t waiting = 0;
  MSGPACK_DEFINE(waiting)
};

/// Root supervisor -> itself, after a while: what has not ended until now is not waited for.
struct patience_over {
  std::uint8_t with = 0; ///< a phase of the root supervisor; another one may be under way by now
  MSGPACK_DEFINE(with)
};

/// The last actor of the context that ran code of the user -> root supervisor.
struct user_code_ended {
  std::uint32_t unused = 0;
  MSGPACK_DEFINE(unused)
};

/// Batch scheduler -> root supervisor: every batch is finished, nothing is left to do.
struct batches_ended {
  std::uint32_t unused = 0;
  MSGPACK_DEFINE(unused)
};

/// Root supervisor -> listener bus: call what has come so far, then end.
struct close_bus {
  std::uint32_t unused = 0;
  MSGPACK_DEFINE(unused)
};

// -- events --------------------------------------------------------------------------------------

/// Batch scheduler -> listener bus.
struct streaming_started {
  batch_time time{};
  MSGPACK_DEFINE(time)
};

/// Batch scheduler -> listener bus.
struct batch_event {
  enum class change : std::uint8_t { submitted, started, completed };
  std::uint8_t what = 0; ///< a `change`
  batch_info info;
  MSGPACK_DEFINE(what, info)
};

/// Batch scheduler -> listener bus: the total delay keeps rising, or has recovered.
struct delay_event {
  enum class change : std::uint8_t { rising, recovered };
  std::uint8_t what = 0; ///< a `change`
  delay_info info;
  MSGPACK_DEFINE(what, info)
};

/// Batch scheduler -> listener bus.
struct output_event {
  enum class change : std::uint8_t { started, completed };
  std::uint8_t what = 0; ///< a `change`
  output_operation_info info;
  MSGPACK_DEFINE(what, info)
};

/// A receiver's port or whoever drops something -> listener bus; from where that is not known, ->
/// root supervisor, which passes it on.
struct records_lost {
  loss_info info;
  MSGPACK_DEFINE(info)
};

} // namespace caf_stream::actors
