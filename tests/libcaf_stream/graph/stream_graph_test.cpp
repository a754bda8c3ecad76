#include "caf_stream/graph/stream_graph.hpp"

#include <set>

#include <doctest/doctest.h>

#include "caf_stream/base/error.hpp"
#include "caf_stream/base/log.hpp"

using namespace caf_stream;
using graph::node_ptr;
using graph::stream_graph;

namespace {

node_ptr add(stream_graph& g, std::string kind, std::vector<node_ptr> parents, bool state = false) {
  graph::node_description description;
  description.kind = std::move(kind);
  description.parents = std::move(parents);
  description.slide = g.batch_interval();
  description.keeps_state = state;
  return g.add(std::move(description), [](batch_time) { return nullptr; });
}

void add_output(stream_graph& g, node_ptr of) {
  g.add_output(
    "output", std::move(of), [](auto&, auto&, batch_time) {}, source_location::current());
}

/// A source, another operator if asked for, and a state; the id of the state.
operator_id id_of_state(bool with_filter, const std::string& name) {
  stream_graph g{duration{1000}};
  auto above = add(g, "source", {});
  if (with_filter)
    above = add(g, "filter", {above});
  auto state = add(g, "state", {above}, true);
  if (!name.empty())
    state->set_name(name);
  add_output(g, state);
  g.start(from_millis(0));
  return state->id();
}

} // namespace

TEST_SUITE("graph.stream_graph") {

  TEST_CASE("an id depends on the operators above, or on the name alone") {
    CHECK(id_of_state(false, "") == id_of_state(false, ""));
    CHECK(id_of_state(false, "") != id_of_state(true, ""));
    CHECK(id_of_state(false, "totals") == id_of_state(true, "totals"));
    CHECK(id_of_state(false, "totals") != id_of_state(false, "other"));
  }

  TEST_CASE(
    "operators of a kind on one parent have ids by their places, whatever is between them") {
    auto ids = [](bool with_others) {
      stream_graph g{duration{1000}};
      auto source = add(g, "source", {});
      auto first = add(g, "map", {source});
      if (with_others)
        add(g, "filter", {source});
      auto second = add(g, "map", {source});
      add_output(g, first);
      add_output(g, second);
      g.start(from_millis(0));
      return std::pair{first->id(), second->id()};
    };
    CHECK(ids(false) == ids(true));
    CHECK(ids(false).first != ids(false).second);
  }

  TEST_CASE("the keeper of a named operator is known by its name, and is what snapshots are of") {
    auto ids = [](bool with_filter) {
      stream_graph g{duration{1000}};
      auto above = add(g, "source", {});
      if (with_filter)
        above = add(g, "filter", {above});
      auto keeper = add(g, "count_by_window", {above}, true);
      auto result = add(g, "count_by_window", {keeper});
      result->set_keeper(keeper);
      result->set_name("totals");
      CHECK(&result->checkpoint(duration{2000}) == keeper.get());
      CHECK(keeper->checkpoint_interval() == duration{2000});
      CHECK_FALSE(result->checkpoint_interval());
      add_output(g, result);
      g.start(from_millis(0));
      CHECK(keeper->id() != result->id());
      return std::pair{keeper->id(), result->id()};
    };
    CHECK(ids(false) == ids(true));
  }

  TEST_CASE("where there are checkpoints a state without a name is warned of, if it runs") {
    for (bool with_checkpoints : {false, true}) {
      stream_graph g{duration{1000}};
      if (with_checkpoints)
        g.expect_checkpoints();
      auto source = add(g, "source", {});
      auto named = add(g, "map_with_state", {source}, true);
      named->set_name("visits");
      auto unnamed = add(g, "update_state_by_key", {source}, true);
      add(g, "count_by_window", {source}, true); // no output needs it
      add_output(g, named);
      add_output(g, unnamed);
      std::vector<std::string> said;
      log::set_sink([&](log::level, std::string_view text) { said.emplace_back(text); });
      g.start(from_millis(0));
      log::set_sink({});
      REQUIRE(said.size() == (with_checkpoints ? 1 : 0));
      if (with_checkpoints) {
        CHECK(said[0].find("update_state_by_key") == 0);
        CHECK(said[0].find("named(") != std::string::npos);
      }
    }
  }

} // TEST_SUITE
