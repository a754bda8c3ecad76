#include "caf_stream/config.hpp"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include <caf/actor_system.hpp>
#include <caf/settings.hpp>
#include <doctest/doctest.h>

#include "caf_stream/config_file.hpp"
#include "support/temp_folder.hpp"

using namespace caf_stream;
using namespace std::chrono_literals;
using caf_stream::test::temp_folder;
using words = std::vector<std::string>;

namespace {

// A folder of the test's own as the current one, so that no configuration file is found by chance.
class own_current_folder {
public:
  own_current_folder() : before_(std::filesystem::current_path()) {
    std::filesystem::current_path(folder_.path());
  }
  ~own_current_folder() { std::filesystem::current_path(before_); }

  void write(const std::string& name, std::string_view text) {
    std::ofstream{folder_ / name} << text;
  }

private:
  temp_folder folder_;
  std::filesystem::path before_;
};

class captured_output {
public:
  captured_output() : before_(std::cout.rdbuf(text_.rdbuf())) {}
  ~captured_output() { std::cout.rdbuf(before_); }
  std::string text() const { return text_.str(); }

private:
  std::ostringstream text_;
  std::streambuf* before_;
};

// What a user of the library writes to have options of their own.
class my_config : public config {
public:
  std::string greeting = "hello";
  int times = 1;
  bool loud = false;

  my_config() {
    opt_group{custom_options_, "my"}
      .add(greeting, "greeting", "what is said")
      .add(times, "times,t", "how often");
    opt_group{custom_options_, "global"}.add(loud, "loud,l", "say it loud");
  }
};

std::string failure_of(words args) {
  my_config cfg;
  try {
    cfg.parse(std::move(args));
  } catch (const error& e) {
    CHECK(e.code() == errc::invalid_setting);
    return e.what();
  }
  return "success";
}

} // namespace

