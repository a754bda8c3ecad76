// The ten most frequent words of the last 30 seconds, once a second:
//
//   windowed_word_count                a text that the program serves itself
//   windowed_word_count HOST PORT      what a server such as `nc -lk 9999` sends
//
// Counts can be subtracted, so a slide costs as much as what comes and what leaves, however long
// the window is.

#include <caf_stream/all.hpp>

#include "support/text_source.hpp"

namespace cs = caf_stream;
using namespace std::chrono_literals;

namespace {

constexpr auto usage = "windowed_word_count [HOST PORT]";

void windowed_word_count(cs::streaming_context& ssc) {
  examples::refuse_more(ssc.arguments(), 2, usage);
  auto source = examples::text_source_or_own(ssc.arguments(), usage);

  auto still_there = [](const std::string&, long count) { return count != 0; };
  ssc.socket_text_stream(source.host, source.port)
    .flat_map(cs::split_words)
    .map([](std::string_view word) {
      return std::pair{word, 1L};
    })
    .reduce_by_key_and_window(std::plus{}, std::minus{}, 30s, still_there)
    .transform([](const auto& counts) {
      return counts.sort_by([](const auto& x) { return std::pair{-x.second, x.first}; });
    })
    .print(10);
}

} // namespace

CAF_STREAM_MAIN(1s, windowed_word_count)
