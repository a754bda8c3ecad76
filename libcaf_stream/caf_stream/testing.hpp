#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "caf_stream/base/clock.hpp"
#include "caf_stream/base/source_location.hpp"
#include "caf_stream/streaming_context.hpp"

// The harness for tests of pipelines: given batches in, batches out. It runs the real engine, with
// a clock that is moved by hand as soon as a batch has ended, so a test takes no longer than the
// work does, whatever its windows and timeouts are: a small pipeline has thousands of batches a
// second. It goes with any test framework. A pipeline is a function from streams to a stream, in a
// file that the program and its tests share:
//
//   cs::dstream<word_count> count_words(const cs::dstream<std::string_view>& lines);
//
//   auto batches = run_batches<std::string_view>({{"a b", "a"}, {}, {"b"}}, count_words);
//   // batches == {{("a", 2), ("b", 1)}, {}, {("b", 1)}}, each in any order
//
// examples/guide.md shows the test of a whole program.

namespace caf_stream::testing {

using caf_stream::manual_clock;

/// How a pipeline is run. The answer should not depend on workers and partitions.
struct run_options {
  duration batch_interval{1000};    ///< longer than 0
  std::size_t input_partitions = 2; ///< each input batch is cut into this many equal runs; > 0
  std::size_t num_batches = 0;      ///< 0: as many as inputs; missing inputs are empty
  std::size_t workers = 2;          ///< threads that run tasks; > 0
  std::size_t partitions = 2;       ///< where an operator is not told; 0: as many as workers

  /// Where checkpoints are to be kept. This version writes none, and a test does not need them: the
  /// folder stays as it is.
  std::string checkpoint_dir{};
};

/// A context whose batches happen when told to, for pipelines that end in outputs, and for tests
/// that change something between batches. For one thread. The clock starts at 0. Of the options,
/// those about inputs do not matter here. Nothing less than an error is logged, by the whole
/// process, until another context is made.
///
///   batch_driver driver{run_options{}};
///   auto lines = stream_of<std::string_view>(driver.context(), {{"a b"}, {"a"}}, 2, 1);
///   store(count_words(lines), table);
///   driver.run(2);
///   // look at the table
class batch_driver {
public:
  /// Throws what a streaming_context throws for such settings.
  explicit batch_driver(const run_options& options);

  /// Gives up what is under way.
  ~batch_driver();

  streaming_context& context() noexcept;

