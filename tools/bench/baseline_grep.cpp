#include "baseline_grep.hpp"

#include "cut_at_lines.hpp"
#include "parallel.hpp"
#include "stopwatch.hpp"

#include <cstring>

namespace caf_stream::bench {

namespace {

std::int64_t count_matches(std::string_view text, std::string_view word) {
  std::int64_t count = 0;
  while (!text.empty()) {
    auto newline = static_cast<const char*>(std::memchr(text.data(), '\n', text.size()));
    auto size = newline != nullptr ? static_cast<std::size_t>(newline - text.data()) : text.size();
    if (text.substr(0, size).find(word) != std::string_view::npos)
      ++count;
    text.remove_prefix(newline != nullptr ? size + 1 : size);
  }
  return count;
}

} // namespace

grep_run plain_grep(const std::vector<std::string_view>& batches, std::string_view word,
                    unsigned threads) {
  stopwatch watch;
  std::vector<std::vector<std::int64_t>> counts(threads);
  in_parallel(threads, [&](unsigned i) {
    for (auto batch : batches)
      counts[i].push_back(count_matches(cut_at_lines(batch, threads)[i], word));
  });
  grep_run result;
  result.matches.resize(batches.size());
  for (auto& of_thread : counts)
    for (std::size_t i = 0; i < batches.size(); ++i)
      result.matches[i] += of_thread[i];
  result.seconds = watch.seconds();
  return result;
}

} // namespace caf_stream::bench
