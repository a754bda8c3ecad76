#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "caf_stream/data/cursor.hpp"
#include "caf_stream/data/payload.hpp"

// Records of text: the bytes once, and where each record ends. Records are handed out as views.
//
//   bytes   h e l l o \n w o r l d \r \n x
//   ends              6                13 14       (mode lines)
//   records "hello" "world" "x"

namespace caf_stream::data {

/// Memory for text. Several blocks may be slices of one segment; the last one frees it.
class text_segment {
public:
  /// `capacity` bytes, not touched yet. Throws std::bad_alloc.
  explicit text_segment(std::size_t capacity);
  ~text_segment();

  text_segment(const text_segment&) = delete;
  text_segment& operator=(const text_segment&) = delete;

  char* data() const noexcept { return data_; }
  std::size_t capacity() const noexcept { return capacity_; }

private:
  char* data_;
  std::size_t capacity_;
};

/// How a record's bytes relate to its ends.
enum class text_mode : std::uint8_t {
  exact, ///< a record is all the bytes up to its end
  lines, ///< a record's bytes include its `\n` or `\r\n`, which is not part of the record
};

/// The records of a block of text. Immutable once made.
struct text_records {
  std::shared_ptr<const void> owner; ///< keeps `bytes` alive
  std::string_view bytes;
  std::vector<std::uint32_t> ends; ///< offsets in `bytes`, ascending
  text_mode mode = text_mode::exact;

  std::size_t size() const noexcept { return ends.size(); }

  std::string_view operator[](std::size_t i) const noexcept {
    std::size_t begin = i == 0 ? 0 : ends[i - 1];
    std::size_t end = ends[i];
    if (mode == text_mode::lines && end != begin && bytes[end - 1] == '\n') {
      --end;
      if (end != begin && bytes[end - 1] == '\r')
        --end;
    }
    return bytes.substr(begin, end - begin);
  }
};

template <>
struct payload_traits<text_records> {
  static constexpr bool encodable = true;
  static void encode(const text_records& x, codec::bytes& out);
  static result<text_records> decode(std::string_view in);

  /// The text stays in the encoding, which the records keep alive.
  static result<text_records> decode_shared(std::shared_ptr<const codec::bytes> in);
};

/// Hands out the records [first, last) of a block as views.
class text_cursor final : public cursor<std::string_view> {
public:
  text_cursor(std::shared_ptr<const text_records> records, std::size_t first, std::size_t last);
  std::span<const std::string_view> next() override;

private:
  std::shared_ptr<const text_records> records_;
  std::size_t position_;
  std::size_t last_;
  std::unique_ptr<std::string_view[]> out_;
};

} // namespace caf_stream::data
