#pragma once

#include <cstddef>
#include <new>
#include <type_traits>
#include <utility>

namespace caf_stream::data {

/// A value in a slot of a hash table. Slots move when a table grows, so a value that is large, or
/// that may throw when it is moved, has memory of its own and the slot a pointer to it.
template <class T>
struct cell {
  static constexpr bool boxed = sizeof(T) > 64 || alignof(T) > 8 ||
                                !std::is_nothrow_move_constructible_v<T>;
  static constexpr bool moves_as_bytes = boxed || std::is_trivially_copyable_v<T>;
  static constexpr bool ends_itself = !boxed && std::is_trivially_destructible_v<T>;
  static constexpr std::size_t size = boxed ? sizeof(T*) : sizeof(T);
  static constexpr std::size_t alignment = boxed ? alignof(T*) : alignof(T);

  static T& get(std::byte* at) noexcept {
    if constexpr (boxed)
      return **std::launder(reinterpret_cast<T**>(at));
    else
      return *std::launder(reinterpret_cast<T*>(at));
  }

  /// Makes the value that `make()` returns.
  template <class Make>
  static void construct(std::byte* at, Make&& make) {
    if constexpr (boxed)
      ::new (static_cast<void*>(at)) T*(new T(std::forward<Make>(make)()));
    else
      ::new (static_cast<void*>(at)) T(std::forward<Make>(make)());
  }

  static void destroy(std::byte* at) noexcept {
    if constexpr (boxed)
      delete &get(at);
    else
      get(at).~T();
  }

  static void relocate(std::byte* to, std::byte* from) noexcept {
    if constexpr (boxed) {
      ::new (static_cast<void*>(to)) T*(&get(from));
    } else {
      ::new (static_cast<void*>(to)) T(std::move(get(from)));
      destroy(from);
    }
  }
};

} // namespace caf_stream::data
