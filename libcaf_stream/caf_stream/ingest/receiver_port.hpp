#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "caf_stream/base/error.hpp"
#include "caf_stream/base/ids.hpp"
#include "caf_stream/base/time.hpp"
#include "caf_stream/data/payload.hpp"
#include "caf_stream/data/storage_level.hpp"

// The contract between a receiver and whoever runs it. A receiver puts records into the builder of
// its stream, or hands over whole blocks, and says how it is. The builder belongs to the stream:
// it outlives a receiver that is restarted, so what it holds is not lost with one.

namespace caf_stream::ingest {

class block_builder;
struct builder_options;

/// What a receiver may ask of its supervisor. Thread-safe.
class receiver_port {
public:
  virtual ~receiver_port();

  virtual stream_id stream() const noexcept = 0;

  /// The builder that the stream's records go into.
  virtual block_builder& builder() = 0;

  /// Stores a block of its own and returns when that is done (and logged, where the log is on).
  /// Waits while the memory budget is used up; errc::stopped when the receiver is stopped
  /// meanwhile.
  virtual status store(data::payload block, std::optional<std::string> position) = 0;

  /// The position logged last with a block of this stream.
  virtual std::optional<std::string> last_position() const = 0;

  /// Tells listeners; the receiver goes on.
  virtual void report_error(const std::string& text) = 0;

  /// Tells listeners that records are gone that were allowed to be: refused or unreadable ones.
  virtual void report_loss(std::int64_t records, const std::string& reason) = 0;

  /// Ends this receiver and starts another in its place after `delay` (or the configured one, which
  /// doubles). Returns at once.
  virtual void restart(const std::string& text, std::optional<duration> delay) = 0;

  /// Ends this receiver for good. Returns at once.
  virtual void stop(const std::string& text) = 0;

  /// True from the moment the receiver was told to end.
  virtual bool is_stopped() const noexcept = 0;
};

/// A receiver, whatever its records are. Made at each start, on the node where it runs.
class any_receiver {
public:
  explicit any_receiver(storage_level level) : level_(level) {}
  virtual ~any_receiver();

  any_receiver(const any_receiver&) = delete;
  any_receiver& operator=(const any_receiver&) = delete;

  /// Begins to receive; must not block: it may start threads or set callbacks.
  virtual void on_start() = 0;

  /// Ends what on_start() began. No records are stored once it has returned.
  virtual void on_stop() = 0;

  /// Host name of the node it would like to run on.
  virtual std::optional<std::string> preferred_node() const { return std::nullopt; }

  storage_level level() const noexcept { return level_; }

  /// Called once, before on_start(). The port outlives the receiver.
  void attach(receiver_port& port) noexcept { port_ = &port; }

protected:
  /// Throws errc::invalid_state before the receiver is attached.
  receiver_port& port() const;

private:
  storage_level level_;
  receiver_port* port_ = nullptr;
};

/// How a stream gets its receivers and its builder.
class receiver_source {
public:
  virtual ~receiver_source();

  /// What kind of receiver it is, for names: `socket_text`.
  virtual std::string kind() const = 0;

  virtual std::unique_ptr<any_receiver> make_receiver() const = 0;
  virtual std::unique_ptr<block_builder> make_builder(const builder_options& options) const = 0;
};

} // namespace caf_stream::ingest
