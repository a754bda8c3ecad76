#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <sys/types.h>

// Programs of this build, run as a user runs them: started with words, watched through their
// output, ended by signals.

namespace caf_stream::test {

/// The file of a program of this build: the folder is in CAF_STREAM_BIN_DIR, which ctest sets.
/// Throws std::runtime_error when it is not there.
std::string program_file(const std::string& name);

/// A program from its start to its end. All that it writes is collected.
class run_program {
public:
  /// Starts it, with its standard input closed. Throws std::runtime_error when that fails.
  run_program(const std::string& file, const std::vector<std::string>& words);

  /// Kills it where it still runs.
  ~run_program();

  run_program(const run_program&) = delete;
  run_program& operator=(const run_program&) = delete;

  void send_signal(int signal);

  /// What it has written to standard output and to standard error so far.
  std::string output() const;
  std::string errors() const;

  /// Waits until what it has written to standard output satisfies `f`. False when it ends before,
  /// or `patience` does.
  bool wait_for_output(const std::function<bool(const std::string&)>& f,
                       std::chrono::seconds patience = std::chrono::seconds{30});

  /// Waits for its end and returns its exit code: minus the signal's number when a signal ended it.
  /// One that does not end in time is killed and gives -1000.
  int wait(std::chrono::seconds patience = std::chrono::seconds{60});

private:
  struct stream {
    int fd = -1;
    std::string text;
    bool at_end = false;
  };

  void collect(stream& from);
  void join();

  pid_t pid_ = -1;
  int exit_code_ = 0;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  stream output_, errors_;
  std::thread reading_output_, reading_errors_;
};

} // namespace caf_stream::test
