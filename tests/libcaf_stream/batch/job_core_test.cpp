#include <doctest/doctest.h>

#include <map>
#include <set>

#include "caf_stream/batch/job_core.hpp"
#include "caf_stream/lineage/reduce.hpp"
#include "caf_stream/lineage/repartition.hpp"
#include "caf_stream/lineage/union_dataset.hpp"
#include "caf_stream/lineage/values_source.hpp"

using namespace caf_stream;
using batch::job_core;

namespace {

constexpr job_id this_job = 9;

plan::job_plan make_plan(std::uint32_t map_tasks, std::uint32_t reduce_tasks) {
  auto source = map_tasks == 0 ? lineage::make_union({}) : lineage::make_values<int>({}, map_tasks);
  auto target = lineage::make_repartition<int>(source, reduce_tasks);
  std::vector<partition_id> all;
  for (partition_id p = 0; p < reduce_tasks; ++p)
    all.push_back(p);
  return plan::compile(target, all, [](const lineage::dataset&) { return false; });
}

data::payload answer(int x) { return lineage::pack_record<int>(x); }

int number(const data::payload& x) { return (*x.get<data::record_list<int>>())->items.at(0); }

std::vector<task_id> launched(job_core& core) {
  std::vector<task_id> result;
  for (auto& launch : core.launches())
    result.push_back(launch.id);
  return result;
}

} // namespace

