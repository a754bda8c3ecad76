#include "caf_stream/data/payload.hpp"

namespace caf_stream::data {

stored_encoding::~stored_encoding() = default;

payload payload::from_encoding(codec::bytes encoding, std::uint64_t records, std::uint64_t bytes) {
  payload result;
  result.value_ = std::make_shared<const codec::bytes>(std::move(encoding));
  result.form_ = form::encoded;
  result.records_ = records;
  result.bytes_ = bytes;
  return result;
}

payload payload::from_stored(std::shared_ptr<const stored_encoding> where, std::uint64_t records,
                             std::uint64_t bytes) {
  payload result;
  result.value_ = std::move(where);
  result.form_ = form::stored;
  result.records_ = records;
  result.bytes_ = bytes;
  return result;
}

result<payload> payload::load() const {
  if (form_ != form::stored)
    return *this;
  auto encoding = static_cast<const stored_encoding*>(value_.get())->read();
  if (!encoding)
    return tl::unexpected<error>{encoding.error()};
  return from_encoding(*std::move(encoding), records_, bytes_);
}

bool payload::is_encodable() const noexcept {
  return value_ != nullptr && (form_ != form::live || ops_->encode != nullptr);
}

std::shared_ptr<const codec::bytes> payload::share_encoding() const {
  if (form_ == form::encoded)
    return std::static_pointer_cast<const codec::bytes>(value_);
  return std::make_shared<const codec::bytes>(encode());
}

codec::bytes payload::encode() const {
  if (form_ == form::encoded)
    return *static_cast<const codec::bytes*>(value_.get());
  codec::bytes result;
  ops_->encode(value_.get(), result);
  return result;
}

} // namespace caf_stream::data
