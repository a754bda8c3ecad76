#pragma once

#include <string>
#include <utility>
#include <vector>

#include <caf/actor.hpp>
#include <caf/message.hpp>

#include "caf_stream/dstream.hpp"
#include "caf_stream/outputs/output_inbox.hpp"

// Actors as a sink: `stream.foreach_partition(handle)`. For every partition of every batch the
// actor is sent a request with
//
//   output_id, std::vector<owned_t<T>>
//
// also for partitions without records. Its answer, whatever it holds, says that the records are the
// actor's now. Where the answer is an error, or none comes in time, the task has failed and is run
// again: then the actor is sent the same output once more, which an `output_inbox` drops.
//
// For an actor of another process both configurations need these types: `add_message_types(cfg)`
// and `cfg.add_message_type<std::vector<owned_t<T>>>("name")`, but for std::string, whose vectors
// CAF knows.

namespace caf_stream {

namespace detail {

/// Throws errc::invalid_argument where the actor is on another node and such a partition cannot be
/// sent there.
void check_sink(const caf::actor& sink, const caf::message& partition);

/// Sends the partition and waits for the answer. Throws errc::timed_out or errc::io_error.
void hand_over(const caf::actor& sink, const output_id& id, caf::message partition,
               duration patience);

} // namespace detail

template <class T>
void dstream<T>::foreach_partition(caf::actor sink, duration patience,
                                   source_location where) const {
  if (!sink)
    throw error{errc::invalid_argument, "foreach_partition was given a handle of no actor"};
  detail::check_sink(sink, caf::make_message(output_id{}, std::vector<owned_t<T>>{}));
  foreach_partition(
    [sink = std::move(sink), patience](record_range<T>& records, const output_id& id) {
      std::vector<owned_t<T>> owned;
      for (const T& record : records)
        owned.push_back(to_owned(record));
      detail::hand_over(sink, id, caf::make_message(id, std::move(owned)), patience);
    },
    where);
}

} // namespace caf_stream
