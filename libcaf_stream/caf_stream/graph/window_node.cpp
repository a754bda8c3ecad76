#include "caf_stream/graph/window_node.hpp"

#include <algorithm>
#include <utility>

#include "caf_stream/base/error.hpp"
#include "caf_stream/base/log.hpp"
#include "caf_stream/graph/input_node.hpp"
#include "caf_stream/graph/stream_graph.hpp"

namespace caf_stream::graph {

namespace {

node_description with_reach(node_description description, duration length) {
  description.reach = length - description.parents[0]->slide();
  return description;
}

} // namespace

window_node::window_node(stream_graph& graph, node_description description, duration length,
                         join_batches join, persist_dataset keep)
  : stream_node(graph, with_reach(std::move(description), length), nullptr), length_(length),
    join_(std::move(join)), keep_(std::move(keep)) {}

void window_node::persist(storage_level level, persist_dataset wrap) {
  parents()[0]->persist(level, std::move(wrap));
}

void window_node::release() {
  stream_node::release();
  join_ = nullptr;
  keep_ = nullptr;
}

void window_node::prepare() {
  if (length_ <= slide())
    return;
  // A window has no records of its own.
  auto* parent = parents()[0].get();
  while (dynamic_cast<window_node*>(parent) != nullptr)
    parent = parent->parents()[0].get();
  if (parent->level() == storage_level::none && dynamic_cast<input_node*>(parent) == nullptr)
    parent->persist(storage_level::memory_only, keep_);
}

lineage::dataset_ptr window_node::compute(batch_time t) {
  return join_(batches_between(*parents()[0], t - length_, t, t));
}

void check_window(const std::string& operation, const stream_node& parent, duration length,
                  duration slide) {
  auto fits = [&](duration d) { return d > duration{0} && is_multiple_of(d, parent.slide()); };
  if (fits(length) && fits(slide))
    return;
  throw error{
    errc::invalid_argument,
    operation + ": a window of " + std::to_string(length.count()) + " ms that slides by " +
      std::to_string(slide.count()) + " ms is not possible; both must be multiples of the " +
      std::to_string(parent.slide().count()) + " ms between the batches of " + parent.label()};
}

std::vector<lineage::dataset_ptr> batches_between(stream_node& node, batch_time after,
                                                  batch_time through, batch_time now) {
  std::vector<lineage::dataset_ptr> result;
  auto zero = node.graph().zero_time();
  for (auto t = std::max(after, zero) + node.slide(); t <= through; t += node.slide()) {
    if (t != now && node.has_failed(t)) {
      log::warning("a window is without batch ", to_millis(t), " ms of ", node.label(),
                   ", which has failed");
      continue;
    }
    if (auto set = node.get_or_compute(t))
      result.push_back(std::move(set));
  }
  return result;
}

} // namespace caf_stream::graph
