#include "caf_stream/actor_stream.hpp"

#include <algorithm>
#include <thread>

#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>
#include <doctest/doctest.h>

#include "caf_stream/actors/actor_engine.hpp"
#include "caf_stream/actors/environment.hpp"
#include "support/engine.hpp"

using namespace caf_stream;
using namespace std::chrono_literals;
using test::manual_context;

namespace {

template <class T>
class collected {
public:
  void take_from(const dstream<T>& stream) {
    stream.foreach_rdd([this](const rdd<T>& batch) {
      for (auto& x : batch.collect())
        records_.push_back(x);
    });
  }

  // Between batches.
  std::vector<T> sorted() const {
    auto result = records_;
    std::sort(result.begin(), result.end());
    return result;
  }

private:
  std::vector<T> records_;
};

using words = std::vector<std::string>;

// What a request was answered with: nothing, or the text of an error.
template <class... Ts>
std::string answer(const caf::actor& to, const Ts&... content) {
  caf::scoped_actor self{test::shared_system()};
  std::string result;
  self->request(to, std::chrono::seconds{20}, content...)
    .receive([] {}, [&](const caf::error& e) { result = test::shared_system().render(e); });
  return result;
}

actors::environment& shared(manual_context& ssc) {
  return dynamic_cast<actors::actor_engine&>(*ssc->core()->engine).shared();
}

bool replaced(manual_context& ssc, const std::string& role, const caf::actor& dead) {
  auto limit = std::chrono::steady_clock::now() + test::patience;
  while (std::chrono::steady_clock::now() < limit) {
    auto now = shared(ssc).roles.in_role(role);
    if (now.size() == 1 && now.front() != dead)
      return true;
    std::this_thread::yield();
  }
  return false;
}

} // namespace

