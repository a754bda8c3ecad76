#include "caf_stream/outputs/object_files.hpp"

#include <limits>

#include "caf_stream/codec/bytes.hpp"
#include "caf_stream/codec/checksum.hpp"

namespace caf_stream::outputs {

namespace {

constexpr std::string_view head{"cafsobj\x01", 8};
constexpr std::size_t frame_head_size = 8;

void append_number(std::string& out, std::uint32_t x) {
  char bytes[sizeof x];
  codec::store_raw(bytes, x);
  out.append(bytes, sizeof x);
}

} // namespace

void append_object_head(std::string& out) { out += head; }

void append_object_frame(std::string& out, std::string_view content) {
  if (content.empty() || content.size() > std::numeric_limits<std::uint32_t>::max())
    throw error{errc::invalid_argument, "a frame of an object file cannot hold " +
                                          std::to_string(content.size()) + " bytes"};
  append_number(out, static_cast<std::uint32_t>(content.size()));
  append_number(out, codec::crc32c(content));
  out += content;
}

void append_object_end(std::string& out) { out.append(frame_head_size, '\0'); }

tl::unexpected<error> object_file_reader::damaged(std::string_view what) const {
  return fail(errc::damaged_data,
              "byte " + std::to_string(at_) + " of the object file: " + std::string{what});
}

result<std::optional<std::string_view>> object_file_reader::next() {
  if (at_ == 0) {
    if (!file_.starts_with(head))
      return damaged("this is no object file of a version that is known here");
    at_ = head.size();
  }
  auto rest = file_.substr(at_);
  if (rest.size() < frame_head_size)
    return damaged("the file ends within a frame");
  auto size = codec::load_raw<std::uint32_t>(rest.data());
  auto checksum = codec::load_raw<std::uint32_t>(rest.data() + sizeof size);
  rest.remove_prefix(frame_head_size);
  if (size == 0) {
    if (checksum != 0 || !rest.empty())
      return damaged("there is something after the end");
    return std::nullopt;
  }
  if (rest.size() < size)
    return damaged("the file ends within a frame");
  auto content = rest.substr(0, size);
  if (codec::crc32c(content) != checksum)
    return damaged("the checksum of the frame is wrong");
  at_ += frame_head_size + size;
  return content;
}

} // namespace caf_stream::outputs
