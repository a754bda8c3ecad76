#include "support/run_program.hpp"

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <utility>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace caf_stream::test {

namespace {

constexpr int never_ended = -1000;

struct pipe_ends {
  int read = -1;
  int write = -1;
};

pipe_ends make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0)
    throw std::runtime_error{"cannot make a pipe"};
  return {ends[0], ends[1]};
}

// Whatever runs the tests may ignore or block signals; the program is to have none of that.
void use_default_signals(posix_spawnattr_t& attributes) {
  sigset_t none, all;
  sigemptyset(&none);
  sigemptyset(&all);
  sigaddset(&all, SIGINT);
  sigaddset(&all, SIGTERM);
  sigaddset(&all, SIGPIPE);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
}

pid_t spawn(const std::string& file, const std::vector<std::string>& words, int output,
            int errors) {
  std::vector<std::string> copies{file};
  copies.insert(copies.end(), words.begin(), words.end());
  std::vector<char*> arguments;
  for (auto& word : copies)
    arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, output, 1);
  posix_spawn_file_actions_adddup2(&actions, errors, 2);
  use_default_signals(attributes);
  pid_t pid = -1;
  auto failed = ::posix_spawn(&pid, file.c_str(), &actions, &attributes, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  return failed == 0 ? pid : -1;
}

} // namespace

std::string program_file(const std::string& name) {
  auto* folder = std::getenv("CAF_STREAM_BIN_DIR");
  if (folder == nullptr)
    throw std::runtime_error{"CAF_STREAM_BIN_DIR must name the folder of the programs"};
  auto file = std::string{folder} + "/" + name;
  if (!std::filesystem::exists(file))
    throw std::runtime_error{file + " is not there; build it first"};
  return file;
}

run_program::run_program(const std::string& file, const std::vector<std::string>& words) {
  auto output = make_pipe();
  auto errors = make_pipe();
  pid_ = spawn(file, words, output.write, errors.write);
  ::close(output.write);
  ::close(errors.write);
  output_.fd = output.read;
  errors_.fd = errors.read;
  reading_output_ = std::thread{[this] { collect(output_); }};
  reading_errors_ = std::thread{[this] { collect(errors_); }};
  if (pid_ < 0) {
    join();
    throw std::runtime_error{"cannot start " + file};
  }
}

run_program::~run_program() {
  if (pid_ > 0)
    wait(std::chrono::seconds{0});
}

void run_program::send_signal(int signal) {
  if (pid_ > 0)
    ::kill(pid_, signal);
}

std::string run_program::output() const {
  std::lock_guard guard{mutex_};
  return output_.text;
}

std::string run_program::errors() const {
  std::lock_guard guard{mutex_};
  return errors_.text;
}

bool run_program::wait_for_output(const std::function<bool(const std::string&)>& f,
                                  std::chrono::seconds patience) {
  std::unique_lock guard{mutex_};
  bool found = false;
  changed_.wait_for(guard, patience, [&] {
    found = f(output_.text);
    return found || output_.at_end;
  });
  return found;
}

int run_program::wait(std::chrono::seconds patience) {
  if (pid_ <= 0)
    return exit_code_;
  bool ended = false;
  {
    // It closes its output when it ends.
    std::unique_lock guard{mutex_};
    ended = changed_.wait_for(guard, patience, [&] { return output_.at_end && errors_.at_end; });
  }
  if (!ended)
    ::kill(pid_, SIGKILL);
  int status = 0;
  ::waitpid(std::exchange(pid_, -1), &status, 0);
  join();
  if (!ended)
    exit_code_ = never_ended;
  else
    exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  return exit_code_;
}

void run_program::collect(stream& from) {
  char buffer[16 * 1024];
  for (;;) {
    auto n = ::read(from.fd, buffer, sizeof buffer);
    std::lock_guard guard{mutex_};
    if (n <= 0) {
      from.at_end = true;
      changed_.notify_all();
      return;
    }
    from.text.append(buffer, static_cast<std::size_t>(n));
    changed_.notify_all();
  }
}

void run_program::join() {
  reading_output_.join();
  reading_errors_.join();
  ::close(output_.fd);
  ::close(errors_.fd);
}

} // namespace caf_stream::test
