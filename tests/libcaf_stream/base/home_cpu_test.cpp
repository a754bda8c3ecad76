#include "caf_stream/base/home_cpu.hpp"

#include <thread>

#include <doctest/doctest.h>

using namespace caf_stream;

namespace {

template <class F>
void on_another_thread(F f) {
  std::thread{f}.join();
}

} // namespace

TEST_SUITE("base.home_cpu") {

  TEST_CASE("a thread is bound while it is at home, and as free as before when it has left") {
    auto all = usable_cpus();
    REQUIRE(all >= 1);
    on_another_thread([=] {
      for (std::size_t number : {std::size_t{0}, all - 1, 5 * all}) {
        home_cpu home{number};
        home.enter();
        CHECK(usable_cpus() == 1);
        home.enter(); // once more changes nothing
        home.leave();
        CHECK(usable_cpus() == all);
      }
    });
    CHECK(usable_cpus() == all);
  }

  TEST_CASE("a thread made while another is away from home is free") {
    auto all = usable_cpus();
    on_another_thread([=] {
      home_cpu home{0};
      home.enter();
      home.leave();
      on_another_thread([=] { CHECK(usable_cpus() == all); });
    });
  }
}
