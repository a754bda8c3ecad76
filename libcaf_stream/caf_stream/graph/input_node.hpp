#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "caf_stream/data/block.hpp"
#include "caf_stream/graph/stream_node.hpp"
#include "caf_stream/ingest/receiver_port.hpp"

// Where streams begin. What a batch reads is decided once, at its tick, and fixed from then on:
// either the blocks that a receiver stored since the last tick, or a data set that the driver has.

namespace caf_stream::graph {

/// The decided input of one stream for one batch.
struct decided_input {
  std::vector<data::block_info> blocks;                  ///< of a receiver
  std::vector<std::vector<data::block_part>> partitions; ///< who reads which of them
  lineage::dataset_ptr set;                              ///< of the driver
  std::int64_t records = 0;
};

class input_node : public stream_node {
public:
  input_node(stream_graph& graph, stream_id stream, node_description description);

  stream_id stream() const noexcept { return stream_; }

  /// The receiver that feeds the stream; null where the driver does.
  virtual const ingest::receiver_source* receiver() const noexcept = 0;

  /// Fixes the input of the batch at `t`. `blocks` are those of the receiver; `last` is true for
  /// the last batch of a graceful stop, which takes all there is.
  void decide(batch_time t, std::vector<data::block_info> blocks, std::uint32_t workers, bool last);

  /// True where the driver's own input has records that no batch has taken.
  virtual bool has_waiting() const { return false; }

  /// Records of the decided batch at `t`; 0 when there is none.
  std::int64_t records(batch_time t) const;

  /// Drops decided batches at or before `t` and returns their blocks.
  std::vector<block_id> forget_input_through(batch_time t);

protected:
  lineage::dataset_ptr compute(batch_time t) override;

  /// For streams fed by the driver: takes the data set of the batch at `t`, which is the next one,
  /// and its number of records, 0 where that is not known.
  virtual std::pair<lineage::dataset_ptr, std::int64_t> take(batch_time t, bool last);

  /// Makes the data set that reads decided blocks.
  virtual lineage::dataset_ptr
  read_blocks(std::vector<std::vector<data::block_part>> partitions) = 0;

private:
  stream_id stream_;
  mutable std::mutex mutex_;
  std::map<batch_time, decided_input> decided_;
  batch_time forgotten_input_ = batch_time::min();
};

using input_ptr = std::shared_ptr<input_node>;

} // namespace caf_stream::graph
