#include "caf_stream/base/error.hpp"

#include <cerrno>
#include <set>

#include <doctest/doctest.h>

using namespace caf_stream;

TEST_SUITE("base.error") {

  TEST_CASE("an error carries its kind and its sentence") {
    error e{errc::invalid_graph, "no output operation was registered"};
    CHECK(e.code() == errc::invalid_graph);
    CHECK(std::string{e.what()} == "no output operation was registered");
    const std::runtime_error& base = e;
    CHECK(std::string{base.what()} == e.what());
  }

  TEST_CASE("every kind has words of its own") {
    std::set<std::string_view> words;
    for (int i = 1; i <= static_cast<int>(errc::timed_out); ++i)
      words.insert(to_string(static_cast<errc>(i)));
    CHECK(words.size() == static_cast<std::size_t>(errc::timed_out));
    CHECK(words.count("unknown") == 0);
    CHECK(to_string(static_cast<errc>(0)) == "unknown");
  }

  TEST_CASE("a failed status is false and has the error") {
    status good;
    CHECK(good);
    status bad = fail(errc::stopped, "the context has ended");
    REQUIRE_FALSE(bad);
    CHECK(bad.error().code() == errc::stopped);
    result<int> number = fail(errc::damaged_data, "x");
    CHECK(number.error().code() == errc::damaged_data);
  }

  TEST_CASE("a failed system call says what and why") {
    status full = fail_errno("cannot write to /data/log", ENOSPC);
    REQUIRE_FALSE(full);
    CHECK(full.error().code() == errc::io_error);
    CHECK(std::string{full.error().what()} == "cannot write to /data/log: No space left on device");
  }

} // TEST_SUITE
