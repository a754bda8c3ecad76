#include <algorithm>
#include <atomic>
#include <filesystem>
#include <numeric>
#include <thread>

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "caf_stream/split_words.hpp"
#include "caf_stream/streaming_context.hpp"
#include "support/engine.hpp"
#include "support/files.hpp"
#include "support/temp_folder.hpp"

using namespace caf_stream;
using namespace std::chrono_literals;
using test::manual_context;
using test::set_modified;
using test::write_file;
namespace fs = std::filesystem;

namespace {

using strings = std::vector<std::string>;

// A folder that a stream reads. What is put there appears at once, with the time of the clock.
class drop_folder {
public:
  drop_folder() { fs::create_directory(path()); }

  std::string path() const { return folder_ / "in"; }

  void put(const std::string& name, std::string_view content, batch_time modified) {
    write_file(folder_ / "aside", content);
    set_modified(folder_ / "aside", modified);
    fs::rename(folder_ / "aside", path() + "/" + name);
  }

private:
  test::temp_folder folder_;
};

template <class T>
class collected {
public:
  explicit collected(const dstream<T>& stream) {
    stream.foreach_rdd([this](const rdd<T>& batch) { batches_.push_back(batch.collect()); });
  }

  // Between batches.
  const std::vector<std::vector<owned_t<T>>>& batches() const { return batches_; }
  std::vector<owned_t<T>> all() const {
    std::vector<owned_t<T>> result;
    for (auto& batch : batches_)
      result.insert(result.end(), batch.begin(), batch.end());
    std::sort(result.begin(), result.end());
    return result;
  }

private:
  std::vector<std::vector<owned_t<T>>> batches_;
};

strings losses(manual_context& ssc) {
  strings result;
  for (auto& loss : ssc.events().get().losses)
    result.push_back(loss.reason);
  return result;
}

} // namespace

