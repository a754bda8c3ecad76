// Counts the words that a server sends and hands each second's counts to another one, the sink:
//
//   connection_pool SINK_HOST SINK_PORT [HOST PORT]
//
// Without HOST and PORT it reads a text that it serves itself. Every task sends its partition over
// a connection that it borrows and gives back, so there are no more of them than tasks that run at
// a time, and they are made once. The sink is sent
//
//   begin OUTPUT TIME PARTITION
//   WORD COUNT
//   …
//   end
//
// where OUTPUT is the id of the output, 16 hexadecimal digits, TIME that of the batch in ms, and
// PARTITION a number. It must answer `ok` when the partition is its own: that a connection took the
// bytes does not say that they have arrived. A task that gets no such answer fails and is run
// again, with another connection. So a sink that did not come to answer is sent the same partition
// twice, and knows it by its first line.

#include <caf_stream/all.hpp>

#include <memory>
#include <mutex>
#include <sstream>
#include <string>
#include <vector>

#include <boost/asio/ip/tcp.hpp>

#include "support/text_source.hpp"

namespace cs = caf_stream;
using namespace std::chrono_literals;

namespace {

constexpr auto usage = "connection_pool SINK_HOST SINK_PORT [HOST PORT]";

using connection = boost::asio::ip::tcp::iostream;
using connection_ptr = std::unique_ptr<connection>;

/// Connections to one server. Any thread may call it.
class connection_pool {
public:
  explicit connection_pool(examples::text_source server) : server_(std::move(server)) {}

  /// A connection that nobody else uses: one that was given back, else a new one, which may have
  /// failed to connect.
  connection_ptr borrow() {
    {
      std::lock_guard guard{mutex_};
      if (!idle_.empty()) {
        auto result = std::move(idle_.back());
        idle_.pop_back();
        return result;
      }
    }
    auto result = std::make_unique<connection>();
    result->expires_after(5s);
    result->connect(server_.host, std::to_string(server_.port));
    return result;
  }

  void give_back(connection_ptr good) {
    std::lock_guard guard{mutex_};
    idle_.push_back(std::move(good));
  }

  /// Closes those that nobody uses: where one has failed, the others are hardly better.
  void forget_idle() {
    std::lock_guard guard{mutex_};
    idle_.clear();
  }

private:
  const examples::text_source server_;
  std::mutex mutex_;
  std::vector<connection_ptr> idle_;
};

// Throws where the sink does not say that it has the partition.
void hand_over(connection_pool& pool, const std::string& partition) {
  auto sink = pool.borrow();
  std::string answer;
  sink->expires_after(5s);
  *sink << partition << std::flush;
  if (!std::getline(*sink, answer) || answer != "ok") {
    pool.forget_idle();
    throw std::runtime_error{"the sink did not answer: " + sink->error().message()};
  }
  pool.give_back(std::move(sink));
}

std::string first_line(const cs::output_id& id) {
  auto time = id.batch_time.time_since_epoch().count();
  return "begin " + id.output_uid + " " + std::to_string(time) + " " +
         std::to_string(id.partition) + "\n";
}

void count_into_sink(cs::streaming_context& ssc) {
  auto words = ssc.arguments();
  examples::refuse_more(words, 4, usage);
  auto sink = examples::parse_text_source(words, usage);
  auto source = examples::text_source_or_own({words.begin() + 2, words.end()}, usage);

  // One for the process, whatever thread a task runs on.
  static connection_pool pool{sink};

  ssc.socket_text_stream(source.host, source.port)
    .flat_map(cs::split_words)
    .map([](std::string_view word) {
      return std::pair{word, 1L};
    })
    .reduce_by_key(std::plus{})
    .named("word-counts") // OUTPUT is a hash of it, and not of the operators above
    .foreach_partition([](auto& counts, const cs::output_id& id) {
      std::ostringstream partition;
      for (const auto& [word, count] : counts)
        partition << word << ' ' << count << '\n';
      if (partition.tellp() > 0)
        hand_over(pool, first_line(id) + partition.str() + "end\n");
    });
}

} // namespace

CAF_STREAM_MAIN(1s, count_into_sink)
