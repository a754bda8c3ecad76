// Counts the words of the text that a TCP server sends, once a second:
//
//   network_word_count                              a text that the program serves itself
//   network_word_count HOST PORT [OUTPUT_PREFIX]    what a server such as `nc -lk 9999` sends
//
// With OUTPUT_PREFIX the counts of each second are also saved, in the folder OUTPUT_PREFIX-TIME.
// Ctrl-C stops gracefully: what has been received is counted first.

#include <caf_stream/all.hpp>

#include "support/text_source.hpp"

namespace cs = caf_stream;
using namespace std::chrono_literals;

namespace {

constexpr auto usage = "network_word_count [HOST PORT [OUTPUT_PREFIX]]";

void network_word_count(cs::streaming_context& ssc) {
  auto& words = ssc.arguments();
  examples::refuse_more(words, 3, usage);
  auto source = examples::text_source_or_own(words, usage);

  auto lines = ssc.socket_text_stream(source.host, source.port);
  auto counts = lines.flat_map(cs::split_words)
                  .map([](std::string_view word) {
                    return std::pair{word, 1L};
                  })
                  .reduce_by_key(std::plus{});
  if (words.size() == 3) {
    counts.cache(); // two outputs read it
    counts.save_as_text_files(words[2]);
  }
  counts.print();
}

} // namespace

CAF_STREAM_MAIN(1s, network_word_count)
