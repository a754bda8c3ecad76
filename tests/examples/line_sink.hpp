#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/ip/tcp.hpp>

#include "word_counts.hpp"

namespace caf_stream::test {

/// The server that connection_pool sends word counts to: takes what is between `begin …` and `end`,
/// once for each first line, and answers `ok`. Any number of connections at a time.
class line_sink {
public:
  line_sink();
  ~line_sink();

  line_sink(const line_sink&) = delete;
  line_sink& operator=(const line_sink&) = delete;

  std::uint16_t port() const { return port_; }

  /// The sums of all partitions so far, each taken once.
  word_counts counts() const;

  /// How many partitions came, and how many of them had come before.
  std::size_t partitions() const;
  std::size_t repeated() const;

  /// The first lines, in the order they came.
  std::vector<std::string> first_lines() const;

  std::size_t connections() const;

  /// Ends all connections there are, as a server does that is started again.
  void close_all();

  /// Closes the connection in place of the next answer.
  void close_before_next_answer();

private:
  using tcp = boost::asio::ip::tcp;

  void accept();
  void serve(tcp::iostream& client);
  bool take(const std::string& first_line, const word_counts& partition);

  boost::asio::io_context io_{1};
  tcp::acceptor acceptor_;
  std::uint16_t port_;
  mutable std::mutex mutex_;
  bool ending_ = false;
  bool close_next_ = false;
  std::map<std::string, word_counts> taken_;
  std::vector<std::string> first_lines_;
  std::vector<std::unique_ptr<tcp::iostream>> clients_;
  std::vector<std::thread> threads_; // one a client
  std::thread accepting_;
};

} // namespace caf_stream::test
