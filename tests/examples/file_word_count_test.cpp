#include <doctest/doctest.h>

#include <csignal>
#include <filesystem>

#include "support/files.hpp"
#include "support/recording_port.hpp"
#include "support/run_program.hpp"
#include "support/temp_folder.hpp"
#include "word_counts.hpp"

using namespace caf_stream::test;

TEST_SUITE("examples.file_word_count") {

  TEST_CASE("the words of all files that are moved in are counted once") {
    temp_folder folder;
    auto in = folder / "in";
    std::filesystem::create_directory(in);
    write_file(in + "/old", "this was here before\n");
    run_program program{program_file("file_word_count"),
                        {in, folder / "counts", "--stream.batch-interval=200ms"}};
    CHECK(
      program.wait_for_output([](auto& output) { return output.find("Time: ") != output.npos; }));
    std::string text;
    for (int i = 0; i < 200; ++i) {
      auto content = "file number" + std::to_string(i) + " of many\nfiles\n";
      text += content;
      write_file(folder / "aside", content);
      std::filesystem::rename(folder / "aside", in + "/" + std::to_string(i));
    }
    CHECK(eventually([&] { return saved_counts(folder / "counts")["file"] == 200; }));
    program.send_signal(SIGTERM);
    CHECK(program.wait() == 0);
    CHECK(saved_counts(folder / "counts") == count_words(text));
  }

  TEST_CASE("it needs a folder") {
    run_program program{program_file("file_word_count"), {}};
    CHECK(program.wait() == 2);
    CHECK(program.errors().find("file_word_count DIR") != std::string::npos);
  }

} // TEST_SUITE
