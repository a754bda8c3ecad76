// Sends the lines of a file to actor_word_count, which says on which PORT it is:
//
//   actor_feeder HOST PORT FILE
//
// Each message is a request with a few lines, their number in the file, and FILE as the name of the
// sequence that they are numbered in: each file counts for itself. It is sent again until it is
// answered, which says that the lines are stored; numbers that were there before are answered and
// not stored again. So a feeder that was killed can begin again at the first line. A file is known
// by what FILE says, in 256 bytes at most: one that has changed since is not counted anew.

#include <caf_stream/config.hpp>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include <caf/actor_system.hpp>
#include <caf/io/middleman.hpp>
#include <caf/scoped_actor.hpp>

#include "support/text_source.hpp"

using namespace std::chrono_literals;

namespace {

constexpr auto usage = "actor_feeder HOST PORT FILE";
constexpr std::size_t lines_a_message = 5;
constexpr std::size_t longest_name = 256; // of a sequence

class feeder {
public:
  feeder(caf::actor_system& system, examples::text_source target, std::string sequence)
    : system_(system), target_(std::move(target)), sequence_(std::move(sequence)), self_(system) {}

  // Returns when the lines are stored.
  void send(const std::vector<std::string>& lines, std::uint64_t number) {
    for (;;) {
      if (!stream_)
        connect();
      bool stored = false;
      self_->request(stream_, 2s, lines, number, sequence_)
        .receive([&] { stored = true; },
                 [&](const caf::error& e) {
                   std::fprintf(stderr, "again: %s\n", system_.render(e).c_str());
                 });
      if (stored)
        return;
      stream_ = nullptr; // it may have been started again
      std::this_thread::sleep_for(200ms);
    }
  }

private:
  void connect() {
    for (;; std::this_thread::sleep_for(200ms)) {
      auto found = system_.middleman().remote_actor(target_.host, target_.port);
      if (found) {
        stream_ = *found;
        return;
      }
      std::fprintf(stderr, "again: %s\n", system_.render(found.error()).c_str());
    }
  }

  caf::actor_system& system_;
  examples::text_source target_;
  std::string sequence_;
  caf::scoped_actor self_;
  caf::actor stream_;
};

int feed(const std::vector<std::string>& words) {
  examples::refuse_fewer(words, 3, usage);
  examples::refuse_more(words, 3, usage);
  auto target = examples::parse_text_source(words, usage);
  auto& name = words[2];
  std::ifstream file{name};
  if (!file || name.size() > longest_name)
    throw caf_stream::error{caf_stream::errc::invalid_argument,
                            std::string{file ? "FILE is too long a name" : "FILE cannot be read"} +
                              "\nusage: " + usage};
  caf_stream::config cfg;
  cfg.load<caf::io::middleman>();
  caf::actor_system system{cfg};
  feeder to_stream{system, target, name};

  std::vector<std::string> lines;
  std::uint64_t number = 0; // of the last line
  for (std::string line; std::getline(file, line);) {
    lines.push_back(line);
    ++number;
    if (lines.size() == lines_a_message) {
      to_stream.send(lines, number / lines_a_message);
      lines.clear();
      std::printf("stored up to line %llu\n", static_cast<unsigned long long>(number));
      std::fflush(stdout);
    }
  }
  if (!lines.empty())
    to_stream.send(lines, number / lines_a_message + 1);
  std::printf("stored all %llu lines\n", static_cast<unsigned long long>(number));
  return 0;
}

} // namespace

int main(int argc, char** argv) {
  try {
    return feed({argv + 1, argv + argc});
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 2;
  }
}