TEST_SUITE("batch.job_core") {

  TEST_CASE("stages run in order, and results come in partition order") {
    auto plan = make_plan(2, 3);
    job_core core{this_job, plan, 4, 4};
    auto first = launched(core);
    CHECK(first == std::vector<task_id>{{this_job, 0, 0, 0}, {this_job, 0, 1, 0}});
    CHECK(launched(core).empty());
    CHECK(core.on_finished(first[1], {}));
    CHECK(launched(core).empty());
    CHECK(core.on_finished(first[0], {}));
    auto second = launched(core);
    REQUIRE(second.size() == 3);
    for (auto i : {2, 0, 1}) {
      CHECK(!core.finished());
      CHECK(core.on_finished(second[std::size_t(i)], answer(10 + i)));
    }
    REQUIRE(core.finished());
    CHECK(!core.failure());
    auto results = core.take_results();
    REQUIRE(results.size() == 3);
    for (int i = 0; i < 3; ++i)
      CHECK(number(results[std::size_t(i)].value()) == 10 + i);
  }

  TEST_CASE("a job whose plan is outdated ends with the tasks that run, and says what is left") {
    auto plan = make_plan(0, 4);
    job_core core{this_job, plan, 1, 4};
    auto first = launched(core);
    REQUIRE(first.size() == 2);
    CHECK(core.on_finished(first[0], answer(7)));
    auto third = launched(core);
    REQUIRE(third.size() == 1);
    CHECK(core.on_outdated(first[1]));
    CHECK(!core.on_outdated(first[1]));
    CHECK(core.outdated());
    CHECK(!core.finished());
    CHECK(launched(core).empty());
    CHECK(core.on_finished(third[0], answer(9)));
    REQUIRE(core.finished());
    CHECK(!core.failure());
    auto results = core.take_results();
    REQUIRE(results.size() == 4);
    CHECK(number(results[0].value()) == 7);
    CHECK(!results[1]);
    CHECK(number(results[2].value()) == 9);
    CHECK(!results[3]);
  }

  TEST_CASE("tasks go to the slot with the least to do, two a slot and no more") {
    auto plan = make_plan(7, 1);
    job_core core{this_job, plan, 3, 4};
    std::map<batch::worker_slot, int> load;
    auto launches = core.launches();
    for (auto& launch : launches)
      ++load[launch.slot];
    CHECK(load == std::map<batch::worker_slot, int>{{0, 2}, {1, 2}, {2, 2}});
    core.on_finished(launches[1].id, {});
    auto next = core.launches();
    REQUIRE(next.size() == 1);
    CHECK(next[0].slot == launches[1].slot);
  }

  TEST_CASE("a failed task is tried again as a new attempt, until there have been enough") {
    auto plan = make_plan(1, 1);
    job_core core{this_job, plan, 1, 3};
    for (std::uint32_t attempt = 0; attempt < 3; ++attempt) {
      auto ids = launched(core);
      REQUIRE(ids == std::vector<task_id>{{this_job, 0, 0, attempt}});
      CHECK(!core.finished());
      CHECK(core.on_failed(ids[0], "reason " + std::to_string(attempt)));
    }
    REQUIRE(core.finished());
    CHECK(*core.failure() == "reason 2");
    CHECK(launched(core).empty());
  }

  TEST_CASE("late answers of attempts that were given up change nothing") {
    auto plan = make_plan(1, 1);
    job_core core{this_job, plan, 1, 4};
    auto first = launched(core)[0];
    CHECK(core.on_failed(first, "x"));
    CHECK(!core.on_finished(first, {}));
    CHECK(!core.on_failed(first, "again"));
    auto second = launched(core)[0];
    CHECK(!core.on_finished(first, {}));
    CHECK(core.on_finished(second, {}));
    CHECK(!core.on_finished(second, {}));
    CHECK(!core.on_failed(second, "after its end"));
    CHECK(!core.on_finished({this_job, 7, 0, 0}, {}));
    CHECK(!core.on_finished({this_job, 1, 99, 0}, {}));
    CHECK(!core.on_finished({this_job + 1, 1, 0, 0}, {}));
    CHECK(!core.finished());
  }

  TEST_CASE("the tasks of a lost worker run again and lose no attempt") {
    auto plan = make_plan(4, 1);
    job_core core{this_job, plan, 2, 1};
    auto launches = core.launches();
    REQUIRE(launches.size() == 4);
    std::set<partition_id> lost;
    for (auto& launch : launches)
      if (launch.slot == 1)
        lost.insert(launch.id.partition);
    core.on_worker_lost(1);
    CHECK(!core.finished());
    std::set<partition_id> again;
    for (auto& launch : core.launches()) {
      CHECK(launch.id.attempt == 1);
      CHECK(launch.slot == 1);
      again.insert(launch.id.partition);
    }
    CHECK(again == lost);
  }

  TEST_CASE("a task that takes its worker with it every time ends the job") {
    auto plan = make_plan(1, 1);
    job_core core{this_job, plan, 1, 2};
    for (int i = 0; i < 3; ++i) {
      CHECK(!core.finished());
      CHECK(launched(core).size() == 1);
      core.on_worker_lost(0);
    }
    REQUIRE(core.finished());
    CHECK(*core.failure() == "partition 0 of values lost its worker 3 times");
  }

  TEST_CASE("losing a worker that does nothing, or whose task is done, changes nothing") {
    auto plan = make_plan(1, 1);
    job_core core{this_job, plan, 2, 1};
    auto map_task = core.launches()[0];
    core.on_finished(map_task.id, {});
    core.on_worker_lost(map_task.slot);
    core.on_worker_lost(1 - map_task.slot);
    auto reduce_task = launched(core);
    REQUIRE(reduce_task.size() == 1);
    CHECK(reduce_task[0] == task_id{this_job, 1, 0, 0});
  }

  TEST_CASE("a stage without tasks is finished at once") {
    auto plan = make_plan(0, 2);
    job_core core{this_job, plan, 1, 4};
    auto ids = launched(core);
    REQUIRE(ids.size() == 2);
    CHECK(ids[0].stage == 1);
    for (auto& id : ids)
      core.on_finished(id, answer(0));
    CHECK(core.finished());
  }

  TEST_CASE("a job without any task is finished from the start") {
    auto plan =
      plan::compile(lineage::make_union({}), {}, [](const lineage::dataset&) { return false; });
    job_core core{this_job, plan, 1, 4};
    CHECK(core.finished());
    CHECK(!core.failure());
    CHECK(core.launches().empty());
    CHECK(core.take_results().empty());
  }

  TEST_CASE("empty stages in a row do not hold up what comes after them") {
    auto empty = lineage::make_repartition<int>(lineage::make_union({}), 1);
    auto none =
      plan::compile(lineage::make_repartition<int>(lineage::make_union({empty, empty}), 1), {0},
                    [](const lineage::dataset&) { return false; });
    job_core core{this_job, none, 2, 4};
    int tasks = 0;
    while (!core.finished()) {
      auto ids = launched(core);
      REQUIRE(!ids.empty());
      for (auto& id : ids) {
        ++tasks;
        core.on_finished(id, {});
      }
    }
    CHECK(tasks == 3); // two map tasks over the union, one reduce task
  }

} // TEST_SUITE
