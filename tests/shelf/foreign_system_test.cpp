#include <mutex>

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/io/middleman.hpp>
#include <doctest/doctest.h>

#include "caf_stream/actor_output.hpp"
#include "caf_stream/base/log.hpp"
#include "caf_stream/config.hpp"
#include "caf_stream/rdd_queue.hpp"
#include "caf_stream/streaming_context.hpp"
#include "support/events.hpp"

using namespace caf_stream;
using namespace std::chrono_literals;

namespace {

// What is logged while it lives.
class log_watch {
public:
  log_watch() {
    log::set_sink([this](log::level at, std::string_view text) {
      std::lock_guard guard{mutex_};
      if (at == log::level::warning)
        warnings_.emplace_back(text);
    });
  }
  ~log_watch() { log::set_sink({}); }

  std::vector<std::string> take() {
    std::lock_guard guard{mutex_};
    return std::exchange(warnings_, {});
  }

private:
  std::mutex mutex_;
  std::vector<std::string> warnings_;
};

struct bare_config : caf::actor_system_config {
  explicit bare_config(bool with_network = true) {
    if (with_network)
      load<caf::io::middleman>();
  }
};

struct network_config : bare_config {
  network_config() {
    caf_stream::add_message_types(*this);
    set("middleman.heartbeat-interval", caf::timespan{1s});
    set("middleman.connection-timeout", caf::timespan{5s});
  }
};

settings small_settings() {
  settings result;
  result.workers = 1;
  return result;
}

void run_context(caf::actor_system& system) {
  rdd_queue<int> queue;
  streaming_context context{system, duration{1000}, small_settings()};
  context.queue_stream(queue).foreach_rdd([](const rdd<int>&) {});
  context.start();
  context.stop({.gracefully = false});
}

std::vector<std::string> warnings_of(const caf::actor_system_config& cfg) {
  log_watch watch;
  caf::actor_system system{const_cast<caf::actor_system_config&>(cfg)};
  run_context(system);
  return watch.take();
}

using handed_over = test::awaited<std::vector<int>>;

caf::behavior sink(caf::event_based_actor*, handed_over* out) {
  return {[=](const output_id&, const std::vector<int>& records) {
    out->change([&](auto& all) { all.insert(all.end(), records.begin(), records.end()); });
  }};
}

// An actor that is sent to its end, since its system waits for that.
struct ended_actor {
  caf::actor handle;
  ~ended_actor() { caf::anon_send_exit(handle, caf::exit_reason::user_shutdown); }
};

// Sends a stream of 1, 2, 3 to an actor of another system with this configuration of its own.
std::vector<int> hand_over_between(bare_config& from, bare_config& to) {
  handed_over records;
  caf::actor_system there{to};
  caf::actor_system here{from};
  ended_actor taker{there.spawn(sink, &records)};
  auto port = there.middleman().publish(taker.handle, 0, "127.0.0.1");
  REQUIRE(port);
  auto handle = here.middleman().remote_actor("127.0.0.1", *port);
  REQUIRE(handle);

  rdd_queue<int> queue;
  queue.push({1, 2, 3});
  streaming_context context{here, duration{20}, small_settings()};
  context.queue_stream(queue).foreach_partition(*handle);
  context.start();
  context.stop();
  auto result = records.get();
  std::sort(result.begin(), result.end());
  return result;
}

std::string failure_between(bare_config& from, bare_config& to) {
  try {
    hand_over_between(from, to);
  } catch (const error& e) {
    CHECK(e.code() == errc::invalid_argument);
    return e.what();
  }
  return "success";
}

} // namespace

TEST_SUITE("shelf.foreign_system") {

  TEST_CASE("a system without CAF's network module lacks nothing") {
    CHECK(warnings_of(bare_config{false}).empty());
  }

  TEST_CASE("heartbeats that are off and missing messages are told with what to do, once") {
    log_watch watch;
    bare_config cfg;
    caf::actor_system system{cfg};
    run_context(system);
    auto warnings = watch.take();
    REQUIRE(warnings.size() == 2);
    CHECK(warnings[0] ==
          "the actor system would not notice that another node is frozen or silent: set "
          "middleman.heartbeat-interval (to 1s, say) and middleman.connection-timeout (to 5s, say) "
          "in its configuration, and the same on the other nodes");
    CHECK(warnings[1] == "the actor system cannot send messages of caf_stream to other nodes: call "
                         "caf_stream::add_message_types(config) before the actor system is made");
    run_context(system);
    CHECK(watch.take().empty());
  }

  TEST_CASE("only what is missing is told") {
    CHECK(warnings_of(network_config{}).empty());

    network_config no_timeout;
    no_timeout.set("middleman.connection-timeout", caf::timespan{0});
    auto warnings = warnings_of(no_timeout);
    REQUIRE(warnings.size() == 1);
    CHECK(warnings[0].find("set middleman.connection-timeout (to 5s, say) in") !=
          std::string::npos);

    network_config hasty;
    hasty.set("middleman.connection-timeout", caf::timespan{1s});
    warnings = warnings_of(hasty);
    REQUIRE(warnings.size() == 1);
    CHECK(warnings[0].find("middleman.connection-timeout must be longer than "
                           "middleman.heartbeat-interval") != std::string::npos);
  }

  TEST_CASE("our own configuration lacks nothing in a system of the program's") {
    config cfg;
    cfg.load<caf::io::middleman>();
    CHECK(warnings_of(cfg).empty());
  }

  TEST_CASE("an actor on another node is sent partitions where both systems have the types") {
    network_config from, to;
    from.add_message_type<std::vector<int>>("numbers");
    to.add_message_type<std::vector<int>>("numbers");
    CHECK(hand_over_between(from, to) == std::vector{1, 2, 3});
  }

  TEST_CASE("an output to another node is refused where the system cannot send it") {
    bare_config no_types;
    network_config to;
    CHECK(failure_between(no_types, to) ==
          "foreach_partition was given an actor on another node, and the actor system cannot send "
          "a caf_stream::output_id: call caf_stream::add_message_types(config) before the actor "
          "system is made");
    network_config no_numbers;
    CHECK(failure_between(no_numbers, to)
            .find("cannot send vectors of its records: call "
                  "add_message_type") != std::string::npos);
  }

} // TEST_SUITE
