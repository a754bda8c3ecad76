#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "caf_stream/base/clock.hpp"
#include "caf_stream/streaming_context.hpp"

// Runs a pipeline on given batches, on the real engine with a clock that is moved by hand, so that
// a test takes no longer than the work.
//
//   auto batches = run_batches<int>({{1, 2}, {3}}, [](auto numbers) {
//     return numbers.map([](int x) { return 2 * x; });
//   });
//   // batches == {{2, 4}, {6}}

namespace caf_stream::testing {

struct run_options {
  duration batch_interval{1000};
  std::size_t input_partitions = 2; ///< each input batch is cut into this many equal runs
  std::size_t num_batches = 0;      ///< 0: as many as inputs; missing inputs are empty
  std::size_t workers = 2, partitions = 2;
  std::string checkpoint_dir{};
};

/// A context whose batches happen when told to.
class batch_driver {
public:
  explicit batch_driver(const run_options& options);
  ~batch_driver();

  streaming_context& context() noexcept;

  /// Starts the context where it has not started, and runs `n` batches more, one after the other.
  /// Throws what a batch failed with.
  void run(std::size_t n);

private:
  struct parts;
  std::unique_ptr<parts> parts_;
};

/// The records of each batch of a stream, in partition order.
template <class U>
std::shared_ptr<std::vector<std::vector<owned_t<U>>>> collect_batches(const dstream<U>& stream) {
  auto batches = std::make_shared<std::vector<std::vector<owned_t<U>>>>();
  stream.foreach_rdd([batches](const rdd<U>& batch) { batches->push_back(batch.collect()); });
  return batches;
}

/// A stream of the given batches. Those that are missing, up to `num_batches`, are empty.
template <class T>
dstream<T> stream_of(streaming_context& context, std::vector<std::vector<T>> inputs,
                     std::size_t num_batches, std::size_t partitions) {
  rdd_queue<T> queue;
  inputs.resize(std::max(inputs.size(), num_batches));
  for (auto& input : inputs)
    queue.push(context.make_rdd(std::move(input), static_cast<std::uint32_t>(partitions)));
  return context.queue_stream(queue);
}

/// The clock starts at 0; batch i, from 1, has time i * batch_interval and holds inputs[i - 1].
/// `pipeline` makes a dstream<U> of a dstream<T>. Returns, for every batch of the result, its
/// records in partition order, as owned values. Throws what a batch failed with.
template <class T, class Pipeline>
auto run_batches(std::vector<std::vector<T>> inputs, Pipeline pipeline, run_options options = {}) {
  auto n = options.num_batches == 0 ? inputs.size() : options.num_batches;
  batch_driver driver{options};
  auto stream = stream_of(driver.context(), std::move(inputs), n, options.input_partitions);
  auto batches = collect_batches(pipeline(stream));
  driver.run(n);
  return std::move(*batches);
}

/// The same with two inputs.
template <class T1, class T2, class Pipeline>
auto run_batches(std::vector<std::vector<T1>> inputs1, std::vector<std::vector<T2>> inputs2,
                 Pipeline pipeline, run_options options = {}) {
  auto n =
    options.num_batches == 0 ? std::max(inputs1.size(), inputs2.size()) : options.num_batches;
  batch_driver driver{options};
  auto& context = driver.context();
  auto stream1 = stream_of(context, std::move(inputs1), n, options.input_partitions);
  auto stream2 = stream_of(context, std::move(inputs2), n, options.input_partitions);
  auto batches = collect_batches(pipeline(stream1, stream2));
  driver.run(n);
  return std::move(*batches);
}

/// A fresh folder, removed when the process ends.
std::string temp_dir();

} // namespace caf_stream::testing
