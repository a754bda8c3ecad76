// Counts numbers by their last digit. The batches wait in a queue: the first one has the numbers
// below 100, the second those below 200, and so on to 500; a second passes between them. When the
// queue is empty the program ends. Ctrl-C ends it earlier, with one batch of all that still waits.

#include <caf_stream/all.hpp>

#include <numeric>

namespace cs = caf_stream;
using namespace std::chrono_literals;

namespace {

std::vector<int> numbers_below(int n) {
  std::vector<int> result(static_cast<std::size_t>(n));
  std::iota(result.begin(), result.end(), 0);
  return result;
}

void count_last_digits(cs::streaming_context& ssc) {
  cs::rdd_queue<int> queue;
  for (int i = 1; i <= 5; ++i)
    queue.push(numbers_below(100 * i));

  auto numbers = ssc.queue_stream(queue);
  numbers.map([](int x) { return std::pair{x % 10, 1L}; }).reduce_by_key(std::plus{}).print();

  // Inside an output, stop() asks for the end and returns.
  numbers.foreach_rdd([&ssc](const cs::rdd<int>& batch) {
    if (batch.is_empty())
      ssc.stop();
  });
}

} // namespace

CAF_STREAM_MAIN(1s, count_last_digits)
