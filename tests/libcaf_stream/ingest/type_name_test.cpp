#include "caf_stream/ingest/type_name.hpp"

#include <vector>

#include <doctest/doctest.h>

namespace some::where {

struct my_receiver {};

template <class T>
struct typed_receiver {};

} // namespace some::where

TEST_SUITE("ingest.type_name") {

  TEST_CASE("a type is named without its namespaces and arguments") {
    using caf_stream::ingest::short_type_name;
    CHECK(short_type_name(typeid(some::where::my_receiver)) == "my_receiver");
    CHECK(short_type_name(typeid(some::where::typed_receiver<std::vector<int>>)) ==
          "typed_receiver");
    CHECK(short_type_name(typeid(int)) == "int");
  }

} // TEST_SUITE
