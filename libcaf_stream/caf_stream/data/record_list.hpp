#pragma once

#include <algorithm>
#include <limits>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "caf_stream/base/error.hpp"
#include "caf_stream/codec/columns.hpp"
#include "caf_stream/codec/encoding.hpp"
#include "caf_stream/codec/footprint.hpp"
#include "caf_stream/codec/owned.hpp"
#include "caf_stream/data/chunk.hpp"
#include "caf_stream/data/cursor.hpp"
#include "caf_stream/data/page_memory.hpp"
#include "caf_stream/data/payload.hpp"
#include "caf_stream/data/text_records.hpp"

// Records that are kept: the content of a block, a cached partition, what an action collects.
// They are owned values; a stream of views reads views of them.

namespace caf_stream::data {

/// Kept records of a stream of T. Text has a form of its own, `text_records`.
template <class T>
struct record_list {
  std::vector<owned_t<T>> items;

  std::size_t size() const noexcept { return items.size(); }
};

template <>
struct record_list<std::string_view> : text_records {};

template <class T>
struct payload_traits<record_list<T>> {
  static constexpr bool encodable = codec::is_encodable_v<owned_t<T>>;

  static void encode(const record_list<T>& x, codec::bytes& out) {
    chunk<bool> flags;
    codec::bytes columns;
    if constexpr (std::is_same_v<T, bool>) {
      for (bool flag : x.items)
        flags.push_back(flag);
      columns = codec::encode_records<bool>(flags.view());
    } else {
      columns = codec::encode_records<owned_t<T>>(std::span<const owned_t<T>>{x.items});
    }
    out.insert(out.end(), columns.begin(), columns.end());
  }

  static result<record_list<T>> decode(std::string_view in) {
    auto items = codec::decode_records<owned_t<T>>(in);
    if (!items)
      return tl::unexpected<error>{items.error()};
    return record_list<T>{*std::move(items)};
  }
};

template <>
struct payload_traits<record_list<std::string_view>> {
  static constexpr bool encodable = true;

  static void encode(const record_list<std::string_view>& x, codec::bytes& out) {
    payload_traits<text_records>::encode(x, out);
  }

  static result<record_list<std::string_view>> decode(std::string_view in) {
    return as_list(payload_traits<text_records>::decode(in));
  }

  static result<record_list<std::string_view>>
  decode_shared(std::shared_ptr<const codec::bytes> in) {
    return as_list(payload_traits<text_records>::decode_shared(std::move(in)));
  }

private:
  static result<record_list<std::string_view>> as_list(result<text_records> records) {
    if (!records)
      return tl::unexpected<error>{records.error()};
    return record_list<std::string_view>{*std::move(records)};
  }
};

/// Reads the records [first, last) of a list; of owned records as they are, of views through a
/// chunk.
template <class T>
class list_cursor final : public cursor<T> {
public:
  list_cursor(std::shared_ptr<const record_list<T>> list, std::size_t first, std::size_t last)
    : list_(std::move(list)), position_(std::min({first, last, list_->size()})),
      last_(std::min(last, list_->size())) {}

  std::span<const T> next() override {
    auto begin = position_;
    position_ = std::min(last_, begin + chunk_size);
    if constexpr (std::is_same_v<T, owned_t<T>> && !std::is_same_v<T, bool>) {
      return {list_->items.data() + begin, position_ - begin};
    } else {
      out_.clear();
      for (auto i = begin; i < position_; ++i)
        out_.push_back(view_of<T>(list_->items[i]));
      return out_.view();
    }
  }

private:
  std::shared_ptr<const record_list<T>> list_;
  std::size_t position_;
  std::size_t last_;
  chunk<T> out_;
};

/// Collects owned records and makes a payload of them.
template <class T>
class record_list_builder {
public:
  template <class U>
  void push_back(U&& record) {
    if constexpr (!codec::has_fixed_footprint_v<owned_t<T>>)
      bytes_ += codec::footprint(record);
    list_.items.push_back(std::forward<U>(record));
  }

  void append(std::span<const T> records) {
    for (auto& record : records)
      push_back(to_owned(record));
  }

  std::size_t size() const noexcept { return list_.items.size(); }

  /// Memory that the records take, about.
  std::size_t bytes() const noexcept {
    if constexpr (codec::has_fixed_footprint_v<owned_t<T>>)
      return size() * sizeof(owned_t<T>);
    else
      return bytes_;
  }

  void reserve(std::size_t n) { list_.items.reserve(n); }

  /// The records collected so far; the builder is empty afterwards.
  payload take() {
    auto records = size();
    auto held = bytes();
    bytes_ = 0;
    return payload::make(std::exchange(list_, {}), records, held);
  }

private:
  record_list<T> list_;
  std::size_t bytes_ = 0;
};

template <>
class record_list_builder<std::string_view> {
  using text = std::basic_string<char, std::char_traits<char>, page_allocator<char>>;

public:
  /// Throws errc::invalid_argument where the text would be longer than its offsets can tell.
  void push_back(std::string_view record) {
    if (text_->size() + record.size() > std::numeric_limits<std::uint32_t>::max())
      throw error{errc::invalid_argument,
                  "more than 4 GiB of text in one partition: use more partitions"};
    if (ends_.empty())
      text_->reserve(expected_);
    text_->append(record);
    ends_.push_back(static_cast<std::uint32_t>(text_->size()));
  }

  void append(std::span<const std::string_view> records) {
    for (auto record : records)
      push_back(record);
  }

  std::size_t size() const noexcept { return ends_.size(); }
  std::size_t bytes() const noexcept { return text_->size() + ends_.size() * sizeof(ends_[0]); }
  void reserve(std::size_t n) { ends_.reserve(n); }

  payload take() {
    auto records = size();
    auto held = bytes();
    record_list<std::string_view> list;
    list.bytes = *text_;
    expected_ = text_->size();
    list.owner = std::exchange(text_, std::make_shared<text>());
    list.ends = std::exchange(ends_, {});
    return payload::make(std::move(list), records, held);
  }

private:
  std::shared_ptr<text> text_ = std::make_shared<text>();
  std::vector<std::uint32_t> ends_;
  std::size_t expected_ = 0; // bytes: what one builds next is often as long as the last
};

/// A cursor over the records [first, last) of a payload that holds a `record_list<T>`.
template <class T>
result<std::unique_ptr<cursor<T>>> read_records(const payload& source, std::size_t first,
                                                std::size_t last) {
  auto list = source.get<record_list<T>>();
  if (!list)
    return tl::unexpected<error>{list.error()};
  if constexpr (std::is_same_v<T, std::string_view>)
    return std::make_unique<text_cursor>(*std::move(list), first, last);
  else
    return std::make_unique<list_cursor<T>>(*std::move(list), first, last);
}

} // namespace caf_stream::data
