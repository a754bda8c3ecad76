#pragma once

#include <optional>
#include <utility>

#include <rapidcheck.h>

// Optionals for rapidcheck, which prints the seed of a property that fails.

namespace rc {

template <class T>
struct Arbitrary<std::optional<T>> {
  static Gen<std::optional<T>> arbitrary() {
    return gen::oneOf(gen::just(std::optional<T>{}), gen::map(gen::arbitrary<T>(), [](T x) {
                        return std::optional<T>{std::move(x)};
                      }));
  }
};

} // namespace rc
