#include <string>
#include <type_traits>
#include <vector>

#include "caf_stream/engine/settings.hpp"
#include "caf_stream/engine/settings_text.hpp"

// The table of settings. Everything that knows a setting by name reads it: the command line, the
// configuration file, the help, the dump, the documentation.

namespace caf_stream {

namespace detail {

template <>
struct choices<failure_policy> {
  static constexpr choice<failure_policy> all[] = {{"report", failure_policy::report},
                                                   {"stop", failure_policy::stop}};
};

template <>
struct choices<progress_mode> {
  static constexpr choice<progress_mode> all[] = {
    {"off", progress_mode::off}, {"line", progress_mode::line}, {"json", progress_mode::json}};
};

template <>
struct choices<catch_up> {
  static constexpr choice<catch_up> all[] = {
    {"all", catch_up::all}, {"fold", catch_up::fold}, {"skip-empty", catch_up::skip_empty}};
};

template <>
struct choices<node_role> {
  static constexpr choice<node_role> all[] = {
    {"local", node_role::local}, {"driver", node_role::driver}, {"worker", node_role::worker}};
};

template <>
struct choices<end_of_connection> {
  static constexpr choice<end_of_connection> all[] = {{"reconnect", end_of_connection::reconnect},
                                                      {"stop", end_of_connection::stop}};
};

template <>
struct choices<rate_estimator_kind> {
  static constexpr choice<rate_estimator_kind> all[] = {{"pid", rate_estimator_kind::pid}};
};

template <>
struct choices<log::level> {
  static constexpr choice<log::level> all[] = {
    {"off", log::level::off},   {"error", log::level::error}, {"warning", log::level::warning},
    {"info", log::level::info}, {"debug", log::level::debug}, {"trace", log::level::trace}};
};

} // namespace detail

namespace {

constexpr auto any = setting_bound::none;
constexpr auto from_zero = setting_bound::not_negative;
constexpr auto positive = setting_bound::positive;

template <class T>
double magnitude(const T& x) {
  if constexpr (std::is_arithmetic_v<T>)
    return static_cast<double>(x);
  else if constexpr (std::is_same_v<T, duration>)
    return static_cast<double>(x.count());
  else
    return static_cast<double>(x.value);
}

template <setting_bound Bound, class T>
bool is_within(const T& x) {
  if constexpr (Bound == any)
    return true;
  else if constexpr (requires { x.has_value(); })
    return !x || is_within<Bound>(*x);
  else
    return Bound == positive ? magnitude(x) > 0 : magnitude(x) >= 0;
}

template <setting_bound Bound>
std::string bound_in_words() {
  return Bound == positive ? " greater than 0" : Bound == from_zero ? " not below 0" : "";
}

// `Field` leads from settings to the field. The default is printed from default-made settings
// unless `default_in_words` is given.
template <setting_bound Bound, class Field>
setting_row row(std::string_view name, Field, std::string_view unit, std::string_view effect,
                std::string default_in_words = {}) {
  using type = std::remove_reference_t<decltype(Field{}(std::declval<settings&>()))>;
  using text_form = detail::setting_text<type>;
  setting_row result;
  result.name = name;
  result.kind = text_form::kind;
  result.optional = requires(type x) { x.has_value(); };
  result.unit = unit;
  result.effect = effect;
  result.bound = Bound;
  result.accepted = text_form::accepted(bound_in_words<Bound>());
  result.set = [](settings& s, std::string_view text) -> status {
    type value{};
    std::string why;
    if (!text_form::parse(text, value, why))
      return fail(errc::invalid_setting, why);
    if (!is_within<Bound>(value))
      return fail(errc::invalid_setting, "it must be" + bound_in_words<Bound>());
    Field{}(s) = value;
    return {};
  };
  result.get = [](const settings& s) { return text_form::print(Field{}(s)); };
  result.in_bounds = [](const settings& s) { return is_within<Bound>(Field{}(s)); };
  result.default_text =
    default_in_words.empty() ? result.get(settings{}) : std::move(default_in_words);
  return result;
}

#define CAF_STREAM_FIELD(path)                                                                     \
  [](auto& s) -> auto& { return s.path; }

std::vector<setting_row> make_table() {
  return {
    row<any>("app-name", CAF_STREAM_FIELD(app_name), "",
             "name in logs and metrics; nodes of a cluster must agree on it"),
    row<any>("role", CAF_STREAM_FIELD(role), "",
             "what this process does: everything, or the driver's or a worker's part"),
    row<any>("listen", CAF_STREAM_FIELD(listen), "host:port",
             "where this node accepts others; off loopback only with tls.*",
             "a free port on loopback"),
    row<any>("join", CAF_STREAM_FIELD(join), "host:port", "where a worker finds the driver"),
    row<any>("min-workers", CAF_STREAM_FIELD(min_workers), "nodes",
             "how many worker nodes the driver waits for before it starts"),
    row<positive>("batch-interval", CAF_STREAM_FIELD(batch_interval), "",
                  "time between batches, in place of the program's own"),
    row<positive>("workers", CAF_STREAM_FIELD(workers), "threads",
                  "tasks that run at the same time on this node", "number of cores"),
    row<any>("default-partitions", CAF_STREAM_FIELD(default_partitions), "partitions",
             "partitions of a shuffle that does not say; 0: as many as workers"),
    row<positive>("block-interval", CAF_STREAM_FIELD(block_interval), "",
                  "how long a receiver fills a block at most; each tick cuts it too"),
    row<positive>("block-size", CAF_STREAM_FIELD(block_size), "",
                  "size at which a block is cut before its interval ends"),
    row<positive>("memory-budget", CAF_STREAM_FIELD(memory_budget), "",
                  "memory for blocks and shuffle pieces, beyond which blocks spill or receivers "
                  "wait, and as much again for states and windows, beyond which batches fail",
                  "half of the machine's memory"),
    row<any>("spill-dir", CAF_STREAM_FIELD(spill_dir), "folder",
             "where blocks go that do not fit into memory, in a folder of this process's own",
             "the system's temporary folder"),
    row<positive>("spill-limit", CAF_STREAM_FIELD(spill_limit), "",
                  "how much is written there; beyond it receivers wait", "8 times memory-budget"),
    row<positive>("remember", CAF_STREAM_FIELD(remember), "",
                  "how long results of batches are kept at least, beyond what windows need; goes "
                  "before the program's remember()"),
    row<positive>("concurrent-jobs", CAF_STREAM_FIELD(concurrent_jobs), "jobs",
                  "output operations that run at the same time"),
    row<positive>("task.max-attempts", CAF_STREAM_FIELD(task.max_attempts), "attempts",
                  "how often a task is tried before its batch is given up"),
    row<positive>(
      "task.deadline", CAF_STREAM_FIELD(task.deadline), "",
      "an attempt that takes longer has failed; its worker is replaced, and its thread ends "
      "when the task returns"),
    row<any>("failure-policy", CAF_STREAM_FIELD(failure_policy), "",
             "after a batch is given up: report it and go on, or stop the context"),
    row<any>("progress", CAF_STREAM_FIELD(progress), "",
             "what is written to standard error after each batch"),
    row<any>("explain", CAF_STREAM_FIELD(explain), "", "print each batch's pipeline"),
    row<any>("encode-local", CAF_STREAM_FIELD(encode_local), "",
             "send messages within the process through their encoding too, as a test",
             "false, or true where CAF_STREAM_ENCODE_LOCAL=1"),
    row<any>("log-level", CAF_STREAM_FIELD(log_level), "",
             "what is logged to standard error, by the whole process"),
    row<positive>(
      "receiver.max-rate", CAF_STREAM_FIELD(receiver.max_rate), "records/s",
      "the most a receiver takes in one by one; what it stores as a vector at once is not "
      "limited"),
    row<positive>("receiver.max-record-bytes", CAF_STREAM_FIELD(receiver.max_record_bytes), "",
                  "longer records are refused before memory is taken for them"),
    row<any>("receiver.restart-delay", CAF_STREAM_FIELD(receiver.restart_delay), "",
             "wait before a failed receiver starts again; doubles up to 30s"),
    row<any>("receiver.max-restarts", CAF_STREAM_FIELD(receiver.max_restarts), "restarts",
             "within receiver.restart-window; at the next failure the receiver is given up"),
    row<positive>("receiver.restart-window", CAF_STREAM_FIELD(receiver.restart_window), "",
                  "the time in which receiver.max-restarts counts"),
    row<positive>("receiver.idle-timeout", CAF_STREAM_FIELD(receiver.idle_timeout), "",
                  "a receiver that stores nothing for so long is restarted"),
    row<any>("receiver.write-ahead-log", CAF_STREAM_FIELD(receiver.write_ahead_log), "",
             "log received blocks before they are acknowledged, where there is a checkpoint"),
    row<any>("receiver.on-end", CAF_STREAM_FIELD(receiver.on_end), "",
             "when the peer of a socket has closed: connect again, or end the stream"),
    row<any>("backpressure.enabled", CAF_STREAM_FIELD(backpressure.enabled), "",
             "fit the rate of receivers to how fast batches are processed"),
    row<positive>("backpressure.initial-rate", CAF_STREAM_FIELD(backpressure.initial_rate),
                  "records/s", "rate before the first estimate; none: receiver.max-rate"),
    row<any>("backpressure.rate-estimator", CAF_STREAM_FIELD(backpressure.rate_estimator), "",
             "how the rate is estimated"),
    row<from_zero>("backpressure.pid.proportional", CAF_STREAM_FIELD(backpressure.pid.proportional),
                   "", "weight of the last batch's error"),
    row<from_zero>("backpressure.pid.integral", CAF_STREAM_FIELD(backpressure.pid.integral), "",
                   "weight of the backlog"),
    row<from_zero>("backpressure.pid.derived", CAF_STREAM_FIELD(backpressure.pid.derived), "",
                   "weight of the error's change"),
    row<positive>("backpressure.pid.min-rate", CAF_STREAM_FIELD(backpressure.pid.min_rate),
                  "records/s", "the estimate never falls below it"),
    row<any>("checkpoint", CAF_STREAM_FIELD(checkpoint), "folder",
             "where logs and checkpoints are kept; empty: nothing survives the process"),
    row<positive>("checkpoint-interval", CAF_STREAM_FIELD(checkpoint_interval), "",
                  "time between snapshots of state; none: the slide times ceil(10s / slide)"),
    row<any>("catch-up", CAF_STREAM_FIELD(catch_up), "",
             "what becomes of batches missed while no driver ran"),
    row<positive>("heartbeat.interval", CAF_STREAM_FIELD(heartbeat.interval), "",
                  "how often nodes tell that they live"),
    row<positive>("heartbeat.timeout", CAF_STREAM_FIELD(heartbeat.timeout), "",
                  "a node silent for so long is given up"),
    row<any>("tls.certificate", CAF_STREAM_FIELD(tls.certificate), "file",
             "this node's certificate, PEM"),
    row<any>("tls.key", CAF_STREAM_FIELD(tls.key), "file", "the certificate's private key, PEM"),
    row<any>("tls.passphrase", CAF_STREAM_FIELD(tls.passphrase), "", "opens tls.key"),
    row<any>("tls.ca-file", CAF_STREAM_FIELD(tls.ca_file), "file",
             "certificates of the cluster's own authority, PEM"),
    row<any>("tls.ca-path", CAF_STREAM_FIELD(tls.ca_path), "folder",
             "the same as a folder of hashed names"),
  };
}

#undef CAF_STREAM_FIELD

} // namespace

std::span<const setting_row> settings::table() {
  static const auto rows = make_table();
  return rows;
}

} // namespace caf_stream
