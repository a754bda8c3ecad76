#include "caf_stream/state/account.hpp"

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>

using namespace caf_stream::stateful;

namespace {

struct picky {
  explicit picky(int x) : value(x) {
    if (x < 0)
      throw std::runtime_error{"no"};
  }
  int value;
};

template <class T, class F>
auto taken_from(account<T>& from, F f) {
  std::vector<decltype(f(from.back()))> result;
  for (; !from.empty(); from.pop_back())
    result.push_back(f(from.back()));
  return result;
}

} // namespace

TEST_SUITE("state.account") {

  TEST_CASE("entries come back in the opposite order, over several parts and again") {
    account<std::string> entries;
    for (int round = 0; round < 3; ++round) {
      std::vector<std::string> expected;
      for (int i = 0; i < 10'000; ++i) {
        entries.emplace_back(std::to_string(i));
        expected.insert(expected.begin(), std::to_string(i));
      }
      CHECK(taken_from(entries, [](auto& x) { return x; }) == expected);
      CHECK(entries.empty());
    }
  }

  TEST_CASE("entries are there by number, in parts of any size") {
    account<int> entries;
    for (int i = 0; i < 10'000; ++i) {
      CHECK(entries.size() == static_cast<std::size_t>(i));
      entries.emplace_back(i);
    }
    for (int i = 0; i < 10'000; ++i)
      CHECK(entries[static_cast<std::size_t>(i)] == i);
    for (int i = 0; i < 5'000; ++i)
      entries.pop_back();
    CHECK(entries.size() == 5'000);
  }

  TEST_CASE("an entry that is not wanted is not there") {
    account<int> entries;
    entries.emplace_back_if(false, 1);
    CHECK(entries.empty());
    std::vector<int> expected;
    for (int i = 0; i < 10'000; ++i) { // most are refused where a part is full
      bool wanted = entries.empty() || i % 3 == 0;
      entries.emplace_back_if(wanted, i);
      if (wanted)
        expected.insert(expected.begin(), i);
    }
    CHECK(taken_from(entries, [](int x) { return x; }) == expected);
  }

  TEST_CASE("an entry that cannot be made leaves those before it") {
    for (int n : {0, 1, 32, 32 + 4096}) {
      account<picky> entries;
      for (int i = 0; i < n; ++i)
        entries.emplace_back(i);
      CHECK_THROWS_AS(entries.emplace_back(-1), std::runtime_error);
      CHECK(taken_from(entries, [](auto& x) { return x.value; }).size() == std::size_t(n));
    }
  }

  TEST_CASE("what is forgotten is ended, and memory beyond the last need is given back") {
    auto witness = std::make_shared<int>(0);
    account<std::shared_ptr<int>> entries;
    for (int i = 0; i < 20'000; ++i)
      entries.emplace_back(witness);
    auto most = entries.memory_bytes();
    entries.forget();
    CHECK(witness.use_count() == 1);
    CHECK(entries.empty());
    CHECK(entries.memory_bytes() == most);
    entries.emplace_back(witness);
    entries.forget();
    CHECK(entries.memory_bytes() < most / 10);
    entries.emplace_back(witness);
    entries.forget();
    entries.forget();
    CHECK(entries.memory_bytes() == 0);
  }

} // TEST_SUITE
