#pragma once

#include <cstddef>
#include <cstdint>

#include "caf_stream/base/cpu.hpp"
#include "caf_stream/data/text_ref.hpp"

// The loops over bytes that text_split is made of, once for each level of processors. They find
// *edges*, places where a class of bytes begins or ends, and write their offsets:
//
//   text    t o   b e , \n   o r
//   edges   0   2 3     6  8     10      begin, end, begin, end, ...
//
// None of them reads outside the text it is given.

namespace caf_stream::data {

struct text_kernels {
  /// Writes the offsets in `text` at which a word begins or, alternating, ends; returns how many.
  /// `in_word` says whether the byte before `text` belongs to a word, and then whether the last one
  /// does: a word that goes on behind the text gets no end. `out` has room for n + 16 offsets.
  std::size_t (*word_edges)(const char* text, std::size_t n, bool& in_word, std::uint32_t* out);

  /// Writes the words between n pairs of edges.
  void (*views)(const char* text, const std::uint32_t* edges, std::size_t n, text_ref* out);

  /// Writes the offset behind each '\n' of `text`; returns how many. `out` has room for n + 16.
  std::size_t (*line_ends)(const char* text, std::size_t n, std::uint32_t* out);
};

/// The kernels of a level, which the processor must have.
const text_kernels& text_kernels_for(cpu_level level) noexcept;

extern const text_kernels text_kernels_portable;
extern const text_kernels text_kernels_sse42;
extern const text_kernels text_kernels_avx2;
extern const text_kernels text_kernels_avx512;

} // namespace caf_stream::data
