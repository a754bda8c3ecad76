// What streams are fed with and how a context lives, from tests/vectors/sources.json: each vector
// names one of the checks below. The file also lists what is tested elsewhere, and why.

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <functional>
#include <map>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "caf_stream/ingest/rate_estimator.hpp"
#include "caf_stream/ingest/rate_limiter.hpp"
#include "caf_stream/streaming_context.hpp"
#include "support/engine.hpp"
#include "support/files.hpp"
#include "support/line_server.hpp"
#include "support/temp_folder.hpp"
#include "support/vectors.hpp"

using namespace caf_stream;
using namespace std::chrono_literals;
using nlohmann::json;
using test::manual_context;
using test::read_vectors;
namespace fs = std::filesystem;

namespace {

using strings = std::vector<std::string>;

// -- plain classes -------------------------------------------------------------------------------

ingest::rate_estimator_options options_of(const json& given) {
  ingest::rate_estimator_options result;
  result.batch_interval = duration{given.value("batch_interval", 1000)};
  result.proportional = given.value("proportional", 1.0);
  result.integral = given.value("integral", 0.2);
  result.derived = given.value("derived", 0.0);
  result.min_rate = given.value("min_rate", 100.0);
  return result;
}

void rate_estimates(const json& vector) {
  ingest::rate_estimator estimator{options_of(vector.at("options"))};
  auto result = json::array();
  for (auto& [end, records, ran, waited] :
       vector.at("batches")
         .get<std::vector<std::tuple<std::int64_t, std::int64_t, std::int64_t, std::int64_t>>>()) {
    auto rate = estimator.compute(from_millis(end), records, duration{ran}, duration{waited});
    result.push_back(rate ? json(*rate) : json(nullptr));
  }
  auto& expected = vector.at("expected");
  REQUIRE(result.size() == expected.size());
  for (std::size_t i = 0; i < result.size(); ++i) {
    CAPTURE(i);
    REQUIRE(result[i].is_null() == expected[i].is_null());
    if (!result[i].is_null())
      CHECK(result[i].get<double>() == doctest::Approx(expected[i].get<double>()));
  }
}

void refused_rate_options(const json& vector) {
  for (auto& given : vector.at("each")) {
    CAPTURE(given);
    auto [code, text] =
      test::thrown_by([&] { ingest::rate_estimator estimator{options_of(given)}; });
    CHECK(code == errc::invalid_setting);
  }
}

void refused_setting(const json& vector) {
  settings s;
  auto done = s.set(vector.at("setting").get<std::string>(), vector.at("text").get<std::string>());
  REQUIRE_FALSE(done);
  CHECK(test::contains(done.error().what(), vector.at("setting").get<std::string>()));
  CHECK(test::contains(done.error().what(), vector.at("says").get<std::string>()));
}

void rate_limit(const json& vector) {
  std::optional<double> most;
  if (!vector.at("max_rate").is_null())
    most = vector.at("max_rate").get<double>();
  ingest::rate_limiter limiter{most};
  limiter.update(vector.at("update").get<double>());
  CHECK(limiter.rate().value() == doctest::Approx(vector.at("expected").get<double>()));
}

void check_times(const json& vector) {
  auto result = json::array();
  for (auto& [kind, from, end, step] :
       vector.at("inputs")
         .get<std::vector<std::tuple<std::string, std::int64_t, std::int64_t, std::int64_t>>>()) {
    auto f = kind == "until" ? &times_until : &times_to;
    auto millis = json::array();
    for (auto t : f(from_millis(from), from_millis(end), duration{step}))
      millis.push_back(to_millis(t));
    result.push_back(std::move(millis));
  }
  CHECK(result == vector.at("expected"));
}

void check_floor(const json& vector) {
  std::vector<std::int64_t> result;
  for (auto& [t, step] : vector.at("inputs").get<std::vector<std::pair<std::int64_t, int>>>())
    result.push_back(to_millis(floor_to(from_millis(t), duration{step})));
  CHECK(json(result) == vector.at("expected"));
}

void check_durations(const json& vector) {
  auto compute = [](const std::string& what, std::int64_t a, std::int64_t b) -> json {
    duration x{a}, y{b};
    if (what == "plus")
      return duration{x + y}.count();
    if (what == "minus")
      return duration{x - y}.count();
    if (what == "times")
      return duration{x * b}.count();
    if (what == "over")
      return std::chrono::duration<double>{x} / std::chrono::duration<double>{y};
    if (what == "is_multiple_of")
      return is_multiple_of(x, y);
    if (what == "min")
      return std::min(x, y).count();
    REQUIRE(what == "max");
    return std::max(x, y).count();
  };
  auto result = json::array();
  for (auto& [what, a, b] :
       vector.at("inputs").get<std::vector<std::tuple<std::string, std::int64_t, std::int64_t>>>())
    result.push_back(compute(what, a, b));
  CHECK(result == vector.at("expected"));
}

// -- on the engine -------------------------------------------------------------------------------

// What a stream gives, batch by batch.
template <class T>
class collected {
public:
  explicit collected(const dstream<T>& stream) {
    stream.foreach_rdd([this](const rdd<T>& batch) {
      auto records = batch.collect();
      batches_.change([&](auto& all) { all.push_back(std::move(records)); });
    });
  }

