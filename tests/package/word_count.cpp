// Counts words of two batches that wait in a queue, and prints how often each was there.

#include <caf_stream/all.hpp>

#include <cstdio>
#include <map>
#include <string>

namespace cs = caf_stream;
using namespace std::chrono_literals;

int main() {
  std::map<std::string, std::int64_t> counts; // outlives the context, whose output writes it
  cs::rdd_queue<std::string> queue;
  queue.push({"to be or not", "to be"});
  queue.push({"that is", "the question to ask"});

  cs::config cfg;
  cs::streaming_context ssc{cfg, 20ms};
  ssc.queue_stream(queue)
    .flat_map(cs::split_words)
    .count_by_value()
    .foreach_rdd([&](const cs::rdd<std::pair<std::string, std::int64_t>>& batch) {
      for (auto& [word, count] : batch.collect())
        counts[word] += count;
    });
  ssc.start();
  ssc.stop(); // gracefully: what waits in the queue is counted first

  for (auto& [word, count] : counts)
    std::printf("%s %lld\n", word.c_str(), static_cast<long long>(count));
  return 0;
}
