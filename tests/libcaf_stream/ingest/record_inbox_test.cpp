#include "caf_stream/ingest/record_inbox.hpp"

#include <doctest/doctest.h>

#include "support/recording_port.hpp"

using namespace caf_stream;
using caf_stream::test::records_of;
using ingest::inbox_of;
using ingest::inbox_options;
using ingest::sequence_number;
using verdict = ingest::inbox_receipt::verdict;

namespace {

// A stream whose blocks the test takes and stores by hand.
class stream {
public:
  explicit stream(inbox_options options = {}, ingest::builder_options builder = {})
    : inbox(std::make_shared<inbox_of<std::string>>(options)), source("words", inbox, {}) {
    builder.on_sealed = [this] { ++ready; };
    port = std::make_unique<test::recording_port>(source.make_builder(builder));
    inbox->on_change([this] { ++changes; });
  }

  void start() {
    receiver = source.make_receiver();
    receiver->attach(*port);
    receiver->on_start();
  }

  verdict plain(std::string word) { return inbox->offer({std::move(word)}, false).what; }
  ingest::inbox_receipt ask(std::string word, std::optional<std::uint64_t> number = {},
                            std::string sequence = {}) {
    std::optional<sequence_number> seq;
    if (number)
      seq = sequence_number{*number, std::move(sequence)};
    return inbox->offer({std::move(word)}, true, seq);
  }

  // The records of the next block, with how far sequences have come.
  std::vector<std::string> take() {
    position.reset();
    auto block = port->builder().take(&position);
    return block ? records_of<std::string>(block) : std::vector<std::string>{};
  }

  std::vector<std::string> cut() {
    port->builder().cut();
    return take();
  }

  void stored() { port->builder().after_stored(); }

  std::vector<std::string> take_and_store() {
    auto records = take();
    stored();
    return records;
  }

