#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <caf/fwd.hpp>

#include "caf_stream/broadcast.hpp"
#include "caf_stream/dstream.hpp"
#include "caf_stream/ingest/decoded_records.hpp"
#include "caf_stream/ingest/framed_blocks.hpp"
#include "caf_stream/input_streams.hpp"
#include "caf_stream/lineage/file_records.hpp"
#include "caf_stream/lineage/object_source.hpp"
#include "caf_stream/receiver.hpp"
#include "caf_stream/settings.hpp"
#include "caf_stream/streaming_listener.hpp"

namespace caf_stream::ingest {

class record_inbox;
struct inbox_options;
struct inbox_receipt;

} // namespace caf_stream::ingest

namespace caf_stream {

class config;

/// How a context is stopped.
struct stop_options {
  /// Receivers end first, and all that they stored is processed. Otherwise what is under way is
  /// given up.
  bool gracefully = true;

  /// How long a graceful stop may take before it becomes one at once; none: as long as it takes.
  std::optional<duration> timeout = std::nullopt;
};

/// Where a streaming program begins: makes streams, runs them, ends them.
///
///   initialized --start--> active --stop--> stopped
///
/// One way; a start that fails also ends in `stopped`. Several contexts may be active in a process.
/// Members that make streams are for one thread; the others may be called from any. Misuse throws
/// `error` at the call.
class streaming_context {
public:
  /// Makes an actor system of its own from `cfg`, which must outlive the context. Throws
  /// errc::invalid_setting with all that is wrong in `cfg.stream`.
  streaming_context(config& cfg, duration batch_interval);

  /// Lives in an actor system that exists, and never stops it. The system must outlive the context.
  streaming_context(caf::actor_system& system, duration batch_interval, settings options = {});

  /// Stops at once what is still active, and waits for it.
  ~streaming_context();

  streaming_context(streaming_context&& other) noexcept;
  streaming_context& operator=(streaming_context&& other) noexcept;

  // -- streams -----------------------------------------------------------------------------------

  /// Lines of text from a TCP server. Connects, and connects again when the connection ends, until
  /// the context stops. `\n` or `\r\n` ends a line and is dropped; every other byte is kept. The
  /// records are views into the received blocks.
  dstream<std::string_view>
  socket_text_stream(std::string host, std::uint16_t port,
                     storage_level level = storage_level::memory_and_disk_2,
                     source_location where = source_location::current());

  /// Records that a decoder makes of the bytes that a TCP server sends. Connects as
  /// socket_text_stream does. The decoder is called as const, on the receiver's thread, as
  ///
  ///   decoder(std::string_view bytes, emit) -> std::size_t
  ///     `bytes` are all that are not consumed yet: calls `emit(T)` for each record that is whole
  ///     in them, and returns how many bytes those took
  ///   decoder(std::string_view& bytes) -> std::optional<T>
  ///     takes one record off the front of `bytes`; nothing: it is not whole yet
  ///
  /// When it throws, or makes no record of twice `receiver.max-record-bytes`, the connection is
  /// given up and made anew. A record that is not whole when the connection ends is reported as
  /// lost.
  template <class T, class Decoder>
  dstream<T> socket_stream(std::string host, std::uint16_t port, Decoder decoder,
                           storage_level level = storage_level::memory_and_disk_2,
                           source_location where = source_location::current()) {
    constexpr bool fits = ingest::emits_records<T, Decoder> || ingest::takes_records<T, Decoder>;
    static_assert(fits, "the decoder of socket_stream<T> is called as const, as f(std::string_view "
                        "bytes, emit) -> std::size_t, which calls emit(T) and returns how many "
                        "bytes it consumed, or as f(std::string_view& bytes) -> std::optional<T>, "
                        "which takes a record off the front");
    if constexpr (fits)
      return receive<T>(
        socket_source("socket", std::move(host), port,
                      std::make_shared<ingest::record_format<T, Decoder>>(std::move(decoder)),
                      level),
        "socket_stream", where);
  }

