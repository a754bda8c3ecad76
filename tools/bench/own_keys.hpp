#pragma once

// How the baselines that keep a table a thread share the records among their threads.

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace caf_stream::bench {

/// Which thread has this key. A multiplication spreads the keys.
inline unsigned owner_of(std::int64_t key, unsigned threads) {
  auto hash = static_cast<std::uint64_t>(key) * 0x9E3779B97F4A7C15u;
  return static_cast<unsigned>(((hash >> 32) * threads) >> 32);
}

/// Calls `f(records, n)` with up to 64 of thread `mine`'s records at a time, so that `f` can look
/// for all of them in memory before it uses the first. Takes them out without a branch, which would
/// be guessed wrong half of the time.
template <class Record, class F>
void for_own(const std::vector<Record>& batch, unsigned mine, unsigned threads, F f) {
  constexpr std::size_t most = 64;
  std::array<Record, most + 1> own;
  std::size_t n = 0;
  for (auto& record : batch) {
    own[n] = record;
    n += owner_of(record.first, threads) == mine ? 1 : 0;
    if (n == most)
      f(own.data(), std::exchange(n, 0));
  }
  f(own.data(), n);
}

} // namespace caf_stream::bench
