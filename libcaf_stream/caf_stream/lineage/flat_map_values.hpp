#pragma once

#include "caf_stream/lineage/flat_map.hpp"

namespace caf_stream::lineage {

/// Puts the key of the pair at hand beside each value that `f(v, emit)` emits.
template <class K, class U>
class value_emitter {
public:
  value_emitter(const K& key, emitter<std::pair<K, U>>& out) : key_(key), out_(out) {}

  template <class X = U>
    requires(std::is_convertible_v<X&&, U> ||
             std::is_same_v<owned_t<std::remove_cvref_t<X>>, U>) // a view where it is owned
  void operator()(X&& x) const {
    using given = std::remove_cvref_t<X>;
    static_assert(!is_view_v<U> || is_view_v<given> || std::is_lvalue_reference_v<X> ||
                    std::is_trivially_copyable_v<given>,
                  "emit was given a temporary that owns memory where the values are views: emit "
                  "owned values, e.g. flat_map_values<std::string>");
    out_(std::pair<K, U>(key_, U(std::forward<X>(x))));
  }

private:
  const K& key_;
  emitter<std::pair<K, U>>& out_;
};

/// Pairs (k, v) to a pair (k, u) for each u that `f(v)` has or `f(v, emit)` emits.
template <class K, class V, class U, class F>
dataset_ptr make_flat_map_values(dataset_ptr parent, std::shared_ptr<const F> f) {
  using T = std::pair<K, V>;
  using R = std::pair<K, U>;
  auto on_pair = [f = std::move(f)](const T& x, emitter<R>& out) {
    value_emitter<K, U> emit{x.first, out};
    if constexpr (std::is_invocable_v<const F&, const V&, value_emitter<K, U>&>) {
      std::invoke(*f, x.second, emit);
    } else {
      auto&& range = std::invoke(*f, x.second);
      constexpr bool may_move = !std::is_lvalue_reference_v<decltype(std::invoke(*f, x.second))> &&
                                owns_elements_v<std::remove_cvref_t<decltype(range)>>;
      for (auto&& each : range) {
        if constexpr (may_move)
          out(R(x.first, std::move(each)));
        else
          out(R(x.first, each));
      }
    }
  };
  return make_flat_map<T, R>(std::move(parent),
                             std::make_shared<const decltype(on_pair)>(std::move(on_pair)),
                             "flat_map_values");
}

} // namespace caf_stream::lineage
