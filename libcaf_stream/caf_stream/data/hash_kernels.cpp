#include "caf_stream/data/hash_kernels.hpp"

namespace caf_stream::data {

namespace {

struct short_key {
  std::uint64_t low, high;
};

// Bytes that overlap are read twice instead of in a loop.
short_key load_short(const char* key, std::size_t size) {
  unsigned char copy[16] = {};
  if (size >= 8) {
    __builtin_memcpy(copy, key, 8);
    std::uint64_t last;
    __builtin_memcpy(&last, key + size - 8, 8);
    __builtin_memcpy(copy + size - 8, &last, 8);
  } else if (size >= 4) {
    std::uint32_t last;
    __builtin_memcpy(copy, key, 4);
    __builtin_memcpy(&last, key + size - 4, 4);
    __builtin_memcpy(copy + size - 4, &last, 4);
  } else if (size != 0) {
    copy[0] = static_cast<unsigned char>(key[0]);
    copy[size / 2] = static_cast<unsigned char>(key[size / 2]);
    copy[size - 1] = static_cast<unsigned char>(key[size - 1]);
  }
  short_key result;
  __builtin_memcpy(&result, copy, sizeof(result));
  return result;
}

} // namespace

} // namespace caf_stream::data

#include "caf_stream/data/hash_strings.ipp"

#include "caf_stream/data/hash_numbers.ipp"

namespace caf_stream::data {

const hash_kernels hash_kernels_portable{prepare_strings_scalar, put_strings_scalar, find_string,
                                         prepare_numbers,        put_numbers,        find_number};

const hash_kernels& hash_kernels_for(cpu_level level) noexcept {
#if defined(__x86_64__)
  switch (level) {
  case cpu_level::avx512:
    return hash_kernels_avx512;
  case cpu_level::avx2:
    return hash_kernels_avx2;
  case cpu_level::sse42:
    return hash_kernels_sse42;
  case cpu_level::portable:
    break;
  }
#else
  static_cast<void>(level);
#endif
  return hash_kernels_portable;
}

} // namespace caf_stream::data
