// Which pages people open, each with the account of who did: two streams are joined by name.
//
//   stream_join HOST CLICKS_PORT ACCOUNTS_PORT
//
// The server at CLICKS_PORT sends lines `NAME PAGE`, the one at ACCOUNTS_PORT lines `NAME PLAN`.
// An account is known for a minute after it was sent; a click without one is shown too:
//
//   (ann,(/prices,gold))
//   (bob,(/,unknown))

#include <caf_stream/all.hpp>

#include "support/text_source.hpp"

namespace cs = caf_stream;
using namespace std::chrono_literals;

namespace {

constexpr auto usage = "stream_join HOST CLICKS_PORT ACCOUNTS_PORT";

// A line's first word and the rest, as views of the line.
std::pair<std::string_view, std::string_view> split_name(std::string_view line) {
  auto blank = std::min(line.find(' '), line.size());
  return {line.substr(0, blank), line.substr(std::min(blank + 1, line.size()))};
}

void stream_join(cs::streaming_context& ssc) {
  auto& words = ssc.arguments();
  if (words.size() != 3)
    throw cs::error{cs::errc::invalid_argument, std::string{"usage: "} + usage};
  auto clicks = ssc.socket_text_stream(words[0], examples::parse_port(words[1], usage));
  auto accounts = ssc.socket_text_stream(words[0], examples::parse_port(words[2], usage));

  auto newest = [](std::string, std::string_view plan) { return std::string{plan}; };
  auto plans = accounts.map(split_name).reduce_by_key_and_window(newest, 60s);
  clicks.map(split_name)
    .left_outer_join(plans)
    .map_values([](const auto& page_and_plan) {
      return std::pair{page_and_plan.first, page_and_plan.second.value_or("unknown")};
    })
    .print(100);
}

} // namespace

CAF_STREAM_MAIN(1s, stream_join)
