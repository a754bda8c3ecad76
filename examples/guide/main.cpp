// The program of the guide: what is going on in a shop, once a second.
//
//   shop_clicks HOST PORT
//
// The server at HOST and PORT sends a line for each page that a visitor opens, "ann /cart". Try
// `nc -lk 9999`. Prints the three busiest pages of the last 30 seconds, and the visits of those who
// have been idle for longer than ten.

#include "clicks.hpp"
#include "support/text_source.hpp"

namespace cs = caf_stream;
using namespace std::chrono_literals;

namespace {

void shop_clicks(cs::streaming_context& ssc) {
  constexpr auto usage = "shop_clicks HOST PORT";
  examples::refuse_more(ssc.arguments(), 2, usage);
  auto source = examples::parse_text_source(ssc.arguments(), usage);

  auto lines = ssc.socket_text_stream(source.host, source.port);
  auto clicks = shop::by_name(lines).cache();
  shop::busiest_pages(clicks, 30s).print(3);
  shop::visits(clicks, 10s).print();
}

} // namespace

CAF_STREAM_MAIN(1s, shop_clicks)
