#include "caf_stream/actors/block_keeper.hpp"

#include <algorithm>
#include <deque>
#include <list>

#include <caf/event_based_actor.hpp>
#include <caf/stateful_actor.hpp>

#include "caf_stream/actors/post.hpp"
#include "caf_stream/blocks/block_store.hpp"

namespace caf_stream::actors {

namespace {

using blocks::put_result;

// How often it is tried again while something waits: nobody says when a task lets go of what it
// read.
constexpr std::chrono::milliseconds look_again_after{50};

// How many times of these until a disk that failed is tried again.
constexpr int looks_per_disk_retry = 20;

blocks::kept_set kept_set_of(const lineage::dataset_id& id) { return {id.op, id.time, id.path}; }

blocks::kept_partition kept_partition_of(const lineage::dataset_partition& x) {
  return {kept_set_of(x.dataset), x.partition};
}

struct waiting_block {
  store_block message;
  caf::actor generator;
};

// Computed partitions of a task that are not all decided. `done` goes to `asker` when they are.
struct waiting_kept {
  struct part {
    lineage::dataset_partition key;
    lineage::computed_partition content;
    bool writing = false;
  };
  task_done done;
  caf::actor asker;
  std::vector<part> parts;
};

struct block_keeper_state {
  static inline const char* name = "block_keeper";

  caf::event_based_actor* self = nullptr;
  environment_ptr context;
  std::optional<blocks::block_store> store;
  std::deque<waiting_block> waiting;         // for room
  std::map<block_id, waiting_block> writing; // to disk, without ever having had room in memory
  std::list<waiting_kept> undecided;
  std::map<std::uint32_t, caf::actor> workers;
  caf::actor spiller;
  bool looking = false;
  bool cannot_encode = false; // the block whose writing has failed just now
  int looks = 0;              // since the disk failed
  bool told_of_disk = false;
  bool told_of_limit = false;

  ~block_keeper_state() {
    if (!store)
      return;
    auto& counts = store->counts();
    if (counts.spilled + counts.dropped + counts.failed != 0)
      log::info("spilled ", counts.spilled, " blocks and partitions, ",
                to_string(byte_count{counts.spilled_bytes}), " of memory as ",
                to_string(byte_count{counts.file_bytes}), " on disk; ", counts.dropped,
                " partitions were dropped, ", counts.failed, " writes failed");
  }

  // -- blocks ------------------------------------------------------------------------------------

  void on_store(const store_block& e, const caf::actor& generator) {
    if (auto* known = find_waiting(e.info.id)) {
      known->generator = generator;
      post(self, *context, generator, block_waits{e.info.id});
      return;
    }
    // Who came first is served first, or a large block could wait for ever. One that is here
    // already does not wait: it may be what the others wait for.
    auto kept = (waiting.empty() || store->has(e.info.id)) && try_put({e, generator});
    if (!kept && !store->is_writing(e.info.id))
      waiting.push_back({e, generator});
    if (!kept)
      post(self, *context, generator, block_waits{e.info.id});
    step();
  }

  waiting_block* find_waiting(const block_id& id) {
    if (auto i = writing.find(id); i != writing.end())
      return &i->second;
    auto i = std::find_if(waiting.begin(), waiting.end(),
                          [&](auto& other) { return other.message.info.id == id; });
    return i == waiting.end() ? nullptr : &*i;
  }

  // True when the block is kept, which its generator is told.
  bool try_put(const waiting_block& x) {
    auto& id = x.message.info.id;
    auto result = store->put(id, x.message.block, x.message.level);
    if (result == put_result::writing)
      writing.emplace(id, x);
    if (result == put_result::full && uses_disk(x.message.level))
      tell_of_limit();
    if (result != put_result::kept)
      return false;
    post(self, *context, x.generator, block_stored{id});
    return true;
  }

  void serve_blocks() {
    std::vector<waiting_block> back; // the oldest first
    for (auto i = writing.begin(); i != writing.end();) {
      auto& [id, block] = *i;
      if (store->is_writing(id)) {
        ++i;
        continue;
      }
      if (store->has(id)) {
        post(self, *context, block.generator, block_stored{id});
      } else {
        if (cannot_encode) // waits for memory, as one that may not spill
          block.message.level = storage_level::memory_only;
        back.push_back(std::move(block));
      }
      i = writing.erase(i);
    }
    waiting.insert(waiting.begin(), std::make_move_iterator(back.begin()),
                   std::make_move_iterator(back.end()));
    while (!waiting.empty()) {
      if (!try_put(waiting.front()) && !store->is_writing(waiting.front().message.info.id))
        return;
      waiting.pop_front();
    }
  }

