#include "caf_stream/graph/stream_graph.hpp"

#include <algorithm>
#include <set>

#include "caf_stream/base/batch_mark.hpp"
#include "caf_stream/base/error.hpp"
#include "caf_stream/base/log.hpp"
#include "caf_stream/codec/key_encoding.hpp"
#include "caf_stream/graph/state_node.hpp"
#include "caf_stream/lineage/id_scope.hpp"

namespace caf_stream::graph {

namespace {

std::string in_ms(duration d) { return std::to_string(d.count()) + " ms"; }

} // namespace

stream_graph::stream_graph(duration batch_interval) : batch_interval_(batch_interval) {
  if (batch_interval <= duration{0})
    throw error{errc::invalid_argument,
                "the batch interval must be longer than 0 ms, not " + in_ms(batch_interval)};
}

void stream_graph::check_can_change(const std::string& what) const {
  if (state_ == context_state::initialized)
    return;
  auto when = state_ == context_state::active ? "after the context has started"
                                              : "after the context has stopped";
  throw error{errc::invalid_state, "cannot " + what + " " + when};
}

node_ptr stream_graph::add(node_description description, compute_dataset compute) {
  return add(std::make_shared<stream_node>(*this, std::move(description), std::move(compute)));
}

node_ptr stream_graph::add(node_ptr node) {
  check_can_change("add " + node->kind());
  for (auto& parent : node->parents()) {
    if (&parent->graph() != this)
      throw error{errc::invalid_argument, node->kind() + " was given " + parent->label() +
                                            ", which belongs to another context"};
  }
  nodes_.push_back(std::move(node));
  return nodes_.back();
}

void stream_graph::add_input(input_ptr input) {
  check_can_change("add " + input->kind());
  nodes_.push_back(input);
  inputs_.push_back(std::move(input));
}

void stream_graph::add_output(std::string name, node_ptr parent, output_action action,
                              source_location where) {
  check_can_change("add the output " + name);
  output_operation output;
  output.number = static_cast<output_id_number>(outputs_.size());
  std::string file = where.file_name();
  if (auto slash = file.rfind('/'); slash != std::string::npos)
    file.erase(0, slash + 1);
  output.description = name + " at " + file + ":" + std::to_string(where.line());
  output.name = std::move(name);
  output.parent = std::move(parent);
  output.action = std::move(action);
  outputs_.push_back(std::move(output));
}

void stream_graph::remember(duration d) {
  check_can_change("change how long batches are remembered");
  if (remember_)
    throw error{errc::invalid_state, "remember(" + in_ms(d) + "): batches are already remembered " +
                                       in_ms(*remember_) + "; set it once"};
  remember_ = checked_remember(d);
}

void stream_graph::overrule_remember(duration d) {
  check_can_change("change how long batches are remembered");
  remember_ = checked_remember(d);
}

void stream_graph::expect_checkpoints() {
  check_can_change("set the checkpoint folder");
  has_checkpoints_ = true;
}

duration stream_graph::checked_remember(duration d) const {
  if (d < batch_interval_)
    throw error{errc::invalid_argument, "remember(" + in_ms(d) + ") is shorter than the batch " +
                                          "interval of " + in_ms(batch_interval_)};
  return d;
}

std::vector<stream_node*> stream_graph::reachable() const {
  std::set<const stream_node*> wanted;
  std::function<void(const stream_node&)> visit = [&](const stream_node& node) {
    if (wanted.insert(&node).second)
      for (auto& parent : node.parents())
        visit(*parent);
  };
  for (auto& output : outputs_)
    visit(*output.parent);
  std::vector<stream_node*> result;
  for (auto& node : nodes_)
    if (wanted.contains(node.get()))
      result.push_back(node.get());
  return result;
}

// An operator with a name is known by it alone, or by it and that it is the keeper of one so named.
// Another is known by its kind, its parents' ids and its place among the operators of that kind on
// those parents, so that what is added elsewhere in the graph does not change it.
void stream_graph::assign_ids() {
  std::map<std::string, std::uint32_t> places;
  auto derive = [&](const std::string& kind, const std::vector<operator_id>& parents) {
    std::string key = "op:" + kind;
    for (auto parent : parents)
      key += ":" + to_string(parent);
    auto place = places[key]++;
    return operator_id{codec::key_hash(key + "#" + std::to_string(place))};
  };
  for (auto& node : nodes_) {
    std::vector<operator_id> parents;
    for (auto& parent : node->parents())
      parents.push_back(parent->id());
    auto place = derive(node->kind(), parents);
    auto uid = (node->is_keeper_ ? "keeper of uid:" : "uid:") + node->name();
    node->id_ = node->name().empty() ? place : operator_id{codec::key_hash(uid)};
  }
  for (auto& output : outputs_)
    output.id = derive("output " + output.name, {output.parent->id()});
}

std::vector<std::string> stream_graph::findings() const {
  std::vector<std::string> result;
  if (outputs_.empty())
    result.push_back("it has no output operation, so there is nothing to run; add print(), "
                     "foreach_rdd(...) or another output");
  std::map<operator_id, const stream_node*> ids;
  for (auto& node : nodes_) {
    auto [i, first] = ids.emplace(node->id(), node.get());
    if (!first)
      result.push_back(i->second->label() + " and " + node->label() +
                       " have the same id; give each a name of its own");
    if (auto interval = node->checkpoint_interval()) {
      auto call = "checkpoint(" + in_ms(*interval) + ") of " + node->label();
      if (*interval < node->slide() || !is_multiple_of(*interval, node->slide()))
        result.push_back(call + " is no multiple of its slide of " + in_ms(node->slide()));
    }
  }
  return result;
}

// An operator with state has each of its batches, and those that nobody asks for, since a window
// slides further, it has with the next that somebody does. By then the states above it have moved
// on.
void stream_graph::reach_for_late_batches() {
  std::map<const stream_node*, duration> asked_every;
  auto ask = [&](const stream_node* node, duration every) {
    auto& known = asked_every.emplace(node, every).first->second;
    known = std::min(known, every);
  };
  for (auto& output : outputs_)
    ask(output.parent.get(), output.parent->slide());
  for (auto i = running_.rbegin(); i != running_.rend(); ++i) {
    auto& node = **i;
    auto every = asked_every.at(&node);
    auto above = [](auto& parent) { return builds_on_state(*parent); };
    if (node.has_each_batch() && std::any_of(node.parents().begin(), node.parents().end(), above))
      node.description_.reach += every - node.slide();
    for (auto& parent : node.parents())
      ask(parent.get(), every);
  }
}

std::vector<std::string> stream_graph::operators_with_state() const {
  std::vector<std::string> result;
  for (auto* node : running_)
    if (node->keeps_state())
      result.push_back(node->label());
  return result;
}

void stream_graph::warn_of_unnamed_state() const {
  for (auto* node : running_)
    if (node->keeps_state() && node->name().empty())
      log::warning(node->label(), " keeps a state and has no name of its own, so another operator "
                                  "added before it can change its id, and its checkpoint would not "
                                  "be found; give it one with named(...)");
}

void stream_graph::start(batch_time zero) {
  if (state_ != context_state::initialized)
    check_can_change("start");
  zero_ = zero;
  assign_ids();
  if (auto found = findings(); !found.empty()) {
    stop();
    std::string text = "the graph cannot run: ";
    for (std::size_t i = 0; i < found.size(); ++i)
      text += (i == 0 ? "" : "; ") + found[i];
    throw error{errc::invalid_graph, text};
  }
  running_ = reachable();
  reach_for_late_batches();
  for (auto& node : nodes_)
    node->require_remembered(remember_.value_or(duration{0}));
  ordered_ =
    std::any_of(running_.begin(), running_.end(), [](auto* node) { return node->ordered(); });
  if (has_checkpoints_)
    warn_of_unnamed_state();
  for (auto* node : running_)
    node->prepare();
  state_ = context_state::active;
}

std::map<stream_id, std::int64_t>
stream_graph::decide(batch_time t, std::map<stream_id, std::vector<data::block_info>> blocks,
                     std::uint32_t workers, bool last) {
  std::map<stream_id, std::int64_t> result;
  for (auto& input : inputs_) {
    input->decide(t, std::move(blocks[input->stream()]), workers, last);
    result[input->stream()] = input->records(t);
  }
  return result;
}

std::vector<output_id_number> stream_graph::outputs_at(batch_time t) const {
  std::vector<output_id_number> result;
  for (auto& output : outputs_)
    if (output.parent->is_valid(t))
      result.push_back(output.number);
  return result;
}

void stream_graph::run_output(output_id_number number, batch_time t) const {
  auto& output = outputs_.at(number);
  broadcasts_->begin_batch(t);
  auto begun = begun_through_.load();
  while (begun < to_millis(t) && !begun_through_.compare_exchange_weak(begun, to_millis(t)))
    ;
  batch_mark mark{t};
  auto set = output.parent->get_or_compute(t);
  if (set == nullptr)
    return;
  lineage::id_scope scope{output.id, t};
  output.action(output, set, t);
}

std::vector<lineage::dataset_ptr> stream_graph::slice(stream_node& node, batch_time from,
                                                      batch_time to) const {
  if (state_ == context_state::initialized)
    throw error{errc::invalid_state,
                "slice of " + node.label() + " before the context has started"};
  if (builds_on_state(node) && std::find(running_.begin(), running_.end(), &node) == running_.end())
    throw error{errc::invalid_state,
                "slice of " + node.label() + ": no output needs it, so its state was not kept up"};
  auto aligned = [&](batch_time t, const char* which) {
    if (t <= zero_)
      return zero_;
    auto result = floor_to(t, node.slide(), zero_);
    if (result != t)
      log::warning("slice of ", node.label(), ": ", which, " ", to_millis(t),
                   " ms is no time of a batch; taken as ", to_millis(result), " ms");
    return result;
  };
  std::vector<lineage::dataset_ptr> result;
  auto last = std::min(aligned(to, "the end"), from_millis(begun_through_.load()));
  for (auto t = aligned(from, "the begin"); t <= last; t += node.slide()) {
    if (!node.is_valid(t))
      continue;
    if (t <= node.forgotten_through())
      throw error{errc::invalid_state, "batch " + std::to_string(to_millis(t)) + " ms of " +
                                         node.label() +
                                         " is not remembered any more; remember(duration) of the "
                                         "context keeps batches longer"};
    batch_mark mark{t};
    if (auto set = node.get_or_compute(t))
      result.push_back(std::move(set));
  }
  return result;
}

void stream_graph::end_batch(batch_time t, bool given_up) {
  for (auto* node : running_)
    node->end_batch(t, given_up);
}

// Up to which batch each operator may forget: what is remembered is kept, and what an operator
// below it has yet to read. Children come after their parents, so they are asked first.
std::map<const stream_node*, batch_time> stream_graph::forgettable(batch_time t) const {
  std::map<const stream_node*, batch_time> result;
  for (auto& node : nodes_)
    result[node.get()] = t - node->remembered();
  for (auto i = running_.rbegin(); i != running_.rend(); ++i) {
    auto through = std::min(result[*i] - (*i)->reach(), (*i)->read_through());
    for (auto& parent : (*i)->parents())
      result[parent.get()] = std::min(result[parent.get()], through);
  }
  return result;
}

forgotten stream_graph::clear_through(batch_time t) {
  forgotten result;
  broadcasts_->forget_through(t);
  auto through = forgettable(t);
  for (auto& node : nodes_) {
    node->forget_through(through[node.get()]);
    result.kept.emplace_back(node->id(), through[node.get()]);
  }
  for (auto& output : outputs_)
    result.kept.emplace_back(output.id, t);
  for (auto& input : inputs_) {
    auto blocks = input->forget_input_through(through[input.get()]);
    result.blocks.insert(result.blocks.end(), blocks.begin(), blocks.end());
  }
  return result;
}

void stream_graph::release() {
  for (auto& output : outputs_)
    output.action = nullptr;
  for (auto& node : nodes_)
    node->release();
}

bool stream_graph::has_waiting_input() const {
  return std::any_of(inputs_.begin(), inputs_.end(),
                     [](auto& input) { return input->has_waiting(); });
}

std::string stream_graph::explain() const {
  std::string result;
  for (auto* node : reachable()) {
    result += to_string(node->id()) + " " + node->label();
    for (std::size_t i = 0; i < node->parents().size(); ++i)
      result += (i == 0 ? " <- " : ", ") + to_string(node->parents()[i]->id());
    result += '\n';
  }
  return result;
}

} // namespace caf_stream::graph