  std::vector<std::vector<owned_t<T>>> not_empty() const {
    auto result = batches_.get();
    std::erase_if(result, [](auto& batch) { return batch.empty(); });
    return result;
  }

  std::vector<owned_t<T>> all() const {
    std::vector<owned_t<T>> result;
    for (auto& batch : batches_.get())
      result.insert(result.end(), batch.begin(), batch.end());
    return result;
  }

  template <class Condition>
  bool wait(Condition condition) const {
    return batches_.wait([&](auto&) { return condition(); });
  }

private:
  test::awaited<std::vector<std::vector<owned_t<T>>>> batches_;
};

void batch_times(const json& vector) {
  manual_context context{test::small_settings(), duration{vector.at("interval").get<int>()}};
  rdd_queue<int> queue;
  context->queue_stream(queue).foreach_rdd([](const rdd<int>&) {});
  context->start();
  auto& expected = vector.at("expected");
  for (std::size_t i = 0; i < expected.size(); ++i) {
    context.clock().advance(duration{vector.at("moves").at(i).get<int>()});
    REQUIRE(context.events().wait_for_batches(expected.at(i).size()));
    auto seen = json::array();
    for (auto& batch : context.events().get().completed)
      seen.push_back(to_millis(batch.batch_time));
    CHECK(seen == expected.at(i));
  }
}

void check_queue(const json& vector) {
  manual_context context;
  rdd_queue<std::string> queue;
  collected<std::string> out{context->queue_stream(queue, vector.at("one_at_a_time").get<bool>())};
  context->start();
  for (auto& pushes : vector.at("pushes")) {
    for (auto& record : pushes)
      queue.push({record.get<std::string>()});
    REQUIRE(context.tick());
  }
  CHECK(json(out.not_empty()) == vector.at("expected"));
}

void check_socket(const json& vector) {
  auto lines = vector.at("lines").get<strings>();
  test::awaited<std::size_t> to_send;
  test::line_server server{[&](test::line_peer& peer, std::size_t) {
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (!to_send.wait([&](auto n) { return n > i; }) || !peer.send(lines[i] + "\n"))
        return;
    }
    peer.wait_until_closed();
  }};
  manual_context context;
  collected<std::string_view> out{context->socket_text_stream("127.0.0.1", server.port())};
  context->start();
  std::int64_t records = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    to_send.change([](auto& n) { ++n; });
    // Which batch has the line is not said.
    do
      REQUIRE(context.tick());
    while (out.all().size() <= i && context.events().get().completed.size() < 100'000);
  }
  for (auto& batch : context.events().get().completed)
    records += batch.num_records;
  context->stop();
  CHECK(json(out.all()) == vector.at("expected"));
  CHECK(records == static_cast<std::int64_t>(lines.size()));
}

