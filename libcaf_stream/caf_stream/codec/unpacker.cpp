#include "caf_stream/codec/unpacker.hpp"

#include <msgpack/null_visitor.hpp>
#include <msgpack/parse.hpp>
#include <msgpack/unpack.hpp>

#include <string>

namespace caf_stream::codec {

namespace {

/// Walks over a value without keeping anything. Arrays and maps get their memory when they begin,
/// for as many elements as they declare; the walk shows that all of those are there.
class checker : public msgpack::null_visitor {
public:
  explicit checker(std::size_t budget) : budget_(budget) {}

  bool start_array(std::uint32_t size) { return enter(size); }
  bool end_array() { return leave(); }
  bool start_map(std::uint32_t size) { return enter(2 * std::size_t{size}); }
  bool end_map() { return leave(); }

  void parse_error(std::size_t, std::size_t) {
    throw msgpack::parse_error("not a value of msgpack");
  }
  void insufficient_bytes(std::size_t, std::size_t) {
    throw msgpack::insufficient_bytes("the bytes end within a value");
  }

private:
  bool enter(std::size_t elements) {
    if (elements > budget_)
      throw msgpack::array_size_overflow("more elements are declared than there are bytes");
    budget_ -= elements;
    if (++depth_ > unpacker::max_depth)
      throw msgpack::depth_size_overflow("nested too deeply");
    return true;
  }

  bool leave() {
    --depth_;
    return true;
  }

  std::size_t budget_;
  std::size_t depth_ = 0;
};

bool keep_in_place(msgpack::type::object_type, std::size_t, void*) { return true; }

} // namespace

unpacker::unpacker(std::string_view in) : in_(in), zone_(2048) {}

msgpack::object unpacker::next() {
  zone_.clear();
  if (at_end())
    throw msgpack::insufficient_bytes("the bytes end before a value");
  const auto left = in_.size() - offset_;
  checker check{left};
  auto end = offset_;
  msgpack::parse(in_.data(), in_.size(), end, check);
  const msgpack::unpack_limit limit{left, left, left, left, left, max_depth};
  bool referenced = false;
  return msgpack::unpack(zone_, in_.data(), in_.size(), offset_, referenced, keep_in_place, nullptr,
                         limit);
}

tl::unexpected<error> fail_damaged(const std::exception& cause) {
  return fail_damaged(std::string_view{cause.what()});
}

tl::unexpected<error> fail_damaged(std::string_view what) {
  return fail(errc::damaged_data, "cannot decode: " + std::string{what});
}

} // namespace caf_stream::codec
