// Shows the messages of a TCP server, one a line, but those that hold a word from a file:
//
//   spam_filter HOST PORT WORDS_FILE
//
// The file has a word a line and may change while the program runs: what it says then holds from
// the next batch on, for all of that batch. Put a new version in place with `mv`, or half of it may
// be read. While there is no such file, the words that were read last hold.

#include <fstream>
#include <optional>
#include <set>

#include <caf_stream/all.hpp>

#include "support/text_source.hpp"

namespace cs = caf_stream;
using namespace std::chrono_literals;

namespace {

constexpr auto usage = "spam_filter HOST PORT WORDS_FILE";

using word_list = std::set<std::string, std::less<>>;

// Nothing where the file cannot be read.
std::optional<word_list> read_words(const std::string& path) {
  std::ifstream file{path};
  if (!file)
    return std::nullopt;
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
  examples::refuse_fewer(arguments, 3, usage);
  examples::refuse_more(arguments, 3, usage);
  auto source = examples::parse_text_source(arguments, usage);
  auto path = arguments[2];
  auto first = read_words(path);
  if (!first)
    throw cs::error{cs::errc::invalid_argument, "cannot read " + path + "\nusage: " + usage};
  auto words = ssc.broadcast(*first);

  auto messages = ssc.socket_text_stream(source.host, source.port);
  messages
    .transform([words](const auto& batch) {
      return batch.filter(
        [words](std::string_view message) { return !is_spam(message, words.value()); });
    })
    .print(100);

  // Runs on the driver once a batch, so it is the place to look at the file. What it throws would
  // fail the batch.
  messages.foreach_rdd([words, path](const auto&) {
    if (auto changed = read_words(path))
      words.update(*std::move(changed));
  });
}

} // namespace

CAF_STREAM_MAIN(1s, spam_filter)
