// Counts the words of lines that actors of other processes send, once a second:
//
//   actor_word_count [PORT [OUTPUT_PREFIX]]
//
// Without PORT, or with 0, the system chooses one. With OUTPUT_PREFIX the counts of each second are
// also saved, in the folder OUTPUT_PREFIX-TIME. Start actor_feeder in another terminal with what is
// printed; however often that is stopped and started again, each line of its file is counted once.
// Several may send at a time, each a file of its own.

#include <caf_stream/all.hpp>

#include <cstdio>

#include <caf/actor_system.hpp>
#include <caf/io/middleman.hpp>

#include "support/text_source.hpp"

namespace cs = caf_stream;
using namespace std::chrono_literals;

namespace {

constexpr auto usage = "actor_word_count [PORT [OUTPUT_PREFIX]]";

void actor_word_count(cs::streaming_context& ssc) {
  auto& words = ssc.arguments();
  examples::refuse_more(words, 2, usage);
  auto port =
    words.empty() || words[0] == "0" ? std::uint16_t{0} : examples::parse_port(words[0], usage);

  // Whoever has the handle can send lines to the stream.
  auto [lines, handle] = ssc.actor_stream<std::string>("lines");
  auto open = ssc.system().middleman().publish(handle, port, "127.0.0.1");
  if (!open)
    throw cs::error{cs::errc::io_error,
                    "cannot publish the stream: " + ssc.system().render(open.error())};
  std::fprintf(stderr, "actor_feeder 127.0.0.1 %d FILE\n", *open);

  auto counts = lines.flat_map(cs::split_words)
                  .map([](const std::string& word) {
                    return std::pair{word, 1L};
                  })
                  .reduce_by_key(std::plus{});
  if (words.size() > 1) {
    counts.cache(); // two outputs read it
    counts.save_as_text_files(words[1]);
  }
  counts.print();
}

} // namespace

CAF_STREAM_MAIN(1s, actor_word_count)
