#include "caf_stream/graph/window_node.hpp"

#include <map>

#include <doctest/doctest.h>

#include "caf_stream/base/error.hpp"
#include "caf_stream/graph/stream_graph.hpp"
#include "caf_stream/lineage/union_dataset.hpp"
#include "caf_stream/lineage/values_source.hpp"

using namespace caf_stream;

namespace {

graph::node_description described(std::string kind, std::vector<graph::node_ptr> parents,
                                  std::int64_t slide_ms) {
  graph::node_description result;
  result.kind = std::move(kind);
  result.parents = std::move(parents);
  result.slide = duration{slide_ms};
  return result;
}

graph::node_ptr add_window(graph::stream_graph& g, graph::node_ptr parent, std::int64_t length_ms,
                           std::int64_t slide_ms) {
  auto keep = [](lineage::dataset_ptr set, storage_level) { return set; };
  return g.add(std::make_shared<graph::window_node>(
    g, described("window", {parent}, slide_ms), duration{length_ms}, lineage::make_union, keep));
}

} // namespace

TEST_SUITE("graph.window_node") {

  TEST_CASE("a window has the batches of its parent since its length ago") {
    graph::stream_graph g{duration{1000}};
    std::vector<std::int64_t> asked;
    auto source = g.add(described("source", {}, 1000), [&](batch_time t) -> lineage::dataset_ptr {
      asked.push_back(to_millis(t));
      return nullptr;
    });
    auto window = add_window(g, source, 3000, 2000);
    g.add_output(
      "output", window, [](auto&, auto&, batch_time) {}, source_location::current());
    g.start(from_millis(10'000));
    for (int t = 11'000; t <= 16'000; t += 1000)
      for (auto output : g.outputs_at(from_millis(t)))
        g.run_output(output, from_millis(t));
    CHECK(asked == std::vector<std::int64_t>{11'000, 12'000, 13'000, 14'000, 15'000, 16'000});
  }

  // Each operator keeps what the ones below it may look back at: a window at a batch that is still
  // remembered, and the windows above it in turn.
  TEST_CASE("what windows and remember need is kept, and nothing else") {
    graph::stream_graph g{duration{1000}};
    auto nothing = [](batch_time) -> lineage::dataset_ptr { return nullptr; };
    auto mapped = g.add(described("map", {}, 1000), nothing);
    auto first = add_window(g, mapped, 2000, 1000);
    auto second = add_window(g, first, 4000, 2000);
    g.add_output(
      "output", second, [](auto&, auto&, batch_time) {}, source_location::current());
    g.remember(duration{3000});
    g.start(from_millis(0));
    graph::forgotten gone;
    for (int t = 1000; t <= 10'000; t += 1000) {
      for (auto output : g.outputs_at(from_millis(t)))
        g.run_output(output, from_millis(t));
      g.end_batch(from_millis(t), false);
      gone = g.clear_through(from_millis(t));
    }
    std::map<operator_id, std::int64_t> through;
    for (auto& [op, time] : gone.kept)
      through[op] = to_millis(time);
    CHECK(through[second->id()] == 7000); // 8000 and 10000 are kept
    CHECK(through[first->id()] == 4000);  // second at 8000 looks back at 5000 to 8000
    CHECK(through[mapped->id()] == 3000); // first at 5000 looks back at 4000 and 5000
  }

  TEST_CASE("who persists a window persists its parent") {
    graph::stream_graph g{duration{1000}};
    auto nothing = [](batch_time) -> lineage::dataset_ptr { return nullptr; };
    auto mapped = g.add(described("map", {}, 1000), nothing);
    auto window = add_window(g, mapped, 2000, 1000);
    auto keep = [](lineage::dataset_ptr set, storage_level) { return set; };
    window->persist(storage_level::disk_only, keep);
    CHECK(mapped->level() == storage_level::disk_only);
    CHECK(window->level() == storage_level::none);
  }

  TEST_CASE("lengths and slides that do not fit are refused") {
    graph::stream_graph g{duration{1000}};
    auto source = g.add(described("source", {}, 1000), nullptr);
    for (auto& each : {std::pair{1500, 1000}, {2000, 1500}, {0, 1000}, {2000, -1000}}) {
      CAPTURE(each.first);
      CAPTURE(each.second);
      CHECK_THROWS_AS(
        graph::check_window("window", *source, duration{each.first}, duration{each.second}), error);
    }
    graph::check_window("window", *source, duration{1000}, duration{5000});
  }

} // TEST_SUITE
