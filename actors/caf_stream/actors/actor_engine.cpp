#include "caf_stream/actors/actor_engine.hpp"

#include <algorithm>
#include <cstdio>
#include <mutex>
#include <thread>

#include <caf/scoped_actor.hpp>

#include "caf_stream/actors/post.hpp"
#include "caf_stream/actors/root_supervisor.hpp"
#include "caf_stream/base/batch_mark.hpp"
#include "caf_stream/batch/job_core.hpp"

namespace caf_stream::actors {

namespace {

// How often a waiting job looks whether the context is being ended, and a lost worker replaced.
constexpr std::chrono::milliseconds look_around{20};

/// Runs one job from the thread that asked for it: sends tasks where job_core says and waits.
class job_driver {
public:
  job_driver(caf::actor_system& system, environment& context,
             const std::shared_ptr<const exec::active_job>& job)
    : self_(system), context_(context), job_(*job),
      workers_(context.roster.await_workers(context.config.workers)),
      keeper_(context.roster.keeper()),
      core_(job_.id, job_.plan,
            static_cast<std::uint32_t>(std::max<std::size_t>(workers_.size(), 1)),
            static_cast<std::uint32_t>(context.config.task.max_attempts)) {
    context_.jobs.add(job); // where workers find it
    for (auto& worker : workers_)
      self_->monitor(worker);
  }

  ~job_driver() {
    for (auto& worker : workers_)
      if (worker)
        self_->demonitor(worker.address());
    // In this order: whatever a late task still brings to the keeper is forgotten or refused there.
    context_.jobs.remove(job_.id);
    if (keeper_ && job_.plan.stages.size() > 1)
      post(self_.ptr(), context_, keeper_, forget_job{job_.id});
  }

  /// One result a partition of the last stage; without those that are left of an outdated plan.
  std::vector<std::optional<data::payload>> run() {
    for (;;) {
      if (context_.stopping_now || workers_.empty())
        throw error{errc::stopped, job_.description + " was given up: the context is stopping"};
      send_tasks();
      if (core_.finished())
        break;
      wait();
    }
    if (core_.failure())
      throw error{errc::task_failed, *core_.failure()};
    return core_.take_results();
  }

private:
  void send_tasks() {
    auto me = caf::actor_cast<caf::actor>(self_.address());
    for (auto& launch : core_.launches()) {
      auto needs = job_.plan.needs(launch.id.stage, launch.id.partition);
      if (needs.empty()) {
        lineage::task_inputs inputs;
        for (auto& [partition, values] : needs.values)
          inputs.values.emplace(partition, std::move(values));
        post(self_.ptr(), context_, workers_[launch.slot], run_task{launch.id, std::move(inputs)},
             me);
      } else {
        post(self_.ptr(), context_, keeper_, feed_task{launch.id, launch.slot, std::move(needs)},
             me);
      }
    }
  }

  void wait() {
    self_->receive([this](const task_done& e) { core_.on_finished(e.id, e.result); },
                   [this](const task_failed& e) {
                     log::debug(e.why);
                     if (e.outdated)
                       core_.on_outdated(e.id);
                     else
                       core_.on_failed(e.id, e.why);
                     look_for_replaced();
                   },
                   [this](const caf::down_msg& down) { on_down(down.source); },
                   caf::after(look_around) >> [this] { look_for_replaced(); });
  }

  // A worker whose task took too long still lives when another one takes its place.
  void look_for_replaced() {
    if (!context_.config.task.deadline)
      return;
    for (std::uint32_t slot = 0; slot < workers_.size(); ++slot) {
      auto present = context_.roster.worker(slot);
      if (!present || present == workers_[slot])
        continue;
      self_->demonitor(workers_[slot].address());
      workers_[slot] = std::move(present);
      self_->monitor(workers_[slot]);
      core_.on_worker_lost(slot);
    }
  }

  void on_down(const caf::actor_addr& who) {
    for (std::uint32_t slot = 0; slot < workers_.size(); ++slot)
      if (workers_[slot] == who) {
        workers_[slot] = context_.roster.await_replacement(slot, workers_[slot]);
        if (!workers_[slot]) {
          workers_.clear();
          return;
        }
        self_->monitor(workers_[slot]);
        core_.on_worker_lost(slot);
        return;
      }
  }

  caf::scoped_actor self_;
  environment& context_;
  const exec::active_job& job_;
  std::vector<caf::actor> workers_;
  caf::actor keeper_; // known once there are workers
  batch::job_core core_;
};

class engine_of_actors final : public actor_engine {
public:
  engine_of_actors(caf::actor_system& system, const settings& config,
                   std::shared_ptr<graph::stream_graph> graph)
    : system_(system), context_(std::make_shared<environment>()) {
    context_->config = config;
    context_->time = config.clock ? config.clock : default_clock();
    context_->graph = std::move(graph);
    context_->inboxes = std::make_shared<ingest::shared_budget>(config.memory_budget.value / 2);
    context_->seed = data::draw_table_seed();
    context_->states = std::make_shared<stateful::state_store>(config.memory_budget);
    context_->spill = std::make_shared<blocks::spill_folder>(config.spill_dir);
  }

  ~engine_of_actors() override {
    request_stop(false, std::nullopt);
    if (!on_own_thread())
      await_stopped(std::nullopt);
  }