// A folder into which files are moved.
class drop_folder {
public:
  explicit drop_folder(const std::string& name = "in") : name_(name) {
    fs::create_directory(folder_ / name_);
  }

  std::string path() const { return folder_ / name_; }

  void put(const std::string& name, std::string_view content, batch_time modified) {
    test::write_file(folder_ / "aside", content);
    test::set_modified(folder_ / "aside", modified);
    fs::rename(folder_ / "aside", path() + "/" + name);
  }

private:
  test::temp_folder folder_;
  std::string name_;
};

void check_files(const json& vector) {
  drop_folder folder;
  duration interval{vector.at("interval").get<int>()};
  manual_context context{test::small_settings(), interval};
  for (auto& [name, modified] : vector.at("before").items())
    folder.put(name, name, from_millis(modified.get<std::int64_t>()));
  context.clock().advance(duration{vector.at("start").get<int>()});
  auto reader = [](std::string_view content, auto emit) { emit(std::string{content}); };
  collected<std::string> out{context->file_stream<std::string>(
    folder.path(), reader, [](const fs::path&) { return true; },
    vector.at("new_files_only").get<bool>())};
  context->start();
  std::size_t batches = 0;
  for (auto& name : vector.at("files").get<strings>()) {
    context.clock().advance(interval / 2); // in the middle of a batch
    folder.put(name, name, context.clock().now());
    context.clock().advance(interval / 2);
    REQUIRE(context.events().wait_for_batches(++batches));
  }
  auto seen = out.all();
  std::sort(seen.begin(), seen.end());
  CHECK(json(seen) == vector.at("expected"));
}

void check_binary_files(const json& vector) {
  drop_folder folder;
  manual_context context;
  collected<std::string_view> out{
    context->binary_records_stream(folder.path(), vector.at("record_length").get<std::size_t>())};
  context->start();
  for (auto& file : vector.at("files")) {
    auto bytes = file.get<std::vector<char>>();
    folder.put("file" + std::to_string(out.all().size()), {bytes.data(), bytes.size()},
               context.clock().now() + 1ms);
    REQUIRE(context.tick());
  }
  auto result = json::array();
  for (auto& batch : out.not_empty()) {
    auto numbers = json::array();
    for (auto& record : batch)
      for (char byte : record)
        numbers.push_back(static_cast<int>(byte));
    result.push_back(std::move(numbers));
  }
  CHECK(result == vector.at("expected"));
}

void check_renamed_folder(const json& vector) {
  test::temp_folder parent;
  manual_context context;
  context.clock().advance(duration{vector.at("start").get<int>()});
  collected<std::string_view> out{
    context->text_file_stream(parent / vector.at("pattern").get<std::string>() + "*")};
  context->start();
  fs::create_directory(parent / "aside");
  for (auto& [name, modified] : vector.at("files").items()) {
    test::write_file(parent / "aside/" + name, name);
    test::set_modified(parent / "aside/" + name, from_millis(modified.get<std::int64_t>()));
  }
  fs::rename(parent / "aside", parent / vector.at("pattern").get<std::string>() + "2");
  REQUIRE(context.tick(2));
  CHECK(json(out.all()) == vector.at("expected"));
}

// -- the life of a context -----------------------------------------------------------------------

class one_life {
public:
  void run(const json& step) {
    auto what = step.at("do").get<std::string>();
    CAPTURE(what);
    REQUIRE(moves_.contains(what));
    std::string text;
    std::optional<errc> code;
    try {
      (this->*moves_.at(what))();
    } catch (const error& e) {
      code = e.code();
      text = e.what();
    } catch (const std::runtime_error& e) {
      text = e.what();
    }
    CHECK(text.empty() == !(step.contains("error") || step.contains("says")));
    if (step.contains("error"))
      CHECK(errors_.at(step.at("error").get<std::string>()) == code);
    if (step.contains("says"))
      CHECK(test::contains(text, step.at("says").get<std::string>()));
    if (step.contains("state"))
      CHECK(states_.at(step.at("state").get<std::string>()) == context_->state());
  }

private:
  dstream<int> add_input() {
    rdd_queue<int> queue;
    return context_->queue_stream(queue);
  }

