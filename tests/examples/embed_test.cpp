#include <doctest/doctest.h>

#include <string>

#include "support/run_program.hpp"

using namespace caf_stream::test;

TEST_SUITE("examples.embed") {

  TEST_CASE("the guard has the highest temperature of each sensor when the program ends") {
    run_program program{program_file("embed"), {}};
    CHECK(program.wait() == 0);
    auto output = program.output();
    for (std::string sensor : {"cellar", "kitchen", "roof"}) {
      auto warning = sensor + " is too hot\n";
      auto at = output.find(warning);
      REQUIRE(at != std::string::npos);
      output.erase(at, warning.size());
    }
    CHECK(output == "cellar 29.9\nkitchen 29.9\nroof 29.9\n");
    CHECK(program.errors() == "");
  }

} // TEST_SUITE
