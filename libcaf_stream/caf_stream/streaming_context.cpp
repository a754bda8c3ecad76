#include "caf_stream/streaming_context.hpp"

#include <mutex>
#include <set>

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>
#include <caf/send.hpp>

#include "caf_stream/actors/actor_engine.hpp"
#include "caf_stream/actors/network_checks.hpp"
#include "caf_stream/base/clock.hpp"
#include "caf_stream/config.hpp"
#include "caf_stream/graph/file_input.hpp"
#include "caf_stream/progress_listener.hpp"
#include "caf_stream/receivers/file_watch.hpp"
#include "caf_stream/receivers/socket_bytes.hpp"
#include "caf_stream/receivers/socket_text.hpp"

namespace caf_stream {

namespace {

// Settings of parts that are not there yet. Who sets one is told so, since silence would promise
// what does not happen.
constexpr std::string_view without_effect[] = {
  "app-name",
  "receiver.write-ahead-log",
  "checkpoint-interval",
  "catch-up",
  "listen",
  "join",
  "min-workers",
  "heartbeat.interval",
  "heartbeat.timeout",
  "tls.certificate",
  "tls.key",
  "tls.passphrase",
  "tls.ca-file",
  "tls.ca-path",
};

void warn_of_settings_without_effect(const settings& options) {
  const settings defaults;
  for (auto name : without_effect)
    if (options.get(name) != defaults.get(name))
      log::warning("the setting ", name, " has no effect in this version");
}

// Once for each actor system, however many contexts run in it.
void warn_of_network(const caf::actor_system& system) {
  static std::mutex mutex;
  static std::set<caf::node_id> warned;
  auto warnings = actors::network_warnings(system);
  std::lock_guard guard{mutex};
  if (warnings.empty() || !warned.insert(system.node()).second)
    return;
  for (auto& text : warnings)
    log::warning(text);
}

// A file's time of modification comes from a clock that moves in steps; it may be this far behind.
constexpr duration file_clock_step{10};

// For how long a file may be found late, at least.
constexpr duration minimal_window{60'000};

receivers::socket_options socket_options(const settings& from) {
  receivers::socket_options result;
  if (from.receiver.on_end == end_of_connection::stop)
    result.when_closed = receivers::on_end_of_connection::stop;
  return result;
}

[[noreturn]] void refuse_checkpoint(const std::string& dir) {
  throw error{errc::invalid_setting, "checkpoint: this version cannot write checkpoints to '" +
                                       dir + "' yet; leave it out: state and windows work without"};
}

void warn_of_state_that_may_be_lost(const graph::stream_graph& graph) {
  std::string names;
  for (auto& name : graph.operators_with_state())
    names += (names.empty() ? "" : ", ") + name;
  if (!names.empty())
    log::warning("there is no checkpoint folder: a process that is lost loses the state of ",
                 names);
}

} // namespace

struct streaming_context::owned_parts {
  std::unique_ptr<caf::actor_system> own_system;
  caf::actor_system* system = nullptr;
  settings options;
  std::vector<std::string> arguments;
  std::vector<caf::actor> handles; // of actor streams
};

streaming_context::streaming_context(config& cfg, duration batch_interval)
  : parts_(std::make_unique<owned_parts>()) {
  parts_->arguments = cfg.arguments();
  parts_->own_system = std::make_unique<caf::actor_system>(cfg);
  set_up(*parts_->own_system, batch_interval, cfg.stream);
}

streaming_context::streaming_context(caf::actor_system& system, duration batch_interval,
                                     settings options)
  : parts_(std::make_unique<owned_parts>()) {
  set_up(system, batch_interval, std::move(options));
}

void streaming_context::set_up(caf::actor_system& system, duration batch_interval,
                               settings options) {
  if (auto valid = options.validate(); !valid)
    throw valid.error();
  if (options.role != node_role::local)
    throw error{errc::invalid_setting, "role: this version runs on one node; use role=local"};
  if (!options.checkpoint.empty())
    refuse_checkpoint(options.checkpoint);
  if (!options.spill_dir.empty())
    if (auto there = posix_files().create_directories(options.spill_dir); !there)
      throw error{errc::invalid_setting, std::string{"spill-dir: "} + there.error().what()};
  log::set_level(options.log_level);
  warn_of_settings_without_effect(options);
  parts_->system = &system;
  parts_->options = options;
  core_ = std::make_shared<stream_core>();
  core_->graph =
    std::make_shared<graph::stream_graph>(options.batch_interval.value_or(batch_interval));
  core_->engine = actors::make_actor_engine(system, options, core_->graph);
  core_->context = this;
  if (options.progress != progress_mode::off)
    add_listener(make_progress_listener(options.progress));
}

streaming_context::streaming_context(streaming_context&& other) noexcept
  : parts_(std::move(other.parts_)), core_(std::move(other.core_)) {
  if (core_)
    core_->context = this;
}

streaming_context& streaming_context::operator=(streaming_context&& other) noexcept {
  std::swap(parts_, other.parts_);
  std::swap(core_, other.core_);
  if (core_)
    core_->context = this;
  if (other.core_)
    other.core_->context = &other;
  return *this;
}

streaming_context::~streaming_context() {
  if (!core_)
    return;
  core_->engine->request_stop(false);
  core_->engine->await_stopped(std::nullopt);
  for (auto& handle : parts_->handles)
    caf::anon_send_exit(handle, caf::exit_reason::user_shutdown);
  parts_->handles.clear();
  // Streams that the program still has must not keep the engine beyond its actor system.
  core_->engine.reset();
  core_->graph->stop();
  core_->graph->release(); // rdds in functions have the engine, which has the graph
  core_->context = nullptr;
}

graph::node_description streaming_context::describe_input(std::string kind,
                                                          source_location where) const {
  graph::node_description result;
  result.kind = std::move(kind);
  result.slide = batch_interval();
  result.where = where;
  return result;
}

dstream<std::string_view> streaming_context::socket_text_stream(std::string host,
                                                                std::uint16_t port,
                                                                storage_level level,
                                                                source_location where) {
  auto source =
    receivers::socket_text_source(std::move(host), port, level, socket_options(parts_->options));
  return receive<std::string_view>(std::move(source), "socket_text_stream", where);
}

std::shared_ptr<ingest::receiver_source>
streaming_context::socket_source(std::string kind, std::string host, std::uint16_t port,
                                 std::shared_ptr<const ingest::byte_format> format,
                                 storage_level level) const {
  return receivers::socket_bytes_source(std::move(kind), std::move(host), port, std::move(format),
                                        level, socket_options(parts_->options));
}

dstream<std::string_view> streaming_context::text_file_stream(std::string dir,
                                                              source_location where) {
  return {add_files("text_file_stream", std::move(dir), &ingest::is_visible, true,
                    &lineage::open_text_files, {1}, where),
          core_};
}

dstream<std::string_view> streaming_context::binary_records_stream(std::string dir,
                                                                   std::size_t record_length,
                                                                   source_location where) {
  if (record_length == 0)
    throw error{errc::invalid_argument, "binary_records_stream: records have at least one byte"};
  auto open = [record_length](auto& parts, auto& opener) {
    return lineage::open_binary_files(parts, opener, record_length);
  };
  return {add_files("binary_records_stream", std::move(dir), &ingest::is_visible, true, open,
                    {record_length}, where),
          core_};
}

graph::node_ptr streaming_context::add_files(std::string kind, std::string dir,
                                             ingest::file_filter filter, bool new_files_only,
                                             lineage::open_file_parts open, lineage::file_cuts cuts,
                                             source_location where) {
  if (dir.empty() || !filter)
    throw error{errc::invalid_argument, kind + " needs " + (dir.empty() ? "a folder" : "a filter")};
  auto& graph = *core_->graph;
  auto stream = graph.next_stream_id();
  auto& clock = parts_->options.clock;
  auto threshold = !new_files_only ? batch_time{} : clock ? clock->now() : default_clock()->now();
  auto slides = (minimal_window + batch_interval() - duration{1}) / batch_interval();
  ingest::file_selector selector{threshold, slides * batch_interval(), std::move(filter),
                                 clock ? duration{0} : file_clock_step};
  auto report = [stream, engine = std::weak_ptr{core_->engine}](const std::string& why) {
    log::warning("stream ", stream, ": ", why);
    if (auto running = engine.lock())
      running->report_loss({stream, 1, why});
  };
  auto make = [open = std::move(open), cuts, report,
               workers = core_->engine->workers()](const std::vector<ingest::found_file>& files) {
    return lineage::make_file_source(lineage::pack_files(files, workers, cuts), open, report);
  };
  auto input = std::make_shared<graph::file_input>(
    graph, stream, describe_input(std::move(kind), where), receivers::watch_files(std::move(dir)),
    std::move(selector), std::move(make), report);
  graph.add_input(input);
  return input;
}

const settings& streaming_context::configured() const noexcept { return parts_->options; }

void streaming_context::keep_until_end(caf::actor handle) {
  parts_->handles.push_back(std::move(handle));
}

std::vector<std::string> streaming_context::parts_of(const std::string& folder) {
  auto parts = outputs::list_parts(posix_files(), folder);
  if (!parts)
    throw parts.error();
  return *std::move(parts);
}

void streaming_context::remember(duration d) { core_->graph->remember(d); }

void streaming_context::checkpoint(const std::string& dir) { refuse_checkpoint(dir); }

void streaming_context::add_listener(std::shared_ptr<streaming_listener> listener) {
  core_->engine->listeners().add(std::move(listener));
}

void streaming_context::remove_listener(const std::shared_ptr<streaming_listener>& listener) {
  core_->engine->listeners().remove(listener);
}

void streaming_context::start() {
  auto& graph = *core_->graph;
  if (graph.state() == context_state::active) {
    log::warning("start() was called on a context that is active already");
    return;
  }
  auto time = parts_->options.clock ? parts_->options.clock : default_clock();
  if (!parts_->own_system)
    warn_of_network(*parts_->system);
  try {
    if (parts_->options.remember)
      graph.overrule_remember(*parts_->options.remember);
    if (!parts_->options.checkpoint.empty())
      graph.expect_checkpoints();
    graph.start(next_multiple(time->now(), batch_interval()) - batch_interval());
    if (parts_->options.checkpoint.empty())
      warn_of_state_that_may_be_lost(graph);
    core_->engine->start();
  } catch (...) {
    graph.stop();
    core_->engine->request_stop(false); // nobody waits for the end of what never began
    throw;
  }
}

void streaming_context::stop(stop_options options) {
  auto& engine = *core_->engine;
  if (state() == context_state::initialized)
    core_->graph->stop();
  engine.request_stop(options.gracefully, options.timeout);
  if (!engine.on_own_thread())
    engine.await_stopped(std::nullopt);
}

void streaming_context::await_termination() { core_->engine->await_termination(std::nullopt); }

bool streaming_context::await_termination_for(duration d) {
  return core_->engine->await_termination(std::chrono::steady_clock::now() + d);
}

context_state streaming_context::state() const noexcept { return core_->graph->state(); }

caf::actor_system& streaming_context::system() const noexcept { return *parts_->system; }

const std::vector<std::string>& streaming_context::arguments() const noexcept {
  return parts_->arguments;
}

node_role streaming_context::role() const noexcept { return parts_->options.role; }

} // namespace caf_stream
