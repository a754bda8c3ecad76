#include "caf_stream/receivers/socket_bytes.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "caf_stream/ingest/block_builder.hpp"
#include "caf_stream/receivers/socket_session.hpp"

namespace caf_stream::receivers {

namespace {

constexpr std::size_t least_room = 32 * 1024;

//  buffer_   [ consumed | not decoded yet | room ]
//            0          begin_            end_
class decoding_sink final : public socket_sink {
public:
  decoding_sink(ingest::receiver_port& port, const ingest::byte_format& format)
    : port_(port), decoder_(format.make_decoder(port)) {}

  void begin(const std::string& peer) override { peer_ = peer; }

  result<std::span<char>> room() override {
    if (begin_ == end_)
      begin_ = end_ = 0;
    if (buffer_.size() - end_ < least_room && begin_ >= end_ - begin_) {
      std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_),
                buffer_.begin() + static_cast<std::ptrdiff_t>(end_), buffer_.begin());
      end_ -= std::exchange(begin_, 0);
    }
    if (buffer_.size() - end_ < least_room)
      buffer_.resize(std::max(end_ + least_room, 2 * buffer_.size()));
    return std::span<char>{buffer_.data() + end_, buffer_.size() - end_};
  }

  status took(std::size_t n) override {
    end_ += n;
    while (begin_ != end_) {
      auto used = decoder_->take({buffer_.data() + begin_, end_ - begin_});
      if (!used)
        return tl::unexpected<error>{used.error()};
      if (*used == 0)
        break;
      begin_ += std::min(*used, end_ - begin_);
    }
    return {};
  }

  status closed() override {
    lost();
    return {};
  }

  void lost() override {
    if (begin_ != end_)
      port_.report_loss(1, "the connection to " + peer_ + " ended in the middle of a record");
    begin_ = end_ = 0;
    buffer_.clear();
    buffer_.shrink_to_fit();
  }

  // What was read is stored, unless the stream itself refuses it.
  void interrupt() override {}

private:
  ingest::receiver_port& port_;
  std::unique_ptr<ingest::byte_decoder> decoder_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::string peer_;
};

struct target {
  std::string kind;
  std::string host;
  std::uint16_t port;
  std::shared_ptr<const ingest::byte_format> format;
  storage_level level;
  socket_options options;
};

class socket_bytes final : public ingest::any_receiver {
public:
  explicit socket_bytes(const target& to) : any_receiver(to.level), to_(to) {}

  ~socket_bytes() override { end(); }

  void on_start() override {
    sink_ = std::make_unique<decoding_sink>(port(), *to_.format);
    session_ = std::make_shared<socket_session>(to_.host, to_.port, to_.options, port(), *sink_);
    session_->start();
  }

  void on_stop() override { end(); }

private:
  void end() {
    if (auto session = std::exchange(session_, nullptr))
      session->stop();
  }

  const target to_;
  std::unique_ptr<decoding_sink> sink_;
  std::shared_ptr<socket_session> session_;
};

class source final : public ingest::receiver_source {
public:
  explicit source(target to) : to_(std::move(to)) {}

  std::string kind() const override { return to_.kind; }

  std::unique_ptr<ingest::any_receiver> make_receiver() const override {
    return std::make_unique<socket_bytes>(to_);
  }

  std::unique_ptr<ingest::block_builder>
  make_builder(const ingest::builder_options& options) const override {
    return to_.format->make_builder(options);
  }

private:
  target to_;
};

} // namespace

std::shared_ptr<ingest::receiver_source>
socket_bytes_source(std::string kind, std::string host, std::uint16_t port,
                    std::shared_ptr<const ingest::byte_format> format, storage_level level,
                    socket_options options) {
  return std::make_shared<source>(
    target{std::move(kind), std::move(host), port, std::move(format), level, options});
}

} // namespace caf_stream::receivers
