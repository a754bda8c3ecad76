// Counts the words of the text files that are moved into a folder, once a second:
//
//   file_word_count DIR [OUTPUT_PREFIX]
//
// Write a file elsewhere on the same file system and `mv` it into DIR: it is counted once, whole.
// `mv` keeps the time of modification. A file written before the program began, or more than a
// minute ago, is skipped with a warning: `touch` it just before. DIR may be a pattern, '/data/2*'.
// With OUTPUT_PREFIX the counts of each second are also saved, in the folder OUTPUT_PREFIX-TIME.

#include <caf_stream/all.hpp>

#include "support/text_source.hpp"

namespace cs = caf_stream;
using namespace std::chrono_literals;

namespace {

constexpr auto usage = "file_word_count DIR [OUTPUT_PREFIX]";

void file_word_count(cs::streaming_context& ssc) {
  auto& words = ssc.arguments();
  examples::refuse_fewer(words, 1, usage);
  examples::refuse_more(words, 2, usage);

  auto counts = ssc.text_file_stream(words[0])
                  .flat_map(cs::split_words)
                  .map([](std::string_view word) {
                    return std::pair{word, 1L};
                  })
                  .reduce_by_key(std::plus{});
  if (words.size() == 2) {
    counts.cache(); // two outputs read it
    counts.save_as_text_files(words[1]);
  }
  counts.print();
}

} // namespace

CAF_STREAM_MAIN(1s, file_word_count)
