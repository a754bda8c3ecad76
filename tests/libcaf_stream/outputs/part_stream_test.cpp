#include <doctest/doctest.h>

#include <iomanip>

#include "caf_stream/base/faulty_file_system.hpp"
#include "caf_stream/outputs/part_stream.hpp"
#include "support/temp_folder.hpp"

using namespace caf_stream;
using namespace caf_stream::outputs;

TEST_SUITE("outputs.part_stream") {

  TEST_CASE("what is streamed is in the part, also beyond what is buffered") {
    test::temp_folder temp;
    REQUIRE(begin_parts(posix_files(), temp / "out"));
    part_writer part{posix_files(), temp / "out", task_id{}};
    part_stream out{part};
    std::string expected;
    for (int i = 0; i < 100'000; ++i) {
      out << std::setw(7) << i << ',';
      out.put('x');
      expected += std::string(7 - std::to_string(i).size(), ' ') + std::to_string(i) + ",x";
    }
    out << std::flush;
    auto name = part.finish();
    REQUIRE(name);
    CHECK(*posix_files().read_all(temp / "out/" + *name) == expected);
  }

  TEST_CASE("a full disk is thrown by the operation that meets it, and the part has failed") {
    test::temp_folder temp;
    faulty_file_system files;
    REQUIRE(begin_parts(files, temp / "out"));
    file_faults full;
    full.space = 3;
    files.set_faults(full);
    part_writer part{files, temp / "out", task_id{}};
    part_stream out{part};
    auto write_much = [&out] {
      for (int i = 0; i < 1'000'000; ++i)
        out << i;
    };
    try {
      write_much();
      FAIL("nothing was thrown");
    } catch (const error& e) {
      CHECK(e.code() == errc::io_error);
    }
    files.set_faults({});
    CHECK(!part.finish());
  }

} // TEST_SUITE
