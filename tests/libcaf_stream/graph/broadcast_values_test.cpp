#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "caf_stream/base/batch_mark.hpp"
#include "caf_stream/graph/broadcast_list.hpp"

using namespace caf_stream;
using namespace caf_stream::graph;

namespace {

batch_time at(int ms) { return batch_time{duration{ms}}; }

broadcast_values::value text(std::string x) {
  return std::make_shared<const std::string>(std::move(x));
}

const std::string& seen(const broadcast_values& values) {
  return *static_cast<const std::string*>(values.get());
}

std::string seen_at(const broadcast_values& values, int ms) {
  batch_mark mark{at(ms)};
  return seen(values);
}

} // namespace

TEST_SUITE("graph.broadcast_values") {

  TEST_CASE("an update counts from the next batch that begins, outside of batches at once") {
    broadcast_values values{text("a")};
    CHECK(seen(values) == "a");
    CHECK(seen_at(values, 1000) == "a");
    values.begin_batch(at(1000));
    values.update(text("b"));
    CHECK(seen_at(values, 1000) == "a");
    CHECK(seen_at(values, 2000) == "b");
    CHECK(seen(values) == "b");
    values.begin_batch(at(2000));
    values.begin_batch(at(2000));
    values.update(text("c"));
    values.update(text("d"));
    CHECK(seen_at(values, 1000) == "a");
    CHECK(seen_at(values, 2000) == "b");
    CHECK(seen_at(values, 3000) == "d");
  }

  TEST_CASE("with two batches at once an update of the older one counts after both") {
    broadcast_values values{text("a")};
    values.begin_batch(at(1000));
    values.begin_batch(at(2000));
    {
      batch_mark older{at(1000)};
      values.update(text("b"));
    }
    CHECK(seen_at(values, 2000) == "a");
    CHECK(seen_at(values, 3000) == "b");
  }

  TEST_CASE("an update before the first batch counts for it") {
    broadcast_values values{text("a")};
    values.update(text("b"));
    values.begin_batch(at(1000));
    CHECK(seen_at(values, 1000) == "b");
    CHECK(values.size() == 1);
  }

  TEST_CASE("values that no batch sees any more are forgotten") {
    broadcast_values values{text("0")};
    for (int i = 1; i <= 1000; ++i) {
      values.begin_batch(at(i));
      values.update(text(std::to_string(i)));
      CHECK(seen_at(values, i) == std::to_string(i - 1));
      values.forget_through(at(i));
      CHECK(values.size() == 1);
    }
    CHECK(seen_at(values, 1001) == "1000");
    values.begin_batch(at(1001));
    values.forget_through(at(1001));
    values.begin_batch(at(1002));
    CHECK(seen_at(values, 1002) == "1000");
  }

  TEST_CASE("a value stays good in a batch, whatever is updated and forgotten") {
    broadcast_values values{text("a longer one, not inside the string")};
    values.begin_batch(at(1000));
    batch_mark mark{at(1000)};
    auto& found = seen(values);
    values.update(text("b"));
    values.begin_batch(at(2000));
    values.update(text("c"));
    values.forget_through(at(2000));
    CHECK(found == "a longer one, not inside the string");
    CHECK(&seen(values) == &found);
  }

  TEST_CASE("many broadcasts read in turn each have their own values") {
    std::vector<std::unique_ptr<broadcast_values>> all;
    for (int i = 0; i < 20; ++i)
      all.push_back(std::make_unique<broadcast_values>(text(std::to_string(i))));
    for (int round = 0; round < 3; ++round)
      for (int i = 0; i < 20; ++i)
        CHECK(seen_at(*all[std::size_t(i)], 1000) == std::to_string(i));
  }

  TEST_CASE("a list tells broadcasts of batches, also those made later, and keeps none") {
    broadcast_list list;
    auto first = list.add(text("a"));
    list.begin_batch(at(1000));
    first->update(text("b"));
    auto second = list.add(text("x"));
    second->update(text("y"));
    CHECK(seen_at(*first, 1000) == "a");
    CHECK(seen_at(*second, 1000) == "x");
    list.begin_batch(at(2000));
    list.forget_through(at(1000));
    CHECK(seen_at(*first, 2000) == "b");
    CHECK(seen_at(*second, 2000) == "y");
    CHECK(first->size() == 1);
    std::weak_ptr<broadcast_values> gone = first;
    first.reset();
    CHECK(gone.expired());
    list.begin_batch(at(3000));
  }

} // TEST_SUITE
