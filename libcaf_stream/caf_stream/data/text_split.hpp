#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "caf_stream/base/cpu.hpp"

// Cutting text into words and lines. Words are separated by ASCII white space (space, \t, \n, \v,
// \f, \r) and never empty; all other bytes belong to words. Nothing is read outside the text but,
// between two lines that are one or two bytes apart, the bytes that separate them.

namespace caf_stream::data {

/// Writes the words of `text` from offset `from` on to `out`, at most `capacity`; returns how many.
/// `consumed` becomes the offset to go on from, `text.size()` once there are no more words.
std::size_t split_words(std::string_view text, std::size_t from, std::string_view* out,
                        std::size_t capacity, std::size_t& consumed,
                        cpu_level level = active_cpu_level());

/// A place in an array of lines.
struct line_cursor {
  std::size_t line = 0;
  std::size_t offset = 0; ///< in that line
};

/// Writes the words of `lines[at.line]` from `at.offset` on and of the lines after it to `out`, at
/// most `capacity`; returns how many and moves `at` behind them. `at.line == n` once there are no
/// more words. No word spans two lines, however close they lie in memory. Lines that follow each
/// other in one text, as those of a block do, are split in one go.
std::size_t split_lines(const std::string_view* lines, std::size_t n, line_cursor& at,
                        std::string_view* out, std::size_t capacity,
                        cpu_level level = active_cpu_level());

/// Appends the offset behind each '\n' of `text`, plus `base`, to `out`. Offsets must stay below
/// 2^32.
void append_line_ends(std::string_view text, std::uint32_t base, std::vector<std::uint32_t>& out,
                      cpu_level level = active_cpu_level());

} // namespace caf_stream::data
