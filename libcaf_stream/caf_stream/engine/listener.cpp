#include "caf_stream/engine/listener.hpp"

#include <algorithm>

namespace caf_stream {

streaming_listener::~streaming_listener() = default;

namespace engine {

void listener_list::add(std::shared_ptr<streaming_listener> listener) {
  std::lock_guard guard{mutex_};
  listeners_.push_back(std::move(listener));
}

void listener_list::remove(const std::shared_ptr<streaming_listener>& listener) {
  std::lock_guard guard{mutex_};
  auto i = std::find(listeners_.begin(), listeners_.end(), listener);
  if (i != listeners_.end())
    listeners_.erase(i);
}

std::vector<std::shared_ptr<streaming_listener>> listener_list::all() const {
  std::lock_guard guard{mutex_};
  return listeners_;
}

} // namespace engine

} // namespace caf_stream
