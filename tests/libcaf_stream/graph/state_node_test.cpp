#include "caf_stream/graph/state_node.hpp"

#include <atomic>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>

#include <doctest/doctest.h>

#include "caf_stream/base/error.hpp"
#include "caf_stream/graph/stream_graph.hpp"
#include "caf_stream/lineage/values_source.hpp"
#include "caf_stream/state/state_partition.hpp"

using namespace caf_stream;
using namespace caf_stream::graph;

namespace {

batch_time at(int seconds) { return from_millis(1000 * seconds); }

/// A source, an operator with state that writes down what it does, and a view of it.
class watched_graph {
public:
  std::set<int> failing; ///< batches, in seconds, whose steps fail
  stream_graph graph{duration{1000}};

  explicit watched_graph(duration remember = duration{1000}, bool viewed = false) {
    auto nothing = [](batch_time) { return lineage::make_values<int>({}, 1); };
    auto source = graph.add(describe("source", {}), nothing);
    state_operation operation;
    operation.step = [this](batch_time from, batch_time to) {
      auto set = lineage::make_values<int>({}, 1);
      write_down(in_words(from) + ">" + in_words(to));
      running_ = static_cast<int>(to_millis(to) / 1000);
      return set;
    };
    operation.run = [this](const lineage::dataset_ptr&) {
      if (++inside_ != 1)
        overlapped = true;
      std::this_thread::yield();
      --inside_;
      if (failing.contains(running_))
        throw std::runtime_error{"step " + std::to_string(running_) + " fails"};
    };
    node = std::make_shared<state_node>(graph, describe("sum", {source}), operation);
    graph.add(node);
    output_action ignore = [](const output_operation&, const lineage::dataset_ptr&, batch_time) {};
    if (viewed) {
      auto run = [this](const lineage::dataset_ptr&) { write_down("view"); };
      auto keep = [](lineage::dataset_ptr set, storage_level) { return set; };
      view = std::make_shared<state_view_node>(graph, describe("view", {node}), nothing, run, keep);
      graph.add(view);
      node->add_view(view);
      graph.add_output("print", view, ignore, source_location::current());
    }
    graph.add_output("print", node, ignore, source_location::current());
    if (remember > graph.batch_interval())
      graph.remember(remember);
    graph.start(at(0));
  }

  std::string steps() {
    std::lock_guard guard{mutex_};
    return std::exchange(steps_, {});
  }

  /// Asks for a batch; what it failed with.
  std::string ask(int seconds) {
    try {
      node->get_or_compute(at(seconds));
      return "";
    } catch (const std::exception& e) {
      return e.what();
    }
  }

  std::shared_ptr<state_node> node;
  std::shared_ptr<state_view_node> view;
  std::atomic<bool> overlapped{false};

private:
  static node_description describe(std::string kind, std::vector<node_ptr> parents) {
    node_description result;
    result.kind = std::move(kind);
    result.parents = std::move(parents);
    result.slide = duration{1000};
    return result;
  }

  static std::string in_words(batch_time t) {
    return t == stateful::no_batch ? "-" : std::to_string(to_millis(t) / 1000);
  }

  void write_down(const std::string& what) {
    std::lock_guard guard{mutex_};
    steps_ += (steps_.empty() ? "" : " ") + what;
  }

  std::mutex mutex_;
  std::string steps_;
  std::atomic<int> inside_{0};
  std::atomic<int> running_{0};
};

} // namespace

TEST_SUITE("graph.state_node") {

  TEST_CASE("each batch is run once, in order, also one that nobody asked for") {
    watched_graph g;
    CHECK(g.ask(3) == "");
    CHECK(g.steps() == "->1 1>2 2>3");
    CHECK(g.ask(3) == "");
    CHECK(g.ask(1) == "");
    CHECK(g.steps() == "");
  }

  TEST_CASE("a batch that is forgotten is not run again") {
    watched_graph g;
    g.ask(2);
    g.node->forget_through(at(1));
    CHECK(g.ask(1).find("has moved on to batch 2000 ms") != std::string::npos);
    CHECK(g.node->forgotten_through() == at(1));
  }

  TEST_CASE("what follows a batch that was given up builds on the one before") {
    watched_graph g;
    g.ask(1);
    g.failing = {2};
    CHECK(g.ask(2) == "step 2 fails");
    g.node->end_batch(at(2), true);
    CHECK(g.ask(3) == "");
    g.node->end_batch(at(3), true); // its output failed
    CHECK(g.ask(4) == "");
    g.node->end_batch(at(4), false);
    g.ask(5);
    CHECK(g.steps() == "->1 1>2 1>3 1>4 4>5");
  }

  TEST_CASE("a batch that was given up before it was begun is passed over, and no other") {
    watched_graph g;
    g.node->end_batch(at(2), true);             // some other output failed; nobody has asked so far
    g.node->end_batch(from_millis(2500), true); // is none of its batches
    CHECK(g.ask(4) == "");
    CHECK(g.steps() == "->1 1>3 3>4");
    CHECK(g.ask(2).find("was given up") != std::string::npos);
    CHECK(g.node->has_failed(at(2)));
    CHECK_FALSE(g.node->has_failed(at(1)));
    CHECK(g.ask(1) == "");
  }

  TEST_CASE("input is not kept for a state that no batch comes to") {
    watched_graph g;
    for (int i = 1; i <= 100; ++i)
      g.node->end_batch(at(i), true);
    CHECK(g.node->read_through() == at(100));
    CHECK(g.ask(101) == "");
    CHECK(g.steps() == "->101");
  }

  TEST_CASE("a late batch that fails is told to who asks, and others that are late are run") {
    watched_graph g;
    g.failing = {1};
    CHECK(g.ask(3) == "step 1 fails");
    g.node->end_batch(at(3), true);
    CHECK(g.ask(4) == "");
    CHECK(g.steps() == "->1 ->2 2>4");
  }

  TEST_CASE("batches take turns when several are asked for at once") {
    for (int i = 0; i < 200; ++i) {
      watched_graph g;
      {
        std::jthread first{[&] { g.ask(2); }};
        std::jthread second{[&] { g.ask(4); }};
        std::jthread third{[&] { g.ask(3); }};
      }
      CHECK(g.steps() == "->1 1>2 2>3 3>4");
      CHECK_FALSE(g.overlapped);
    }
  }

  TEST_CASE("a view that is looked back at is run before the state moves on") {
    watched_graph looked_back_at{duration{3000}, true};
    looked_back_at.ask(2);
    CHECK(looked_back_at.steps() == "->1 view 1>2 view");
    watched_graph read_at_once{duration{0}, true};
    read_at_once.ask(2);
    CHECK(read_at_once.steps() == "->1 1>2");
  }

} // TEST_SUITE
