#include "caf_stream/data/text_kernels.hpp"

#include "caf_stream/data/text_views.ipp"

namespace caf_stream::data {

namespace {

bool is_space(char c) { return c == ' ' || static_cast<unsigned char>(c - '\t') <= '\r' - '\t'; }

// Each offset is written and then kept or overwritten: a branch that depends on the text would be
// guessed wrong at every word.
std::size_t word_edges(const char* text, std::size_t n, bool& in_word, std::uint32_t* out) {
  std::size_t count = 0;
  bool inside = in_word;
  for (std::size_t i = 0; i < n; ++i) {
    bool word = !is_space(text[i]);
    out[count] = static_cast<std::uint32_t>(i);
    count += word != inside;
    inside = word;
  }
  in_word = inside;
  return count;
}

std::size_t line_ends(const char* text, std::size_t n, std::uint32_t* out) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < n; ++i) {
    out[count] = static_cast<std::uint32_t>(i + 1);
    count += text[i] == '\n';
  }
  return count;
}

} // namespace

const text_kernels text_kernels_portable{word_edges, views_one_by_one, line_ends};

const text_kernels& text_kernels_for(cpu_level level) noexcept {
#if defined(__x86_64__)
  switch (level) {
  case cpu_level::avx512:
    return text_kernels_avx512;
  case cpu_level::avx2:
    return text_kernels_avx2;
  case cpu_level::sse42:
    return text_kernels_sse42;
  case cpu_level::portable:
    break;
  }
#else
  static_cast<void>(level);
#endif
  return text_kernels_portable;
}

} // namespace caf_stream::data
