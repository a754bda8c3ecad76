#include "caf_stream/data/payload.hpp"

namespace caf_stream::data {

payload payload::from_encoding(codec::bytes encoding, std::uint64_t records, std::uint64_t bytes) {
  payload result;
  result.value_ = std::make_shared<const codec::bytes>(std::move(encoding));
  result.records_ = records;
  result.bytes_ = bytes;
  return result;
}

bool payload::is_encodable() const noexcept {
  return value_ != nullptr && (ops_ == nullptr || ops_->encode != nullptr);
}

codec::bytes payload::encode() const {
  if (ops_ == nullptr)
    return *static_cast<const codec::bytes*>(value_.get());
  codec::bytes result;
  ops_->encode(value_.get(), result);
  return result;
}

} // namespace caf_stream::data
