// Blocks and partitions on disk, with the real actors: what is damaged there, a disk that takes
// nothing, an end of the one who writes.

#include <filesystem>
#include <fstream>

#include <caf/actor_system.hpp>
#include <caf/send.hpp>

#include <doctest/doctest.h>

#include "caf_stream/actors/actor_engine.hpp"
#include "caf_stream/actors/environment.hpp"
#include "caf_stream/config.hpp"
#include "caf_stream/streaming_context.hpp"
#include "support/block_feed.hpp"
#include "support/engine.hpp"
#include "support/numbers.hpp"
#include "support/temp_folder.hpp"

using namespace caf_stream;
using namespace std::chrono_literals;
using enum storage_level;
using test::block_feed;
using test::block_receiver;

namespace {

settings tiny(const std::string& spill_dir) {
  auto result = test::small_settings();
  result.block_size = 32_KiB;
  result.memory_budget = 256_KiB;
  result.spill_limit = 64_MiB;
  result.spill_dir = spill_dir;
  return result;
}

actors::environment& shared(streaming_context& context) {
  return dynamic_cast<actors::actor_engine&>(*context.core()->engine).shared();
}

std::vector<std::filesystem::path> spilled_files(const std::string& folder) {
  std::vector<std::filesystem::path> result;
  for (auto& entry : std::filesystem::directory_iterator{folder})
    if (entry.path().extension() == ".spill")
      result.push_back(entry.path());
  return result;
}

void flip_a_bit(const std::filesystem::path& path) {
  std::fstream file{path, std::ios::in | std::ios::out | std::ios::binary};
  file.seekg(20);
  auto byte = static_cast<char>(file.get() ^ 4);
  file.seekp(20);
  file.put(byte);
}

} // namespace

