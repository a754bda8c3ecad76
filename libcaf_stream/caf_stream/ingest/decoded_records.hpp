#pragma once

#include <algorithm>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "caf_stream/ingest/byte_decoder.hpp"
#include "caf_stream/ingest/record_builder.hpp"

// Records of type T by a function of the program's, which is called as const, as one of
//
//   f(std::string_view bytes, emit) -> std::size_t
//     `bytes` are all that are not consumed yet: calls `emit(T)` for each record that is whole in
//     them, and returns how many bytes those took
//   f(std::string_view& bytes) -> std::optional<T>
//     takes one record off the front of `bytes`; nothing: it is not whole yet
//
// What it throws says that the bytes cannot be read.

namespace caf_stream::ingest {

/// What a decoder calls for each record.
template <class T>
using emit_record = std::function<void(T)>;

template <class T, class F>
inline constexpr bool emits_records =
  std::is_invocable_r_v<std::size_t, const F&, std::string_view, const emit_record<T>&>;

template <class T, class F>
inline constexpr bool takes_records =
  std::is_invocable_r_v<std::optional<T>, const F&, std::string_view&>;

template <class T, class F>
class record_decoder final : public byte_decoder {
public:
  record_decoder(receiver_port& port, std::shared_ptr<const F> f)
    : port_(port), builder_(static_cast<record_builder<T>&>(port.builder())), f_(std::move(f)) {}

  ~record_decoder() override {
    if (refused_ != 0)
      port_.report_loss(refused_, "decoded when the receiver was being stopped");
  }

  result<std::size_t> take(std::string_view bytes) override {
    std::size_t used = 0;
    try {
      if constexpr (emits_records<T, F>)
        used = std::invoke(*f_, bytes, emit_record<T>{[this](T x) { store(std::move(x)); }});
      else
        used = take_each(bytes);
    } catch (const std::exception& e) {
      return fail(errc::damaged_data, std::string{"the decoder said: "} + e.what());
    }
    if (stopped_)
      return fail(errc::stopped, "the receiver is being stopped");
    // A record may be this long, and something around it.
    if (bytes.size() - std::min(used, bytes.size()) > 2 * builder_.max_record_bytes())
      return fail(errc::damaged_data, "the decoder has made no record of " +
                                        std::to_string(bytes.size() - used) + " bytes");
    return used;
  }

private:
  std::size_t take_each(std::string_view bytes) {
    auto rest = bytes;
    while (!stopped_ && !rest.empty()) {
      auto before = rest.size();
      std::optional<T> x = std::invoke(*f_, rest);
      if (!x)
        return bytes.size() - before;
      if (rest.size() >= before)
        throw error{errc::invalid_state, "it gave a record and took no bytes"};
      store(*std::move(x));
    }
    return bytes.size() - rest.size();
  }

  void store(T x) {
    if (stopped_) {
      ++refused_;
      return;
    }
    auto added = builder_.add(std::move(x));
    if (added)
      return;
    if (added.error().code() == errc::stopped) {
      stopped_ = true;
      ++refused_;
    } else {
      port_.report_loss(1, added.error().what());
    }
  }

  receiver_port& port_;
  record_builder<T>& builder_;
  std::shared_ptr<const F> f_;
  bool stopped_ = false;
  std::int64_t refused_ = 0;
};

template <class T, class F>
class record_format final : public byte_format {
public:
  explicit record_format(F f) : f_(std::make_shared<const F>(std::move(f))) {}

  std::unique_ptr<block_builder> make_builder(const builder_options& options) const override {
    return std::make_unique<record_builder<T>>(options);
  }

  std::unique_ptr<byte_decoder> make_decoder(receiver_port& port) const override {
    return std::make_unique<record_decoder<T, F>>(port, f_);
  }

private:
  std::shared_ptr<const F> f_;
};

} // namespace caf_stream::ingest
