#pragma once

#include <optional>
#include <utility>

namespace caf_stream {

namespace stateful {

// Not in line: functions of programs stay small.
[[noreturn]] void throw_no_state();
[[noreturn]] void throw_no_change(const char* call, bool removed);

} // namespace stateful

/// What the function of map_with_state sees of a key's state, for the length of a call. What it
/// does takes effect when the function returns; when it throws, nothing has happened.
///
///   absent  --update-->  present  --remove-->  removed, for the rest of the call
///   timing out: present, for a last look; it may neither be updated nor removed
template <class S>
class state {
public:
  /// For the library: null where the key has no state.
  explicit state(const S* before, bool timing_out = false) noexcept
    : before_(before), timing_out_(timing_out) {}

  state(const state&) = delete;
  state& operator=(const state&) = delete;

  bool exists() const noexcept { return !removed_ && (after_ || before_ != nullptr); }

  /// True when the key had no data for longer than the timeout: this call is its last.
  bool is_timing_out() const noexcept { return timing_out_; }

  /// Good until the next update. Throws errc::invalid_state where there is none.
  const S& get() const {
    if (!exists())
      stateful::throw_no_state();
    return after_ ? *after_ : *before_;
  }

  std::optional<S> get_option() const { return exists() ? std::optional<S>{get()} : std::nullopt; }

  /// Throws errc::invalid_state once it is removed, and while it is timing out.
  void update(S to) {
    check_may_change("update");
    after_.emplace(std::move(to));
  }

  /// Throws errc::invalid_state once it is removed, and while it is timing out. Does nothing where
  /// there is none.
  void remove() {
    check_may_change("remove");
    removed_ = true;
  }

  /// For the library: what was done to it.
  bool is_removed() const noexcept { return removed_; }
  bool is_updated() const noexcept { return !removed_ && after_.has_value(); }
  S take_update() { return *std::move(after_); }

private:
  void check_may_change(const char* call) const {
    if (removed_ || timing_out_)
      stateful::throw_no_change(call, removed_);
  }

  const S* before_;
  std::optional<S> after_;
  bool removed_ = false;
  bool timing_out_ = false;
};

} // namespace caf_stream
