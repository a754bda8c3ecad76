#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "caf_stream/base/byte_count.hpp"
#include "caf_stream/base/error.hpp"
#include "caf_stream/base/log.hpp"
#include "caf_stream/base/time.hpp"

// Everything that can be set, as fields. The same settings have names for the command line and
// the configuration file, `--stream.receiver.max-rate=1000`: kebab-case, with a dot where there is
// one here. The table behind `settings::table()` says for each what it changes, in which unit.

namespace caf_stream {

class clock;

/// What happens after a batch was given up.
enum class failure_policy {
  report, ///< listeners and await_termination are told; later batches run
  stop,   ///< the context ends
};

/// What is written to standard error after each batch.
enum class progress_mode { off, line, json };

/// What becomes of batches that were missed while no driver ran.
enum class catch_up {
  all,        ///< each is run, in order
  fold,       ///< what arrived goes into the first batch after the gap
  skip_empty, ///< those without input are left out
};

/// What this process does in a cluster.
enum class node_role {
  local, ///< everything, alone
  driver,
  worker,
};

/// What a socket receiver does when its peer has closed the connection.
enum class end_of_connection {
  reconnect,
  stop, ///< the stream is at its end
};

enum class rate_estimator_kind { pid };

struct setting_row;

/// All settings, each with its default. Values are checked by `validate`, which a context calls
/// when it is made.
struct settings {
  std::string app_name = "caf_stream";
  node_role role = node_role::local;
  std::string listen = {}; ///< host:port; empty: a free port on loopback
  std::string join = {};   ///< host:port of the driver; empty: none
  std::size_t min_workers = 1;

  std::optional<duration> batch_interval = std::nullopt; ///< overrides the one the program gives
  std::size_t workers = default_workers();
  std::size_t default_partitions = 0; ///< 0: as many as workers
  duration block_interval{200};
  byte_count block_size = 4_MiB;
  byte_count memory_budget = default_memory_budget();
  std::string spill_dir = {}; ///< empty: the system's folder for temporary files
  std::optional<byte_count> spill_limit = std::nullopt; ///< none: 8 times memory_budget
  std::optional<duration> remember = std::nullopt;
  std::size_t concurrent_jobs = 1;

  struct task_settings {
    std::size_t max_attempts = 4;
    std::optional<duration> deadline = std::nullopt;
  } task = {};

  caf_stream::failure_policy failure_policy = caf_stream::failure_policy::report;
  progress_mode progress = progress_mode::off;
  bool explain = false;
  bool encode_local = default_encode_local();
  log::level log_level = log::level::warning;

  struct receiver_settings {
    std::optional<std::int64_t> max_rate = std::nullopt; ///< records a second
    byte_count max_record_bytes = 16_MiB;
    duration restart_delay{2000};
    std::size_t max_restarts = 10; ///< within restart_window
    duration restart_window{60'000};
    std::optional<duration> idle_timeout = std::nullopt;
    bool write_ahead_log = true; ///< where there is a checkpoint folder
    end_of_connection on_end = end_of_connection::reconnect;
  } receiver = {};

  struct backpressure_settings {
    bool enabled = false;
    /// Records a second, before the first estimate; none: receiver.max_rate.
    std::optional<std::int64_t> initial_rate = std::nullopt;
    rate_estimator_kind rate_estimator = rate_estimator_kind::pid;
    struct pid_settings {
      double proportional = 1.0;
      double integral = 0.2;
      double derived = 0.0;
      double min_rate = 100;
    } pid = {};
  } backpressure = {};

  std::string checkpoint = {}; ///< folder; empty: none
  std::optional<duration> checkpoint_interval = std::nullopt;
  caf_stream::catch_up catch_up = caf_stream::catch_up::all;

  struct heartbeat_settings {
    duration interval{1000};
    duration timeout{5000};
  } heartbeat = {};

  struct tls_settings {
    std::string certificate = {};
    std::string key = {};
    std::string passphrase = {};
    std::string ca_file = {};
    std::string ca_path = {};
  } tls = {};

  /// The time the context lives by; null: the machine's clock. Only programs can set it.
  std::shared_ptr<caf_stream::clock> clock = nullptr;

  /// Partitions of a shuffle that does not say: default_partitions, or workers where it is 0.
  std::size_t partitions() const noexcept {
    return default_partitions != 0 ? default_partitions : workers;
  }

  /// How much may be written to `spill_dir`.
  byte_count spill_bytes() const noexcept { return spill_limit.value_or(8 * memory_budget); }

  /// Sets the field called `name` from text, as the command line does. The error names the setting,
  /// the text and what is accepted; for a misspelt name, the nearest one.
  status set(std::string_view name, std::string_view text);

  /// The field's value as text that `set` takes back.
  /// @throws error (invalid_setting) for an unknown name.
  std::string get(std::string_view name) const;

  /// All findings in one message.
  status validate() const;

  /// One row a setting, in the order in which they are documented.
  static std::span<const setting_row> table();

  static std::size_t default_workers();
  static byte_count default_memory_budget();
  static bool default_encode_local();
};

/// How a setting reads on the command line.
enum class setting_kind { flag, count, number, duration, size, text, choice };

/// What a number has to be.
enum class setting_bound { none, not_negative, positive };

/// One setting: what the command line, the configuration file, the help and the documentation know
/// of it.
struct setting_row {
  std::string_view name; ///< `receiver.max-rate`
  setting_kind kind;
  bool optional;           ///< `none` is a value
  std::string_view unit;   ///< `records/s`; empty where the value carries it or needs none
  std::string_view effect; ///< what it changes
  setting_bound bound;
  std::string default_text; ///< the default, in words where it depends on the machine
  std::string accepted;     ///< what `set` takes, in words
  status (*set)(settings&, std::string_view text); ///< the error is only the reason
  std::string (*get)(const settings&);
  bool (*in_bounds)(const settings&);
};

/// The row called `name`, or null.
const setting_row* find_setting(std::string_view name);

} // namespace caf_stream
