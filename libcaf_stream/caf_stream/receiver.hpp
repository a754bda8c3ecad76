#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "caf_stream/ingest/receiver_port.hpp"
#include "caf_stream/ingest/record_builder.hpp"
#include "caf_stream/ingest/type_name.hpp"

// A way into the system of your own. Derive from receiver<T>; records are Ts.
//
//   class counter : public caf_stream::receiver<long> {
//   public:
//     counter() : receiver(caf_stream::storage_level::memory_only) {}
//     void on_start() override { thread_ = std::thread{[this] { run(); }}; }
//     void on_stop() override { thread_.join(); }
//   private:
//     void run() {
//       for (long i = 0; !is_stopped(); ++i)
//         store(i);
//     }
//     std::thread thread_;
//   };
//
//   auto numbers = context.receiver_stream<counter>();
//
// A receiver is told to end by `is_stopped` becoming true and `on_stop` being called. Until
// `on_stop` returns it may go on storing, so that what it has received already is not lost; join
// its threads there. Afterwards, and earlier where the context is stopped at once or the receiver
// is to be replaced, records are refused.

namespace caf_stream {

/// Base of receivers whose records are Ts. Its functions may be called from any thread of the
/// receiver's, from `on_start` on.
template <class T>
class receiver : public ingest::any_receiver {
public:
  using value_type = T;

  explicit receiver(storage_level level = storage_level::memory_and_disk_2) : any_receiver(level) {}

  ~receiver() override {
    if (auto n = refused_.load(); n != 0)
      port().report_loss(n, "stored after the receiver was stopped");
  }

  /// Puts a record into the stream's open block and returns before that is stored; waits where the
  /// rate limit or the memory budget says so. Views are copied. False when the record was refused:
  /// the receiver has been stopped, or the record is longer than `receiver.max-record-bytes`.
  /// Refused records are reported to listeners as lost.
  bool store(T record) {
    auto& builder = static_cast<ingest::record_builder<T>&>(port().builder());
    auto added = builder.add(std::move(record));
    if (added)
      return true;
    if (added.error().code() == errc::stopped)
      ++refused_;
    else
      port().report_loss(1, added.error().what());
    return false;
  }

  /// Stores the records as one block and returns once that is done, and logged where the log is
  /// on: a source may be told then that it need not send them again.
  /// @throws error when they are not stored. errc::stopped: the receiver was stopped meanwhile.
  void store(std::vector<T> records) {
    if (!records.empty())
      store_block(std::move(records), std::nullopt);
  }

  /// The same, and `position` is logged in the same frame as the records: how far the source has
  /// been received.
  void store(std::vector<T> records, std::string position) {
    store_block(std::move(records), std::move(position));
  }

  /// The position stored last by a receiver of this stream; ask in `on_start` to go on from there.
  std::optional<std::string> last_position() const { return port().last_position(); }

  /// Tells listeners and goes on.
  void report_error(const std::string& text) { port().report_error(text); }

  /// Ends this receiver and starts a new one after `delay`, or after the configured one. Returns
  /// at once; `on_stop` is called from another thread.
  void restart(const std::string& text, std::optional<duration> delay = std::nullopt) {
    port().restart(text, delay);
  }

  /// Ends this receiver for good. Returns at once; `on_stop` is called from another thread.
  void stop(const std::string& text) { port().stop(text); }

  /// True from the moment the receiver was told to end.
  bool is_stopped() const { return port().is_stopped(); }

  /// The stream whose records these are.
  caf_stream::stream_id stream_id() const { return port().stream(); }

private:
  void store_block(std::vector<T> records, std::optional<std::string> position) {
    auto stored = port().store(ingest::make_block<T>(std::move(records)), std::move(position));
    if (!stored)
      throw stored.error();
  }

  std::atomic<std::int64_t> refused_{0};
};

/// Makes a `Receiver(args...)` at each start, from copies of the arguments.
template <class Receiver, class... Args>
class receiver_source_of final : public ingest::receiver_source {
public:
  using value_type = typename Receiver::value_type;

  static_assert(std::is_base_of_v<receiver<value_type>, Receiver>,
                "a receiver derives from caf_stream::receiver<T>");
  static_assert(std::is_constructible_v<Receiver, const Args&...>,
                "a receiver is made anew at each start, from the arguments given to "
                "receiver_stream as const references");

  explicit receiver_source_of(Args... args) : args_(std::move(args)...) {}

  std::string kind() const override { return ingest::short_type_name(typeid(Receiver)); }

  std::unique_ptr<ingest::any_receiver> make_receiver() const override {
    return std::apply([](const Args&... args) { return std::make_unique<Receiver>(args...); },
                      args_);
  }

  std::unique_ptr<ingest::block_builder>
  make_builder(const ingest::builder_options& options) const override {
    return std::make_unique<ingest::record_builder<value_type>>(options);
  }

private:
  std::tuple<Args...> args_;
};

/// The source of a `Receiver`, for `receiver_stream<Receiver>(args...)`.
template <class Receiver, class... Args>
std::shared_ptr<ingest::receiver_source> make_receiver_source(Args&&... args) {
  using source = receiver_source_of<Receiver, std::decay_t<Args>...>;
  return std::make_shared<source>(std::forward<Args>(args)...);
}

} // namespace caf_stream
