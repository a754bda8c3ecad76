#include "caf_stream/base/home_cpu.hpp"

#include <algorithm>

#ifdef __linux__

#include <sched.h>

namespace caf_stream {

struct home_cpu::cpus {
  cpu_set_t set;
};

std::size_t usable_cpus() {
  cpu_set_t set;
  if (::sched_getaffinity(0, sizeof set, &set) != 0)
    return 1;
  return static_cast<std::size_t>(std::max(CPU_COUNT(&set), 1));
}

home_cpu::home_cpu(std::size_t number) : number_(number), allowed_(std::make_unique<cpus>()) {}

void home_cpu::enter() {
  auto& allowed = allowed_->set;
  if (inside_ || ::sched_getaffinity(0, sizeof allowed, &allowed) != 0)
    return;
  auto left = number_ % static_cast<std::size_t>(std::max(CPU_COUNT(&allowed), 1));
  for (std::size_t cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (!CPU_ISSET(cpu, &allowed) || left-- != 0)
      continue;
    cpu_set_t home;
    CPU_ZERO(&home);
    CPU_SET(cpu, &home);
    inside_ = ::sched_setaffinity(0, sizeof home, &home) == 0;
    return;
  }
}

void home_cpu::leave() {
  if (inside_ && ::sched_setaffinity(0, sizeof allowed_->set, &allowed_->set) == 0)
    inside_ = false;
}

} // namespace caf_stream

#else

#include <thread>

namespace caf_stream {

struct home_cpu::cpus {};

std::size_t usable_cpus() { return std::max(std::thread::hardware_concurrency(), 1U); }

home_cpu::home_cpu(std::size_t number) : number_(number) {}
void home_cpu::enter() {}
void home_cpu::leave() {}

} // namespace caf_stream

#endif

namespace caf_stream {

home_cpu::~home_cpu() = default;

} // namespace caf_stream
