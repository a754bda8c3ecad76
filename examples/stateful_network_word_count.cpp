// Counts the words of the text that a TCP server sends, from the beginning on, and shows all counts
// once a second:
//
//   stateful_network_word_count              a text that the program serves itself
//   stateful_network_word_count HOST PORT    what a server such as `nc -lk 9999` sends
//
// Begins with one "hello" and one "world", which it has not seen.

#include <caf_stream/all.hpp>

#include "support/text_source.hpp"

namespace cs = caf_stream;
using namespace std::chrono_literals;

namespace {

constexpr auto usage = "stateful_network_word_count [HOST PORT]";

std::optional<long> add(std::span<const long> ones, std::optional<long> count) {
  return count.value_or(0) + static_cast<long>(ones.size());
}

void stateful_network_word_count(cs::streaming_context& ssc) {
  examples::refuse_more(ssc.arguments(), 2, usage);
  auto source = examples::text_source_or_own(ssc.arguments(), usage);

  std::vector<std::pair<std::string, long>> initial{{"hello", 1}, {"world", 1}};
  ssc.socket_text_stream(source.host, source.port)
    .flat_map(cs::split_words)
    .map([](std::string_view word) {
      return std::pair{word, 1L};
    })
    .update_state_by_key(add, initial)
    .print();
}

} // namespace

CAF_STREAM_MAIN(1s, stateful_network_word_count)
