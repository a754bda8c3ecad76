#include "line_sink.hpp"

#include <sys/socket.h>

namespace caf_stream::test {

namespace {

// Another thread may be reading from it, which a close would not tell.
void shut_down(boost::asio::ip::tcp::socket::native_handle_type socket) {
  ::shutdown(socket, SHUT_RDWR);
}

} // namespace

line_sink::line_sink()
  : acceptor_(io_, {boost::asio::ip::address_v4::loopback(), 0}),
    port_(acceptor_.local_endpoint().port()), accepting_([this] { accept(); }) {}

line_sink::~line_sink() {
  {
    std::lock_guard guard{mutex_};
    ending_ = true;
  }
  shut_down(acceptor_.native_handle());
  accepting_.join();
  close_all();
  for (auto& thread : threads_)
    thread.join();
}

void line_sink::accept() {
  for (;;) {
    auto client = std::make_unique<tcp::iostream>();
    boost::system::error_code failed;
    acceptor_.accept(client->socket(), failed);
    std::lock_guard guard{mutex_};
    if (failed || ending_)
      return;
    clients_.push_back(std::move(client));
    threads_.emplace_back([this, &served = *clients_.back()] { serve(served); });
  }
}

void line_sink::serve(tcp::iostream& client) {
  std::string first, line;
  while (std::getline(client, first)) {
    word_counts partition;
    while (std::getline(client, line) && line != "end") {
      auto blank = line.find(' ');
      partition[line.substr(0, blank)] += std::stol(line.substr(blank + 1));
    }
    if (!client || !take(first, partition))
      break;
    client << "ok\n" << std::flush;
  }
  shut_down(client.socket().native_handle());
}

bool line_sink::take(const std::string& first_line, const word_counts& partition) {
  std::lock_guard guard{mutex_};
  first_lines_.push_back(first_line);
  taken_.emplace(first_line, partition);
  return !std::exchange(close_next_, false);
}

word_counts line_sink::counts() const {
  std::lock_guard guard{mutex_};
  word_counts result;
  for (auto& [first_line, partition] : taken_)
    for (auto& [word, count] : partition)
      result[word] += count;
  return result;
}

std::size_t line_sink::partitions() const {
  std::lock_guard guard{mutex_};
  return first_lines_.size();
}

std::size_t line_sink::repeated() const {
  std::lock_guard guard{mutex_};
  return first_lines_.size() - taken_.size();
}

std::vector<std::string> line_sink::first_lines() const {
  std::lock_guard guard{mutex_};
  return first_lines_;
}

std::size_t line_sink::connections() const {
  std::lock_guard guard{mutex_};
  return clients_.size();
}

void line_sink::close_all() {
  std::lock_guard guard{mutex_};
  for (auto& client : clients_)
    shut_down(client->socket().native_handle());
}

void line_sink::close_before_next_answer() {
  std::lock_guard guard{mutex_};
  close_next_ = true;
}

} // namespace caf_stream::test
