#include "caf_stream/lineage/state_step.hpp"

#include <stdexcept>

#include <doctest/doctest.h>

#include "caf_stream/lineage/id_scope.hpp"
#include "caf_stream/lineage/map_with_state.hpp"
#include "caf_stream/lineage/update_state.hpp"
#include "support/shapes.hpp"

using namespace caf_stream;
using namespace caf_stream::lineage;
using test::shape;
using test::shapes;
using test::sorted;

namespace {

using record = std::pair<int, long>;
using records = std::vector<record>;

constexpr operator_id op{99};

batch_time at(int seconds) { return from_millis(1000 * seconds); }

/// Runs an operator with state, batch after batch, on an engine.
class stepped {
public:
  explicit stepped(const shape& s) : shape_(s), engine_(s.make_engine()) {}

  /// Counts values by key in the batch at `to`, on top of the one at `from`.
  rdd<record> count(batch_time from, batch_time to, std::vector<std::pair<int, int>> data) {
    id_scope scope{op, to};
    auto f = [this](std::span<const int> values, std::optional<long> before) {
      ++calls;
      if (calls == failing_call)
        throw std::runtime_error{"this call fails"};
      return std::optional<long>{before.value_or(0) + static_cast<long>(values.size())};
    };
    auto set = make_update_state<int, int, long>(
      make_values<std::pair<int, int>>(std::move(data), shape_.partitions), {}, {from, to},
      std::make_shared<const decltype(f)>(f),
      std::make_shared<const hash_partitioner>(shape_.partitions));
    return {std::move(set), engine_};
  }

  test::serial_engine& engine() { return *engine_; }

  int calls = 0;
  int failing_call = 0;

private:
  shape shape_;
  std::shared_ptr<test::serial_engine> engine_;
};

template <class F>
std::string thrown_by(F f) {
  try {
    f();
  } catch (const std::exception& e) {
    return e.what();
  }
  return "nothing was thrown";
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace

TEST_SUITE("lineage.state_step") {

  TEST_CASE("a step runs once, however often what it left is read") {
    for (auto& s : shapes) {
      stepped run{s};
      auto first = run.count(stateful::no_batch, at(1), {{1, 7}, {2, 7}, {1, 7}});
      CHECK(sorted(first.collect()) == records{{1, 2}, {2, 1}});
      CHECK(first.count() == 2);
      CHECK(sorted(first.collect()) == records{{1, 2}, {2, 1}});
      CHECK(run.calls == 2);
      auto second = run.count(at(1), at(2), {{2, 7}});
      CHECK(sorted(second.collect()) == records{{1, 2}, {2, 2}});
      CHECK(run.calls == 4);
    }
  }

  TEST_CASE("a step that fails half way is done again from what was there before") {
    for (auto& s : shapes) {
      stepped run{s};
      run.count(stateful::no_batch, at(1), {{1, 7}, {2, 7}, {3, 7}}).count();
      run.failing_call = run.calls + 2;
      auto second = run.count(at(1), at(2), {{1, 7}, {2, 7}, {3, 7}});
      CHECK(contains(thrown_by([&] { second.count(); }), "this call fails"));
      CHECK(sorted(second.collect()) == records{{1, 2}, {2, 2}, {3, 2}});
      auto instead = run.count(at(1), at(3), {{4, 7}}); // the second batch is given up
      CHECK(sorted(instead.collect()) == records{{1, 1}, {2, 1}, {3, 1}, {4, 1}});
    }
  }

  TEST_CASE("a state that has moved on is not read as that of an earlier batch") {
    for (auto& s : shapes) {
      stepped run{s};
      auto first = run.count(stateful::no_batch, at(1), {{1, 7}});
      first.count();
      run.count(at(1), at(2), {}).count();
      auto said = thrown_by([&] { first.collect(); });
      CHECK(contains(said, "batch 1000 ms is asked for"));
      CHECK(contains(said, "moved on to batch 2000 ms"));
    }
  }

  TEST_CASE("a state that outgrows the memory budget is an error that names it") {
    stepped run{shapes[0]};
    run.engine().states = std::make_shared<stateful::state_store>(byte_count{1000});
    std::vector<std::pair<int, int>> data;
    for (int i = 0; i < 1000; ++i)
      data.emplace_back(i, 1);
    auto said = thrown_by([&] { run.count(stateful::no_batch, at(1), data).count(); });
    CHECK(contains(said, "the state of update_state_by_key has grown"));
    CHECK(contains(said, "raise memory-budget"));
  }

  TEST_CASE("keys are walked through only where one may be due") {
    stateful::keyed_state<int, int> state{{1}};
    int ended = 0;
    auto f = [&](const int&, std::optional<int> value, caf_stream::state<int>& seen) {
      if (seen.is_timing_out())
        ++ended;
      else
        seen.update(value.value());
      return 0;
    };
    auto step = [&](batch_time from, int to, std::vector<std::pair<int, int>> data) {
      data::record_list_builder<std::pair<int, int>> list;
      for (auto& x : data)
        list.push_back(x);
      state.begin(from, at(to));
      state_mapper<int, int, int, decltype(f)>{f, at(to), duration{10'000}}.run(state,
                                                                                {list.take()});
    };
    step(stateful::no_batch, 20, {{1, 1}}); // the bound is not known yet
    CHECK(state.oldest() == at(20));
    step(at(20), 25, {{2, 1}});
    step(at(25), 30, {});
    CHECK(state.oldest() == at(20)); // no walk: nothing could be due
    CHECK(ended == 0);
    step(at(30), 31, {});
    CHECK(ended == 1);
    CHECK(state.oldest() == at(25));
    CHECK(state.size() == 1);
  }

} // TEST_SUITE
