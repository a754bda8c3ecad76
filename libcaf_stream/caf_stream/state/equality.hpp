#pragma once

#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

// Whether two states can be compared. Containers have an operator== in any case, which does not
// compile where their elements have none, so these are looked at.

namespace caf_stream::stateful {

namespace equality_detail {

template <class T>
concept compares = requires(const T& a, const T& b) {
  static_cast<bool>(a == b);
};

template <class T>
struct equality {
  static constexpr bool has = compares<T>;
};

template <class T>
  requires requires { typename T::value_type; }
struct equality<T> {
  static constexpr bool has = [] {
    if constexpr (std::is_same_v<typename T::value_type, T>)
      return compares<T>;
    else if constexpr (equality<std::remove_cv_t<typename T::value_type>>::has)
      return compares<T>;
    else
      return false;
  }();
};

template <class A, class B>
struct equality<std::pair<A, B>> {
  static constexpr bool has =
    equality<std::remove_cv_t<A>>::has && equality<std::remove_cv_t<B>>::has;
};

template <class... Ts>
struct equality<std::tuple<Ts...>> {
  static constexpr bool has = (equality<std::remove_cv_t<Ts>>::has && ...);
};

template <class... Ts>
struct equality<std::variant<Ts...>> {
  static constexpr bool has = (equality<Ts>::has && ...);
};

} // namespace equality_detail

/// True where `==` of two T compiles.
template <class T>
inline constexpr bool has_equality_v = equality_detail::equality<T>::has;

} // namespace caf_stream::stateful
