#include "caf_stream/plan/job_plan.hpp"

#include <map>
#include <set>

namespace caf_stream::plan {

namespace {

using lineage::dataset;
using lineage::dataset_ptr;

class compiler {
public:
  explicit compiler(const is_kept& kept) : kept_(kept) {}

  std::uint32_t add_stage(const dataset_ptr& target, std::vector<partition_id> partitions,
                          std::shared_ptr<const shuffle_output> output) {
    std::vector<std::uint32_t> parents;
    std::set<const dataset*> seen;
    visit(*target, parents, seen);
    stage result;
    result.number = static_cast<std::uint32_t>(plan_.stages.size());
    result.target = target;
    result.partitions = std::move(partitions);
    result.parents = std::move(parents);
    result.output = std::move(output);
    plan_.stages.push_back(std::move(result));
    return plan_.stages.back().number;
  }

  job_plan take() { return std::move(plan_); }

private:
  void visit(const dataset& set, std::vector<std::uint32_t>& parents,
             std::set<const dataset*>& seen) {
    if (!seen.insert(&set).second)
      return;
    if (set.level() != storage_level::none && kept_(set)) {
      plan_.kept.insert(set.id());
      return;
    }
    for (std::size_t i = 0; i < set.dependencies().size(); ++i) {
      auto& dependency = set.dependencies()[i];
      if (dependency.shuffle == nullptr)
        visit(*dependency.parent, parents, seen);
      else
        parents.push_back(shuffle_stage(set, i));
    }
  }

  // One stage writes a shuffle however many chains of the job read it.
  std::uint32_t shuffle_stage(const dataset& reader, std::size_t index) {
    auto key = std::pair{&reader, index};
    if (auto i = shuffles_.find(key); i != shuffles_.end())
      return i->second;
    auto& dependency = reader.dependencies()[index];
    auto output = std::make_shared<shuffle_output>();
    output->reader = reader.id();
    output->dependency = static_cast<std::uint32_t>(index);
    output->partitions = reader.partitions();
    output->writer = dependency.shuffle;
    std::vector<partition_id> all(dependency.parent->partitions());
    for (partition_id p = 0; p < all.size(); ++p)
      all[p] = p;
    auto number = add_stage(dependency.parent, std::move(all), std::move(output));
    shuffles_.emplace(key, number);
    return number;
  }

  const is_kept& kept_;
  job_plan plan_;
  std::map<std::pair<const dataset*, std::size_t>, std::uint32_t> shuffles_;
};

void collect(const job_plan& plan, const dataset& set, partition_id p, task_needs& needs) {
  auto counted_on = plan.kept.contains(set.id());
  if (counted_on || set.level() != storage_level::none)
    needs.kept.push_back({{set.id(), p}, counted_on});
  if (counted_on)
    return;
  auto blocks = set.blocks(p);
  needs.blocks.insert(needs.blocks.end(), blocks.begin(), blocks.end());
  if (auto values = set.values(p))
    needs.values.emplace_back(lineage::dataset_partition{set.id(), p}, std::move(values));
  auto& dependencies = set.dependencies();
  for (auto& input : set.narrow_inputs(p))
    collect(plan, *dependencies[input.dependency].parent, input.partition, needs);
  for (std::uint32_t i = 0; i < dependencies.size(); ++i) {
    if (dependencies[i].shuffle == nullptr)
      continue;
    for (auto& candidate : plan.stages)
      if (candidate.output && candidate.output->reader == set.id() &&
          candidate.output->dependency == i) {
        needs.pieces.push_back({{set.id(), i, p},
                                candidate.number,
                                static_cast<std::uint32_t>(candidate.partitions.size())});
        break;
      }
  }
}

std::string explain_chain(const dataset& set) {
  std::string above;
  for (auto& dependency : set.dependencies()) {
    if (dependency.shuffle != nullptr)
      continue;
    if (!above.empty())
      above += " + ";
    above += explain_chain(*dependency.parent);
  }
  auto name = set.operation();
  if (set.level() != storage_level::none)
    name += " (persisted)";
  return above.empty() ? name : above + " -> " + name;
}

} // namespace

task_needs job_plan::needs(std::uint32_t number, partition_id partition) const {
  task_needs result;
  collect(*this, *stages[number].target, partition, result);
  return result;
}

std::string job_plan::explain() const {
  std::string result;
  for (auto& each : stages) {
    result += "stage " + std::to_string(each.number) + ": ";
    for (std::size_t i = 0; i < each.parents.size(); ++i)
      result += (i == 0 ? "pieces of stage " : ", ") + std::to_string(each.parents[i]);
    if (!each.parents.empty())
      result += " -> ";
    result += explain_chain(*each.target);
    result += ": " + std::to_string(each.partitions.size()) +
              (each.partitions.size() == 1 ? " task" : " tasks");
    if (each.output)
      result += ", " + std::to_string(each.output->partitions) +
                (each.output->partitions == 1 ? " piece each" : " pieces each");
    result += '\n';
  }
  return result;
}

job_plan compile(const lineage::dataset_ptr& target, std::vector<partition_id> partitions,
                 const is_kept& kept) {
  compiler work{kept};
  work.add_stage(target, std::move(partitions), nullptr);
  return work.take();
}

} // namespace caf_stream::plan
