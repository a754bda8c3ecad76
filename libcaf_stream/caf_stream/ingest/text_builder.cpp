#include "caf_stream/ingest/text_builder.hpp"

#include <algorithm>
#include <cstring>

#include "caf_stream/data/record_list.hpp"
#include "caf_stream/data/text_split.hpp"

namespace caf_stream::ingest {

namespace {

// Smaller segments would be full after every read.
constexpr std::uint64_t smallest_segment = std::uint64_t{1} << 18;

// A stream with input gives memory it no longer needs back after this many cuts.
constexpr unsigned cuts_a_trim = 64;

std::size_t length_without_end(const char* text, std::size_t begin, std::size_t end) {
  --end; // the \n
  if (end != begin && text[end - 1] == '\r')
    --end;
  return end - begin;
}

} // namespace

text_builder::text_builder(builder_options given)
  : block_builder(std::move(given)),
    segments_(std::make_shared<segment_pool>(std::max(options().block_size, smallest_segment),
                                             options().spare_bytes)) {}

bool text_builder::has_room(std::size_t n) const noexcept {
  return segment_ && segment_->capacity() - write_ >= n;
}

result<std::span<char>> text_builder::prepare(std::size_t at_least) {
  at_least = std::max<std::size_t>(at_least, 1);
  auto held = lock();
  // What is open can be taken while this waits.
  if (!has_room(at_least)) {
    seal_and_tell(held);
    held.lock();
  }
  if (auto room = wait_for_room(held); !room)
    return tl::unexpected<error>{room.error()};
  held.unlock();
  if (!has_room(at_least))
    start_segment(at_least);
  return std::span<char>{segment_->data() + write_, segment_->capacity() - write_};
}

void text_builder::start_segment(std::size_t at_least) {
  auto unfinished = write_ - line_begin_;
  // A line longer than a segment is copied each time it outgrows one, so each is twice as large.
  auto next = segments_->get(unfinished == 0 ? at_least : 2 * unfinished + at_least);
  if (unfinished != 0)
    std::memcpy(next->data(), segment_->data() + line_begin_, unfinished);
  segment_ = std::move(next);
  write_ = unfinished;
  line_begin_ = 0;
  auto held = lock();
  slice_segment_ = segment_;
  slice_begin_ = slice_end_ = 0;
}

status text_builder::commit(std::size_t n) {
  auto fresh = write_;
  write_ += n;
  if (skipping_ && !skip_refused(fresh))
    return {};
  found_.clear();
  data::append_line_ends({segment_->data() + fresh, write_ - fresh},
                         static_cast<std::uint32_t>(fresh), found_);
  refuse_long_lines(fresh);
  if (!found_.empty())
    line_begin_ = found_.back();
  // One byte more may be a \r that belongs to the line's end.
  if (write_ - line_begin_ > options().max_record_bytes + 1) {
    write_ = line_begin_;
    skipping_ = true;
    ++refused_;
  }
  return publish(found_);
}

status text_builder::finish() {
  auto length = write_ - line_begin_;
  if (length > options().max_record_bytes) {
    write_ = line_begin_;
    ++refused_;
  }
  skipping_ = false;
  if (write_ == line_begin_)
    return {};
  line_begin_ = write_;
  auto end = static_cast<std::uint32_t>(write_);
  return publish({&end, 1});
}

std::size_t text_builder::drop_unfinished() {
  skipping_ = false;
  auto dropped = write_ - line_begin_;
  write_ = line_begin_;
  return dropped;
}

std::uint64_t text_builder::take_refused() { return std::exchange(refused_, 0); }

// Moves what follows the end of the refused line to where that line began. False when its end has
// not come.
bool text_builder::skip_refused(std::size_t fresh) {
  auto* begin = segment_->data() + fresh;
  auto size = write_ - fresh;
  auto* newline = static_cast<const char*>(std::memchr(begin, '\n', size));
  write_ = fresh;
  if (newline == nullptr)
    return false;
  skipping_ = false;
  auto rest = static_cast<std::size_t>(begin + size - (newline + 1));
  std::memmove(begin, newline + 1, rest);
  write_ += rest;
  return true;
}

// Rarely is there anything to do: unless the limit is less than a read, only the first line can be
// too long.
void text_builder::refuse_long_lines(std::size_t fresh) {
  auto limit = options().max_record_bytes;
  if (found_.empty() || (found_[0] - line_begin_ <= limit && write_ - fresh <= limit))
    return;
  refused_ += take_out_long_lines();
}

// Closes the gaps that refused lines leave. Returns how many there were.
std::size_t text_builder::take_out_long_lines() {
  auto* text = segment_->data();
  auto to = line_begin_;
  auto from = line_begin_;
  std::size_t kept = 0;
  for (std::size_t end : found_) {
    if (length_without_end(text, from, end) <= options().max_record_bytes) {
      std::memmove(text + to, text + from, end - from);
      to += end - from;
      found_[kept++] = static_cast<std::uint32_t>(to);
    }
    from = end;
  }
  std::memmove(text + to, text + from, write_ - from);
  write_ = to + (write_ - from);
  auto refused = found_.size() - kept;
  found_.resize(kept);
  return refused;
}

status text_builder::publish(std::span<const std::uint32_t> ends) {
  status passes;
  auto held = lock();
  while (!ends.empty()) {
    auto n = ends.size();
    if (passes && options().limiter) {
      n = static_cast<std::size_t>(std::min<std::uint64_t>(n, options().limiter->portion()));
      passes = wait_for_rate(held, n);
    }
    if (is_closed(held))
      return fail(errc::stopped, "lines were refused: their stream has ended");
    // The lines are in memory already, so an interrupt ends the waiting but loses none.
    if (!passes)
      n = ends.size();
    append(held, ends.first(n));
    ends = ends.subspan(n);
  }
  return passes;
}

void text_builder::append(lock_type& held, std::span<const std::uint32_t> ends) {
  while (!ends.empty()) {
    auto n = fitting(ends);
    if (slice_ends_.empty())
      slice_ends_.reserve(std::max(usual_lines_ + usual_lines_ / 8, n));
    auto before = slice_ends_.size();
    slice_ends_.resize(before + n);
    auto base = static_cast<std::uint32_t>(slice_begin_);
    for (std::size_t i = 0; i < n; ++i)
      slice_ends_[before + i] = ends[i] - base;
    slice_end_ = ends[n - 1];
    count_accepted(held, n);
    ends = ends.subspan(n);
    if (slice_end_ - slice_begin_ >= options().block_size) {
      seal_and_tell(held);
      held.lock();
    }
  }
}

// As many lines as fill the open block.
std::size_t text_builder::fitting(std::span<const std::uint32_t> ends) const {
  auto full = slice_begin_ + options().block_size;
  if (ends.back() <= full)
    return ends.size();
  return static_cast<std::size_t>(std::lower_bound(ends.begin(), ends.end(), full) - ends.begin()) +
         1;
}

data::payload text_builder::take_open() {
  if (slice_ends_.empty())
    return {};
  data::record_list<std::string_view> lines;
  lines.owner = slice_segment_;
  lines.bytes = {slice_segment_->data() + slice_begin_, slice_end_ - slice_begin_};
  lines.ends = std::exchange(slice_ends_, {});
  lines.mode = data::text_mode::lines;
  slice_begin_ = slice_end_;
  usual_lines_ = lines.size();
  auto records = lines.size();
  auto bytes = lines.bytes.size() + records * sizeof(lines.ends[0]);
  return data::payload::make(std::move(lines), records, bytes);
}

void text_builder::after_cut(bool had_records) {
  if (!had_records || ++cuts_ % cuts_a_trim == 0)
    segments_->trim();
}

} // namespace caf_stream::ingest
