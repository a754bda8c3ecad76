#pragma once

#include <thread>
#include <vector>

namespace caf_stream::bench {

/// Calls `f(0)` to `f(threads - 1)` at the same time, the first of them on the calling thread, and
/// returns when all have returned. `f` must not throw.
template <class F>
void in_parallel(unsigned threads, const F& f) {
  std::vector<std::jthread> others;
  for (unsigned i = 1; i < threads; ++i)
    others.emplace_back([&f, i] { f(i); });
  f(0u);
}

} // namespace caf_stream::bench
