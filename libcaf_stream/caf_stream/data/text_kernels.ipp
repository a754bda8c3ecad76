// The text kernels for processors that look at 64 bytes at once, included by the file of each
// level after it has defined, with internal linkage,
//
//   struct block;                              64 bytes of text
//   block load(const char*);                   64 bytes that may all be read
//   std::uint64_t spaces(const block&);        a bit for each white space
//   std::uint64_t newlines(const block&);      a bit for each '\n'
//   void write_bits(std::uint64_t bits, std::uint32_t base, std::uint32_t* out);
//       writes base + place of each set bit; may write up to 16 more numbers behind them
//
// Everything is in an unnamed namespace: a function that other files share could be kept by the
// linker in the form only this file's processor can run.

namespace caf_stream::data {

namespace {

// What is left of a text, filled up with `fill` to a whole block.
inline block load_tail(const char* text, std::size_t n, char fill) {
  alignas(64) char copy[64];
  __builtin_memset(copy, fill, sizeof(copy));
  __builtin_memcpy(copy, text, n);
  return load(copy);
}

inline std::size_t write_edges(std::uint64_t words, std::uint64_t& inside, std::uint32_t base,
                               std::uint32_t* out, std::uint64_t valid) {
  auto edges = (words ^ (words << 1 | inside)) & valid;
  inside = words >> 63;
  write_bits(edges, base, out);
  return static_cast<std::size_t>(__builtin_popcountll(edges));
}

std::size_t word_edges(const char* text, std::size_t n, bool& in_word, std::uint32_t* out) {
  std::size_t count = 0;
  std::uint64_t inside = in_word;
  std::size_t i = 0;
  for (; i + 64 <= n; i += 64)
    count += write_edges(~spaces(load(text + i)), inside, static_cast<std::uint32_t>(i),
                         out + count, ~std::uint64_t{0});
  if (auto rest = n - i; rest != 0) {
    auto valid = ~std::uint64_t{0} >> (64 - rest);
    auto words = ~spaces(load_tail(text + i, rest, ' '));
    count += write_edges(words, inside, static_cast<std::uint32_t>(i), out + count, valid);
    inside = words >> (rest - 1) & 1;
  }
  in_word = inside != 0;
  return count;
}

inline std::uint32_t first_bit(std::uint64_t bits) {
  return static_cast<std::uint32_t>(__builtin_ctzll(bits | std::uint64_t{1} << 63));
}

// Lines are long, so few blocks have more than two ends: these are written without a branch.
inline std::size_t write_line_ends(std::uint64_t bits, std::uint32_t base, std::uint32_t* out) {
  auto count = static_cast<std::size_t>(__builtin_popcountll(bits));
  out[0] = base + first_bit(bits);
  out[1] = base + first_bit(bits & (bits - 1));
  if (count > 2)
    write_bits(bits, base, out);
  return count;
}

std::size_t line_ends(const char* text, std::size_t n, std::uint32_t* out) {
  std::size_t count = 0;
  std::size_t i = 0;
  for (; i + 64 <= n; i += 64)
    count +=
      write_line_ends(newlines(load(text + i)), static_cast<std::uint32_t>(i + 1), out + count);
  if (i != n)
    count += write_line_ends(newlines(load_tail(text + i, n - i, ' ')),
                             static_cast<std::uint32_t>(i + 1), out + count);
  return count;
}

} // namespace

} // namespace caf_stream::data
