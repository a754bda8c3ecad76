#include "caf_stream/outputs/output_inbox.hpp"

#include <algorithm>

namespace caf_stream {

output_inbox::output_inbox(std::size_t batches) : batches_(std::max<std::size_t>(batches, 1)) {}

bool output_inbox::take(const output_id& id) {
  auto& known = taken_[{id.output_uid, id.partition}];
  if (id.epoch < latest_epoch_ || id.batch_time <= known.forgotten_through ||
      !known.times.insert(id.batch_time).second) {
    ++dropped_;
    return false;
  }
  latest_epoch_ = id.epoch;
  if (known.times.size() > batches_) {
    known.forgotten_through = *known.times.begin();
    known.times.erase(known.times.begin());
  }
  return true;
}

void output_inbox::give_back(const output_id& id) {
  auto i = taken_.find({id.output_uid, id.partition});
  if (i != taken_.end())
    i->second.times.erase(id.batch_time);
}

} // namespace caf_stream