  std::shared_ptr<inbox_of<std::string>> inbox;
  ingest::inbox_source source;
  std::unique_ptr<test::recording_port> port;
  std::unique_ptr<ingest::any_receiver> receiver;
  std::optional<std::string> position;
  int ready = 0;
  int changes = 0;
};

class running_stream : public stream {
public:
  explicit running_stream(inbox_options options = {}, ingest::builder_options builder = {})
    : stream(std::move(options), std::move(builder)) {
    start();
  }
};

using words = std::vector<std::string>;

// The position in the first block of a stream that had a second record, too.
std::optional<std::string> position_after_one() {
  running_stream s;
  s.ask("one", 1);
  CHECK(s.take() == words{"one"});
  REQUIRE(s.position);
  s.ask("two", 2); // the process dies before it is in a block
  return s.position;
}

inbox_options budgets(std::size_t plain, std::size_t requests) {
  inbox_options options;
  options.budget = plain;
  options.request_budget = requests;
  return options;
}

// How often `offer` is answered with a `taken`, one after the other. Ends in any case.
template <class F>
int count_taken(F offer) {
  int n = 0;
  while (n < 100'000 && offer() == verdict::taken)
    ++n;
  return n;
}

bool is_refused(const ingest::inbox_receipt& receipt, const std::string& why) {
  return receipt.what == verdict::refused && receipt.why.find(why) != std::string::npos;
}

} // namespace

TEST_SUITE("ingest.record_inbox") {

  TEST_CASE("what is sent before the stream runs is in its first block") {
    stream s;
    CHECK(s.plain("a") == verdict::taken);
    CHECK(s.ask("b").what == verdict::taken);
    CHECK(s.cut().empty());
    CHECK(s.ready == 0);
    s.start();
    CHECK(s.ready == 1); // somebody waits for b
    CHECK(s.take() == words{"a", "b"});
    CHECK(s.inbox->stored_through() == 0);
    s.stored();
    CHECK(s.inbox->stored_through() == 2);
    CHECK(s.changes == 1);
  }

  TEST_CASE("plain records wait for a cut, requests only while others are under way") {
    running_stream s;
    s.plain("a");
    CHECK(s.ready == 0);
    auto b = s.ask("b");
    CHECK(s.ready == 1);
    s.ask("c");
    auto d = s.ask("d");
    CHECK(s.ready == 1);
    CHECK(s.take_and_store() == words{"a", "b"});
    CHECK(s.inbox->stored_through() == b.ticket);
    CHECK(s.ready == 2);
    CHECK(s.take_and_store() == words{"c", "d"});
    CHECK(s.inbox->stored_through() == d.ticket);
    s.plain("e");
    CHECK(s.ready == 2);
    CHECK(s.cut() == words{"e"});
  }

  TEST_CASE("a number that was there is not taken again, wherever its record is by then") {
    running_stream s;
    CHECK(s.ask("one", 1).what == verdict::taken);
    CHECK(s.ask("two", 2).what == verdict::taken);
    CHECK(s.ask("two", 2).what == verdict::taken); // waits in the queue
    CHECK(s.ask("one", 1).what == verdict::taken); // is under way
    CHECK(s.take_and_store() == words{"one"});
    CHECK(s.take() == words{"two"});
    CHECK(s.inbox->stored_through() == 1);
    s.stored();
    CHECK(s.ask("one", 1).what == verdict::stored);
    CHECK(s.cut().empty());
    CHECK(s.ask("another", 1, "b").what == verdict::taken); // another sequence
    CHECK(s.take() == words{"another"});
  }

  TEST_CASE("a stream that begins again knows the numbers of its last position") {
    stream s;
    CHECK(s.port->store({}, position_after_one()));
    s.ask("one", 1); // repeated before the stream runs
    s.ask("two", 2);
    s.start();
    CHECK(s.take_and_store() == words{"two"});
    CHECK(s.inbox->stored_through() == 2);
    CHECK(s.ask("one", 1).what == verdict::stored);
  }

  TEST_CASE("a block of nothing but repeats is stored with what is under way") {
    stream s;
    CHECK(s.port->store({}, position_after_one()));
    s.ask("one", 1);
    s.start();
    CHECK(s.take().empty());
    CHECK(s.inbox->stored_through() == 1);
  }

  TEST_CASE("beyond the budget plain records are dropped, counted and told together") {
    running_stream s{budgets(10'000, 20'000)};
    auto taken = count_taken([&] { return s.plain("word"); });
    CHECK(taken > 10);
    CHECK(taken < 100);
    s.plain("word");
    CHECK(s.changes == 2);
    CHECK(s.inbox->report_losses());
    CHECK_FALSE(s.inbox->report_losses());
    REQUIRE(s.port->losses.size() == 1);
    CHECK(s.port->losses[0].rfind("2 sent to the stream faster", 0) == 0);

    auto asked = count_taken([&] { return s.ask("word").what; });
    CHECK(asked > 10);
    CHECK(is_refused(s.ask("word"), "again later"));
    CHECK(s.plain("word") == verdict::dropped);
    std::size_t came_out = 0;
    for (auto block = s.cut(); !block.empty(); block = s.cut()) {
      came_out += block.size();
      s.stored();
    }
    CHECK(came_out == static_cast<std::size_t>(taken + asked));
    CHECK(s.plain("word") == verdict::taken);
    s.receiver->on_stop();
    CHECK(s.port->losses.size() == 2);
  }

  TEST_CASE("records and messages that are too large are refused, or dropped if nobody asks") {
    inbox_options options;
    options.max_record_bytes = 10;
    options.request_budget = 5000;
    stream s{options};
    CHECK(s.ask("12345678901").what == verdict::refused);
    CHECK(s.plain("12345678901") == verdict::dropped);
    CHECK(s.ask("1234567890").what == verdict::taken);
    auto receipt = s.inbox->offer(words(1000, "x"), true);
    CHECK(is_refused(receipt, "send smaller ones"));
    s.start();
    CHECK(s.port->losses.size() == 1);
  }

  TEST_CASE("numbers with too many gaps are refused, those that fill one are not") {
    inbox_options options;
    options.max_runs = 3;
    running_stream s{options};
    for (std::uint64_t n : {10, 20, 30})
      CHECK(s.ask("x", n).what == verdict::taken);
    s.take_and_store();
    s.take_and_store();
    CHECK(s.ask("x", 40).what == verdict::refused);
    CHECK(s.ask("x", 11).what == verdict::taken);
  }

  TEST_CASE("records that take no bytes do not gather without end either") {
    inbox_of<char> inbox{budgets(100'000, 200'000)};
    auto taken = count_taken([&] { return inbox.offer({'x'}, false).what; });
    CHECK(taken > 100);
    CHECK(taken < 1000);
  }

  TEST_CASE("repeats and empty messages that wait for their answer have a budget too") {
    running_stream s{budgets(100'000, 200'000)};
    CHECK(s.ask("one", 1).what == verdict::taken);
    for (bool empty : {false, true}) {
      auto ask = [&] { return empty ? s.inbox->offer({}, true) : s.ask("one", 1); };
      auto waiting = count_taken([&] { return ask().what; });
      CHECK(waiting < 1000);
      CHECK(is_refused(ask(), "again later"));
      if (!empty)
        CHECK(waiting > 100);
    }
    CHECK(s.take_and_store() == words{"one"});
    CHECK(s.ask("one", 1).what == verdict::stored);
    // Once they are answered there is room again.
    CHECK(s.ask("two", 2).what == verdict::taken);
    CHECK(s.ask("one", 1).what == verdict::taken);
  }

  TEST_CASE("who waits for a repeat is told when nothing is left to be stored") {
    stream s;
    CHECK(s.port->store({}, position_after_one()));
    CHECK(s.ask("one", 1).what == verdict::taken); // nobody knows yet that it is a repeat
    auto before = s.changes;
    s.start();
    CHECK(s.inbox->stored_through() == 1);
    CHECK(s.changes > before);
  }

  TEST_CASE(
    "what goes into blocks is counted, so that an idle stream can be told from a busy one") {
    running_stream s;
    s.ask("one");
    s.plain("two");
    CHECK(s.take_and_store() == words{"one"});
    CHECK(s.port->builder().accepted() == 1);
    CHECK(s.cut() == words{"two"});
    CHECK(s.port->builder().accepted() == 2);
  }

  TEST_CASE("streams of a context share a budget") {
    inbox_options options;
    options.budget = options.request_budget = 1'000'000;
    options.shared = std::make_shared<ingest::shared_budget>(100'000);
    running_stream a{options};
    {
      stream b{options};
      auto in_b = count_taken([&] { return b.plain("word"); });
      CHECK(in_b > 100);
      CHECK(in_b < 1000);
      CHECK(a.plain("word") == verdict::dropped);
      CHECK(a.ask("word").what == verdict::taken); // requests have the other half
    }
    // What waited in a stream that is gone is forgotten.
    CHECK(a.plain("word") == verdict::taken);
    for (auto block = a.take(); !block.empty(); block = a.cut())
      a.stored();
    CHECK(options.shared->used == 0);
  }

  TEST_CASE("of many sequences those of late are remembered") {
    inbox_options options;
    options.max_sequences = 3;
    options.max_sequence_name = 10;
    running_stream s{options};
    auto store = [&](const std::string& sequence) {
      auto receipt = s.ask("x", 1, sequence);
      if (receipt.what == verdict::taken)
        s.take_and_store();
      return receipt.what;
    };
    for (auto* name : {"a", "b", "c"})
      CHECK(store(name) == verdict::taken);
    CHECK(store("a") == verdict::stored); // known, and used of late
    CHECK(store("d") == verdict::taken);  // in the place of b
    for (auto* name : {"a", "c", "d"})
      CHECK(store(name) == verdict::stored);
    CHECK(store("b") == verdict::taken); // new again
    auto receipt = s.ask("x", 1, "elevenbytes");
    CHECK(is_refused(receipt, "11 bytes"));
  }

  TEST_CASE("the rate limit paces what is taken, and the end takes all") {
    ingest::builder_options builder;
    builder.limiter = std::make_shared<ingest::rate_limiter>(1000);
    running_stream s{{}, builder};
    for (int i = 0; i < 10'000; ++i)
      s.plain("word");
    auto begin = std::chrono::steady_clock::now();
    s.cut(); // begins to count
    std::size_t taken = 0;
    CHECK(test::eventually([&] { return (taken += s.cut().size()) >= 50; }));
    auto passed = std::chrono::duration<double>{std::chrono::steady_clock::now() - begin};
    CHECK(taken <= 1 + 1000 * passed.count());
    s.port->builder().close();
    CHECK(s.cut().size() == 10'000 - taken);
    CHECK(s.plain("word") == verdict::dropped);
    auto late = s.ask("word");
    CHECK(is_refused(late, "ended"));
  }

  TEST_CASE("it has ended when it was closed and all is stored, or dropped") {
    running_stream s;
    s.plain("a");
    s.port->builder().close();
    CHECK_FALSE(s.inbox->ended());
    CHECK(s.cut() == words{"a"});
    CHECK_FALSE(s.inbox->ended());
    s.stored();
    CHECK(s.inbox->ended());

    running_stream other;
    other.plain("a");
    other.cut();
    other.port->builder().close();
    CHECK_FALSE(other.inbox->ended());
    other.port->builder().after_dropped();
    CHECK(other.inbox->ended());
  }

} // TEST_SUITE
