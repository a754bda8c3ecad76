#include "caf_stream/outputs/part_stream.hpp"

namespace caf_stream::outputs {

// A stream catches what its buffer throws, and throws it on only where exceptions() says so.
part_stream::part_stream(part_writer& part) : std::ostream(nullptr), buffer_(part) {
  init(&buffer_);
  exceptions(std::ios::badbit);
}

auto part_stream::buffer::overflow(int_type c) -> int_type {
  if (!traits_type::eq_int_type(c, traits_type::eof())) {
    part_.buffer() += traits_type::to_char_type(c);
    end_record();
  }
  return traits_type::not_eof(c);
}

std::streamsize part_stream::buffer::xsputn(const char* text, std::streamsize n) {
  part_.buffer().append(text, static_cast<std::size_t>(n));
  end_record();
  return n;
}

void part_stream::buffer::end_record() {
  if (auto written = part_.end_record(); !written)
    throw written.error();
}

} // namespace caf_stream::outputs
