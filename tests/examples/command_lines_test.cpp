#include <doctest/doctest.h>

#include <map>

#include "support/run_program.hpp"

using namespace caf_stream::test;

TEST_SUITE("examples.command_lines") {

  TEST_CASE("a word too many is refused with the usage") {
    // The most words that each program takes.
    const std::map<std::string, std::vector<std::string>> most{
      {"actor_feeder", {"127.0.0.1", "1", "/dev/null"}},
      {"actor_word_count", {"0", "counts"}},
      {"connection_pool", {"127.0.0.1", "1", "127.0.0.1", "2"}},
      {"custom_receiver", {"127.0.0.1", "1"}},
      {"file_word_count", {"/nowhere", "counts"}},
      {"network_word_count", {"127.0.0.1", "1", "counts"}},
      {"raw_network_grep", {"127.0.0.1", "1", "1", "the"}},
      {"session_counts", {"127.0.0.1", "1", "100"}},
      {"shop_clicks", {"127.0.0.1", "1"}},
      {"spam_filter", {"127.0.0.1", "1", "/dev/null"}},
      {"stateful_network_word_count", {"127.0.0.1", "1"}},
      {"stream_join", {"127.0.0.1", "1", "2"}},
      {"windowed_word_count", {"127.0.0.1", "1"}},
    };
    for (auto& entry : most) {
      auto& name = entry.first;
      CAPTURE(name);
      auto words = entry.second;
      words.push_back("more");
      run_program program{program_file(name), words};
      CHECK(program.wait() == 2);
      CHECK(program.output() == "");
      CHECK_MESSAGE(program.errors().find("too many words\nusage: " + name) != std::string::npos,
                    program.errors());
    }
  }

} // TEST_SUITE
