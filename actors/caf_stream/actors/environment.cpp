#include "caf_stream/actors/environment.hpp"

#include "caf_stream/base/log.hpp"

namespace caf_stream::actors {

void node_roster::put_keeper(caf::actor keeper) {
  std::lock_guard guard{mutex_};
  keeper_ = std::move(keeper);
}

caf::actor node_roster::keeper() const {
  std::lock_guard guard{mutex_};
  return keeper_;
}

void node_roster::put_worker(std::uint32_t slot, caf::actor worker) {
  std::lock_guard guard{mutex_};
  if (closed_)
    return;
  if (workers_.size() <= slot)
    workers_.resize(slot + 1);
  workers_[slot] = std::move(worker);
  changed_.notify_all();
}

caf::actor node_roster::worker(std::uint32_t slot) const {
  std::lock_guard guard{mutex_};
  return slot < workers_.size() ? workers_[slot] : caf::actor{};
}

std::uint32_t node_roster::size() const {
  std::lock_guard guard{mutex_};
  return static_cast<std::uint32_t>(workers_.size());
}

std::vector<caf::actor> node_roster::await_workers(std::uint32_t count) const {
  std::unique_lock guard{mutex_};
  changed_.wait(guard, [&] { return closed_ || workers_.size() >= count; });
  return workers_;
}

caf::actor node_roster::await_replacement(std::uint32_t slot, const caf::actor& gone) const {
  std::unique_lock guard{mutex_};
  changed_.wait(guard, [&] { return closed_ || workers_[slot] != gone; });
  return closed_ ? caf::actor{} : workers_[slot];
}

void node_roster::close() {
  std::lock_guard guard{mutex_};
  closed_ = true;
  keeper_ = nullptr;
  workers_.clear();
  changed_.notify_all();
}

bool kept_index::add(const lineage::dataset_partition& partition) {
  std::lock_guard guard{mutex_};
  if (given_up_.contains(partition.dataset))
    return false;
  kept_[partition.dataset].insert(partition.partition);
  return true;
}

void kept_index::remove(const lineage::dataset_partition& partition) {
  std::lock_guard guard{mutex_};
  if (auto i = kept_.find(partition.dataset); i != kept_.end())
    i->second.erase(partition.partition);
}

void kept_index::give_up(const lineage::dataset_id& set) {
  std::lock_guard guard{mutex_};
  kept_.erase(set);
  given_up_.insert(set);
}

void kept_index::remove_through(operator_id op, batch_time time) {
  std::lock_guard guard{mutex_};
  auto i = kept_.lower_bound({op, batch_time::min(), 0});
  while (i != kept_.end() && i->first.op == op && i->first.time <= time)
    i = kept_.erase(i);
  auto j = given_up_.lower_bound({op, batch_time::min(), 0});
  while (j != given_up_.end() && j->op == op && j->time <= time)
    j = given_up_.erase(j);
}

bool kept_index::complete(const lineage::dataset& set) const {
  std::lock_guard guard{mutex_};
  auto i = kept_.find(set.id());
  return i != kept_.end() && i->second.size() == set.partitions();
}

void role_book::note(const caf::actor& who, std::string role) {
  std::lock_guard guard{mutex_};
  roles_[who.id()] = {std::move(role), who.address()};
}

void role_book::forget(caf::actor_id who) {
  std::lock_guard guard{mutex_};
  roles_.erase(who);
}

std::string role_book::role_of(caf::actor_id who) const {
  std::lock_guard guard{mutex_};
  auto i = roles_.find(who);
  return i == roles_.end() ? std::string{} : i->second.first;
}

std::vector<caf::actor> role_book::in_role(std::string_view role) const {
  std::lock_guard guard{mutex_};
  std::vector<caf::actor> result;
  for (auto& [id, entry] : roles_)
    if (entry.first == role)
      if (auto handle = caf::actor_cast<caf::actor>(entry.second))
        result.push_back(std::move(handle));
  return result;
}

void head_count::enter() {
  std::lock_guard guard{mutex_};
  ++present_;
}

void head_count::leave() {
  std::function<void()> f;
  {
    std::lock_guard guard{mutex_};
    if (--present_ == 0)
      f.swap(when_empty_);
  }
  if (f)
    f();
}

void head_count::when_empty(std::function<void()> f) {
  {
    std::lock_guard guard{mutex_};
    if (present_ != 0) {
      when_empty_ = std::move(f);
      return;
    }
  }
  f();
}

std::uint64_t environment::next_number() {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

void environment::report_death(const std::string& role, const std::string& reason) {
  if (death_reported_.exchange(true))
    return;
  auto text = "the " + role + " of the context died (" + reason +
              "); the context has ended, start the program again";
  log::error(text);
  end.report(std::make_exception_ptr(error{errc::actor_failed, text}));
}

void environment::close() {
  stopping_now = true;
  graph->stop();
  roster.close();
  spill->close();
  end.set_stopped();
}

void environment::observe(message_observer observer) {
  std::lock_guard guard{observer_mutex_};
  observer_ = std::move(observer);
  observed_ = observer_ != nullptr;
}

void environment::tell_observer(caf::actor_id from, caf::actor_id to,
                                std::string_view message) const {
  std::lock_guard guard{observer_mutex_};
  if (observer_)
    observer_(from, to, message);
}

namespace {

thread_local own_thread_mark* innermost = nullptr;
thread_local std::uint64_t receiving_for = 0; // the number of a context

} // namespace

own_thread_mark::own_thread_mark(const environment& context, std::string_view work) noexcept
  : context_(&context), work_(work), outer_(innermost) {
  innermost = this;
}

own_thread_mark::~own_thread_mark() { innermost = outer_; }

bool own_thread_mark::is_set(const environment& context) noexcept {
  for (auto* mark = innermost; mark != nullptr; mark = mark->outer_)
    if (mark->context_ == &context)
      return true;
  return false;
}

std::string_view own_thread_mark::work() noexcept {
  return innermost == nullptr ? std::string_view{} : innermost->work_;
}

void own_thread_mark::note_receiving(const environment& context) noexcept {
  receiving_for = context.number;
}

bool own_thread_mark::is_receiving(const environment& context) noexcept {
  return receiving_for == context.number;
}

} // namespace caf_stream::actors
