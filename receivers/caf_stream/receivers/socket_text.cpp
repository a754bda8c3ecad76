#include "caf_stream/receivers/socket_text.hpp"

#include <utility>

#include "caf_stream/ingest/text_builder.hpp"
#include "caf_stream/receivers/socket_session.hpp"

namespace caf_stream::receivers {

namespace {

constexpr std::size_t least_room = 32 * 1024;

// Puts the bytes straight into the block that is being built.
class text_sink final : public socket_sink {
public:
  text_sink(ingest::receiver_port& port, ingest::text_builder& builder)
    : port_(port), builder_(builder) {}

  void begin(const std::string& peer) override {
    peer_ = peer;
    if (builder_.drop_unfinished() != 0)
      port_.report_loss(1,
                        "the receiver before this one ended in the middle of a line from " + peer_);
  }

  result<std::span<char>> room() override { return builder_.prepare(least_room); }

  status took(std::size_t n) override {
    auto taken = builder_.commit(n);
    report_refused();
    return taken;
  }

  status closed() override {
    auto taken = builder_.finish();
    report_refused();
    return taken;
  }

  void lost() override {
    if (builder_.drop_unfinished() != 0)
      port_.report_loss(1, "the connection to " + peer_ + " was lost in the middle of a line");
  }

  // Lines read before are records nevertheless.
  void interrupt() override { builder_.interrupt(); }

private:
  void report_refused() {
    if (auto lines = builder_.take_refused(); lines != 0)
      port_.report_loss(static_cast<std::int64_t>(lines),
                        "longer than receiver.max-record-bytes, from " + peer_);
  }

  ingest::receiver_port& port_;
  ingest::text_builder& builder_;
  std::string peer_;
};

class socket_text final : public ingest::any_receiver {
public:
  socket_text(std::string host, std::uint16_t port, storage_level level, socket_options options)
    : any_receiver(level), host_(std::move(host)), port_(port), options_(options) {}

  ~socket_text() override { end(); }

  void on_start() override {
    auto* builder = dynamic_cast<ingest::text_builder*>(&port().builder());
    if (builder == nullptr)
      throw error{errc::invalid_state, "a socket_text receiver stores into a builder of text"};
    sink_ = std::make_unique<text_sink>(port(), *builder);
    session_ = std::make_shared<socket_session>(host_, port_, options_, port(), *sink_);
    session_->start();
  }

  void on_stop() override { end(); }

private:
  void end() {
    if (auto session = std::exchange(session_, nullptr))
      session->stop();
  }

  std::string host_;
  std::uint16_t port_;
  socket_options options_;
  std::unique_ptr<text_sink> sink_;
  std::shared_ptr<socket_session> session_;
};

class source final : public ingest::receiver_source {
public:
  source(std::string host, std::uint16_t port, storage_level level, socket_options options)
    : host_(std::move(host)), port_(port), level_(level), options_(options) {}

  std::string kind() const override { return "socket_text"; }

  std::unique_ptr<ingest::any_receiver> make_receiver() const override {
    return std::make_unique<socket_text>(host_, port_, level_, options_);
  }

  std::unique_ptr<ingest::block_builder>
  make_builder(const ingest::builder_options& options) const override {
    return std::make_unique<ingest::text_builder>(options);
  }

private:
  std::string host_;
  std::uint16_t port_;
  storage_level level_;
  socket_options options_;
};

} // namespace

std::shared_ptr<ingest::receiver_source> socket_text_source(std::string host, std::uint16_t port,
                                                            storage_level level,
                                                            socket_options options) {
  return std::make_shared<source>(std::move(host), port, level, options);
}

} // namespace caf_stream::receivers
