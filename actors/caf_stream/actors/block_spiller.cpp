#include "caf_stream/actors/block_spiller.hpp"

#include <exception>

#ifdef __GLIBC__
#include <malloc.h>
#endif

#include <caf/event_based_actor.hpp>
#include <caf/stateful_actor.hpp>

#include "caf_stream/actors/post.hpp"

namespace caf_stream::actors {

namespace {

struct block_spiller_state {
  static inline const char* name = "block_spiller";
};

// Blocks are moved because memory is short, but the buffers for it, here and where workers read
// blocks back, would stay with the heap of the thread that had them: as much as several blocks for
// each.
void give_free_memory_back() {
#ifdef __GLIBC__
  ::malloc_trim(0);
#endif
}

void write(const move_records& e, blocks::spill_folder& folder, records_moved& answer) {
  auto spilled = folder.store(e.records, e.what);
  if (spilled) {
    answer.records = std::move(spilled->payload);
    answer.file_bytes = spilled->file_bytes;
  } else {
    answer.failure = spilled.error().what();
    answer.lasting = spilled.error().code() == errc::not_encodable;
  }
}

void encode(const move_records& e, records_moved& answer) {
  auto encoding = e.records.encode();
  auto size = encoding.size();
  answer.records = data::payload::from_encoding(std::move(encoding), e.records.records(), size);
}

// What user code throws when it is to encode itself lasts; memory that is short does not.
records_moved carry_out(const move_records& e, blocks::spill_folder& folder) {
  records_moved answer;
  answer.order = e.order;
  try {
    if (e.to_disk)
      write(e, folder, answer);
    else
      encode(e, answer);
  } catch (const std::exception& failure) {
    answer.failure =
      e.what + " cannot be " + (e.to_disk ? "written: " : "encoded: ") + failure.what();
    answer.lasting = !e.to_disk;
  }
  return answer;
}

} // namespace

caf::actor spawn_block_spiller(caf::actor_system& system, environment_ptr context,
                               caf::actor keeper) {
  return system.spawn<caf::detached>(
    [=](caf::stateful_actor<block_spiller_state>* self, no_arguments) -> caf::behavior {
      if (auto n = context->spill->remove_left_over(); n != 0)
        log::info("removed the spilled blocks of ", n, " processes that are gone");
      return {
        [self, context = context, keeper = keeper](const move_records& e) {
          context->spill->remove_released(); // what is gone makes room
          post(self, *context, keeper, carry_out(e, *context->spill));
          give_free_memory_back();
        },
        [context = context](remove_files) { context->spill->remove_released(); },
      };
    },
    no_arguments{});
}

} // namespace caf_stream::actors
