#include "caf_stream/data/text_split.hpp"

#include <algorithm>

#include "caf_stream/data/text_kernels.hpp"

namespace caf_stream::data {

namespace {

// Text is looked at in segments whose edges fit the first cache.
constexpr std::size_t segment_size = 2048;

// Not more text than about the words there is still room for: what is found beyond is found again
// by the next call.
std::size_t next_segment(std::size_t text_left, std::size_t room) {
  return std::min({text_left, segment_size, 64 + 8 * room});
}

bool is_space(char c) { return c == ' ' || static_cast<unsigned char>(c - '\t') <= '\r' - '\t'; }

// Whether `next` begins behind one or two bytes of white space after `end`, so that both can be
// split as one text.
bool follows(const char* end, std::string_view next) {
  auto gap = reinterpret_cast<std::uintptr_t>(next.data()) - reinterpret_cast<std::uintptr_t>(end);
  if (gap == 1)
    return is_space(end[0]);
  return gap == 2 && is_space(end[0]) && is_space(end[1]);
}

// Asks for the memory of the next segment but one. Between two segments so much else is touched
// that the processor does not see a sequence; and to ask for what is not there does no harm.
__attribute__((always_inline)) inline void ask_for(const char* text, std::size_t n) {
  for (std::size_t i = 0; i < n; i += 64)
    __builtin_prefetch(text + segment_size + i, 0, 2);
}

const char* end_of(std::string_view text) { return text.data() + text.size(); }

} // namespace

std::size_t split_words(std::string_view text, std::size_t from, std::string_view* out,
                        std::size_t capacity, std::size_t& consumed, cpu_level level) {
  auto& kernels = text_kernels_for(level);
  const char* at = text.data() + std::min(from, text.size());
  const char* const end = end_of(text);
  const char* word = nullptr; // begin of a word that goes on
  bool in_word = false;
  std::size_t count = 0;
  std::uint32_t edges[segment_size + 16];
  while (at != end && count != capacity) {
    auto n = next_segment(static_cast<std::size_t>(end - at), capacity - count);
    ask_for(at + n, n);
    auto found = kernels.word_edges(at, n, in_word, edges);
    std::size_t i = 0;
    if (word && found != 0) {
      out[count++] = {word, static_cast<std::size_t>(at + edges[i++] - word)};
      word = nullptr;
    }
    auto whole = std::min((found - i) / 2, capacity - count);
    kernels.views(at, edges + i, whole, reinterpret_cast<text_ref*>(out + count));
    i += 2 * whole;
    count += whole;
    if (i != found) {
      word = at + edges[i];
      if (i + 1 != found)
        break; // no room for this word, though its end is known
    }
    at += n;
  }
  if (word && at == end && count != capacity) {
    out[count++] = {word, static_cast<std::size_t>(end - word)};
    word = nullptr;
  }
  consumed = static_cast<std::size_t>((word ? word : at) - text.data());
  return count;
}

std::size_t split_lines(const std::string_view* lines, std::size_t n, line_cursor& at,
                        std::string_view* out, std::size_t capacity, cpu_level level) {
  std::size_t count = 0;
  while (at.line < n && count < capacity) {
    const char* begin = lines[at.line].data() + at.offset;
    const char* end = end_of(lines[at.line]);
    auto behind = at.line + 1;
    auto enough = 8 * (capacity - count);
    for (; behind < n && static_cast<std::size_t>(end - begin) < enough; ++behind) {
      if (!follows(end, lines[behind]))
        break;
      end = end_of(lines[behind]);
    }
    std::string_view run{begin, static_cast<std::size_t>(end - begin)};
    std::size_t consumed = 0;
    count += split_words(run, 0, out + count, capacity - count, consumed, level);
    if (consumed == run.size()) {
      at = {behind, 0};
      continue;
    }
    const char* stop = begin + consumed;
    while (end_of(lines[at.line]) < stop)
      ++at.line;
    const char* line = lines[at.line].data();
    at.offset = stop > line ? static_cast<std::size_t>(stop - line) : 0;
  }
  return count;
}

void append_line_ends(std::string_view text, std::uint32_t base, std::vector<std::uint32_t>& out,
                      cpu_level level) {
  auto find_ends = text_kernels_for(level).line_ends;
  constexpr std::size_t piece_size = 4096;
  std::uint32_t ends[piece_size + 16];
  for (std::size_t at = 0; at < text.size(); at += piece_size) {
    auto found = find_ends(text.data() + at, std::min(piece_size, text.size() - at), ends);
    auto from = base + static_cast<std::uint32_t>(at);
    auto size = out.size();
    out.resize(size + found);
    for (std::size_t i = 0; i < found; ++i)
      out[size + i] = from + ends[i];
  }
}

} // namespace caf_stream::data
