#pragma once

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "caf_stream/data/record_list.hpp"
#include "caf_stream/ingest/block_builder.hpp"

namespace caf_stream::ingest {

/// What counts against `max_record_bytes`: the characters of text, the memory of anything else.
template <class T>
std::uint64_t record_bytes(const T& record) {
  if constexpr (std::is_convertible_v<const T&, std::string_view>)
    return std::string_view{record}.size();
  else
    return codec::footprint(record);
}

/// Builds blocks of the records of a stream of T. Views are copied. Any thread may add.
template <class T>
class record_builder final : public block_builder {
public:
  using block_builder::block_builder;

  /// Adds a record to the open block; waits for the rate limit and for room. On an error the
  /// record was not taken: errc::stopped when the receiver is to end, errc::invalid_argument when
  /// the record is longer than `max_record_bytes`.
  status add(T record) {
    if constexpr (!codec::has_fixed_footprint_v<T> || is_view_v<T>) {
      auto bytes = record_bytes(record);
      if (bytes > options().max_record_bytes)
        return fail(errc::invalid_argument,
                    "a record of " + std::to_string(bytes) + " bytes was refused: the limit is " +
                      std::to_string(options().max_record_bytes) + " bytes");
    }
    auto held = lock();
    if (auto passes = wait_for_rate(held, 1); !passes)
      return passes;
    if (auto fits = wait_for_room(held); !fits)
      return fits;
    if constexpr (std::is_same_v<T, std::string_view>)
      open_.push_back(record);
    else
      open_.push_back(to_owned(std::move(record)));
    count_accepted(held, 1);
    if (open_.bytes() >= options().block_size)
      seal_and_tell(held);
    return {};
  }

private:
  data::payload take_open() override { return open_.size() == 0 ? data::payload{} : open_.take(); }

  data::record_list_builder<T> open_;
};

/// A block of exactly these records.
template <class T>
data::payload make_block(std::vector<T> records) {
  if constexpr (!is_view_v<T> && codec::has_fixed_footprint_v<T>) {
    auto n = records.size();
    return data::payload::make(data::record_list<T>{std::move(records)}, n, n * sizeof(T));
  } else {
    data::record_list_builder<T> list;
    list.reserve(records.size());
    for (auto&& record : records) {
      if constexpr (std::is_same_v<T, std::string_view>)
        list.push_back(record);
      else
        list.push_back(to_owned(std::move(record)));
    }
    return list.take();
  }
}

} // namespace caf_stream::ingest
