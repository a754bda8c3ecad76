#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "caf_stream/base/error.hpp"
#include "caf_stream/codec/bytes.hpp"
#include "caf_stream/codec/envelope.hpp"

// How the flat record types are laid out in columns. `column_format<T>` has
//
//   type      what a record is read as: strings become views
//   columns   how many columns there are
//   kind()    the tag that says which
//   write     appends the columns of what `project(record)` gives for each record
//   reader    open() takes its columns and checks them, next() gives one record after the other

namespace caf_stream::codec {

template <class T>
struct column_format {
  static constexpr bool exists = false;
};

namespace column_detail {

template <class T>
concept number = ((std::is_integral_v<T> && !std::is_same_v<T, bool>) ||
                  std::is_floating_point_v<T> || std::is_enum_v<T>)&&sizeof(T) <= 8;

template <class T>
concept text = std::is_same_v<T, std::string> || std::is_same_v<T, std::string_view>;

template <class T>
constexpr char letter() {
  if constexpr (std::is_enum_v<T>)
    return letter<std::underlying_type_t<T>>();
  else if constexpr (std::is_floating_point_v<T>)
    return 'f';
  else
    return std::is_signed_v<T> ? 'i' : 'u';
}

} // namespace column_detail

template <column_detail::number T>
struct column_format<T> {
  static constexpr bool exists = true;
  static constexpr std::size_t columns = 1;
  using type = T;

  static std::string kind() {
    return {column_detail::letter<T>(), static_cast<char>('0' + sizeof(T))};
  }

  template <class Record, class Project>
  static void write(bytes& out, std::span<const Record> records, Project project) {
    auto* at = append_column(out, records.size() * sizeof(T));
    for (const auto& record : records) {
      const T x = project(record);
      std::memcpy(at, &x, sizeof(T));
      at += sizeof(T);
    }
  }

  class reader {
  public:
    bool open(const std::string_view*& column, std::uint64_t count) {
      const auto from = *column++;
      at_ = from.data();
      return from.size() % sizeof(T) == 0 && from.size() / sizeof(T) == count;
    }
    T next() {
      T x;
      std::memcpy(&x, at_, sizeof(T));
      at_ += sizeof(T);
      return x;
    }

  private:
    const char* at_ = nullptr;
  };
};

template <>
struct column_format<bool> {
  static constexpr bool exists = true;
  static constexpr std::size_t columns = 1;
  using type = bool;

  static std::string kind() { return "b"; }

  template <class Record, class Project>
  static void write(bytes& out, std::span<const Record> records, Project project) {
    auto* at = append_column(out, records.size());
    for (const auto& record : records)
      *at++ = project(record) ? 1 : 0;
  }

  class reader {
  public:
    bool open(const std::string_view*& column, std::uint64_t count) {
      const auto from = *column++;
      at_ = from.data();
      return from.size() == count &&
             from.find_first_not_of(std::string_view{"\0\1", 2}) == std::string_view::npos;
    }
    bool next() { return *at_++ != 0; }

  private:
    const char* at_ = nullptr;
  };
};

template <column_detail::text T>
struct column_format<T> {
  static constexpr bool exists = true;
  static constexpr std::size_t columns = 2;
  using type = std::string_view;

  static std::string kind() { return "s"; }

  template <class Record, class Project>
  static void write(bytes& out, std::span<const Record> records, Project project) {
    auto* length_at = append_column(out, records.size() * sizeof(std::uint32_t));
    std::size_t total = 0;
    for (const auto& record : records) {
      const std::size_t size = project(record).size();
      total += size;
      store_raw(length_at, static_cast<std::uint32_t>(size));
      length_at += sizeof(std::uint32_t);
    }
    auto* at = append_column(out, total); // refuses a length cut to 32 bits above
    for (const auto& record : records) {
      const std::string_view x = project(record);
      if (!x.empty())
        std::memcpy(at, x.data(), x.size());
      at += x.size();
    }
  }

  class reader {
  public:
    bool open(const std::string_view*& column, std::uint64_t count) {
      const auto lengths = *column++;
      const auto bytes = *column++;
      length_at_ = lengths.data();
      at_ = bytes.data();
      return lengths_fit(lengths, count, bytes.size());
    }
    std::string_view next() {
      const std::size_t size = load_raw<std::uint32_t>(length_at_);
      length_at_ += sizeof(std::uint32_t);
      const std::string_view x{at_, size};
      at_ += size;
      return x;
    }

  private:
    const char* length_at_ = nullptr;
    const char* at_ = nullptr;
  };
};

namespace column_detail {

template <class Tuple, class Indices>
struct tuple_format;

/// Pairs and tuples: the columns of their elements, one after the other.
template <class Tuple, std::size_t... Is>
struct tuple_format<Tuple, std::index_sequence<Is...>> {
  template <std::size_t I>
  using element = column_format<std::tuple_element_t<I, Tuple>>;

  static constexpr bool exists = true;
  static constexpr std::size_t columns = (element<Is>::columns + ...);

  static std::string kind() {
    std::string result;
    ((result += (Is == 0 ? "(" : ","), result += element<Is>::kind()), ...);
    return result + ")";
  }

  template <class Record, class Project>
  static void write(bytes& out, std::span<const Record> records, Project project) {
    (element<Is>::write(
       out, records,
       [project](const Record& record) -> const auto& { return std::get<Is>(project(record)); }),
     ...);
  }

  template <class Decoded>
  class reader {
  public:
    bool open(const std::string_view*& column, std::uint64_t count) {
      return (std::get<Is>(readers_).open(column, count) && ...);
    }
    Decoded next() { return Decoded{std::get<Is>(readers_).next()...}; }

  private:
    std::tuple<typename element<Is>::reader...> readers_;
  };
};

} // namespace column_detail

template <class A, class B>
  requires(column_format<A>::exists&& column_format<B>::exists)
struct column_format<std::pair<A, B>>
  : column_detail::tuple_format<std::pair<A, B>, std::index_sequence<0, 1>> {
  using type = std::pair<typename column_format<A>::type, typename column_format<B>::type>;
  using reader =
    typename column_detail::tuple_format<std::pair<A, B>,
                                         std::index_sequence<0, 1>>::template reader<type>;
};

template <class... Ts>
  requires(sizeof...(Ts) > 0 && (column_format<Ts>::exists && ...))
struct column_format<std::tuple<Ts...>>
  : column_detail::tuple_format<std::tuple<Ts...>, std::index_sequence_for<Ts...>> {
  using type = std::tuple<typename column_format<Ts>::type...>;
  using reader =
    typename column_detail::tuple_format<std::tuple<Ts...>,
                                         std::index_sequence_for<Ts...>>::template reader<type>;
};

} // namespace caf_stream::codec