  const dstream<int>& stream() {
    if (!stream_)
      stream_ = add_input();
    return *stream_;
  }

  void input() { add_input(); }
  void output() {
    stream().foreach_rdd([](const rdd<int>&) {});
  }
  void transformation() {
    stream().map([](int x) { return x; });
  }
  void persist() { stream().persist(); }
  void remember() { context_->remember(3s); }
  void two_of_one_name() {
    stream().map([](int x) { return x; }).named("x").foreach_rdd([](const rdd<int>&) {});
    stream().map([](int x) { return x; }).named("x").foreach_rdd([](const rdd<int>&) {});
  }
  void output_whose_task_throws() {
    rdd_queue<int> queue;
    queue.push({1});
    context_->queue_stream(queue)
      .map([](int x) {
        if (x == 1)
          throw std::runtime_error{"the task's own words"};
        return x;
      })
      .foreach_rdd([](const rdd<int>& batch) { batch.collect(); });
  }
  void output_whose_transform_throws() {
    stream()
      .transform([](const rdd<int>& batch) {
        throw std::runtime_error{"the transform's own words"};
        return batch;
      })
      .foreach_rdd([](const rdd<int>&) {});
  }
  void start() { context_->start(); }
  void stop() { context_->stop(); }
  void tick() { REQUIRE(context_.tick()); }
  void await() {
    auto ended = context_->await_termination_for(test::patience);
    CHECK(ended);
  }

  static inline const std::map<std::string, void (one_life::*)()> moves_{
    {"input", &one_life::input},
    {"output", &one_life::output},
    {"transformation", &one_life::transformation},
    {"persist", &one_life::persist},
    {"remember", &one_life::remember},
    {"two of one name", &one_life::two_of_one_name},
    {"output whose task throws", &one_life::output_whose_task_throws},
    {"output whose transform throws", &one_life::output_whose_transform_throws},
    {"start", &one_life::start},
    {"stop", &one_life::stop},
    {"tick", &one_life::tick},
    {"await", &one_life::await},
  };
  static inline const std::map<std::string, errc> errors_{{"invalid_graph", errc::invalid_graph},
                                                          {"invalid_state", errc::invalid_state}};
  static inline const std::map<std::string, context_state> states_{
    {"initialized", context_state::initialized},
    {"active", context_state::active},
    {"stopped", context_state::stopped}};

  manual_context context_;
  std::optional<dstream<int>> stream_;
};

void steps(const json& vector) {
  one_life life;
  for (auto& step : vector.at("steps"))
    life.run(step);
}

const std::map<std::string, void (*)(const json&)> checks{
  {"rate estimates", rate_estimates},
  {"refused rate options", refused_rate_options},
  {"refused setting", refused_setting},
  {"rate limit", rate_limit},
  {"times", check_times},
  {"floor_to", check_floor},
  {"durations", check_durations},
  {"batch times", batch_times},
  {"queue", check_queue},
  {"socket", check_socket},
  {"files", check_files},
  {"binary files", check_binary_files},
  {"renamed folder", check_renamed_folder},
  {"steps", steps},
};

} // namespace

TEST_SUITE("shelf.source_vectors") {

  TEST_CASE("sources, rates and contexts do what the vectors say") {
    std::map<std::string, int> used;
    auto all = read_vectors("sources.json");
    for (auto& vector : all.at("vectors")) {
      CAPTURE(vector.at("name"));
      auto check = vector.at("check").get<std::string>();
      REQUIRE(checks.contains(check));
      checks.at(check)(vector);
      ++used[check];
    }
    CHECK(used.size() == checks.size());
  }

  TEST_CASE("what is said to be tested elsewhere is") {
    test::check_elsewhere(read_vectors("sources.json"));
  }
}
