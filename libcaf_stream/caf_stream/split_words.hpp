#pragma once

#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "caf_stream/codec/owned.hpp"
#include "caf_stream/data/text_split.hpp"

namespace caf_stream {

/// The words of a text, for flat_map: `lines.flat_map(split_words)`. ASCII white space separates
/// words; there are no empty ones. Words are views where the lines are, so that text is not copied
/// to be counted, and `std::string` where the lines are owned.
struct split_words_fn {
  /// What comes of records of type T.
  template <class T>
  using emits = std::conditional_t<is_view_v<T>, std::string_view, std::string>;

  template <class Emit>
  void operator()(std::string_view line, Emit&& emit) const {
    std::string_view words[64];
    for (std::size_t at = 0; at != line.size();) {
      auto n = data::split_words(line, at, words, std::size(words), at);
      for (std::size_t i = 0; i < n; ++i)
        emit(words[i]);
    }
  }

  /// The bulk form for lines that are views: see lineage::splits_chunks.
  using place = data::line_cursor;

  std::size_t split_chunk(const std::string_view* lines, std::size_t n, place& at,
                          std::string_view* out, std::size_t capacity) const {
    return data::split_lines(lines, n, at, out, capacity);
  }
};

inline constexpr split_words_fn split_words{};

} // namespace caf_stream
