#include "caf_stream/ingest/receiver_port.hpp"

namespace caf_stream::ingest {

receiver_port::~receiver_port() = default;

any_receiver::~any_receiver() = default;

receiver_source::~receiver_source() = default;

receiver_port& any_receiver::port() const {
  if (port_ == nullptr)
    throw error{errc::invalid_state, "a receiver cannot store records before it is started"};
  return *port_;
}

} // namespace caf_stream::ingest