TEST_SUITE("shelf.actor_stream") {

  TEST_CASE("what actors send is in the next batch, alone or in vectors, from the start on") {
    collected<std::string> out;
    manual_context ssc;
    auto [stream, handle] = ssc->actor_stream<std::string>("words");
    out.take_from(stream);
    caf::anon_send(handle, std::string{"early"});
    ssc->start();
    CHECK(answer(handle, std::string{"one"}) == "");
    CHECK(answer(handle, words{"two", "three"}) == "");
    CHECK(answer(handle, words{}) == "");
    CHECK(ssc.tick());
    CHECK(out.sorted() == words{"early", "one", "three", "two"});
    CHECK(answer(handle, std::string{"four"}) == "");
    ssc->stop();
    CHECK(out.sorted() == words{"early", "four", "one", "three", "two"});
    CHECK(ssc.events().get().losses.empty());
  }

  TEST_CASE("a repeated number is answered, not stored again, whatever type the number has") {
    collected<std::string> out;
    manual_context ssc;
    auto [stream, handle] = ssc->actor_stream<std::string>("words");
    out.take_from(stream);
    ssc->start();
    for (int round = 0; round < 3; ++round) {
      CHECK(answer(handle, std::string{"one"}, std::uint64_t{1}) == "");
      CHECK(answer(handle, words{"two", "three"}, 2) == "");
      CHECK(answer(handle, std::string{"other"}, 1L, std::string{"b"}) == "");
    }
    ssc->stop();
    CHECK(out.sorted() == words{"one", "other", "three", "two"});
  }

  TEST_CASE("what is no record is answered with an error") {
    manual_context ssc;
    auto [stream, handle] = ssc->actor_stream<std::string>("words");
    stream.print();
    CHECK(test::contains(answer(handle, 3.5), "unexpected"));
    CHECK(test::contains(answer(handle, std::string{"x"}, -1), "unexpected"));
    CHECK(test::contains(answer(handle, std::string{"x"}, std::string{"y"}), "unexpected"));
    CHECK(test::contains(answer(handle, std::string{"x"}, 1, 2), "unexpected"));
  }

  TEST_CASE("the handle survives the death of the receiver and of all that serve the stream") {
    collected<long> out;
    manual_context ssc;
    auto [stream, handle] = ssc->actor_stream<long>("numbers");
    out.take_from(stream);
    ssc->start();
    std::vector<long> expected;
    long next = 0;
    CHECK(answer(handle, next) == "");
    expected.push_back(next++);
    for (auto role : {"receiver", "block_generator", "receiver_supervisor"}) {
      auto playing = shared(ssc).roles.in_role(role);
      REQUIRE(playing.size() == 1);
      caf::anon_send_exit(playing.front(), caf::exit_reason::kill);
      for (int i = 0; i < 50; ++i) {
        CHECK(answer(handle, next) == "");
        expected.push_back(next++);
      }
      CHECK(replaced(ssc, role, playing.front()));
    }
    CHECK(answer(handle, next) == "");
    expected.push_back(next++);
    ssc->stop();
    CHECK(out.sorted() == expected);
  }

  TEST_CASE("plain sends beyond the budget are dropped, counted and told; requests come late") {
    std::atomic<std::int64_t> came_out{0};
    auto options = test::small_settings();
    options.memory_budget = 256_KiB;
    options.block_size = 64_KiB;
    manual_context ssc{options};
    auto [stream, handle] = ssc->actor_stream<std::string>("words");
    stream.foreach_rdd([&](const rdd<std::string>& batch) { came_out += batch.count(); });
    ssc->start();
    constexpr int total = 2000;
    for (int i = 0; i < total; ++i)
      caf::anon_send(handle, std::string(1000, 'x'));
    CHECK(ssc.events().wait([](const test::told& x) { return !x.losses.empty(); }));
    // This one has to wait until a batch has made room.
    test::awaited<bool> answered;
    auto asker = test::shared_system().spawn(
      [&](caf::event_based_actor* self, const caf::actor& to) {
        self->request(to, caf::infinite, std::string(1000, 'y')).then([&] {
          answered.change([](bool& x) { x = true; });
        });
      },
      handle);
    for (int i = 0; i < 100 && !answered.get(); ++i)
      CHECK(ssc.tick());
    CHECK(answered.wait([](bool x) { return x; }));
    ssc->stop();
    std::int64_t lost = 0;
    for (auto& loss : ssc.events().get().losses)
      lost += loss.num_records;
    CHECK(lost > 0);
    CHECK(came_out + lost == total + 1);
  }

  TEST_CASE("after the end requests are answered with an error") {
    collected<long> out;
    manual_context ssc;
    auto [stream, handle] = ssc->actor_stream<long>("numbers");
    out.take_from(stream);
    ssc->start();
    CHECK(answer(handle, 1L) == "");
    ssc->stop();
    CHECK(answer(handle, 2L) != "");
    CHECK(out.sorted() == std::vector<long>{1});
  }

  TEST_CASE("a stop at once leaves no request without an answer") {
    for (int round = 0; round < 20; ++round) {
      manual_context ssc;
      auto [stream, handle] = ssc->actor_stream<long>("numbers");
      stream.foreach_rdd([](const rdd<long>&) {});
      ssc->start();
      test::awaited<int> done;
      auto asker = test::shared_system().spawn(
        [&](caf::event_based_actor* self, const caf::actor& to) {
          for (long i = 0; i < 100; ++i)
            self->request(to, caf::infinite, i)
              .then([&] { done.change([](int& n) { ++n; }); },
                    [&](const caf::error&) { done.change([](int& n) { ++n; }); });
        },
        handle);
      ssc->stop({.gracefully = false});
      CHECK(done.wait([](int n) { return n == 100; }));
    }
  }

  TEST_CASE("a context that never started ends its handles") {
    caf::actor kept;
    {
      manual_context ssc;
      auto [stream, handle] = ssc->actor_stream<long>("numbers");
      kept = handle;
    }
    CHECK(answer(kept, 1L) != "");
  }

  TEST_CASE("two streams of one name are found at start") {
    manual_context ssc;
    auto first = ssc->actor_stream<long>("numbers").first;
    auto second = ssc->actor_stream<long>("numbers").first;
    first.union_with(second).print();
    auto [code, text] = test::thrown_by([&] { ssc->start(); });
    CHECK(code == errc::invalid_graph);
    CHECK(test::contains(text, "same id"));
  }

} // TEST_SUITE
