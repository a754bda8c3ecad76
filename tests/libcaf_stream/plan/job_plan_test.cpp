#include <doctest/doctest.h>

#include <algorithm>

#include "caf_stream/lineage/block_source.hpp"
#include "caf_stream/lineage/map.hpp"
#include "caf_stream/lineage/persist.hpp"
#include "caf_stream/lineage/repartition.hpp"
#include "caf_stream/lineage/union_dataset.hpp"
#include "caf_stream/lineage/values_source.hpp"
#include "caf_stream/plan/job_plan.hpp"

using namespace caf_stream;
using namespace caf_stream::lineage;

namespace {

dataset_ptr values(std::uint32_t partitions) { return make_values<int>({1, 2, 3, 4}, partitions); }

dataset_ptr mapped(dataset_ptr parent) {
  auto f = [](int x) { return x; };
  return make_map<int>(std::move(parent), std::make_shared<const decltype(f)>(f));
}

plan::job_plan compile_all(const dataset_ptr& target, const plan::is_kept& kept) {
  std::vector<partition_id> all;
  for (partition_id p = 0; p < target->partitions(); ++p)
    all.push_back(p);
  return plan::compile(target, all, kept);
}

plan::job_plan compile_all(const dataset_ptr& target) {
  return compile_all(target, [](const dataset&) { return false; });
}

} // namespace

TEST_SUITE("plan.job_plan") {

  TEST_CASE("a narrow chain is one stage, with a task a partition") {
    auto plan = compile_all(mapped(mapped(values(3))));
    REQUIRE(plan.stages.size() == 1);
    CHECK(plan.stages[0].partitions == std::vector<partition_id>{0, 1, 2});
    CHECK(plan.stages[0].output == nullptr);
    CHECK(plan.explain() == "stage 0: values -> map -> map: 3 tasks\n");
  }

  TEST_CASE("a shuffle cuts, and parents come first") {
    auto plan = compile_all(mapped(make_repartition<int>(mapped(values(2)), 5)));
    REQUIRE(plan.stages.size() == 2);
    CHECK(plan.stages[1].parents == std::vector<std::uint32_t>{0});
    REQUIRE(plan.stages[0].output != nullptr);
    CHECK(plan.stages[0].output->partitions == 5);
    CHECK(plan.explain() == "stage 0: values -> map: 2 tasks, 5 pieces each\n"
                            "stage 1: pieces of stage 0 -> repartition -> map: 5 tasks\n");
  }

  TEST_CASE("every stage's parents have smaller numbers") {
    auto left = make_repartition<int>(make_repartition<int>(values(2), 3), 2);
    auto right = make_repartition<int>(values(1), 4);
    auto plan = compile_all(make_repartition<int>(make_union({left, right, values(1)}), 1));
    REQUIRE(plan.stages.size() == 5);
    for (auto& stage : plan.stages)
      for (auto parent : stage.parents)
        CHECK(parent < stage.number);
  }

  TEST_CASE("a shuffle that two chains of a job read is written once") {
    auto shuffled = make_repartition<int>(values(2), 2);
    auto plan = compile_all(make_union({mapped(shuffled), shuffled}));
    CHECK(plan.stages.size() == 2);
    CHECK(plan.stages[1].parents == std::vector<std::uint32_t>{0});
  }

  TEST_CASE("a task needs the blocks, values and pieces of its own partition only") {
    block_id a{0, 0, 1};
    block_id b{0, 0, 2};
    auto blocks = make_block_source<int>({{{a, 0, 10}}, {{a, 10, 20}, {b, 0, 5}}});
    auto shuffled = make_repartition<int>(values(3), 2);
    auto plan = compile_all(make_union({mapped(blocks), shuffled, values(1)}));
    REQUIRE(plan.stages.size() == 2);
    auto first = plan.needs(1, 0);
    REQUIRE(first.blocks.size() == 1);
    CHECK(first.blocks[0].last == 10);
    CHECK(first.pieces.empty());
    CHECK(plan.needs(1, 1).blocks.size() == 2);
    auto reduce = plan.needs(1, 3);
    CHECK(reduce.blocks.empty());
    REQUIRE(reduce.pieces.size() == 1);
    CHECK(reduce.pieces[0].from_stage == 0);
    CHECK(reduce.pieces[0].map_tasks == 3);
    CHECK(reduce.pieces[0].input.partition == 1);
    CHECK(plan.needs(1, 4).values.size() == 1);
    CHECK(plan.needs(0, 2).values.size() == 1);
    CHECK(plan.needs(0, 2).values[0].first.partition == 2);
  }

  TEST_CASE("nothing above a kept data set runs") {
    auto kept =
      make_persisted<int>(make_repartition<int>(values(2), 2), storage_level::memory_only);
    auto target = mapped(kept);
    auto without = compile_all(target);
    CHECK(without.stages.size() == 2);
    REQUIRE(without.needs(1, 0).kept.size() == 1);
    CHECK(!without.needs(1, 0).kept[0].alone);
    CHECK(without.needs(1, 0).pieces.size() == 1);
    auto with = compile_all(target, [&](const dataset& set) { return &set == kept.get(); });
    REQUIRE(with.stages.size() == 1);
    CHECK(with.kept.contains(kept->id()));
    auto needs = with.needs(0, 1);
    CHECK(needs.pieces.empty());
    REQUIRE(needs.kept.size() == 1);
    CHECK(needs.kept[0].partition.partition == 1);
    CHECK(needs.kept[0].alone);
  }

  TEST_CASE("only the partitions asked for have tasks, but all of what they read") {
    auto target = make_repartition<int>(values(3), 4);
    auto plan = plan::compile(target, {2}, [](const dataset&) { return false; });
    CHECK(plan.stages[0].partitions.size() == 3);
    CHECK(plan.stages[1].partitions == std::vector<partition_id>{2});
  }

  TEST_CASE("a data set without partitions is a stage without tasks") {
    auto plan = compile_all(make_repartition<int>(make_union({}), 2));
    REQUIRE(plan.stages.size() == 2);
    CHECK(plan.stages[0].partitions.empty());
    CHECK(plan.stages[1].partitions.size() == 2);
    CHECK(plan.needs(1, 0).pieces[0].map_tasks == 0);
  }

} // TEST_SUITE