  // -- partitions of persisted data sets ---------------------------------------------------------

  void on_store_kept(const store_kept& e, const caf::actor& asker) {
    if (context->jobs.find(e.done.id.job) == nullptr)
      return;
    waiting_kept x{e.done, asker, {}};
    for (auto& [key, content] : e.partitions)
      x.parts.push_back({key, content, false});
    undecided.push_back(std::move(x));
    step();
  }

  // They do not wait for blocks to be forgotten, only for what the spiller is doing: the job that
  // made them may be what everything else waits for.
  void serve_kept() {
    for (auto i = undecided.begin(); i != undecided.end();) {
      std::erase_if(i->parts, [this](auto& part) { return is_decided(part); });
      if (!i->parts.empty()) {
        ++i;
        continue;
      }
      post(self, *context, i->asker, i->done);
      i = undecided.erase(i);
    }
  }

  bool is_decided(waiting_kept::part& x) {
    auto key = kept_partition_of(x.key);
    if (!x.writing) {
      auto result = store->put_kept(key.set, key.partition, x.content.records, x.content.level);
      if (result == put_result::full)
        return true;
      x.writing = result == put_result::writing;
      if (result == put_result::soon || x.writing)
        return false;
    } else if (store->is_writing(key)) {
      return false;
    }
    // Its data set may have been given up meanwhile, and what could not be written is not here.
    if (store->has_kept(key) && !context->kept.add(x.key))
      store->forget_kept(key);
    return true;
  }

  void on_lose_kept(const lose_kept& e) {
    for (auto& partition : e.partitions) {
      context->kept.remove(partition);
      store->forget_kept(kept_partition_of(partition));
    }
    on_room();
  }

  // -- pieces ------------------------------------------------------------------------------------

  // An attempt that was given up may be late: nobody would have its pieces forgotten.
  void on_store_pieces(const store_pieces& e) {
    if (context->jobs.find(e.id.job) != nullptr)
      store->put_pieces({e.id.job, e.id.stage, e.id.partition}, e.pieces);
    step();
  }

  // -- what goes, and what that makes possible ---------------------------------------------------

  void on_forget(const forget_data& e) {
    for (auto& id : e.blocks)
      store->forget(id);
    for (auto& [op, time] : e.kept) {
      store->forget_kept_through(op, time);
      context->kept.remove_through(op, time);
    }
    on_room();
  }

  void on_room() {
    step();
    if (spiller && store->counts().spilled != 0)
      post(self, *context, spiller, remove_files{});
  }

  void on_moved(const records_moved& e) {
    if (e.failure) {
      if (!e.lasting && !std::exchange(told_of_disk, true))
        log::warning(*e.failure, "; blocks stay in memory and receivers wait until it succeeds");
      else if (e.lasting)
        log::warning(*e.failure, "; it stays in memory as it is");
      looks = 0;
      store->failed(e.order, e.lasting);
      cannot_encode = e.lasting;
    } else {
      told_of_disk = told_of_disk && !e.records.is_stored();
      store->finished(e.order, e.records, byte_count{e.file_bytes});
    }
    step();
    cannot_encode = false;
  }

  // Does all that may be done now.
  void step() {
    serve_kept();
    serve_blocks();
    for (auto& x : store->take_dropped())
      context->kept.remove({{x.set.op, x.set.time, x.set.path}, x.partition});
    while (spiller) {
      auto order = store->next_order();
      if (!order)
        break;
      send_order(std::move(*order));
    }
    if (!looking && !(waiting.empty() && writing.empty() && undecided.empty())) {
      looking = true;
      self->delayed_send(self, look_again_after, look_at_clock{});
    }
  }

  void on_look() {
    looking = false;
    if (store->disk_fails() && ++looks >= looks_per_disk_retry) {
      looks = 0;
      store->try_disk_again();
    }
    step();
  }