  /// Runs the next `n` batches, each when the one before has ended. The first call starts the
  /// context and throws what is wrong with the graph. Throws what a batch failed with, the first
  /// thing if there are several, when it has ended; another call goes on with the next one. Throws
  /// errc::stopped when the context was stopped meanwhile.
  void run(std::size_t n);

private:
  struct parts;
  std::unique_ptr<parts> parts_;
};

/// What a stream gives: its batches, one for each of its slides that has not failed, with their
/// records in partition order. Call it before the batches are run, and look at them afterwards.
template <class U>
std::shared_ptr<std::vector<std::vector<owned_t<U>>>>
collect_batches(const dstream<U>& stream, source_location where = source_location::current()) {
  auto batches = std::make_shared<std::vector<std::vector<owned_t<U>>>>();
  auto collect = [batches](const rdd<U>& batch) { batches->push_back(batch.collect()); };
  stream.foreach_rdd(std::move(collect), where);
  return batches;
}

/// A stream of the given batches, each cut into `partitions` equal runs. Those that are missing, up
/// to `num_batches`, are empty. T may be a view: the stream keeps what it points to. Throws
/// errc::invalid_argument unless `partitions` > 0.
template <class T>
dstream<T> stream_of(streaming_context& context, std::vector<std::vector<T>> inputs,
                     std::size_t num_batches, std::size_t partitions) {
  if (partitions == 0)
    throw error{errc::invalid_argument, "input batches cannot be cut into 0 partitions"};
  rdd_queue<T> queue;
  inputs.resize(std::max(inputs.size(), num_batches));
  for (auto& input : inputs)
    queue.push(context.make_rdd(std::move(input), static_cast<std::uint32_t>(partitions)));
  return context.queue_stream(queue);
}

/// For the library, as what is up to run_batches.
template <class R>
inline constexpr bool is_stream_v = false;
template <class R>
  requires std::derived_from<R, dstream<typename R::value_type>>
inline constexpr bool is_stream_v<R> = true;

/// That `pipeline` makes a stream of streams of Ts, whose records can be handed out.
template <class Pipeline, class... Ts>
constexpr bool check_pipeline() {
  constexpr bool is_called = std::is_invocable_v<Pipeline&, dstream<Ts>&...>;
  static_assert(is_called, "run_batches calls pipeline(dstream<T>), and with two inputs "
                           "pipeline(dstream<T1>, dstream<T2>); this function cannot be called so");
  if constexpr (is_called) {
    using result = std::remove_cvref_t<std::invoke_result_t<Pipeline&, dstream<Ts>&...>>;
    static_assert(is_stream_v<result>,
                  "run_batches expects the pipeline to return the stream whose "
                  "batches it gives; one that ends in outputs is for a "
                  "batch_driver");
    if constexpr (is_stream_v<result>) {
      constexpr bool can_copy = std::is_copy_constructible_v<owned_t<typename result::value_type>>;
      static_assert(can_copy, "run_batches gives copies of the records, so those of the resulting "
                              "stream must be copyable; map them to what the test looks at");
      return can_copy;
    }
  }
  return false;
}

/// Runs `pipeline`, which makes a dstream<U> of a dstream<T>, on the given batches. Batch i, from
/// 1, has time i * batch_interval and holds inputs[i - 1]. Returns, for every batch of the result,
/// its records in partition order, as owned values; a result that slides by k batches has one for
/// every k-th. Records that were brought together by key are in no order of note.
///
/// Throws what `pipeline` throws, what is wrong with the graph it makes, and what a batch fails
/// with: errc::task_failed where a function threw in a task, each time it was tried, and as it is
/// what a function threw that is called on the driver, such as that of transform.
template <class T, class Pipeline>
auto run_batches(std::vector<std::vector<T>> inputs, Pipeline pipeline, run_options options = {},
                 source_location where = source_location::current()) {
  if constexpr (check_pipeline<Pipeline, T>()) {
    auto n = options.num_batches == 0 ? inputs.size() : options.num_batches;
    batch_driver driver{options};
    auto stream = stream_of(driver.context(), std::move(inputs), n, options.input_partitions);
    auto batches = collect_batches(pipeline(stream), where);
    driver.run(n);
    return std::move(*batches);
  }
}

/// The same with a pipeline that makes a dstream<U> of a dstream<T1> and a dstream<T2>. There are
/// as many batches as the longer input has.
template <class T1, class T2, class Pipeline>
auto run_batches(std::vector<std::vector<T1>> inputs1, std::vector<std::vector<T2>> inputs2,
                 Pipeline pipeline, run_options options = {},
                 source_location where = source_location::current()) {
  if constexpr (check_pipeline<Pipeline, T1, T2>()) {
    auto n =
      options.num_batches == 0 ? std::max(inputs1.size(), inputs2.size()) : options.num_batches;
    batch_driver driver{options};
    auto& context = driver.context();
    auto stream1 = stream_of(context, std::move(inputs1), n, options.input_partitions);
    auto stream2 = stream_of(context, std::move(inputs2), n, options.input_partitions);
    auto batches = collect_batches(pipeline(stream1, stream2), where);
    driver.run(n);
    return std::move(*batches);
  }
}

/// A fresh folder, removed when the process ends. Throws errc::io_error. Any thread may call it.
std::string temp_dir();

} // namespace caf_stream::testing
