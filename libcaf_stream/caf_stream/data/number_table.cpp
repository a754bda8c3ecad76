#include "caf_stream/data/number_table.hpp"

#include "caf_stream/data/hash_places.ipp"

namespace caf_stream::data {

number_table::number_table(table_seed seed, const slot_layout& layout, cpu_level level)
  : slots_(seed, layout), kernels_(&hash_kernels_for(level)) {}

std::size_t number_table::put(probes& prepared, std::size_t first, std::size_t last,
                              found_slot* out) {
  auto before = slots_.room();
  auto room = before;
  auto done = kernels_->put_numbers(slots_.view(), prepared, first, last, room, out);
  slots_.added(before - room);
  if (done != 0 || first == last)
    return done;
  // The slot of -1 is behind all others, before and after.
  auto* was_last = slots_.view().end;
  slots_.grow();
  for (auto i = first; i < last; ++i)
    prepared.home[i] = prepared.home[i] == was_last ? slots_.view().end
                                                    : home_of_word(slots_.view(), prepared.word[i]);
  return put(prepared, first, last, out);
}

} // namespace caf_stream::data
