#include "caf_stream/actor_output.hpp"

#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <doctest/doctest.h>

#include "support/engine.hpp"

using namespace caf_stream;
using namespace std::chrono_literals;
using test::manual_context;

namespace {

struct handed_over {
  std::vector<std::pair<output_id, std::vector<int>>> all; ///< as they came
  std::vector<int> taken;                                  ///< through an inbox
  std::uint64_t dropped = 0;
};

struct sink_state {
  output_inbox inbox;
};

// Answers the first `failures` requests with an error, after it has taken in the records.
caf::actor spawn_sink(test::awaited<handed_over>& out, int failures) {
  return test::shared_system().spawn(
    [&out](caf::stateful_actor<sink_state>* self, std::shared_ptr<int> left) -> caf::behavior {
      return {[&out, left, self](const output_id& id,
                                 const std::vector<int>& records) -> caf::result<void> {
        out.change([&](handed_over& x) {
          x.all.emplace_back(id, records);
          if (self->state.inbox.take(id))
            x.taken.insert(x.taken.end(), records.begin(), records.end());
          x.dropped = self->state.inbox.dropped();
        });
        if (*left > 0) {
          --*left;
          return caf::make_error(caf::sec::runtime_error, "the answer got lost");
        }
        return caf::unit;
      }};
    },
    std::make_shared<int>(failures));
}

} // namespace

TEST_SUITE("shelf.actor_output") {

  TEST_CASE("every partition is handed over with its id, also an empty one") {
    test::awaited<handed_over> out;
    manual_context ssc;
    rdd_queue<int> queue;
    queue.push({1, 2, 3});
    queue.push(std::vector<int>{});
    ssc->queue_stream(queue).repartition(2).foreach_partition(spawn_sink(out, 0));
    ssc->start();
    CHECK(ssc.tick(2));
    ssc->stop();
    auto x = out.get();
    REQUIRE(x.all.size() == 4);
    for (std::size_t i = 0; i < 4; ++i) {
      CHECK(x.all[i].first.output_uid == x.all[0].first.output_uid);
      CHECK(x.all[i].first.batch_time == from_millis(i < 2 ? 1000 : 2000));
    }
    CHECK(x.all[0].first.partition + x.all[1].first.partition == 1);
    std::sort(x.taken.begin(), x.taken.end());
    CHECK(x.taken == std::vector<int>{1, 2, 3});
  }

  TEST_CASE("what was not acknowledged is handed over again, and an inbox drops it") {
    test::awaited<handed_over> out;
    manual_context ssc;
    rdd_queue<int> queue;
    queue.push({1, 2, 3});
    ssc->queue_stream(queue).repartition(1).foreach_partition(spawn_sink(out, 2));
    ssc->start();
    CHECK(ssc.tick());
    CHECK_NOTHROW(ssc->stop());
    CHECK(ssc->await_termination_for(1s));
    auto x = out.get();
    CHECK(x.all.size() == 3);
    CHECK(x.taken == std::vector<int>{1, 2, 3});
    CHECK(x.dropped == 2);
  }

  TEST_CASE("an actor that is dead, or does not answer, fails the batch and is named") {
    manual_context ssc;
    rdd_queue<int> queue;
    queue.push({1});
    queue.push({2});
    auto dead = test::shared_system().spawn(
      [](caf::event_based_actor* self, int) -> caf::behavior {
        self->quit();
        return {[](int) {}};
      },
      0);
    auto silent = test::shared_system().spawn(
      [](caf::event_based_actor* self, int) -> caf::behavior {
        self->set_default_handler(caf::skip);
        return {[](int) {}};
      },
      0);
    auto numbers = ssc->queue_stream(queue);
    numbers.foreach_partition(dead);
    numbers.foreach_partition(silent, 10ms);
    ssc->start();
    CHECK(ssc.tick());
    auto completed = ssc.events().get().outputs_completed;
    REQUIRE(completed.size() == 2);
    CHECK(test::contains(completed[0].failure_reason.value_or(""), "did not take"));
    CHECK(test::contains(completed[1].failure_reason.value_or(""), "did not answer"));
    caf::anon_send_exit(silent, caf::exit_reason::user_shutdown);
    ssc->stop({.gracefully = false});
  }

  TEST_CASE("a handle of no actor is refused where it is given") {
    manual_context ssc;
    rdd_queue<int> queue;
    auto numbers = ssc->queue_stream(queue);
    auto [code, text] = test::thrown_by([&] { numbers.foreach_partition(caf::actor{}); });
    CHECK(code == errc::invalid_argument);
  }

} // TEST_SUITE
