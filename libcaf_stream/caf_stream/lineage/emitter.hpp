#pragma once

#include <type_traits>
#include <utility>

#include "caf_stream/codec/owned.hpp"
#include "caf_stream/data/chunk.hpp"

namespace caf_stream::lineage {

/// What `flat_map<U>(f)` hands to `f(record, emit)`: `emit(x)` puts a record out. Good during the
/// call only.
template <class U>
class emitter {
public:
  explicit emitter(data::chunk<U>& out) : out_(&out) {}

  template <class X = U>
    requires(std::is_convertible_v<X&&, U> ||
             std::is_same_v<owned_t<std::remove_cvref_t<X>>, U>) // a view where it is owned
  void operator()(X&& x) const {
    using given = std::remove_cvref_t<X>;
    static_assert(!is_view_v<U> || is_view_v<given> || std::is_lvalue_reference_v<X> ||
                    std::is_trivially_copyable_v<given>,
                  "emit was given a temporary that owns memory where the records are views: emit "
                  "owned records, e.g. flat_map<std::string>");
    out_->push_back(std::forward<X>(x));
  }

private:
  data::chunk<U>* out_;
};

} // namespace caf_stream::lineage
