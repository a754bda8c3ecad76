#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <msgpack.hpp>

namespace caf_stream::test {

/// A frame of a raw socket stream around any bytes: their length in 4 bytes, big-endian.
inline std::string frame(std::string_view content) {
  std::string result;
  for (int shift = 24; shift >= 0; shift -= 8)
    result += static_cast<char>(static_cast<unsigned char>(content.size() >> shift));
  return result.append(content);
}

/// A frame with an array of records.
template <class T>
std::string frame_of(const std::vector<T>& records) {
  msgpack::sbuffer out;
  msgpack::pack(out, records);
  return frame({out.data(), out.size()});
}

} // namespace caf_stream::test
