#pragma once

#include <cstddef>
#include <memory>

// Where a thread wakes up. When one thread wakes several others at once, Linux often puts them on
// the same processor and takes milliseconds to see that another one idles. A thread that sleeps
// bound to a processor of its own wakes there; while it works it may be moved as any other.

namespace caf_stream {

/// Processors the calling thread may run on.
std::size_t usable_cpus();

/// Of one thread: all members but the constructor are called by it. Where the system cannot bind
/// threads nothing happens.
class home_cpu {
public:
  /// `number` chooses one of the processors that the thread may use: the one with that number,
  /// counted round and round.
  explicit home_cpu(std::size_t number);
  ~home_cpu();

  home_cpu(const home_cpu&) = delete;
  home_cpu& operator=(const home_cpu&) = delete;

  /// Before the thread sleeps: binds it.
  void enter();

  /// Before it works: lets it run where it might before.
  void leave();

private:
  struct cpus;

  std::size_t number_;
  bool inside_ = false;
  std::unique_ptr<cpus> allowed_;
};

} // namespace caf_stream