TEST_SUITE("shelf.file_streams") {

  TEST_CASE("files of before the start are read only where the program says so") {
    for (bool new_files_only : {true, false}) {
      drop_folder folder;
      manual_context ssc{test::small_settings(), 2s};
      folder.put("0", "0", from_millis(10'000));
      ssc.clock().advance(12s);
      auto reader = [](std::string_view content, auto emit) { emit(std::string{content}); };
      collected<std::string> out{ssc->file_stream<std::string>(
        folder.path(), reader, [](const fs::path&) { return true; }, new_files_only)};
      ssc->start();
      strings expected;
      if (!new_files_only)
        expected.push_back("0");
      for (int i = 1; i <= 5; ++i) {
        ssc.clock().advance(1s);
        folder.put(std::to_string(i), std::to_string(i), ssc.clock().now());
        expected.push_back(std::to_string(i));
        CHECK(ssc.events().get().completed.size() == static_cast<std::size_t>(i) - 1);
        ssc.clock().advance(1s);
        CHECK(ssc.events().wait_for_batches(static_cast<std::size_t>(i)));
      }
      CHECK(out.all() == expected);
      CHECK(losses(ssc).empty());
    }
  }

  TEST_CASE("lines of a batch's files, once each, in the order of the files' times") {
    drop_folder folder;
    manual_context ssc;
    collected<std::string_view> out{ssc->text_file_stream(folder.path())};
    ssc->start();
    folder.put("b", "one two\r\nthree\n", from_millis(500));
    folder.put("a", "four", from_millis(600));
    folder.put("c", "later", from_millis(1001));
    CHECK(ssc.tick(3));
    CHECK(out.batches() == std::vector<strings>{{"one two", "three", "four"}, {"later"}, {}});
    CHECK(losses(ssc).empty());
  }

  TEST_CASE("views of files go through operators as those of blocks do") {
    drop_folder folder;
    manual_context ssc;
    std::string text;
    for (int i = 0; i < 300'000; ++i)
      text += i % 3 == 0 ? "alpha beta\n" : "beta\n";
    auto counts = ssc->text_file_stream(folder.path())
                    .flat_map(split_words)
                    .map([](std::string_view word) {
                      return std::pair{word, 1L};
                    })
                    .reduce_by_key(std::plus{});
    collected<std::pair<std::string, long>> out{counts};
    ssc->start();
    folder.put("text", text, from_millis(500)); // large enough to be cut
    CHECK(ssc.tick());
    CHECK(out.all() ==
          std::vector<std::pair<std::string, long>>{{"alpha", 100'000}, {"beta", 300'000}});
  }

  TEST_CASE("records of one length, in order") {
    drop_folder folder;
    manual_context ssc;
    collected<std::string_view> out{ssc->binary_records_stream(folder.path(), 1)};
    ssc->start();
    for (int i = 0; i < 3; ++i) {
      folder.put(std::to_string(i), std::string{"\1\2\3\4\5"}.substr(0, 5),
                 ssc.clock().now() + 1ms);
      CHECK(ssc.tick());
    }
    CHECK(out.batches() == std::vector<strings>(3, {"\1", "\2", "\3", "\4", "\5"}));
    auto [code, text] = test::thrown_by([&] {
      manual_context {
        } -> binary_records_stream(folder.path(), 0);
    });
    CHECK(code == errc::invalid_argument);
  }

  TEST_CASE("a thousand files are each read once, and bad ones of every kind are harmless") {
    constexpr int bad = 10; // of each kind
    drop_folder folder;
    manual_context ssc;
    for (int i = 0; i < bad; ++i) {
      auto n = std::to_string(i);
      fs::create_directory(folder.path() + "/folder" + n);
      CHECK(::mkfifo((folder.path() + "/fifo" + n).c_str(), 0600) == 0);
    }
    auto reader = [](std::string_view content, auto emit) {
      if (content == "bad content")
        throw std::runtime_error{"it is no number"};
      emit(std::stoi(std::string{content}));
    };
    auto numbers = ssc->file_stream<int>(folder.path(), reader);
    std::atomic<bool> wait_before_reading{false};
    test::gate read;
    test::opens_at_end at_end{read};
    std::vector<int> all; // only the output's
    numbers.foreach_rdd([&](const rdd<int>& batch) {
      if (wait_before_reading)
        read.wait();
      for (auto n : batch.collect())
        all.push_back(n);
    });
    ssc.clock().advance(100s);
    ssc->start();
    CHECK(ssc.tick());
    // Moved in while batches run. They are to be read when the clock has reached their time, which
    // is later than now, however slow this thread is.
    std::atomic<bool> moved{false};
    std::thread mover{[&] {
      for (int i = 0; i < 1000; ++i)
        folder.put("file" + std::to_string(i), std::to_string(i), ssc.clock().now() + 30s);
      moved = true;
    }};
    bool in_time = true;
    while (!moved && in_time)
      in_time = ssc.tick();
    mover.join();
    REQUIRE(in_time);
    CHECK(ssc.tick(31));
    std::vector<int> expected(1000);
    std::iota(expected.begin(), expected.end(), 0);
    auto seen = all;
    std::sort(seen.begin(), seen.end());
    CHECK(seen == expected);
    CHECK(losses(ssc).empty());

    auto soon = ssc.clock().now() + 1ms;
    for (int i = 0; i < bad; ++i) {
      auto n = std::to_string(i);
      folder.put("too_old" + n, "1", soon - 62s);
      folder.put("of_before" + n, "1", from_millis(-1000));
      folder.put("bad_reader" + n, "bad content", soon);
      folder.put("changed" + n, "1", soon);
      folder.put("gone" + n, "1", soon);
      folder.put(".hidden" + n, "1", soon);
      folder.put("empty" + n, "", soon);
      if (::geteuid() != 0) {
        folder.put("secret" + n, "1", soon);
        fs::permissions(folder.path() + "/secret" + n, fs::perms::none);
      }
    }
    folder.put("good", "1000", soon);
    folder.put("file999", "7777", soon); // of a name that was read a moment ago
    auto batches = ssc.events().get().completed.size();
    wait_before_reading = true;
    ssc.clock().advance(1s);
    REQUIRE(ssc.events().wait([&](auto& told) { return told.outputs_started.size() > batches; }));
    for (int i = 0; i < bad; ++i) {
      write_file(folder.path() + "/changed" + std::to_string(i), "111");
      fs::remove(folder.path() + "/gone" + std::to_string(i));
    }
    read.open();
    REQUIRE(ssc.events().wait_for_batches(batches + 1));
    CHECK_NOTHROW(ssc->stop());
    CHECK(ssc->await_termination_for(1s));
    expected.push_back(1000);
    std::sort(all.begin(), all.end());
    CHECK(all == expected);
    auto said = losses(ssc);
    std::vector<std::string> kinds{"too_old", "of_before", "bad_reader", "changed", "gone"};
    if (::geteuid() != 0)
      kinds.push_back("secret");
    strings names{"file999"};
    for (auto& kind : kinds)
      for (int i = 0; i < bad; ++i)
        names.push_back(kind + std::to_string(i));
    for (auto& name : names) {
      CAPTURE(name);
      CHECK(std::count_if(said.begin(), said.end(), [&](auto& text) {
              return test::contains(text, "/" + name + " ") ||
                     test::contains(text, "/" + name + ":");
            }) == 1);
    }
    CHECK(said.size() == names.size());
  }

  TEST_CASE("a file that is gone or has changed when it is read stops nothing") {
    drop_folder folder;
    manual_context ssc;
    test::gate read;
    auto lines = ssc->text_file_stream(folder.path());
    // The files are picked at the tick and read when this lets the batch go on.
    lines
      .transform([&](const rdd<std::string_view>& batch) {
        read.wait();
        return batch;
      })
      .foreach_rdd([](const rdd<std::string_view>&) {});
    collected<std::string_view> out{lines};
    ssc->start();
    folder.put("gone", "gone", from_millis(500));
    folder.put("changed", "changed", from_millis(500));
    folder.put("good", "good", from_millis(500));
    ssc.clock().advance(1s);
    CHECK(ssc.events().wait([](const test::told& x) { return !x.outputs_started.empty(); }));
    fs::remove(folder.path() + "/gone");
    write_file(folder.path() + "/changed", "something else");
    read.open();
    CHECK(ssc.events().wait_for_batches(1));
    CHECK(out.all() == strings{"good"});
    CHECK(ssc.events().wait([](const test::told& x) { return x.losses.size() >= 2; }));
    auto said = losses(ssc);
    CHECK(said.size() == 2);
    CHECK(test::contains(said[0] + said[1], "/gone"));
    CHECK(test::contains(said[0] + said[1], "/changed has changed"));
  }

  TEST_CASE("a folder that is not there yet is waited for") {
    test::temp_folder parent;
    manual_context ssc;
    collected<std::string_view> out{ssc->text_file_stream(parent / "later*")};
    ssc->start();
    CHECK(ssc.tick());
    fs::create_directory(parent / "later-1");
    write_file(parent / "later-1/a", "here");
    set_modified(parent / "later-1/a", from_millis(1500));
    CHECK(ssc.tick());
    CHECK(out.all() == strings{"here"});
  }

} // TEST_SUITE