  void send_order(blocks::move_order order) {
    if (order.to_disk && store->counts().spilled == 0)
      log::info("the memory budget of ", to_string(store->budget()),
                " is used up, or a storage level asks for it: blocks are written to disk");
    post(
      self, *context, spiller,
      move_records{order.number, order.to_disk, std::move(order.what), std::move(order.records)});
  }

  void on_spiller_ready(const caf::actor& who) {
    spiller = who;
    for (auto& order : store->open_orders())
      send_order(std::move(order));
    step();
  }

  void tell_of_limit() {
    if (!store->disk_fails() && !std::exchange(told_of_limit, true))
      log::warning("memory is used up and so are the ", to_string(context->config.spill_bytes()),
                   " of stream.spill-limit, or tasks read all that is in memory: receivers wait");
  }

  // -- tasks -------------------------------------------------------------------------------------

  void on_feed(const feed_task& e, const caf::actor& asker) {
    for (auto& request : e.needs.kept)
      if (request.alone && !store->has_kept(kept_partition_of(request.partition))) {
        post(self, *context, asker,
             task_failed{e.id, to_string(e.id) + ": a persisted partition had to go", true});
        return;
      }
    run_task task;
    task.id = e.id;
    auto inputs = gather(e);
    if (!inputs) {
      post(self, *context, asker, task_failed{e.id, inputs.error().what()});
      return;
    }
    task.inputs = *std::move(inputs);
    // A worker that is being replaced drops the task; who asked watches workers and asks again.
    if (auto i = workers.find(e.slot); i != workers.end())
      post(self, *context, i->second, std::move(task), asker);
  }

  result<lineage::task_inputs> gather(const feed_task& e) {
    lineage::task_inputs inputs;
    for (auto& [partition, values] : e.needs.values)
      inputs.values.emplace(partition, values);
    for (auto& [partition, alone] : e.needs.kept)
      if (auto kept = store->find_kept(kept_set_of(partition.dataset), partition.partition))
        inputs.kept.emplace(partition, std::move(kept));
    for (auto& part : e.needs.blocks) {
      auto block = store->find(part.id);
      if (!block)
        return fail(errc::damaged_data,
                    to_string(e.id) + ": " + to_string(part.id) + " is not kept any more");
      inputs.blocks.emplace(part.id, std::move(block));
    }
    for (auto& request : e.needs.pieces) {
      auto& pieces = inputs.pieces[request.input];
      for (partition_id p = 0; p < request.map_tasks; ++p) {
        auto piece = store->find_piece({e.id.job, request.from_stage, p}, request.input.partition);
        if (!piece)
          return fail(errc::damaged_data, to_string(e.id) + ": the piece of partition " +
                                            std::to_string(p) + " of stage " +
                                            std::to_string(request.from_stage) + " is missing");
        pieces.push_back(*std::move(piece));
      }
    }
    return inputs;
  }
};

} // namespace

caf::actor spawn_block_keeper(caf::actor_system& system, environment_ptr context) {
  return system.spawn(
    [=](caf::stateful_actor<block_keeper_state>* self, no_arguments) -> caf::behavior {
      auto& state = self->state;
      state.self = self;
      state.context = context;
      state.store.emplace(context->config.memory_budget, context->config.spill_bytes());
      auto sender = [self] { return caf::actor_cast<caf::actor>(self->current_sender()); };
      return {
        [=](const store_block& e) { self->state.on_store(e, sender()); },
        [=](const feed_task& e, const caf::actor& asker) { self->state.on_feed(e, asker); },
        [=](const store_pieces& e) { self->state.on_store_pieces(e); },
        [=](const store_kept& e, const caf::actor& asker) { self->state.on_store_kept(e, asker); },
        [=](const lose_kept& e) { self->state.on_lose_kept(e); },
        [=](const forget_kept& e) {
          self->state.store->forget_kept(kept_set_of(e.set));
          self->state.on_room();
        },
        [=](const forget_data& e) { self->state.on_forget(e); },
        [=](const forget_job& e) {
          self->state.store->forget_job(e.job);
          self->state.step();
        },
        [=](const records_moved& e) { self->state.on_moved(e); },
        [=](look_at_clock) { self->state.on_look(); },
        [=](const worker_ready& e, const caf::actor& worker) {
          self->state.workers[e.slot] = worker;
        },
        [=](spiller_ready, const caf::actor& spiller) { self->state.on_spiller_ready(spiller); },
      };
    },
    no_arguments{});
}

} // namespace caf_stream::actors
