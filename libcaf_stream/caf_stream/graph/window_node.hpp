#pragma once

#include <functional>
#include <vector>

#include "caf_stream/graph/stream_node.hpp"

namespace caf_stream::graph {

/// Makes one data set of those of the batches in a window, older ones first.
using join_batches = std::function<lineage::dataset_ptr(std::vector<lineage::dataset_ptr>)>;

/// The records of all batches of its parent in (t - length, t]. So they are not computed again for
/// each slide, the parent keeps what it made, but where it is an input, which has it anyway; and
/// where the program persists the window, it is the parent that is persisted.
class window_node final : public stream_node {
public:
  /// `description` has one parent, and its slide is the window's. `keep` is for the parent.
  window_node(stream_graph& graph, node_description description, duration length, join_batches join,
              persist_dataset keep);

  void persist(storage_level level, persist_dataset wrap) override;
  void release() override;

protected:
  lineage::dataset_ptr compute(batch_time t) override;
  void prepare() override;

private:
  duration length_;
  join_batches join_;
  persist_dataset keep_;
};

/// Throws errc::invalid_argument, naming all of them, unless `length` and `slide` are multiples of
/// the parent's slide and not zero.
void check_window(const std::string& operation, const stream_node& parent, duration length,
                  duration slide);

/// The data sets of a stream's batches in (after, through], older ones first, for the batch at
/// `now`. An earlier one that has failed is left out, with a warning: it has cost its own batch.
/// Throws where making one fails now.
std::vector<lineage::dataset_ptr> batches_between(stream_node& node, batch_time after,
                                                  batch_time through, batch_time now);

} // namespace caf_stream::graph
