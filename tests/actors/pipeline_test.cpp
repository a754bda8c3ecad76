// A batch is a pipeline of actors, wired by messages: who sends what to whom.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <set>
#include <sstream>

#include <doctest/doctest.h>

#include "caf_stream/actors/actor_engine.hpp"
#include "caf_stream/actors/environment.hpp"
#include "caf_stream/testing.hpp"
#include "support/numbers.hpp"
#include "support/source_folder.hpp"

using namespace caf_stream;

namespace {

struct sent {
  std::string from, to, message;
  friend bool operator==(const sent&, const sent&) = default;
};

// Whom each actor is taken for: its role, or `asker` for the thread that waits for a job.
class wire_tap {
public:
  explicit wire_tap(streaming_context& context)
    : shared_(dynamic_cast<actors::actor_engine&>(*context.core()->engine).shared()) {
    shared_.observe([this](caf::actor_id from, caf::actor_id to, std::string_view message) {
      std::lock_guard guard{mutex_};
      heard_.push_back({name(from), name(to), std::string{message}});
    });
  }

  ~wire_tap() { shared_.observe(nullptr); }

  std::vector<sent> heard() const {
    std::lock_guard guard{mutex_};
    return heard_;
  }

private:
  std::string name(caf::actor_id id) const {
    auto role = shared_.roles.role_of(id);
    return role.empty() ? "asker" : role;
  }

  actors::environment& shared_;
  mutable std::mutex mutex_;
  std::vector<sent> heard_;
};

std::size_t times(const std::vector<sent>& all, const sent& x) {
  return static_cast<std::size_t>(std::count(all.begin(), all.end(), x));
}

// Where the first message of this kind stands.
std::size_t place(const std::vector<sent>& all, const std::string& message) {
  auto i = std::find_if(all.begin(), all.end(), [&](auto& x) { return x.message == message; });
  return static_cast<std::size_t>(i - all.begin());
}

std::string content_of(const std::filesystem::path& file) {
  std::ifstream in{file};
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

} // namespace

TEST_SUITE("actors.pipeline") {

  TEST_CASE("a batch of word count goes from keeper to map workers to keeper to reduce workers") {
    testing::run_options options;
    options.workers = 2;
    options.partitions = 3;
    testing::batch_driver driver{options};
    auto words = testing::stream_of<std::string>(
      driver.context(), {{"to be or", "not to be", "that is", "the question"}}, 1, 4);
    words.flat_map(split_words)
      .map([](const std::string& word) {
        return std::pair{word, std::int64_t{1}};
      })
      .reduce_by_key(std::plus{})
      .foreach_rdd([](const rdd<std::pair<std::string, std::int64_t>>& batch) {
        CHECK(batch.collect().size() == 8);
      });
    wire_tap tap{driver.context()};
    driver.run(1);
    auto heard = tap.heard();

    // The clock ticks, the ledger decides, the inputs are picked, a job runner runs the output.
    // (A clock that is due at once may tick before its role has been noted.)
    CHECK(std::count_if(heard.begin(), heard.end(), [](auto& x) { return x.message == "tick"; }) ==
          1);
    CHECK(times(heard, {"batch_scheduler", "block_ledger", "decide_batch"}) == 1);
    CHECK(times(heard, {"block_ledger", "batch_scheduler", "batch_decided"}) == 1);
    CHECK(times(heard, {"batch_scheduler", "input_picker", "pick_inputs"}) == 1);
    CHECK(times(heard, {"input_picker", "batch_scheduler", "inputs_picked"}) == 1);
    CHECK(times(heard, {"batch_scheduler", "job_runner", "run_output"}) == 1);
    CHECK(times(heard, {"job_runner", "batch_scheduler", "output_finished"}) == 1);

    // Four map tasks, whose input the driver has, make pieces; three reduce tasks are fed them.
    CHECK(times(heard, {"asker", "partition_worker", "run_task"}) == 4);
    CHECK(times(heard, {"partition_worker", "block_keeper", "store_pieces"}) == 4);
    CHECK(times(heard, {"asker", "block_keeper", "feed_task"}) == 3);
    CHECK(times(heard, {"block_keeper", "partition_worker", "run_task"}) == 3);
    CHECK(times(heard, {"partition_worker", "asker", "task_done"}) == 7);
    CHECK(times(heard, {"asker", "block_keeper", "forget_job"}) == 1);

    auto order = {"tick",         "decide_batch", "batch_decided", "run_output",     "run_task",
                  "store_pieces", "feed_task",    "forget_job",    "output_finished"};
    std::size_t before = 0;
    for (auto* message : order) {
      CAPTURE(message);
      auto here = place(heard, message);
      CHECK(here >= before);
      CHECK(here < heard.size());
      before = here;
    }
  }

  TEST_CASE("what a persisted stream computed is kept before the job is done") {
    testing::batch_driver driver{{}};
    auto numbers = testing::stream_of<int>(driver.context(), {{1, 2, 3, 4}}, 1, 2);
    auto kept = numbers.map([](int x) { return 2 * x; }).persist();
    kept.foreach_rdd([](const rdd<int>& batch) { CHECK(batch.count() == 4); });
    kept.foreach_rdd([](const rdd<int>& batch) { CHECK(batch.count() == 4); });
    wire_tap tap{driver.context()};
    driver.run(1);
    auto heard = tap.heard();
    CHECK(times(heard, {"partition_worker", "block_keeper", "store_kept"}) == 2);
    CHECK(times(heard, {"block_keeper", "asker", "task_done"}) == 2);
    CHECK(times(heard, {"partition_worker", "asker", "task_done"}) == 2);
  }

  TEST_CASE("actors send with post, and with CAF's own means only to themselves, later") {
    auto folder = test::source_folder() / "actors/caf_stream/actors";
    std::size_t files = 0;
    for (auto& entry : std::filesystem::directory_iterator{folder}) {
      auto name = entry.path().filename().string();
      if (name == "post.hpp")
        continue;
      ++files;
      std::istringstream lines{content_of(entry.path())};
      for (std::string line; std::getline(lines, line);) {
        CAPTURE(name);
        CAPTURE(line);
        auto code = line.substr(0, line.find("//"));
        for (auto* word : {"->send(", ".send(", " send(", "->request(", "->delegate(", "->mail("})
          CHECK(code.find(word) == std::string::npos);
        if (code.find("delayed_send(") != std::string::npos)
          CHECK(code.find("self->delayed_send(self, ") != std::string::npos);
        // A clock that is moved by hand wakes its actor from a thread that is none.
        if (code.find("anon_send(") != std::string::npos)
          CHECK(name == "batch_clock.cpp");
      }
    }
    CHECK(files > 30);
  }

  // Or what it has stored when the clock ticks would be in the batch after that.
  TEST_CASE("the ledger knows of a block generator before a receiver begins") {
    testing::batch_driver driver{{}};
    auto source = std::make_shared<test::number_source>(0, 10);
    driver.context().receiver_stream<test::number_receiver>(source).foreach_rdd([](const auto&) {});
    wire_tap tap{driver.context()};
    std::vector<sent> heard;
    do {
      driver.run(1);
      heard = tap.heard();
    } while (place(heard, "begin_receiving") == heard.size());
    CHECK(place(heard, "generator_ready") < place(heard, "begin_receiving"));
  }
}
