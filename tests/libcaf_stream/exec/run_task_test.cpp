#include <doctest/doctest.h>

#include "caf_stream/exec/run_task.hpp"
#include "caf_stream/lineage/map.hpp"
#include "caf_stream/lineage/persist.hpp"
#include "caf_stream/lineage/reduce.hpp"
#include "caf_stream/lineage/repartition.hpp"
#include "caf_stream/lineage/values_source.hpp"

using namespace caf_stream;
using namespace caf_stream::lineage;

namespace {

template <class F>
dataset_ptr mapped(dataset_ptr parent, F f) {
  return make_map<int>(std::move(parent), std::make_shared<const F>(std::move(f)));
}

data::payload sum(partition_id, data::cursor_base& records, task_context&) {
  return pack_record<int>(reduce_records<int>(records, std::plus<>{}));
}

exec::active_job make_job(const dataset_ptr& target) {
  std::vector<partition_id> all;
  for (partition_id p = 0; p < target->partitions(); ++p)
    all.push_back(p);
  exec::active_job job;
  job.id = 5;
  job.time = from_millis(2000);
  job.description = "sum";
  job.plan = plan::compile(target, all, [](const dataset&) { return false; });
  job.action = sum;
  return job;
}

task_inputs values_for(const exec::active_job& job, const task_id& id) {
  task_inputs inputs;
  for (auto& [key, values] : job.plan.needs(id.stage, id.partition).values)
    inputs.values[key] = values;
  return inputs;
}

int number(const data::payload& x) { return (*x.get<data::record_list<int>>())->items.at(0); }

} // namespace

TEST_SUITE("exec.run_task") {

  TEST_CASE("a task of the last stage gives the action's result") {
    auto job = make_job(make_values<int>({1, 2, 3, 4}, 2));
    task_id id{5, 0, 1, 0};
    auto output = exec::run_task(job, id, values_for(job, id));
    REQUIRE(output);
    CHECK(number(output->result) == 7);
    CHECK(output->pieces.empty());
    CHECK(output->kept.empty());
  }

  TEST_CASE("a task of another stage gives pieces, one for each target") {
    auto job = make_job(make_repartition<int>(make_values<int>({1, 2, 3, 4}, 1), 3));
    task_id id{5, 0, 0, 0};
    auto output = exec::run_task(job, id, values_for(job, id));
    REQUIRE(output);
    REQUIRE(output->pieces.size() == 3);
    CHECK(output->pieces[0].records() == 2);
    CHECK(!output->result);
  }

  TEST_CASE(
    "persisted partitions that a task computes come back with its output, and are read later") {
    int calls = 0;
    auto counted = mapped(make_values<int>({1, 2}, 1), [&calls](int x) { return ++calls, x; });
    auto kept = make_persisted<int>(counted, storage_level::memory_only);
    auto job = make_job(kept);
    task_id id{5, 0, 0, 0};
    auto output = exec::run_task(job, id, values_for(job, id));
    REQUIRE(output);
    REQUIRE(output->kept.size() == 1);
    CHECK(output->kept.begin()->first == dataset_partition{kept->id(), 0});
    task_inputs inputs;
    inputs.kept.emplace(output->kept.begin()->first, output->kept.begin()->second.records);
    auto again = exec::run_task(job, id, inputs);
    REQUIRE(again);
    CHECK(number(again->result) == 3);
    CHECK(again->kept.empty());
    CHECK(calls == 2);
  }

  TEST_CASE("what user code throws is a failed task that says where") {
    auto failing = mapped(make_values<int>({1}, 1),
                          [](int) -> int { throw std::runtime_error{"no such thing"}; });
    auto job = make_job(failing);
    task_id id{5, 0, 0, 2};
    auto output = exec::run_task(job, id, values_for(job, id));
    REQUIRE(!output);
    CHECK(output.error().code() == errc::task_failed);
    CHECK(std::string{output.error().what()} ==
          "sum of batch 2000 ms: partition 0 of map failed (attempt 3): no such thing");
  }

  TEST_CASE("something odd that is thrown, and a missing input, are failures too") {
    auto odd = mapped(make_values<int>({1}, 1), [](int) -> int { throw 7; });
    auto job = make_job(odd);
    task_id id{5, 0, 0, 0};
    CHECK(!exec::run_task(job, id, values_for(job, id)));
    auto missing = exec::run_task(job, id, {});
    REQUIRE(!missing);
    CHECK(std::string{missing.error().what()}.find("values") != std::string::npos);
  }

} // TEST_SUITE
