#include "ours_state.hpp"

#include "stepped_context.hpp"

#include <caf_stream/actors/actor_engine.hpp>
#include <caf_stream/actors/environment.hpp>

#include <atomic>

namespace caf_stream::bench {

namespace {

using state_record = std::pair<std::int64_t, std::int64_t>;

std::int64_t add_record(const std::int64_t&, std::optional<std::int64_t> value,
                        state<std::int64_t>& sum) {
  auto next = (sum.exists() ? sum.get() : 0) + *value;
  sum.update(next);
  return next;
}

std::optional<std::int64_t> add_values(std::span<const std::int64_t> values,
                                       std::optional<std::int64_t> before) {
  auto sum = before.value_or(0);
  for (auto x : values)
    sum += x;
  return sum;
}

} // namespace

state_run ours_state(const state_batches& batches, state_output output, unsigned workers) {
  stepped_context context{workers};
  rdd_queue<state_update> queue;
  auto updates = context.stream().queue_stream(queue);
  auto sum = std::make_shared<std::atomic<std::int64_t>>(0);
  auto add = [sum](auto&& records) {
    std::int64_t of_partition = 0;
    for (auto&& x : records) {
      if constexpr (std::is_same_v<std::remove_cvref_t<decltype(x)>, state_record>)
        of_partition += x.second;
      else
        of_partition += x;
    }
    *sum += of_partition;
  };
  if (output == state_output::of_each_update)
    updates.map_with_state(state_spec(add_record)).foreach_partition(add);
  else
    updates.update_state_by_key(add_values).foreach_partition(add);
  context.stream().start();
  state_run result;
  for (std::size_t i = 0; i < batches.size(); ++i) {
    queue.push(context.stream().make_rdd(batches[i]));
    auto seconds = context.step();
    if (i == 0)
      *sum = 0;
    else
      result.seconds += seconds;
  }
  result.sum = *sum;
  auto& engine = dynamic_cast<actors::actor_engine&>(*updates.core()->engine);
  result.bytes = engine.shared().states->used().value;
  return result;
}

} // namespace caf_stream::bench
