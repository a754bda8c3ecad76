#include "caf_stream/receivers/socket_text.hpp"

#include <utility>

#include "caf_stream/ingest/text_builder.hpp"
#include "caf_stream/receivers/text_session.hpp"

namespace caf_stream::receivers {

namespace {

class socket_text final : public ingest::any_receiver {
public:
  socket_text(std::string host, std::uint16_t port, storage_level level, socket_options options)
    : any_receiver(level), host_(std::move(host)), port_(port), options_(options) {}

  ~socket_text() override { end(); }

  void on_start() override {
    auto* builder = dynamic_cast<ingest::text_builder*>(&port().builder());
    if (builder == nullptr)
      throw error{errc::invalid_state, "a socket_text receiver stores into a builder of text"};
    session_ = std::make_shared<text_session>(host_, port_, options_, port(), *builder);
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
  std::shared_ptr<text_session> session_;
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