  /// Blocks that a TCP server sends ready-made: frames of a 4-byte big-endian length and as many
  /// bytes of msgpack, an array of T. A frame longer than `receiver.max-record-bytes` ends the
  /// connection before memory is taken for it; one that is no array of T is dropped and reported as
  /// one lost record.
  template <class T>
  dstream<T> raw_socket_stream(std::string host, std::uint16_t port,
                               storage_level level = storage_level::memory_and_disk_2,
                               source_location where = source_location::current()) {
    constexpr bool encoded = codec::is_encodable_v<T>;
    static_assert(encoded, "the records of raw_socket_stream<T> come as msgpack: add "
                           "MSGPACK_DEFINE(members...) to T");
    if constexpr (encoded)
      return receive<T>(socket_source("raw_socket", std::move(host), port,
                                      std::make_shared<ingest::frame_format<T>>(), level),
                        "raw_socket_stream", where);
  }

  /// Lines of the files that are moved into a folder, or into the folders that match a pattern such
  /// as `logs/2*`. A file is read once, whole, in the first batch that is not before its time of
  /// modification. Left out are names that begin with a dot, folders and FIFOs, and what was
  /// modified before this call or more than a minute before its batch. Write a file elsewhere on
  /// the same file system and move it in. One that is skipped for its age, cannot be read, or has
  /// changed or gone since it was picked is logged and reported as one lost record; the batch goes
  /// on.
  ///
  /// A folder that is not there is waited for, with a warning. The records are views of the files'
  /// content: a task copies up to 16 MiB of its files and maps the others into memory, which must
  /// not be cut short meanwhile.
  dstream<std::string_view> text_file_stream(std::string dir,
                                             source_location where = source_location::current());

  /// The same with a reader of the program's, called as const where the file is, as one of
  ///
  ///   reader(std::string_view content, emit)         calls `emit(T)` for each record; records may
  ///   be
  ///                                                  views of the content
  ///   reader(const std::filesystem::path&)           returns a range of Ts
  ///
  /// A file for which it throws has no records and is reported. `filter(path)` says which files are
  /// read; without `new_files_only` those of before this call are, too, up to a minute old.
  template <class T, class Reader>
  dstream<T>
  file_stream(std::string dir, Reader reader, ingest::file_filter filter = &ingest::is_visible,
              bool new_files_only = true, source_location where = source_location::current()) {
    constexpr bool fits = lineage::reads_content<T, Reader> || lineage::reads_path<Reader>;
    static_assert(
      fits, "the reader of file_stream<T> is called as const, as f(std::string_view content, "
            "emit), which calls emit(T), or as f(const std::filesystem::path&), which returns "
            "a range of Ts");
    if constexpr (fits)
      return {add_files("file_stream", std::move(dir), std::move(filter), new_files_only,
                        lineage::open_with_reader<T>(std::move(reader)), {0}, where),
              core_};
  }

  /// The same of files of records that are `record_length` bytes each, as views.
  dstream<std::string_view>
  binary_records_stream(std::string dir, std::size_t record_length,
                        source_location where = source_location::current());

  /// Data sets from a queue: one a batch, or all that wait. A batch that finds none gets
  /// `when_empty`, or an empty one. The last batch of a graceful stop takes all that wait.
  template <class T>
  dstream<T> queue_stream(rdd_queue<T>& queue, bool one_at_a_time = true,
                          std::type_identity_t<std::optional<rdd<T>>> when_empty = std::nullopt,
                          source_location where = source_location::current()) {
    auto input = std::make_shared<queue_input<T>>(
      *core_->graph, core_->graph->next_stream_id(), describe_input("queue_stream", where), queue,
      one_at_a_time, when_empty ? when_empty->dataset() : nullptr, core_->engine->workers());
    core_->graph->add_input(input);
    return {input, core_};
  }

