#include "caf_stream/state/state_partition.hpp"

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "caf_stream/base/error.hpp"
#include "caf_stream/state/state_store.hpp"

using namespace caf_stream;
using namespace caf_stream::stateful;

namespace {

/// Writes down what it is told to do.
class told final : public state_partition {
public:
  std::vector<std::string> calls;
  std::size_t memory_bytes() const override { return 8; }

protected:
  void keep_changes() override { calls.push_back("keep"); }
  void undo_changes() noexcept override { calls.push_back("undo"); }
};

using words = std::vector<std::string>;

} // namespace

TEST_SUITE("state.state_partition") {

  TEST_CASE("a batch is kept when the next builds on it, and undone when that builds on the last") {
    told state;
    CHECK(state.version() == no_batch);
    state.begin(no_batch, from_millis(1000));
    CHECK(state.version() == from_millis(1000));
    state.begin(no_batch, from_millis(1000)); // tried again
    CHECK(state.calls == words{"undo"});
    state.begin(from_millis(1000), from_millis(2000));
    CHECK(state.calls == words{"undo", "keep"});
    state.begin(from_millis(1000), from_millis(3000)); // 2000 was given up
    CHECK(state.calls == words{"undo", "keep", "undo"});
    CHECK(state.version() == from_millis(3000));
  }

  TEST_CASE("nothing builds on a batch that is not complete") {
    told state;
    state.begin(no_batch, from_millis(1000));
    state.begin(from_millis(1000), from_millis(2000));
    state.set_complete(false);
    CHECK(state.version() == from_millis(1000));
    CHECK_THROWS_AS(state.begin(from_millis(2000), from_millis(3000)), error);
    state.begin(from_millis(1000), from_millis(3000));
    CHECK(state.calls == words{"keep", "undo"});
  }

  TEST_CASE("a batch that comes when a later one has begun is refused") {
    told state;
    state.begin(no_batch, from_millis(1000));
    state.begin(from_millis(1000), from_millis(3000));
    state.calls.clear();
    CHECK_THROWS_AS(state.begin(from_millis(1000), from_millis(2000)), error);
    CHECK(state.calls.empty());
    CHECK(state.version() == from_millis(3000));
  }

  TEST_CASE("a batch that builds on neither is refused, and nothing changes") {
    told state;
    state.begin(no_batch, from_millis(1000));
    state.begin(from_millis(1000), from_millis(2000));
    state.calls.clear();
    try {
      state.begin(from_millis(500), from_millis(3000));
      FAIL("nothing was thrown");
    } catch (const error& e) {
      CHECK(e.code() == errc::invalid_state);
      std::string text = e.what();
      for (auto* part : {"2000 ms", "3000 ms", "500 ms"})
        CHECK(text.find(part) != std::string::npos);
    }
    CHECK(state.calls.empty());
    CHECK(state.version() == from_millis(2000));
  }

  TEST_CASE("a store makes a partition once, and says what has outgrown the budget") {
    state_store store{{100}};
    state_id id{operator_id{7}, 1};
    CHECK(store.find(id) == nullptr);
    int made = 0;
    auto make = [&] {
      ++made;
      return std::make_shared<told>();
    };
    auto partition = store.find_or_make(id, make);
    CHECK(store.find_or_make(id, make) == partition);
    CHECK(store.find(id) == partition);
    CHECK(made == 1);
    store.account(id, "sum", {60});
    store.account({operator_id{7}, 2}, "sum", {30});
    CHECK(store.used() == byte_count{90});
    store.account(id, "sum", {50});
    CHECK(store.used() == byte_count{80});
    try {
      store.account(id, "sum at x.cpp:1", {80});
      FAIL("nothing was thrown");
    } catch (const error& e) {
      CHECK(e.code() == errc::out_of_memory_budget);
      CHECK(std::string{e.what()}.find("sum at x.cpp:1") != std::string::npos);
    }
  }

} // TEST_SUITE
