// For each byte the places of its set bits, one after the other: {0, 2, 3} for 0b00001101. Used by
// the text kernels of processors that cannot compress a vector by a mask.

namespace caf_stream::data {

namespace {

struct bit_places {
  alignas(64) unsigned char of[256][8];

  constexpr bit_places() : of{} {
    for (unsigned byte = 0; byte < 256; ++byte)
      for (unsigned char bit = 0, k = 0; bit < 8; ++bit)
        if (byte >> bit & 1)
          of[byte][k++] = bit;
  }
};

constexpr bit_places places;

} // namespace

} // namespace caf_stream::data
