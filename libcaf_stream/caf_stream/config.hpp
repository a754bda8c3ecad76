#pragma once

#include <memory>
#include <string>
#include <vector>

#include <caf/actor_system_config.hpp>

#include "caf_stream/settings.hpp"

// The configuration of an actor system with the settings of caf_stream in it: one command line and
// one configuration file for both. The command line wins over the file, the file over what the
// program has set before `parse`.
//
// Other defaults than CAF's: `scheduler.policy` is `sharing`, and nodes notice each other's
// silence, with `middleman.heartbeat-interval` 1s and `middleman.connection-timeout` 5s. A peer
// configured without heartbeats is dropped when it has sent nothing for so long.

namespace caf_stream {

/// Lets an actor system send the messages of caf_stream to other nodes. `config` does it by
/// itself; a system configured otherwise calls it before it is made. A context that starts in a
/// system with CAF's network module and without them, or without heartbeats, logs a warning.
void add_message_types(caf::actor_system_config& cfg);

/// Derive from it to add options of one's own, as with CAF:
/// `opt_group{custom_options_, "my"}.add(field, "name", "what it does")`.
class config : public caf::actor_system_config {
public:
  config();
  ~config() override;

  // The options point into this object.
  config(config&&) = delete;
  config& operator=(config&&) = delete;

  /// The settings of caf_stream. The program may change them before `parse` and after it.
  settings stream;

  /// Reads the configuration file and then the words of the command line, without the program's
  /// name. The file is the one named by `--config-file=FILE`, else `caf-application.ini` and
  /// `caf-application.conf` in the current folder, as far as they are there. Options may stand
  /// before, between and after words; after `--` everything is a word.
  /// @throws error (invalid_setting) for unknown options and settings and for bad values.
  void parse(std::vector<std::string> args);
  void parse(int argc, char** argv);

  /// The words of the command line that are no options.
  const std::vector<std::string>& arguments() const noexcept { return arguments_; }

  /// True when `--help`, `--long-help` or `--dump-config` was asked for and has been printed: the
  /// program should end with success.
  bool help_printed() const noexcept { return cli_helptext_printed; }

  /// With all settings of caf_stream, for `--dump-config`.
  caf::settings dump_content() const override;

private:
  struct bound_setting;

  std::vector<std::string> take_options(std::vector<std::string> args);
  void read_file(const std::string& path);
  void set_from_file(const std::string& name, const std::string& value, const std::string& where);

  std::vector<std::unique_ptr<bound_setting>> bound_;
  std::vector<std::string> arguments_;
};

} // namespace caf_stream