TEST_SUITE("actors.spill") {

  TEST_CASE("a damaged block fails its batch with one sentence that names it") {
    test::temp_folder spill_dir;
    auto feed = std::make_shared<block_feed>();
    feed->blocks = 40;
    feed->records = 100;
    feed->size = 200; // 800 KB
    test::gate looked;
    std::int64_t after = 0;
    test::manual_context context{tiny(spill_dir.path())};
    context->receiver_stream<block_receiver>(feed, disk_only)
      .foreach_rdd([&](const rdd<std::string>& batch) {
        looked.wait();
        after += batch.count();
      });
    context->start();
    REQUIRE(feed->wait_for_stored(20));
    context.clock().advance(1s);
    REQUIRE(feed->wait_for_stored(40));
    auto folder = shared(*context).spill->path();
    auto files = spilled_files(folder);
    REQUIRE(!files.empty());
    std::sort(files.begin(), files.end());
    for (auto& file : files)
      flip_a_bit(file);
    looked.open();
    REQUIRE(context.events().wait_for_batches(1));
    auto failed = context.events().get().completed.at(0);
    REQUIRE(failed.output_operation_infos.begin()->second.failure_reason);
    auto why = *failed.output_operation_infos.begin()->second.failure_reason;
    CAPTURE(why);
    CHECK(test::contains(why, "block 0/0/"));
    CHECK(test::contains(why, "cannot be read back from " + folder + "/"));
    CHECK(test::contains(why, "its checksum is wrong"));
    auto [code, text] = test::thrown_by([&] { context->await_termination_for(1s); });
    CHECK(code == errc::task_failed);
    CHECK(after == 0);
  }

  TEST_CASE("batches after a failed one are read back") {
    test::temp_folder spill_dir;
    auto feed = std::make_shared<block_feed>();
    feed->blocks = 60;
    feed->records = 100;
    feed->size = 200;
    test::gate looked;
    std::vector<std::int64_t> counts;
    test::manual_context context{tiny(spill_dir.path())};
    context->receiver_stream<block_receiver>(feed, disk_only)
      .foreach_rdd([&](const rdd<std::string>& batch) {
        looked.wait();
        counts.push_back(batch.count());
      });
    context->start();
    REQUIRE(feed->wait_for_stored(5));
    context.clock().advance(1s);
    // The first file is that of the first batch's first block.
    auto first = [&] { return shared(*context).spill->path() + "/1.spill"; };
    REQUIRE(feed->wait_for_stored(60));
    REQUIRE(std::filesystem::exists(first()));
    std::filesystem::remove(first());
    looked.open();
    REQUIRE(context.events().wait_for_batches(1));
    auto failed = context.events().get().completed.at(0);
    auto why = failed.output_operation_infos.begin()->second.failure_reason;
    REQUIRE(why);
    CHECK(test::contains(*why, "block 0/0/0 cannot be read back from " + first()));
    REQUIRE(context.tick());
    REQUIRE(counts.size() == 1);
    CHECK(counts[0] + failed.num_records == feed->total());
  }

  TEST_CASE("a damaged partition is computed again, and what was done is not done twice") {
    test::temp_folder spill_dir;
    test::manual_context context{tiny(spill_dir.path())};
    std::atomic<std::int64_t> computed = 0, handed_out = 0;
    std::vector<int> numbers(8'000, 1);
    auto kept = context->make_rdd(numbers, 8)
                  .repartition(8)
                  .map([&computed](int x) {
                    ++computed;
                    return test::long_record(x, 100);
                  })
                  .persist(disk_only);
    CHECK(kept.count() == 8'000);
    CHECK(kept.count() == 8'000);
    CHECK(computed == 8'000);
    auto limit = std::chrono::steady_clock::now() + test::patience;
    std::vector<std::filesystem::path> files;
    while (files.size() < 8 && std::chrono::steady_clock::now() < limit)
      if (auto folder = shared(*context).spill->path(); !folder.empty())
        files = spilled_files(folder);
    REQUIRE(files.size() == 8);
    CHECK(kept.count() == 8'000); // from disk
    CHECK(computed == 8'000);
    flip_a_bit(files[3]);
    std::filesystem::remove(files[5]);
    kept.foreach_partition([&](auto& records) {
      for (auto& record : records)
        handed_out += test::number_of(record);
    });
    CHECK(handed_out == 8'000);
    CHECK(computed == 10'000);
    // What was computed again is kept again.
    CHECK(kept.count() == 8'000);
    CHECK(computed == 10'000);
  }

  TEST_CASE("a disk that takes nothing makes receivers wait, and nothing is lost") {
    test::temp_folder spill_dir;
    auto feed = std::make_shared<block_feed>();
    feed->blocks = 60;
    feed->records = 100;
    feed->size = 200;
    std::mutex mutex;
    std::string said;
    log::set_sink([&](log::level, std::string_view text) {
      std::lock_guard guard{mutex};
      said += std::string{text} + "\n";
    });
    std::map<std::int64_t, int> seen;
    {
      auto options = tiny(spill_dir.path() + "/below");
      options.log_level = log::level::warning;
      test::manual_context context{options};
      std::filesystem::remove(spill_dir.path() + "/below");
      std::ofstream{spill_dir.path() + "/below"} << "a file where a folder should be";
      context->receiver_stream<block_receiver>(feed, memory_and_disk)
        .foreach_rdd([&](const rdd<std::string>& batch) {
          for (auto& record : batch.collect())
            ++seen[test::number_of(record)];
        });
      context->start();
      while (feed->stored.get() < feed->blocks)
        REQUIRE(context.tick());
      REQUIRE(context.tick(2));
      context->stop();
    }
    log::set_level(log::level::off);
    log::set_sink({});
    CHECK(seen.size() == static_cast<std::size_t>(feed->total()));
    CHECK(test::contains(said, "cannot create the folder " + spill_dir.path() + "/below"));
    auto once = said.find("cannot create the folder");
    CHECK(said.find("cannot create the folder", once + 1) == std::string::npos);
  }

  TEST_CASE("beyond spill-limit receivers wait") {
    test::temp_folder spill_dir;
    auto feed = std::make_shared<block_feed>();
    feed->blocks = 100;
    feed->records = 100;
    feed->size = 200; // 2 MB that hardly take any space on disk
    auto options = tiny(spill_dir.path());
    options.spill_limit = 64_KiB; // three blocks under way at a time
    std::atomic<std::int64_t> seen = 0;
    test::manual_context context{options};
    context->receiver_stream<block_receiver>(feed, disk_only)
      .foreach_rdd([&](const rdd<std::string>& batch) { seen += batch.count(); });
    context->start();
    while (feed->stored.get() < feed->blocks)
      REQUIRE(context.tick());
    REQUIRE(context.tick(2));
    CHECK(seen == feed->total());
  }

  TEST_CASE("a block spiller that dies is replaced, and no record is lost") {
    config cfg;
    caf::actor_system system{cfg};
    auto source = std::make_shared<test::number_source>(0, 200'000);
    test::temp_folder spill_dir;
    auto options = tiny(spill_dir.path());
    options.block_size = 8_KiB;
    options.memory_budget = 32_KiB;
    {
      streaming_context context{system, 20ms, options};
      context.receiver_stream<test::number_receiver>(source, disk_only)
        .foreach_rdd([&](const rdd<test::numbered>& batch) {
          for (auto& x : batch.collect())
            source->came_out(x.second, 1);
        });
      context.start();
      for (std::int64_t part : {20'000, 60'000, 100'000}) {
        REQUIRE(source->wait_for_some(part));
        auto spillers = shared(context).roles.in_role("block_spiller");
        REQUIRE(spillers.size() == 1);
        caf::anon_send_exit(spillers.front(), caf::exit_reason::kill);
      }
      CHECK(source->wait_for_all());
      context.stop();
      CHECK_NOTHROW(context.await_termination());
    }
    CHECK(source->wrong() == "");
  }

} // TEST_SUITE
