// Which pages people open, each with the account of who did: two streams are joined by name.
//
//   stream_join HOST CLICKS_PORT ACCOUNTS_PORT
//
// The server at CLICKS_PORT sends lines `NAME PAGE`, the one at ACCOUNTS_PORT lines `NAME PLAN`.
// Lines without both words are dropped. An account is known for a minute after it was sent; a click
// without one is shown too:
//
//   (ann,(/prices,gold))
//   (bob,(/,unknown))
//
// Try `nc -lk 9998` and `nc -lk 9999` in two terminals and `stream_join localhost 9998 9999` in a
// third one. Type `ann gold` into the second and then `ann /prices` into the first.

#include <caf_stream/all.hpp>

#include "support/text_source.hpp"

namespace cs = caf_stream;
using namespace std::chrono_literals;

namespace {

constexpr auto usage = "stream_join HOST CLICKS_PORT ACCOUNTS_PORT";

bool has_two_words(std::string_view line) {
  auto blank = line.find(' ');
  return blank > 0 && line.find_first_not_of(' ', blank) != line.npos;
}

// A line's first word and the rest, as views of the line.
std::pair<std::string_view, std::string_view> split_name(std::string_view line) {
  auto blank = line.find(' ');
  return {line.substr(0, blank), line.substr(blank + 1)};
}

void stream_join(cs::streaming_context& ssc) {
  auto& words = ssc.arguments();
  examples::refuse_fewer(words, 3, usage);
  examples::refuse_more(words, 3, usage);
  auto clicks = ssc.socket_text_stream(words[0], examples::parse_port(words[1], usage));
  auto accounts = ssc.socket_text_stream(words[0], examples::parse_port(words[2], usage));

  auto newest = [](std::string, std::string_view plan) { return std::string{plan}; };
  auto plans = accounts.filter(has_two_words).map(split_name).reduce_by_key_and_window(newest, 60s);
  clicks.filter(has_two_words)
    .map(split_name)
    .left_outer_join(plans)
    .map_values([](const auto& page_and_plan) {
      return std::pair{page_and_plan.first, page_and_plan.second.value_or("unknown")};
    })
    .print(100);
}

} // namespace

CAF_STREAM_MAIN(1s, stream_join)
