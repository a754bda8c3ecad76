#include "caf_stream/graph/broadcast_list.hpp"

#include <algorithm>

namespace caf_stream::graph {

std::shared_ptr<broadcast_values> broadcast_list::add(broadcast_values::value first) {
  auto made = std::make_shared<broadcast_values>(std::move(first));
  std::lock_guard guard{mutex_};
  made->begin_batch(begun_);
  all_.push_back(made);
  return made;
}

template <class F>
void broadcast_list::for_each(F f) {
  std::erase_if(all_, [](auto& each) { return each.expired(); });
  for (auto& each : all_)
    if (auto values = each.lock())
      f(*values);
}

void broadcast_list::begin_batch(batch_time t) {
  std::lock_guard guard{mutex_};
  begun_ = std::max(begun_, t);
  for_each([t](broadcast_values& each) { each.begin_batch(t); });
}

void broadcast_list::forget_through(batch_time t) {
  std::lock_guard guard{mutex_};
  for_each([t](broadcast_values& each) { each.forget_through(t); });
}

} // namespace caf_stream::graph