  /// A receiver of the program's own, made as `Receiver(args...)` at each start.
  template <class Receiver, class... Args>
  dstream<typename Receiver::value_type> receiver_stream(Args&&... args) {
    return receive<typename Receiver::value_type>(
      make_receiver_source<Receiver>(std::forward<Args>(args)...), "receiver_stream",
      source_location::current());
  }

  /// A stream fed by actors, and the handle that they send to: records of type T, alone or in a
  /// std::vector, with or without a sequence number. The handle is good from now to the end of the
  /// stream, whatever becomes of the receiver behind it. `name` names the operator. Needs
  /// `caf_stream/actor_stream.hpp`, which says what may be sent and how it is answered.
  template <class T>
  std::pair<dstream<T>, caf::actor>
  actor_stream(std::string name, storage_level level = storage_level::memory_and_disk_2,
               source_location where = source_location::current());

  /// The same with an actor of the program's own as the receiver: `f(caf::event_based_actor*,
  /// actor_receiver_helper<T>)` gives its caf::behavior, at each start of the receiver. An actor
  /// that ends with an error is a receiver that failed, one that just ends is the end of the
  /// stream. What is sent to the handle reaches the actor that is the receiver then.
  template <class T, class F>
    requires(!std::is_convertible_v<F, storage_level>)
  std::pair<dstream<T>, caf::actor>
  actor_stream(std::string name, F f, storage_level level = storage_level::memory_and_disk_2,
               source_location where = source_location::current());

  /// The records of all streams, which must have one slide.
  template <class T>
  dstream<T> union_all(const std::vector<dstream<T>>& streams,
                       source_location where = source_location::current()) {
    return union_of(streams, where);
  }
  template <class T>
  dstream<T> union_all(std::initializer_list<dstream<T>> streams,
                       source_location where = source_location::current()) {
    return union_of(std::vector(streams), where);
  }

  /// What `f(rdds)` or `f(rdds, batch_time)` makes of a batch of each stream; `rdds` is a
  /// `const std::vector<rdd<T>>&` in the order of `streams`, which must have one slide. Called on
  /// the driver for every batch; gives an rdd.
  template <class T, class F>
  auto transform(const std::vector<dstream<T>>& streams, F f,
                 source_location where = source_location::current()) {
    return transform_all(streams, std::move(f), where);
  }
  template <class T, class F>
  auto transform(std::initializer_list<dstream<T>> streams, F f,
                 source_location where = source_location::current()) {
    return transform_all(std::vector(streams), std::move(f), where);
  }

  /// A data set of the given records, in the default number of partitions or in `partitions`.
  template <class T>
  rdd<T> make_rdd(std::vector<T> records, std::uint32_t partitions = 0) {
    static_assert(!lineage::has_pointer_v<T>,
                  "raw pointers cannot be records of make_rdd: say the type that owns what they "
                  "point to, as in make_rdd<std::string>({\"a\"})");
    auto n = partitions == 0 ? core_->engine->default_partitions() : partitions;
    std::vector<owned_t<T>> owned;
    if constexpr (is_view_v<T>)
      for (auto& record : records)
        owned.push_back(to_owned(record));
    else
      owned = std::move(records);
    return {lineage::make_values<T>(std::move(owned), n), core_->engine};
  }
  template <std::copy_constructible T>
  rdd<T> make_rdd(std::initializer_list<T> records, std::uint32_t partitions = 0) {
    return make_rdd(std::vector<T>(records), partitions);
  }

  /// A value for functions to read where they run, which may change from batch to batch. May be
  /// made at any time.
  template <class T>
  caf_stream::broadcast<T> broadcast(T value) {
    static_assert(
      !is_view_v<T> && !lineage::has_pointer_v<T>,
      "a broadcast outlives what views and raw pointers point to: give it the type that "
      "owns that, such as std::string");
    return caf_stream::broadcast<T>{
      core_->graph->broadcasts().add(std::make_shared<const T>(std::move(value)))};
  }

