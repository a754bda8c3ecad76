#include <immintrin.h>

#include "caf_stream/data/hash_kernels.hpp"

#include "caf_stream/data/load_short_sse.ipp"

#include "caf_stream/data/hash_strings.ipp"

#include "caf_stream/data/hash_numbers.ipp"

namespace caf_stream::data {

const hash_kernels hash_kernels_sse42{prepare_strings_scalar, put_strings_scalar, find_string,
                                      prepare_numbers,        put_numbers,        find_number};

} // namespace caf_stream::data
