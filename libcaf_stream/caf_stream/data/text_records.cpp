#include "caf_stream/data/text_records.hpp"

#include <algorithm>
#include <cstring>

#include "caf_stream/codec/append_text.hpp"
#include "caf_stream/codec/columns.hpp"
#include "caf_stream/data/chunk.hpp"
#include "caf_stream/data/page_memory.hpp"

namespace caf_stream::data {

text_segment::text_segment(std::size_t capacity)
  : data_(map_pages(capacity)), capacity_(capacity) {}

text_segment::~text_segment() { unmap_pages(data_, capacity_); }

// [ mode, 1 byte ][ columns of codec::encode_text ]
void payload_traits<text_records>::encode(const text_records& x, codec::bytes& out) {
  out.reserve(out.size() + 65 + x.ends.size() * sizeof(x.ends[0]) + x.bytes.size());
  out.push_back(static_cast<char>(x.mode));
  codec::append_text(out, x.bytes, x.ends);
}

namespace {

// The records as they lie in `in`, with nothing that keeps it alive.
result<text_records> decode_in_place(std::string_view in) {
  if (in.empty() || static_cast<unsigned char>(in[0]) > static_cast<unsigned>(text_mode::lines))
    return fail(errc::damaged_data, "a block of text has no known mode");
  auto columns = codec::decode_text(in.substr(1));
  if (!columns)
    return tl::unexpected<error>{columns.error()};
  text_records result;
  result.mode = static_cast<text_mode>(in[0]);
  result.bytes = columns->bytes;
  result.ends = std::move(columns->ends);
  return result;
}

} // namespace

result<text_records> payload_traits<text_records>::decode(std::string_view in) {
  auto result = decode_in_place(in);
  if (result) {
    auto copy = std::make_shared<std::string>(result->bytes);
    result->bytes = *copy;
    result->owner = std::move(copy);
  }
  return result;
}

result<text_records>
payload_traits<text_records>::decode_shared(std::shared_ptr<const codec::bytes> in) {
  auto result = decode_in_place(codec::as_view(*in));
  if (result)
    result->owner = std::move(in);
  return result;
}

text_cursor::text_cursor(std::shared_ptr<const text_records> records, std::size_t first,
                         std::size_t last)
  : records_(std::move(records)), position_(std::min(first, records_->size())),
    last_(std::min(last, records_->size())), out_(new std::string_view[chunk_size]) {}

// Like text_records::operator[], for many records: where one ends the next begins.
std::span<const std::string_view> text_cursor::next() {
  if (position_ >= last_)
    return {};
  const char* text = records_->bytes.data();
  const std::uint32_t* ends = records_->ends.data() + position_;
  auto n = std::min(chunk_size, last_ - position_);
  std::size_t begin = position_ == 0 ? 0 : ends[-1];
  if (records_->mode == text_mode::exact) {
    for (std::size_t i = 0; i < n; ++i) {
      out_[i] = {text + begin, ends[i] - begin};
      begin = ends[i];
    }
  } else {
    for (std::size_t i = 0; i < n; ++i) {
      std::size_t size = ends[i] - begin;
      const char* line = text + begin;
      if (size != 0 && line[size - 1] == '\n') {
        --size;
        size -= size != 0 && line[size - 1] == '\r';
      }
      out_[i] = {line, size};
      begin = ends[i];
    }
  }
  position_ += n;
  return {out_.get(), n};
}

} // namespace caf_stream::data
