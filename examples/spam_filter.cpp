// Shows the messages of a TCP server, one a line, but those that hold a word from a file:
//
//   spam_filter HOST PORT WORDS_FILE
//
// The file has a word a line and may change while the program runs: what it says then holds from
// the next batch on, for all of that batch.

#include <filesystem>
#include <fstream>
#include <set>

#include <caf_stream/all.hpp>

#include "support/text_source.hpp"

namespace cs = caf_stream;
using namespace std::chrono_literals;

namespace {

constexpr auto usage = "spam_filter HOST PORT WORDS_FILE";

using word_list = std::set<std::string, std::less<>>;

word_list read_words(const std::string& path) {
  std::ifstream file{path};
  if (!file)
    throw cs::error{cs::errc::invalid_argument, "cannot read " + path + "\nusage: " + usage};
  word_list result;
  for (std::string word; file >> word;)
    result.insert(word);
  return result;
}

bool is_spam(std::string_view message, const word_list& words) {
  bool found = false;
  cs::split_words(message, [&](std::string_view word) { found = found || words.contains(word); });
  return found;
}

void spam_filter(cs::streaming_context& ssc) {
  auto& arguments = ssc.arguments();
  if (arguments.size() != 3)
    throw cs::error{cs::errc::invalid_argument, std::string{"usage: "} + usage};
  auto source = examples::parse_text_source(arguments, usage);
  auto path = arguments[2];
  auto words = ssc.broadcast(read_words(path));

  auto messages = ssc.socket_text_stream(source.host, source.port);
  messages
    .transform([words](const auto& batch) {
      return batch.filter(
        [words](std::string_view message) { return !is_spam(message, words.value()); });
    })
    .print(100);

  // Runs on the driver once a batch, so it is the place to look at the file.
  messages.foreach_rdd([words, path](const auto&) { words.update(read_words(path)); });
}

} // namespace

CAF_STREAM_MAIN(1s, spam_filter)
