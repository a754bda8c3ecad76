// Counts, once a second, the lines with a word in them that come ready-made in blocks:
//
//   raw_network_grep HOST PORT [STREAMS [WORD]]
//
// Each of STREAMS connections (1) reads frames: a length of 4 bytes, big-endian, and as many bytes
// of msgpack, an array of strings. A server of one connection in Python, with the package
// python3-msgpack:
//
//   import msgpack, socket, struct
//   server = socket.create_server(("127.0.0.1", 9999))
//   connection, _ = server.accept()
//   block = msgpack.packb(["the sea", "the sands"])
//   connection.sendall(struct.pack(">I", len(block)) + block)

#include <caf_stream/all.hpp>

#include <cstdio>

#include "support/text_source.hpp"

namespace cs = caf_stream;
using namespace std::chrono_literals;

namespace {

constexpr auto usage = "raw_network_grep HOST PORT [STREAMS [WORD]]";

void raw_network_grep(cs::streaming_context& ssc) {
  auto& words = ssc.arguments();
  examples::refuse_more(words, 4, usage);
  auto source = examples::parse_text_source(words, usage);
  auto streams = words.size() > 2 ? examples::parse_count(words[2], usage) : 1;
  auto word = words.size() > 3 ? words[3] : std::string{"the"};

  std::vector<cs::dstream<std::string>> connections;
  for (std::size_t i = 0; i < streams; ++i)
    connections.push_back(ssc.raw_socket_stream<std::string>(source.host, source.port));

  ssc.union_all(connections)
    .filter([word](const std::string& line) { return line.find(word) != std::string::npos; })
    .count()
    .foreach_rdd([](const cs::rdd<std::int64_t>& batch) {
      for (auto count : batch.collect())
        std::printf("Grep count: %lld\n", static_cast<long long>(count));
      std::fflush(stdout);
    });
}

} // namespace

CAF_STREAM_MAIN(1s, raw_network_grep)