  /// What save_as_object_files or save_as_object_file wrote to `folder`, a partition a file. Files
  /// are read, whole, by the tasks that need them; the records must be of the kind that was
  /// written, where text and views of it are of one kind. Throws errc::io_error where the folder is
  /// not there or not complete.
  template <class T>
  rdd<T> object_file(const std::string& folder) {
    if constexpr (lineage::check_encodable<T>())
      return {lineage::make_object_source<T>(parts_of(folder)), core_->engine};
    else
      return make_rdd(std::vector<T>{});
  }

  // -- set-up ------------------------------------------------------------------------------------

  /// At least this long every stream keeps its batches. Once, before start.
  void remember(duration d);

  /// The folder that logs and checkpoints go to. This version cannot write them yet: throws
  /// errc::invalid_setting, as the setting `checkpoint` does.
  void checkpoint(const std::string& dir);

  void add_listener(std::shared_ptr<streaming_listener> listener);
  void remove_listener(const std::shared_ptr<streaming_listener>& listener);

  // -- life --------------------------------------------------------------------------------------

  /// Checks the graph and begins. Throws errc::invalid_graph with all findings. On an active
  /// context it only warns; a stopped one cannot start again (errc::invalid_state).
  void start();

  /// Ends the context and waits until it has ended. May be called again, and before start. Called
  /// from a listener, a receiver, or inside transform or foreach_rdd it only asks for the end and
  /// returns, since the end waits for them.
  void stop(stop_options options = {});

  /// Waits until the context has ended. A failure meanwhile (a batch that was given up, a receiver)
  /// is thrown, each once; the context stays active then and can be awaited again.
  void await_termination();

  /// The same, for at most `d`: true when the context has ended.
  bool await_termination_for(duration d);

  context_state state() const noexcept;

  // -- what it is --------------------------------------------------------------------------------

  caf::actor_system& system() const noexcept;
  duration batch_interval() const noexcept { return core_->graph->batch_interval(); }

  /// The words of the command line that are no options; empty in a foreign actor system.
  const std::vector<std::string>& arguments() const noexcept;
  node_role role() const noexcept;

  const core_ptr& core() const noexcept { return core_; }

private:
  struct owned_parts;

  static std::vector<std::string> parts_of(const std::string& folder);
  graph::node_description describe_input(std::string kind, source_location where) const;

  template <class T>
  dstream<T> receive(std::shared_ptr<ingest::receiver_source> source, std::string kind,
                     source_location where) {
    auto input = std::make_shared<receiver_input<T>>(*core_->graph, core_->graph->next_stream_id(),
                                                     describe_input(std::move(kind), where),
                                                     std::move(source));
    core_->graph->add_input(input);
    return {input, core_};
  }

  void set_up(caf::actor_system& system, duration batch_interval, settings options);

  graph::node_ptr add_files(std::string kind, std::string dir, ingest::file_filter filter,
                            bool new_files_only, lineage::open_file_parts open,
                            lineage::file_cuts cuts, source_location where);

  const settings& configured() const noexcept;
  std::shared_ptr<ingest::receiver_source>
  socket_source(std::string kind, std::string host, std::uint16_t port,
                std::shared_ptr<const ingest::byte_format> format, storage_level level) const;
  ingest::inbox_options inbox_options() const;
  caf::actor
  open_inbox(const std::string& name, const std::shared_ptr<ingest::record_inbox>& inbox,
             std::function<std::optional<ingest::inbox_receipt>(caf::message&, bool)> offer);
  std::pair<std::shared_ptr<ingest::receiver_source>, caf::actor>
  open_own_receiver(const std::string& name, const std::shared_ptr<ingest::record_inbox>& inbox,
                    const caf::actor& inbox_actor, storage_level level,
                    std::function<caf::behavior(caf::event_based_actor*)> body);

  /// The actor is told to end when the context is destroyed.
  void keep_until_end(caf::actor handle);

  std::unique_ptr<owned_parts> parts_;
  core_ptr core_;
};

} // namespace caf_stream
