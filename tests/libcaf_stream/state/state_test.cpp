#include "caf_stream/state/state.hpp"

#include <doctest/doctest.h>

#include "caf_stream/base/error.hpp"

using namespace caf_stream;

namespace {

template <class F>
errc code_of(F f) {
  try {
    f();
  } catch (const error& e) {
    return e.code();
  }
  return errc{0};
}

} // namespace

TEST_SUITE("state.state") {

  TEST_CASE("an absent state has nothing to get, and may be set") {
    state<int> s{nullptr};
    CHECK_FALSE(s.exists());
    CHECK_FALSE(s.get_option());
    CHECK_FALSE(s.is_timing_out());
    CHECK(code_of([&] { s.get(); }) == errc::invalid_state);
    s.update(1);
    CHECK(s.exists());
    CHECK(s.get() == 1);
    CHECK(s.is_updated());
    CHECK(s.take_update() == 1);
  }

  TEST_CASE("a state is updated, and removed once") {
    int before = 1;
    state<int> s{&before};
    CHECK(s.get() == 1);
    CHECK_FALSE(s.is_updated());
    s.update(2);
    CHECK(s.get() == 2);
    CHECK(s.get_option() == 2);
    CHECK(before == 1);
    s.remove();
    CHECK_FALSE(s.exists());
    CHECK_FALSE(s.get_option());
    CHECK(s.is_removed());
    CHECK_FALSE(s.is_updated());
    CHECK(code_of([&] { s.get(); }) == errc::invalid_state);
    CHECK(code_of([&] { s.update(3); }) == errc::invalid_state);
    CHECK(code_of([&] { s.remove(); }) == errc::invalid_state);
  }

  TEST_CASE("a state that is timing out can only be read") {
    int before = 3;
    state<int> s{&before, true};
    CHECK(s.is_timing_out());
    CHECK(s.exists());
    CHECK(s.get() == 3);
    CHECK(code_of([&] { s.update(4); }) == errc::invalid_state);
    CHECK(code_of([&] { s.remove(); }) == errc::invalid_state);
    CHECK(s.get() == 3);
    CHECK_FALSE(s.is_removed());
  }

} // TEST_SUITE
