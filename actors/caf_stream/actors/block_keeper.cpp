#include "caf_stream/actors/block_keeper.hpp"

#include <deque>

#include <caf/event_based_actor.hpp>
#include <caf/stateful_actor.hpp>

#include "caf_stream/actors/post.hpp"
#include "caf_stream/blocks/block_store.hpp"

namespace caf_stream::actors {

namespace {

blocks::kept_set kept_set_of(const lineage::dataset_id& id) { return {id.op, id.time, id.path}; }

struct waiting_block {
  data::block_info info;
  data::payload block;
  caf::actor generator;
};

struct block_keeper_state {
  static inline const char* name = "block_keeper";

  caf::event_based_actor* self = nullptr;
  environment_ptr context;
  std::optional<blocks::block_store> store;
  std::deque<waiting_block> waiting;
  std::map<std::uint32_t, caf::actor> workers;

  void on_store(const store_block& e, const caf::actor& generator) {
    // Who came first is served first, or a large block could wait for ever. One that is here
    // already does not wait: it may be what the others wait for.
    if ((waiting.empty() || store->find(e.info.id)) &&
        store->put(e.info.id, e.block) == blocks::put_result::kept) {
      post(self, *context, generator, block_stored{e.info.id});
      return;
    }
    for (auto& other : waiting)
      if (other.info.id == e.info.id) {
        other.generator = generator;
        return;
      }
    waiting.push_back({e.info, e.block, generator});
    post(self, *context, generator, block_waits{e.info.id});
  }

  void serve_waiting() {
    while (!waiting.empty()) {
      auto& first = waiting.front();
      if (store->put(first.info.id, first.block) != blocks::put_result::kept)
        return;
      post(self, *context, first.generator, block_stored{first.info.id});
      waiting.pop_front();
    }
  }

  void on_forget(const forget_data& e) {
    for (auto& id : e.blocks)
      store->forget(id);
    for (auto& [op, time] : e.kept) {
      store->forget_kept_through(op, time);
      context->kept.remove_through(op, time);
    }
    serve_waiting();
  }

  // An attempt that was given up may be late: nobody would have its pieces forgotten.
  void on_store_pieces(const store_pieces& e) {
    if (context->jobs.find(e.id.job) != nullptr)
      store->put_pieces({e.id.job, e.id.stage, e.id.partition}, e.pieces);
  }

  void on_store_kept(const store_kept& e, const caf::actor& asker) {
    if (context->jobs.find(e.done.id.job) == nullptr)
      return;
    for (auto& [partition, records] : e.partitions)
      if (store->put_kept(kept_set_of(partition.dataset), partition.partition, records) ==
          blocks::put_result::kept)
        context->kept.add(partition);
    post(self, *context, asker, e.done);
  }

  void on_feed(const feed_task& e, const caf::actor& asker) {
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
    for (auto& partition : e.needs.kept)
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
      state.store.emplace(context->config.memory_budget);
      auto sender = [self] { return caf::actor_cast<caf::actor>(self->current_sender()); };
      return {
        [=](const store_block& e) { self->state.on_store(e, sender()); },
        [=](const feed_task& e, const caf::actor& asker) { self->state.on_feed(e, asker); },
        [=](const store_pieces& e) { self->state.on_store_pieces(e); },
        [=](const store_kept& e, const caf::actor& asker) { self->state.on_store_kept(e, asker); },
        [=](const forget_data& e) { self->state.on_forget(e); },
        [=](const forget_job& e) {
          self->state.store->forget_job(e.job);
          self->state.serve_waiting();
        },
        [=](const worker_ready& e, const caf::actor& worker) {
          self->state.workers[e.slot] = worker;
        },
      };
    },
    no_arguments{});
}

} // namespace caf_stream::actors
