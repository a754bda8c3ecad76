// What listeners are told, and when.

#include <thread>

#include <doctest/doctest.h>

#include "caf_stream/streaming_context.hpp"
#include "support/engine.hpp"

using namespace caf_stream;
using namespace std::chrono_literals;
using test::contains;
using test::manual_context;

namespace {

rdd_queue<int> queue_of(int batches) {
  rdd_queue<int> queue;
  for (int i = 0; i < batches; ++i)
    queue.push({i});
  return queue;
}

// Reports an error, and then ends for good.
class failing_receiver : public receiver<int> {
public:
  void on_start() override {
    thread_ = std::thread{[this] {
      report_error("test report error");
      stop("test stop error");
    }};
  }
  void on_stop() override { thread_.join(); }

private:
  std::thread thread_;
};

} // namespace

TEST_SUITE("shelf.listeners") {

  TEST_CASE("a batch is submitted, started and completed, each told with what is known then") {
    manual_context context;
    auto queue = queue_of(4);
    context->queue_stream(queue).foreach_rdd([](const rdd<int>& batch) { batch.count(); });
    context->start();
    REQUIRE(context.tick(4));
    context->stop();
    auto told = context.events().get();
    REQUIRE(told.submitted.size() == 4);
    REQUIRE(told.started.size() == 4);
    REQUIRE(told.completed.size() == 4);
    CHECK(told.streaming_started.size() == 1);
    CHECK(told.order.front() == "streaming_started");
    for (std::size_t i = 0; i < 4; ++i) {
      auto& submitted = told.submitted[i];
      CHECK_FALSE(submitted.scheduling_delay);
      CHECK_FALSE(submitted.processing_delay);
      CHECK_FALSE(submitted.total_delay);
      auto& started = told.started[i];
      REQUIRE(started.scheduling_delay);
      CHECK(*started.scheduling_delay >= 0ms);
      CHECK_FALSE(started.processing_delay);
      auto& completed = told.completed[i];
      CHECK(completed.scheduling_delay.value() >= 0ms);
      CHECK(completed.processing_delay.value() >= 0ms);
      CHECK(completed.total_delay.value() >= 0ms);
      CHECK(completed.submission_time <= completed.processing_start_time.value());
      CHECK(*completed.processing_start_time <= completed.processing_end_time.value());
      for (auto* info : {&submitted, &started, &completed}) {
        CHECK(to_millis(info->batch_time) == 1000 * (static_cast<std::int64_t>(i) + 1));
        CHECK(info->num_records == 1);
        REQUIRE(info->stream_id_to_input_info.count(0) == 1);
        CHECK(info->stream_id_to_input_info.at(0).num_records == 1);
      }
    }
  }

  TEST_CASE("outputs run one after the other, each told when it begins and ends") {
    manual_context context;
    auto queue = queue_of(1);
    auto stream = context->queue_stream(queue);
    for (int i = 0; i < 3; ++i)
      stream.foreach_rdd([](const rdd<int>&) {});
    context->start();
    REQUIRE(context.tick());
    auto told = context.events().get();
    std::vector<std::string> order;
    for (auto& event : told.order)
      if (contains(event, "output"))
        order.push_back(event);
    CHECK(order == std::vector<std::string>{"output_started", "output_completed", "output_started",
                                            "output_completed", "output_started",
                                            "output_completed"});
    for (output_id_number i = 0; i < 3; ++i) {
      CHECK(told.outputs_started.at(i).id == i);
      CHECK(told.outputs_completed.at(i).id == i);
      CHECK(told.outputs_completed.at(i).name == "foreach_rdd");
      CHECK(contains(told.outputs_completed.at(i).description, "listeners_test.cpp:"));
      CHECK(told.outputs_completed.at(i).duration.value() >= 0ms);
      CHECK_FALSE(told.outputs_completed.at(i).failure_reason);
    }
    CHECK(told.completed.at(0).output_operation_infos.size() == 3);
  }

  TEST_CASE("outputs that fail give their reasons") {
    manual_context context;
    auto queue = queue_of(1);
    auto stream = context->queue_stream(queue);
    stream.foreach_rdd([](const rdd<int>&) { throw std::runtime_error{"this one failed"}; });
    stream.foreach_rdd([](const rdd<int>&) { throw 42; });
    stream.foreach_rdd([](const rdd<int>&) {});
    context->start();
    REQUIRE(context.tick());
    auto outputs = context.events().get().completed.at(0).output_operation_infos;
    CHECK(contains(outputs.at(0).failure_reason.value(), "this one failed"));
    CHECK(contains(outputs.at(1).failure_reason.value(), "not a std::exception"));
    CHECK_FALSE(outputs.at(2).failure_reason);
  }

  TEST_CASE("a receiver's start, errors and end are told") {
    manual_context context;
    context->receiver_stream<failing_receiver>().foreach_rdd([](const rdd<int>&) {});
    context->start();
    REQUIRE(context.events().wait([](auto& told) { return told.receivers_stopped.size() == 1; }));
    auto told = context.events().get();
    REQUIRE(told.receivers_started.size() == 1);
    CHECK(told.receivers_started[0].stream_id == 0);
    CHECK(told.receivers_started[0].name == "failing_receiver-0");
    CHECK(told.receivers_started[0].active);
    REQUIRE(told.receiver_errors.size() == 1);
    CHECK(contains(told.receiver_errors[0].last_error_message, "report error"));
    CHECK_FALSE(told.receivers_stopped[0].active);
    CHECK(contains(told.receivers_stopped[0].last_error_message, "test stop error"));
    // The context goes on without it.
    CHECK(context->state() == context_state::active);
    CHECK(context.tick());
    context->stop();
    CHECK(context.events().get().receivers_stopped.size() == 1);
  }

  TEST_CASE("a listener that throws or is removed does not disturb the others") {
    class throwing final : public streaming_listener {
    public:
      void on_batch_completed(const batch_info&) override {
        ++calls;
        throw std::runtime_error{"listener"};
      }
      std::atomic<int> calls{0};
    };
    manual_context context;
    auto bad = std::make_shared<throwing>();
    auto late = std::make_shared<test::recorder>();
    context->add_listener(bad);
    context->add_listener(late);
    auto queue = queue_of(0);
    context->queue_stream(queue).foreach_rdd([](const rdd<int>&) {});
    context->start();
    REQUIRE(context.tick());
    REQUIRE(late->wait_for_batches(1));
    context->remove_listener(bad);
    REQUIRE(context.tick());
    REQUIRE(late->wait_for_batches(2));
    CHECK(bad->calls == 1);
  }
}
