#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <doctest/doctest.h>

namespace caf_stream::test {

/// That a window of at most five panes gives back what many keys needed, when they are undone and
/// when they leave. `run(from, to, keys)` runs batch `to` on top of batch `from`, 0 for the first,
/// with a record of each of these keys in pane `to`, and returns the memory that the window holds.
template <class Run>
void check_memory_is_given_back(Run run) {
  std::vector<std::string> many_keys;
  for (int i = 0; i < 50'000; ++i)
    many_keys.push_back("key" + std::to_string(i));
  const std::vector<std::string> few_keys(many_keys.begin(), many_keys.begin() + 10);
  auto few = run(0, 1, few_keys);
  auto many = run(1, 2, many_keys);
  CHECK(many > 100 * few);
  run(1, 3, few_keys); // 2 was too much for the memory budget
  CHECK(run(3, 4, few_keys) < 10 * few);
  run(4, 5, many_keys);
  for (std::int64_t batch = 6; batch <= 11; ++batch)
    run(batch - 1, batch, few_keys);
  CHECK(run(11, 12, few_keys) < 10 * few);
}

} // namespace caf_stream::test
