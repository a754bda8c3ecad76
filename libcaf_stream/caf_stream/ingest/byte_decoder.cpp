#include "caf_stream/ingest/byte_decoder.hpp"

namespace caf_stream::ingest {

byte_decoder::~byte_decoder() = default;

byte_format::~byte_format() = default;

} // namespace caf_stream::ingest
