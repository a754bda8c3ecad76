// Counts what each visitor does in one visit:
//
//   session_counts HOST PORT [IDLE_MS]
//
// The server at HOST and PORT sends lines that begin with a visitor's name: "ann /cart". A visit
// ends when the visitor is idle for longer than IDLE_MS (10000), and is printed then: "(ann,3)".
// Who has ended a visit and comes again begins another one. Visits under way at Ctrl-C are not
// printed. Try `nc -lk 9999`.

#include <caf_stream/all.hpp>

#include "support/text_source.hpp"

namespace cs = caf_stream;
using namespace std::chrono_literals;

namespace {

constexpr auto usage = "session_counts HOST PORT [IDLE_MS]";

using visit = std::pair<std::string, long>;

// Called for every line of a visitor, and a last time, without one, when the visit has ended.
std::optional<visit> count(cs::batch_time, const std::string& visitor, std::optional<long> line,
                           cs::state<long>& lines) {
  if (lines.is_timing_out())
    return visit{visitor, lines.get()};
  lines.update(lines.get_option().value_or(0) + line.value_or(0));
  return std::nullopt;
}

void session_counts(cs::streaming_context& ssc) {
  auto words = ssc.arguments();
  examples::refuse_more(words, 3, usage);
  auto source = examples::parse_text_source(words, usage);
  auto idle = words.size() > 2 ? examples::parse_milliseconds(words[2], usage) : 10s;

  ssc.socket_text_stream(source.host, source.port)
    .filter([](std::string_view line) { return !line.empty() && line.front() != ' '; })
    .map([](std::string_view line) {
      return std::pair{line.substr(0, line.find(' ')), 1L};
    })
    .map_with_state(cs::state_spec(count).timeout(idle))
    .print();
}

} // namespace

CAF_STREAM_MAIN(1s, session_counts)
