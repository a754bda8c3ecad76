#include "caf_stream/testing.hpp"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <doctest/doctest.h>

#include "support/engine.hpp"

// Batches saved as objects and as a writer of the program's likes, on the real engine.

using namespace caf_stream;
using caf_stream::testing::batch_driver;
using caf_stream::testing::stream_of;
using test::contains;
using test::manual_context;
using test::thrown_by;

namespace {

std::string content_of(const std::string& path) {
  std::ostringstream out;
  out << std::ifstream{path, std::ios::binary}.rdbuf();
  return out.str();
}

} // namespace

TEST_SUITE("shelf.saved_files") {

  TEST_CASE("batches saved as objects are read by a context that has not started") {
    auto folder = caf_stream::testing::temp_dir();
    using pair = std::pair<std::string, int>;
    const std::vector<std::vector<pair>> batches{{{"a", 1}, {"b", 2}, {"c", 3}}, {}};
    {
      batch_driver driver{{}};
      stream_of<pair>(driver.context(), batches, 2, 2).save_as_object_files(folder + "/out", "obj");
      driver.run(2);
    }
    manual_context reader;
    auto first = reader->object_file<pair>(folder + "/out-1000.obj");
    CHECK(first.partitions() == 2);
    CHECK(first.collect() == batches[0]);
    CHECK(first.filter([](const pair& x) { return x.second > 1; }).count() == 2);
    CHECK(
      reader->object_file<std::pair<std::string_view, int>>(folder + "/out-1000.obj").collect() ==
      batches[0]);
    CHECK(reader->object_file<pair>(folder + "/out-2000.obj").is_empty());
    CHECK(reader->state() == context_state::initialized);
  }

  TEST_CASE("a folder that is not there or not complete cannot be read") {
    auto folder = caf_stream::testing::temp_dir();
    manual_context context;
    auto missing = thrown_by([&] { context->object_file<int>(folder + "/nothing"); });
    CHECK(missing.first == errc::io_error);
    CHECK(contains(missing.second, folder + "/nothing"));
    std::filesystem::create_directories(folder + "/half");
    std::ofstream{folder + "/half/part-00000"} << "x";
    auto half = thrown_by([&] { context->object_file<int>(folder + "/half"); });
    CHECK(half.first == errc::io_error);
    CHECK(contains(half.second, "_SUCCESS"));
    std::ofstream{folder + "/half/_SUCCESS"};
    auto damaged = thrown_by([&] { context->object_file<int>(folder + "/half").count(); });
    CHECK(damaged.first == errc::task_failed);
    CHECK(contains(damaged.second, "part-00000"));
  }

  TEST_CASE("a writer of the program's writes each partition as it likes") {
    auto folder = caf_stream::testing::temp_dir();
    batch_driver driver{{}};
    stream_of<int>(driver.context(), {{1, 2, 3, 4}, {5}}, 2, 2)
      .save_as_files(folder + "/table", "csv", [](auto& records, std::ostream& out) {
        out << "number,square\n";
        for (int x : records)
          out << x << ',' << x * x << '\n';
      });
    driver.run(2);
    CHECK(content_of(folder + "/table-1000.csv/part-00000") == "number,square\n1,1\n2,4\n");
    CHECK(content_of(folder + "/table-1000.csv/part-00001") == "number,square\n3,9\n4,16\n");
    CHECK(content_of(folder + "/table-2000.csv/part-00000") == "number,square\n");
    CHECK(content_of(folder + "/table-2000.csv/part-00001") == "number,square\n5,25\n");
    CHECK(std::filesystem::exists(folder + "/table-2000.csv/_SUCCESS"));
    CHECK(!std::filesystem::exists(folder + "/table-2000.csv/_temporary"));
  }

  TEST_CASE("what an attempt wrote that failed is not in the part") {
    auto folder = caf_stream::testing::temp_dir();
    std::atomic<int> calls{0};
    batch_driver driver{{}};
    stream_of<int>(driver.context(), {{1, 2}}, 1, 1)
      .save_as_files(folder + "/out", "", [&calls](auto& records, std::ostream& out) {
        for (int x : records)
          out << x << '\n';
        if (++calls < 3)
          throw std::runtime_error{"not yet"};
      });
    driver.run(1);
    CHECK(calls == 3);
    CHECK(content_of(folder + "/out-1000/part-00000") == "1\n2\n");
  }

  TEST_CASE("folders that lead elsewhere are refused at once") {
    batch_driver driver{{}};
    auto stream = stream_of<int>(driver.context(), {}, 1, 1);
    auto write = [](auto&, std::ostream&) {};
    CHECK_THROWS_AS(stream.save_as_object_files("../x"), error);
    CHECK_THROWS_AS(stream.save_as_object_files("x", "a/b"), error);
    CHECK_THROWS_AS(stream.save_as_files("x", "a/b", write), error);
  }

} // TEST_SUITE