  std::vector<data::payload> run(engine::job_request request) override {
    if (request.partitions.empty())
      return {};
    wake();
    std::vector<data::payload> results(request.partitions.size());
    std::vector<std::size_t> left; // places of what is not computed yet
    for (std::size_t i = 0; i < results.size(); ++i)
      left.push_back(i);
    // What a plan counts on may be gone before its tasks read it. A plan that counts on nothing is
    // never outdated.
    for (std::size_t round = 0; !left.empty(); ++round) {
      auto job = make_job(request, left, round < context_->config.task.max_attempts);
      auto done = job_driver{system_, *context_, job}.run();
      std::vector<std::size_t> undone;
      for (std::size_t i = 0; i < left.size(); ++i)
        if (done[i])
          results[left[i]] = *std::move(done[i]);
        else
          undone.push_back(left[i]);
      left = std::move(undone);
    }
    return results;
  }

  void unpersist(const lineage::dataset_ptr& set) override {
    if (set->level() == storage_level::none)
      return;
    set->stop_keeping();
    if (set->level() != storage_level::none)
      return; // what cannot be computed again stays as long as its batch
    context_->kept.give_up(set->id());
    if (auto keeper = context_->roster.keeper())
      post_anonymously(*context_, keeper, forget_kept{set->id()});
  }

  data::table_seed seed() const override { return context_->seed; }

  std::uint32_t workers() const override {
    return static_cast<std::uint32_t>(context_->config.workers);
  }

  std::uint32_t default_partitions() const override {
    return static_cast<std::uint32_t>(context_->config.partitions());
  }

  void start() override {
    wake();
    starter_ = std::this_thread::get_id();
    post_anonymously(*context_, root_, begin_streams{});
  }

  void request_stop(bool gracefully, std::optional<duration> timeout) override {
    std::lock_guard guard{mutex_};
    if (!gracefully)
      context_->stopping_now = true;
    if (root_)
      post_anonymously(*context_, root_, stop_streams{gracefully, timeout});
    else
      context_->end.set_stopped();
  }

  bool await_stopped(std::optional<std::chrono::steady_clock::time_point> deadline) override {
    return context_->end.await_stopped(deadline);
  }

  bool await_termination(std::optional<std::chrono::steady_clock::time_point> deadline) override {
    return context_->end.await(deadline);
  }

  // A program's main thread may feed a receiver by hand, and no receiver joins it.
  bool on_own_thread() const override {
    return own_thread_mark::is_set(*context_) ||
           (own_thread_mark::is_receiving(*context_) && std::this_thread::get_id() != starter_);
  }

  engine::listener_list& listeners() override { return context_->listeners; }

  void report_loss(loss_info loss) override {
    std::lock_guard guard{mutex_};
    if (root_)
      post_anonymously(*context_, root_, records_lost{std::move(loss)});
  }

  environment& shared() override { return *context_; }
  std::shared_ptr<environment> share() override { return context_; }

private:
  // The first who needs them brings the actors to life.
  void wake() {
    std::lock_guard guard{mutex_};
    if (context_->end.stopped())
      throw error{errc::stopped, "the context has been stopped"};
    if (!root_) {
      root_ = spawn_root_supervisor(system_, context_);
      context_->roles.note(root_, "root_supervisor");
      root_->attach_functor([context = context_](const caf::error& reason) {
        if (context->end.stopped())
          return;
        context->report_death("root_supervisor", to_string(reason));
        context->stopping_now = true;
        context->roster.close();
        context->user_code.when_empty([context] { context->close(); });
      });
    }
  }

  std::shared_ptr<const exec::active_job> make_job(const engine::job_request& request,
                                                   const std::vector<std::size_t>& places,
                                                   bool count_on_kept) {
    std::vector<partition_id> partitions;
    for (auto place : places)
      partitions.push_back(request.partitions[place]);
    auto job = std::make_shared<exec::active_job>();
    job->id = context_->next_job++;
    // Data sets made outside of batches have no time of their own.
    job->time = current_batch().value_or(request.target->id().time);
    job->description = describe(request);
    job->seed = context_->seed;
    job->plan = plan::compile(request.target, std::move(partitions), [&](auto& set) {
      return count_on_kept && context_->kept.complete(set);
    });
    job->action = request.action;
    job->states = context_->states;
    if (context_->config.explain)
      explain(*job);
    return job;
  }

  static std::string describe(const engine::job_request& request) {
    std::string result{own_thread_mark::work()};
    if (result.empty())
      return request.description;
    return request.description.empty() ? result : result + " (" + request.description + ")";
  }

  static void explain(const exec::active_job& job) {
    auto text = "batch " + std::to_string(to_millis(job.time)) + " ms, " + job.description + "\n" +
                job.plan.explain();
    std::fputs(text.c_str(), stderr);
  }

  caf::actor_system& system_;
  environment_ptr context_;
  std::mutex mutex_;
  caf::actor root_;
  std::atomic<std::thread::id> starter_{};
};

} // namespace

std::shared_ptr<actor_engine> make_actor_engine(caf::actor_system& system, const settings& config,
                                                std::shared_ptr<graph::stream_graph> graph) {
  return std::make_shared<engine_of_actors>(system, config, std::move(graph));
}

} // namespace caf_stream::actors
