// The program's own actor as the receiver of a stream.

#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>
#include <doctest/doctest.h>

#include "caf_stream/actor_stream.hpp"
#include "support/engine.hpp"

using namespace caf_stream;
using namespace std::chrono_literals;
using test::manual_context;

namespace {

using numbers = std::vector<long>;

std::string answer(const caf::actor& to, const numbers& content) {
  caf::scoped_actor self{test::shared_system()};
  std::string result;
  self->request(to, std::chrono::seconds{20}, content)
    .receive([] {}, [&](const caf::error& e) { result = test::shared_system().render(e); });
  return result;
}

// Stores what it is sent, doubled; a negative number ends it with an error, zero without.
caf::behavior doubling(caf::event_based_actor* self, actor_receiver_helper<long> helper) {
  return {
    [=](long n) mutable {
      if (n == 0)
        self->quit();
      else if (n < 0)
        self->quit(caf::make_error(caf::sec::runtime_error, "it did not like that number"));
      else
        helper.store(2 * n);
    },
    [=](numbers ns) mutable {
      for (auto& n : ns)
        n *= 2;
      return helper.store(std::move(ns));
    },
  };
}

} // namespace

TEST_SUITE("shelf.own_receiver") {

  TEST_CASE("what the actor stores is in the stream, and its promise is kept when it is stored") {
    test::awaited<numbers> out;
    manual_context ssc;
    auto [stream, handle] = ssc->actor_stream<long>("numbers", doubling);
    stream.foreach_rdd([&](const rdd<long>& batch) {
      out.change([&](numbers& all) {
        for (auto n : batch.collect())
          all.push_back(n);
      });
    });
    caf::anon_send(handle, 1L); // waits for the receiver
    ssc->start();
    CHECK(answer(handle, {2, 3}) == "");
    CHECK(ssc.tick());
    CHECK(out.get() == numbers{2, 4, 6});
    ssc->stop();
    CHECK(ssc.events().get().receivers_started.size() == 1);
  }

  TEST_CASE("an actor that fails is a receiver that starts again, behind the same handle") {
    std::atomic<std::int64_t> sum{0};
    manual_context ssc;
    auto [stream, handle] = ssc->actor_stream<long>("numbers", doubling);
    stream.foreach_rdd([&](const rdd<long>& batch) {
      for (auto n : batch.collect())
        sum += n;
    });
    ssc->start();
    for (std::size_t round = 1; round <= 3; ++round) {
      CHECK(answer(handle, {1, 2}) == "");
      caf::anon_send(handle, -1L);
      CHECK(
        ssc.events().wait([&](const test::told& x) { return x.receivers_started.size() > round; }));
    }
    CHECK(answer(handle, {10}) == "");
    ssc->stop();
    CHECK(sum == 38);
    auto told = ssc.events().get();
    REQUIRE(!told.receiver_errors.empty());
    CHECK(test::contains(told.receiver_errors[0].last_error, "did not like that number"));
    CHECK(told.receiver_errors[0].name == "numbers-0");
  }

  TEST_CASE("the end of another actor, as of a receiver before this one, is none of the stream") {
    manual_context ssc;
    auto [stream, handle] = ssc->actor_stream<long>("numbers", doubling);
    stream.foreach_rdd([](const rdd<long>&) {});
    ssc->start();
    CHECK(answer(handle, {1}) == "");
    caf::scoped_actor other{ssc->system()};
    caf::anon_send(handle, caf::down_msg{other.address(), caf::exit_reason::kill});
    CHECK(answer(handle, {2}) == "");
    CHECK(answer(handle, {3}) == "");
  }

  TEST_CASE("an actor that just ends is the end of the stream") {
    manual_context ssc;
    auto [stream, handle] = ssc->actor_stream<long>("numbers", doubling);
    stream.foreach_rdd([](const rdd<long>&) {});
    ssc->start();
    CHECK(answer(handle, {1}) == "");
    caf::anon_send(handle, 0L);
    CHECK(ssc.events().wait([](const test::told& x) { return !x.receivers_stopped.empty(); }));
    CHECK(answer(handle, {1}) != "");
    ssc->stop();
    CHECK(ssc.events().get().receivers_started.size() == 1);
  }

  TEST_CASE("what the actor was sent before a graceful stop is in the stream") {
    std::atomic<std::int64_t> records{0};
    manual_context ssc;
    auto [stream, handle] = ssc->actor_stream<long>("numbers", doubling);
    stream.foreach_rdd([&](const rdd<long>& batch) { records += batch.count(); });
    ssc->start();
    CHECK(answer(handle, {1}) == ""); // the receiver is there
    for (long i = 1; i <= 10'000; ++i)
      caf::anon_send(handle, i);
    CHECK(answer(handle, {1}) == ""); // the relay has passed them on
    ssc->stop();
    CHECK(records == 10'002);
  }

  TEST_CASE("an actor that waits for the store itself goes on when it is done") {
    std::atomic<std::int64_t> records{0};
    test::awaited<int> stored;
    manual_context ssc;
    auto body = [&](caf::event_based_actor*, actor_receiver_helper<long> helper) -> caf::behavior {
      return {[&, helper](long n) mutable {
        helper.store(numbers(static_cast<std::size_t>(n), n), [&](const caf::error& e) {
          if (!e)
            stored.change([](int& x) { ++x; });
        });
      }};
    };
    auto [stream, handle] = ssc->actor_stream<long>("numbers", body, storage_level::memory_only);
    stream.foreach_rdd([&](const rdd<long>& batch) { records += batch.count(); });
    ssc->start();
    caf::anon_send(handle, 3L);
    caf::anon_send(handle, 4L);
    CHECK(stored.wait([](int x) { return x == 2; }));
    CHECK(ssc.tick());
    CHECK(records == 7);
    ssc->stop();
  }

} // TEST_SUITE