TEST_SUITE("shelf.config") {

  TEST_CASE("options stand before, between and after words") {
    own_current_folder folder;
    my_config cfg;
    cfg.parse(words{"--stream.workers=2", "localhost", "--my.greeting=hi", "-t", "3", "9999", "-l",
                    "--stream.block-size=1MiB", "out"});
    CHECK(cfg.arguments() == words{"localhost", "9999", "out"});
    CHECK(cfg.stream.workers == 2);
    CHECK(cfg.stream.block_size == 1_MiB);
    CHECK(cfg.greeting == "hi");
    CHECK(cfg.times == 3);
    CHECK(cfg.loud);
    CHECK_FALSE(cfg.help_printed());
    CHECK(cfg.remainder == cfg.arguments());
  }

  TEST_CASE("after -- everything is a word, and a single dash is one") {
    own_current_folder folder;
    config cfg;
    cfg.parse(words{"a", "-", "--stream.workers=2", "--", "--stream.workers=3", "--", "-x"});
    CHECK(cfg.arguments() == words{"a", "-", "--stream.workers=3", "--", "-x"});
    CHECK(cfg.stream.workers == 2);
  }

  TEST_CASE("argc and argv are taken without the program's name") {
    own_current_folder folder;
    char name[] = "program", option[] = "--stream.workers=5", word[] = "w";
    char* argv[] = {name, option, word, nullptr};
    config cfg;
    cfg.parse(3, argv);
    CHECK(cfg.stream.workers == 5);
    CHECK(cfg.arguments() == words{"w"});
    config none;
    none.parse(0, argv + 3);
    CHECK(none.arguments().empty());
  }

  TEST_CASE("every setting is an option, with its value as it prints") {
    own_current_folder folder;
    for (auto& row : settings::table()) {
      CAPTURE(row.name);
      config cfg;
      auto value = row.get(settings{});
      cfg.parse(words{"--stream." + std::string{row.name} + "=" + value});
      CHECK(row.get(cfg.stream) == value);
    }
  }

  TEST_CASE("a flag needs no value but may have one") {
    own_current_folder folder;
    config cfg;
    cfg.parse(words{"--stream.explain", "--stream.receiver.write-ahead-log=false"});
    CHECK(cfg.stream.explain);
    CHECK_FALSE(cfg.stream.receiver.write_ahead_log);
  }

  TEST_CASE("a text may be emptied on the command line") {
    own_current_folder folder;
    folder.write("caf-application.ini", "[stream]\ncheckpoint = somewhere\n");
    config cfg;
    cfg.parse(words{"--stream.checkpoint="});
    CHECK(cfg.stream.checkpoint.empty());
    cfg.parse(words{});
    CHECK(cfg.stream.checkpoint == "somewhere");
  }

  TEST_CASE("a misspelt or bad option is an error wherever it stands") {
    own_current_folder folder;
    CHECK(failure_of({"--stream.wokers=2"}) ==
          "there is no option --stream.wokers=2; did you mean --stream.workers?");
    CHECK(failure_of({"word", "--stream.wokers=2"}).find("--stream.wokers") != std::string::npos);
    CHECK(failure_of({"word", "--stream.receiver.max-rat=2", "word"}) ==
          "there is no option --stream.receiver.max-rat=2; did you mean "
          "--stream.receiver.max-rate?");
    CHECK(failure_of({"word", "--stream.workers=none"}) ==
          "stream.workers cannot be 'none'; accepted is a whole number greater than 0");
    CHECK(failure_of({"--stream.workers"}) == "--stream.workers needs a value: --stream.workers=…");
    CHECK(failure_of({"--stream.workers="}) != "success");
    CHECK(failure_of({"--my.greating=x"}) ==
          "there is no option --my.greating=x; did you mean --my.greeting?");
    CHECK(failure_of({"--nonsense"}) == "there is no option --nonsense");
    CHECK(failure_of({"-z"}) == "there is no option -z");
    CHECK(failure_of({"-t"}) == "-t needs a value");
    CHECK(failure_of({"word", "--my.times=many"}).find("--my.times=many") != std::string::npos);
    CHECK(failure_of({"--scheduler.max-threads=x"}).find("max-threads") != std::string::npos);
  }

  TEST_CASE("the configuration file is read, in CAF's grammar and a freer one") {
    own_current_folder folder;
    folder.write("caf-application.ini", R"(; a comment
[scheduler]
max-threads=3
[stream]
workers=2
block-size = 1MiB   ; bare
app-name="my # app"
block-interval=50ms
receiver.max-rate = 1000
backpressure { enabled = true, pid { integral = 0.5 } }
[stream.task]
max-attempts = 2 # another comment
[my]
greeting="hey"
)");
    my_config cfg;
    cfg.parse(words{});
    CHECK(cfg.stream.workers == 2);
    CHECK(cfg.stream.block_size == 1_MiB);
    CHECK(cfg.stream.app_name == "my # app");
    CHECK(cfg.stream.block_interval == 50ms);
    CHECK(cfg.stream.receiver.max_rate == 1000);
    CHECK(cfg.stream.backpressure.enabled);
    CHECK(cfg.stream.backpressure.pid.integral == 0.5);
    CHECK(cfg.stream.task.max_attempts == 2);
    CHECK(cfg.greeting == "hey");
    CHECK(caf::get_or(cfg, "scheduler.max-threads", std::size_t{0}) == 3);
    CHECK(caf::get_or(cfg, "stream.workers", std::size_t{0}) == 2);
    CHECK(caf::get_or(cfg, "stream.block-interval", caf::timespan{0}) == caf::timespan{50ms});
  }

  TEST_CASE("groups in braces and dotted names are read at the top of a .conf file") {
    own_current_folder folder;
    folder.write("caf-application.conf", "stream {\n  workers = 2\n  receiver { max-rate = 5 }\n"
                                         "  tls.key = \"a \\\"b\\\"\"\n}\n"
                                         "stream.block-size = 2MiB\n"
                                         "my {\n  times = 4 # four\n}\n");
    my_config cfg;
    cfg.parse(words{});
    CHECK(cfg.stream.workers == 2);
    CHECK(cfg.stream.receiver.max_rate == 5);
    CHECK(cfg.stream.tls.key == "a \"b\"");
    CHECK(cfg.stream.block_size == 2_MiB);
    CHECK(caf::get_or(cfg, "my.times", 0) == 4);
  }

  TEST_CASE("the command line wins over the file, the file over the program") {
    own_current_folder folder;
    folder.write("caf-application.ini", "[stream]\nworkers=2\nconcurrent-jobs=2\n");
    folder.write("caf-application.conf", "[stream]\nconcurrent-jobs=3\n");
    folder.write("other.ini", "[stream]\nworkers=9\n");
    config cfg;
    cfg.stream.workers = 7;
    cfg.stream.concurrent_jobs = 7;
    cfg.stream.default_partitions = 7;
    cfg.parse(words{"--stream.workers=1"});
    CHECK(cfg.stream.workers == 1);
    CHECK(cfg.stream.concurrent_jobs == 3);
    CHECK(cfg.stream.default_partitions == 7);
    config other;
    other.parse(words{"word", "--config-file=other.ini"});
    CHECK(other.stream.workers == 9);
    CHECK(other.stream.concurrent_jobs == 1);
  }

  TEST_CASE("a bad entry of a file is refused with file, line and setting") {
    own_current_folder folder;
    auto fails_with = [&](std::string_view text) {
      folder.write("f.ini", text);
      return failure_of({"--config-file=f.ini"});
    };
    CHECK(fails_with("[stream]\n\nwokers=2\n") ==
          "f.ini:3: there is no setting stream.wokers; did you mean stream.workers?");
    CHECK(fails_with("[stream]\nreceiver { max-rat = 2 }") ==
          "f.ini:2: there is no setting stream.receiver.max-rat; did you mean "
          "stream.receiver.max-rate?");
    CHECK(fails_with("[stream]\nworkers=0") == "f.ini:2: stream.workers cannot be '0', because it "
                                               "must be greater than 0; accepted is a whole number "
                                               "greater than 0");
    CHECK(fails_with("[stream]\nworkers\n") == "f.ini:2: '=' must follow stream.workers");
    CHECK(fails_with("[stream]\nworkers=\n") ==
          "f.ini:2: a value is missing; an empty text is \"\"");
    CHECK(fails_with("stream {\nworkers=2\n") == "f.ini:3: a } is missing");
    CHECK(fails_with("[stream]\napp-name=\"x\n") == "f.ini:2: a \" is missing");
    CHECK(fails_with("[stream\n") == "f.ini:1: the section's name must be closed with ]");
    CHECK(fails_with("stream = 3\n").find("f.ini:1: stream is a group") == 0);
    CHECK(fails_with("[scheduler]\nmax-threads=%\n").find("f.ini cannot be read") == 0);
    CHECK(
      failure_of({"--config-file=none.ini"}) ==
      "the configuration file cannot be read: cannot open none.ini for reading: No such file or "
      "directory");
    CHECK(fails_with("") == "success");
    CHECK(fails_with("# only a comment") == "success");
  }

  TEST_CASE("CAF's own stream options may stand in the file") {
    own_current_folder folder;
    folder.write("caf-application.ini", "[stream]\nmax-batch-delay = 7ms\nworkers=2\n");
    config cfg;
    cfg.parse(words{});
    CHECK(cfg.stream_max_batch_delay == caf::timespan{7ms});
    CHECK(cfg.stream.workers == 2);
  }

  TEST_CASE("any text splits without a crash, and what is not ours is left to CAF") {
    std::string text = "a = [1, \"]\", {x=2}] ; c\n[stream]\nworkers=2\n[b.c]\nd='e' # f\n";
    auto split = split_config_file(text, "f");
    REQUIRE(split);
    REQUIRE(split->stream.size() == 1);
    CHECK(split->stream[0].name == "workers");
    CHECK(split->stream[0].line == 3);
    CHECK(split->rest.size() == text.size());
    CHECK(split->rest.find("stream") == std::string::npos);
    CHECK(split->rest.find("a = [1, \"]\", {x=2}]") == 0);
    CHECK(split->rest.find("d='e'    \n") != std::string::npos);
    std::string all =
      "stream {a=\"\\\"b\" \n, c.d = [1] ; x\n}[stream.e]\nf=g # h\nz = 'q' \"w\" }\n";
    for (std::size_t length = 0; length <= all.size(); ++length)
      for (std::size_t hole = 0; hole < length; ++hole) {
        auto damaged = all.substr(0, length);
        damaged[hole] = "\"{}[]=;\n\\'\0"[(hole * 7 + length) % 12];
        CHECK((split_config_file(damaged, "f") || true));
      }
  }

  TEST_CASE("help lists every setting with unit and default") {
    own_current_folder folder;
    captured_output output;
    my_config cfg;
    cfg.parse(words{"word", "--long-help"});
    CHECK(cfg.help_printed());
    auto text = output.text();
    for (auto& row : settings::table()) {
      CAPTURE(row.name);
      CHECK(text.find("--stream." + std::string{row.name} + "=<") != std::string::npos);
    }
    CHECK(text.find("(default: 200ms)") != std::string::npos);
    CHECK(text.find("[records/s]") != std::string::npos);
    CHECK(text.find("--my.greeting=") != std::string::npos);
  }

  TEST_CASE("a dump can be read back as a configuration file") {
    own_current_folder folder;
    std::string dump;
    {
      captured_output output;
      config cfg;
      for (auto& row : settings::table())
        if (row.kind == setting_kind::duration)
          CHECK(cfg.stream.set(row.name, "90s"));
      cfg.stream.app_name = "a \"quoted\" name";
      cfg.stream.backpressure.pid.integral = 1e-9;
      cfg.stream.default_partitions = SIZE_MAX;
      cfg.parse(words{"--stream.block-size=1MiB", "word", "--dump-config"});
      CHECK(cfg.help_printed());
      dump = output.text();
    }
    CAPTURE(dump);
    folder.write("dump.conf", dump);
    config again;
    again.parse(words{"--config-file=dump.conf"});
    CHECK(again.stream.block_size == 1_MiB);
    CHECK(again.stream.app_name == "a \"quoted\" name");
    for (auto& row : settings::table())
      if (row.kind == setting_kind::duration) {
        CAPTURE(row.name);
        CHECK(row.get(again.stream) == "90s");
      }
    CHECK(again.stream.receiver.max_rate == std::nullopt);
    CHECK(again.stream.backpressure.pid.integral == 1e-9);
    CHECK(again.stream.default_partitions == SIZE_MAX);
  }

  TEST_CASE("an actor system shares work unless told otherwise") {
    own_current_folder folder;
    config cfg;
    cfg.parse(words{});
    CHECK(caf::get_or(cfg, "scheduler.policy", caf::atom("none")) == caf::atom("sharing"));
    caf::actor_system system{cfg};
    config other;
    other.parse(words{"--scheduler.policy=stealing"});
    CHECK(caf::get_or(other, "scheduler.policy", caf::atom("none")) == caf::atom("stealing"));
    folder.write("caf-application.ini", "[scheduler]\npolicy='stealing'\n");
    config filed;
    filed.parse(words{});
    CHECK(caf::get_or(filed, "scheduler.policy", caf::atom("none")) == caf::atom("stealing"));
  }

  TEST_CASE("CAF's set reaches the settings") {
    own_current_folder folder;
    config cfg;
    cfg.set("stream.workers", 3);
    cfg.set("stream.block-interval", caf::timespan{20ms});
    cfg.set("stream.app-name", "x");
    cfg.set("stream.explain", true);
    CHECK(cfg.stream.workers == 3);
    CHECK(cfg.stream.block_interval == 20ms);
    CHECK(cfg.stream.app_name == "x");
    CHECK(cfg.stream.explain);
    CHECK_THROWS_AS(cfg.set("stream.workers", -3), error);
  }

} // TEST_SUITE
