#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "caf_stream/data/text_records.hpp"
#include "caf_stream/ingest/block_builder.hpp"
#include "caf_stream/ingest/segment_pool.hpp"

// Builds blocks of lines without copying them: a receiver reads straight into a segment of memory,
// and blocks are slices of it. One thread writes; others may cut at any time.
//
//   segment  [ taken by a cut | open block: whole lines | unfinished line | room ]
//                             ^ slice_begin_            ^ line_begin_     ^ write_
//
// When there is no room left the open block is sealed and only the unfinished line is copied, to
// the beginning of the next segment. `\n` or `\r\n` ends a line; every other byte is kept.

namespace caf_stream::ingest {

/// Records are lines, std::string_view. `prepare`, `commit` and `finish` are called by one thread,
/// everything else by any.
class text_builder final : public block_builder {
public:
  explicit text_builder(builder_options options);

  /// Room for at least `at_least` bytes behind those committed. Waits while too many blocks have
  /// not been taken; errc::stopped when that was cut short. The span is good until the next call.
  result<std::span<char>> prepare(std::size_t at_least);

  /// The first `n` bytes of the span are there now. Lines that they complete become records; waits
  /// for the rate limit between them. errc::stopped: the receiver is to end; an interrupted
  /// builder has taken all lines nevertheless, a closed one has not.
  status commit(std::size_t n);

  /// The text is at its end: a last line without `\n` is a record too.
  status finish();

  /// Forgets an unfinished line, as when a connection was lost in the middle of one. Returns how
  /// many bytes it had.
  std::size_t drop_unfinished();

  /// Lines longer than `max_record_bytes` that were refused since the last call. They are skipped
  /// as they come, so that no memory is taken for what exceeds the limit.
  std::uint64_t take_refused();

private:
  data::payload take_open() override;
  void after_cut(bool had_records) override;

  bool has_room(std::size_t n) const noexcept;
  void start_segment(std::size_t at_least);
  bool skip_refused(std::size_t fresh);
  void refuse_long_lines(std::size_t fresh);
  std::size_t take_out_long_lines();
  status publish(std::span<const std::uint32_t> ends);
  void append(lock_type& held, std::span<const std::uint32_t> ends);
  std::size_t fitting(std::span<const std::uint32_t> ends) const;

  const std::shared_ptr<segment_pool> segments_;

  // Of the writing thread.
  std::shared_ptr<data::text_segment> segment_;
  std::size_t write_ = 0;      // behind the bytes committed
  std::size_t line_begin_ = 0; // of the unfinished line
  bool skipping_ = false;      // until the end of a line that was refused
  std::uint64_t refused_ = 0;
  std::vector<std::uint32_t> found_; // ends of the lines of a commit, in the segment

  // Under the lock: the open block.
  std::shared_ptr<data::text_segment> slice_segment_;
  std::size_t slice_begin_ = 0;
  std::size_t slice_end_ = 0;
  std::vector<std::uint32_t> slice_ends_; // counted from slice_begin_
  std::size_t usual_lines_ = 0;           // of a block, to reserve room for

  unsigned cuts_ = 0; // of the consumer
};

} // namespace caf_stream::ingest
