#pragma once

#include <memory>
#include <span>

// How records flow inside a task. A chain of operators is a chain of cursors: each pulls chunks
// from the one above it. There is one virtual call for a chunk and an operator, none for a record.
//
//   source cursor --chunk--> flat_map cursor --chunk--> map cursor --chunk--> shuffle writer

namespace caf_stream::data {

/// A cursor whose record type is known to whoever made it.
class cursor_base {
public:
  virtual ~cursor_base();
};

/// Records of type T, a chunk at a time. Used by one thread.
template <class T>
class cursor : public cursor_base {
public:
  /// The next records; empty at the end, and from then on. The span, and whatever views in it
  /// point to above this operator, stays good until the next call.
  virtual std::span<const T> next() = 0;
};

using any_cursor = std::unique_ptr<cursor_base>;

/// The typed side of a cursor. The typed layer that wires operators guarantees that T is right.
template <class T>
cursor<T>& typed(cursor_base& erased) {
  return static_cast<cursor<T>&>(erased);
}

/// A cursor without records.
template <class T>
class empty_cursor final : public cursor<T> {
public:
  std::span<const T> next() override { return {}; }
};

} // namespace caf_stream::data
