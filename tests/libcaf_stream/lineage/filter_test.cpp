#include <doctest/doctest.h>

#include "support/shapes.hpp"

using namespace caf_stream;
using namespace caf_stream::test;

namespace {

struct large {
  int number = 0;
  std::string text = std::string(40, 'x');
  bool operator==(const large&) const = default;
};

std::vector<large> make_large(int n) {
  std::vector<large> result(static_cast<std::size_t>(n));
  for (int i = 0; i < n; ++i)
    result[static_cast<std::size_t>(i)].number = i;
  return result;
}

// Runs of passing and failing records of every length up to 40, also none at all.
bool passes(int x) { return x % 97 < x / 97 % 41; }

} // namespace

TEST_SUITE("lineage.filter") {

  TEST_CASE("records that pass come out in order, small ones and large ones") {
    auto all = make_large(9000);
    std::vector<int> expected;
    for (auto& x : all)
      if (passes(x.number))
        expected.push_back(x.number);
    for (auto& s : shapes) {
      auto rdd = make_test_rdd<large>(s, all);
      CHECK(rdd.map([](const large& x) { return x.number; }).filter(passes).collect() == expected);
      CHECK(rdd.filter([](const large& x) { return passes(x.number); })
              .map([](const large& x) { return x.number; })
              .collect() == expected);
    }
  }

  TEST_CASE("all, none and the last record only") {
    for (auto& s : shapes) {
      auto rdd = make_test_rdd<large>(s, make_large(3000));
      CHECK(rdd.filter([](const large&) { return true; }).collect() == make_large(3000));
      CHECK(rdd.filter([](const large&) { return false; }).collect().empty());
      CHECK(rdd.filter([](const large& x) { return x.number == 2999; }).collect().size() == 1);
    }
  }

  TEST_CASE("the function sees every record once") {
    for (auto& s : shapes) {
      auto calls = std::make_shared<std::size_t>(0);
      auto count = [calls](const large& x) {
        ++*calls;
        return passes(x.number);
      };
      make_test_rdd<large>(s, make_large(4000)).filter(count).count();
      CHECK(*calls == 4000);
    }
  }

} // TEST_SUITE
