// One record, "hello world\n", walked through the whole system by hand: the same steps, with the
// same numbers, as the table in libcaf_stream/README.md. The classes are the real ones; what actors
// do between them, the test does itself.

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "caf_stream/actors/caf_compat.hpp"
#include "caf_stream/batch/job_core.hpp"
#include "caf_stream/batch/scheduler_core.hpp"
#include "caf_stream/blocks/block_store.hpp"
#include "caf_stream/exec/run_task.hpp"
#include "caf_stream/ingest/ledger.hpp"
#include "caf_stream/ingest/text_builder.hpp"
#include "caf_stream/lineage/block_source.hpp"
#include "caf_stream/lineage/flat_map.hpp"
#include "caf_stream/lineage/id_scope.hpp"
#include "caf_stream/lineage/map.hpp"
#include "caf_stream/lineage/reduce.hpp"
#include "caf_stream/lineage/reduce_by_key.hpp"
#include "caf_stream/outputs/batch_folder.hpp"
#include "caf_stream/outputs/part_files.hpp"
#include "caf_stream/outputs/text_form.hpp"
#include "caf_stream/plan/job_plan.hpp"
#include "caf_stream/receivers/socket_text.hpp"
#include "caf_stream/split_words.hpp"
#include "support/line_server.hpp"
#include "support/recording_port.hpp"
#include "support/temp_folder.hpp"

using namespace caf_stream;
using namespace std::string_literals;
using namespace std::string_view_literals;

namespace {

using text_list = data::record_list<std::string_view>;
using word_pair = std::pair<std::string_view, long>;
using word_count = std::pair<std::string, long>;
using word_piece = shuffle::table_piece<std::string, long>;

constexpr block_id the_block{0, 0, 0};
constexpr batch_time the_batch = from_millis(1357008430000);
constexpr data::table_seed seed{42};
constexpr job_id the_job = 1;

// Steps 1 to 3: a server sends the bytes, the receiver reads them into the builder, and what a tick
// would do cuts the block.
data::payload receive_block() {
  test::line_server server{[](test::line_peer& peer, std::size_t) {
    peer.send_split("hello world\n", 4);
    peer.wait_until_closed();
  }};
  auto source =
    receivers::socket_text_source("127.0.0.1", server.port(), storage_level::memory_only, {});
  test::recording_port port{source->make_builder({})};
  auto receiver = source->make_receiver();
  receiver->attach(port);
  receiver->on_start();
  auto& builder = port.builder();
  CHECK(test::eventually([&] { return builder.accepted() == 1; }));
  builder.cut();
  auto block = builder.take();
  CHECK(!builder.take());
  receiver->on_stop();
  return block;
}

// The word count, as dstream's operators make it for one batch.
struct word_count_lineage {
  lineage::dataset_ptr lines, words, pairs, counts;
};

word_count_lineage make_lineage(std::vector<std::vector<data::block_part>> partitions) {
  lineage::id_scope scope{operator_id{7}, the_batch};
  auto one = [](std::string_view word) { return word_pair{word, 1}; };
  word_count_lineage result;
  result.lines = lineage::make_block_source<std::string_view>(std::move(partitions));
  result.words = lineage::make_flat_map<std::string_view, std::string_view>(
    result.lines, std::make_shared<const split_words_fn>(split_words));
  result.pairs =
    lineage::make_map<std::string_view>(result.words, std::make_shared<const decltype(one)>(one));
  result.counts = lineage::make_reduce_by_key<std::string_view, long>(
    result.pairs, std::make_shared<const std::plus<>>(),
    std::make_shared<const hash_partitioner>(3u));
  return result;
}

// The records of one partition, which has one chunk.
template <class T>
std::vector<T> only_chunk(lineage::task_context& context, const lineage::dataset_ptr& set) {
  auto records = context.open(*set, 0);
  auto& typed = data::typed<T>(*records);
  auto chunk = typed.next();
  std::vector<T> result(chunk.begin(), chunk.end());
  CHECK(typed.next().empty());
  return result;
}

// The pairs of a piece, in its order.
std::vector<word_count> pairs_of(const data::payload& piece) {
  std::vector<word_count> result;
  piece.get<word_piece>().value()->for_each(
    [&](std::string_view key, long count) { result.emplace_back(key, count); });
  return result;
}

// What the last operator's records become on their way out: steps 17 and 18 of a task.
exec::partition_action write_part(const std::string& folder) {
  return [folder](partition_id, data::cursor_base& records, lineage::task_context& context) {
    outputs::part_writer part{posix_files(), folder, context.id()};
    auto& typed = data::typed<word_count>(records);
    for (auto chunk = typed.next(); !chunk.empty(); chunk = typed.next())
      for (auto& record : chunk) {
        outputs::append_text(part.buffer(), record);
        part.buffer() += "\n";
        CHECK(part.end_record().has_value());
      }
    return lineage::pack_record<std::string>(part.finish().value());
  };
}

std::string content_of(const std::string& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

} // namespace

TEST_SUITE("journey.journey") {

  TEST_CASE("a line from a socket becomes counts in files") {
    // 1, 2, 3: the bytes of the socket are the bytes of the block, and the line is a record.
    auto block = receive_block();
    REQUIRE(block);
    CHECK(block.records() == 1);
    auto text = block.get<text_list>().value();
    CHECK(text->bytes == "hello world\n");
    CHECK(text->ends == std::vector<std::uint32_t>{12});
    CHECK((*text)[0] == "hello world");

    // 4: the message that carries it to the keeper. Within a process it shares the block; between
    // processes, and with encode-local, these are its bytes.
    data::block_info info{the_block, block.records(), block.bytes()};
    auto encoding = block.encode();
    CHECK(codec::as_view(encoding) == "\x01"                     // lines end with their `\n`
                                      "\x95\x01"                 // array of 5, format version 1
                                      "\xa1s\x01"                // strings, 1 of them
                                      "\xc6\0\0\0\x04\x0c\0\0\0" // of 12 bytes
                                      "\xc6\0\0\0\x0chello world\n"sv);
    auto sent = actors::pack_body(actors::store_block{info, block});
    auto arrived = actors::unpack_body<actors::store_block>(sent);
    REQUIRE(arrived.has_value());
    CHECK(arrived->info.id == the_block);
    CHECK((*arrived->block.get<text_list>().value())[0] == "hello world");

    // 5: the keeper keeps it within its budget. It is the same block, not a copy.
    blocks::block_store store{byte_count{1 << 20}};
    CHECK(store.put(info.id, block) == blocks::put_result::kept);
    CHECK(store.used().value == block.bytes());
    CHECK(store.find(the_block).get<text_list>().value() == text);

    // 6: the ledger lets it wait for a batch.
    ingest::block_ledger ledger;
    CHECK(ledger.add(info));
    CHECK(ledger.waiting_count() == 1);

    // 7: the tick. The batch is due, and the ledger gives it what has arrived.
    batch::scheduler_core scheduler{1, false};
    scheduler.on_due(the_batch);
    REQUIRE(scheduler.next_to_decide() == the_batch);
    scheduler.on_cut();
    auto decided = ledger.decide(the_batch);
    CHECK(ledger.waiting_count() == 0);
    REQUIRE(decided.at(0).size() == 1);
    CHECK(decided.at(0)[0].id == the_block);

    // 8: who reads what is part of the decision: one partition with one record.
    auto partitions = data::pack_blocks(decided.at(0), 2);
    REQUIRE(partitions.size() == 1);
    REQUIRE(partitions[0].size() == 1);
    CHECK(partitions[0][0].id == the_block);
    CHECK(partitions[0][0].first == 0);
    CHECK(partitions[0][0].last == 1);
    output_operation_info output;
    output.batch_time = the_batch;
    scheduler.on_decided(the_batch, the_batch, {{0, 1}}, {output});
    auto next = scheduler.next_job();
    REQUIRE(next.has_value());
    CHECK(next->batch == the_batch);
    scheduler.on_output_started(*next, the_batch);

    // 9: the output's job is planned for this batch: two stages with a shuffle between them.
    test::temp_folder temp;
    auto folder = outputs::batch_folder(temp / "counts", the_batch, "");
    CHECK(folder == temp / "counts-1357008430000");
    auto lineage = make_lineage(partitions);
    exec::active_job job;
    job.id = the_job;
    job.time = the_batch;
    job.seed = seed;
    job.plan = plan::compile(lineage.counts, {0, 1, 2}, [](auto&) { return false; });
    job.action = write_part(folder);
    REQUIRE(job.plan.stages.size() == 2);
    CHECK(job.plan.stages[0].target == lineage.pairs);
    CHECK(job.plan.stages[1].target == lineage.counts);

    // 10: only the map task may run; it needs the block, which the keeper adds.
    batch::job_core tasks{job.id, job.plan, 2, 4};
    auto launches = tasks.launches();
    REQUIRE(launches.size() == 1);
    auto map_task = launches[0].id;
    CHECK(map_task == task_id{the_job, 0, 0, 0});
    auto needs = job.plan.needs(0, 0);
    REQUIRE(needs.blocks.size() == 1);
    lineage::task_inputs inputs;
    inputs.blocks.emplace(the_block, store.find(needs.blocks[0].id));

    // 11, 12, 13: inside the task a chunk goes from operator to operator. Words are views of the
    // bytes that came from the socket.
    lineage::task_context context{map_task, the_batch, seed, inputs};
    CHECK(only_chunk<std::string_view>(context, lineage.lines) ==
          std::vector<std::string_view>{"hello world"});
    auto words = only_chunk<std::string_view>(context, lineage.words);
    CHECK(words == std::vector<std::string_view>{"hello", "world"});
    CHECK(words[0].data() == text->bytes.data());
    CHECK(words[1].data() == text->bytes.data() + 6);
    CHECK(only_chunk<word_pair>(context, lineage.pairs) ==
          std::vector<word_pair>{{"hello", 1}, {"world", 1}});

    // 14: the task combines by key and cuts its table. Which of the three partitions a word belongs
    // to depends on its bytes only.
    auto mapped = exec::run_task(job, map_task, inputs);
    REQUIRE(mapped.has_value());
    auto& pieces = mapped->pieces;
    REQUIRE(pieces.size() == 3);
    CHECK(!pieces[0]);
    CHECK(pairs_of(pieces[1]) == std::vector<word_count>{{"world", 1}});
    CHECK(pairs_of(pieces[2]) == std::vector<word_count>{{"hello", 1}});
    CHECK(codec::as_view(pieces[2].encode()) == "\x96\x01"       // array of 6, format version 1
                                                "\xa6(s,i8)\x01" // text and number, 1 pair
                                                "\xc6\0\0\0\x04\x05\0\0\0"
                                                "\xc6\0\0\0\x05hello"
                                                "\xc6\0\0\0\x08\x01\0\0\0\0\0\0\0"sv);

    // 15: the keeper has the pieces before the task is reported as done; then the reduce tasks run.
    store.put_pieces({the_job, 0, 0}, pieces);
    CHECK(tasks.on_finished(map_task, {}));
    launches = tasks.launches();
    REQUIRE(launches.size() == 3);

    // 16, 17, 18: they merge the pieces, write what comes out as text, aside, and sync.
    REQUIRE(outputs::begin_parts(posix_files(), folder).has_value());
    std::vector<std::string> written;
    for (auto& launch : launches) {
      lineage::task_inputs reduce_inputs;
      auto p = launch.id.partition;
      auto request = job.plan.needs(1, p).pieces.at(0);
      reduce_inputs.pieces[request.input] = {store.find_piece({the_job, 0, 0}, p).value()};
      auto reduced = exec::run_task(job, launch.id, reduce_inputs);
      REQUIRE(reduced.has_value());
      written.push_back(reduced->result.get<data::record_list<std::string>>().value()->items.at(0));
      CHECK(written[p] == "_temporary/part-0000" + std::to_string(p) + ".attempt-1-0");
      CHECK(tasks.on_finished(launch.id, reduced->result));
    }
    CHECK(tasks.finished());

    // 19: the driver puts the parts in place.
    REQUIRE(outputs::commit_parts(posix_files(), folder, written).has_value());
    CHECK(content_of(folder + "/part-00000") == "");
    CHECK(content_of(folder + "/part-00001") == "(world,1)\n");
    CHECK(content_of(folder + "/part-00002") == "(hello,1)\n");
    CHECK(posix_files().exists(folder + "/_SUCCESS").value());
    CHECK(!posix_files().exists(folder + "/_temporary").value());

    // 20: the batch has ended, and nothing of it stays.
    scheduler.on_output_finished(*next, the_batch, std::nullopt);
    REQUIRE(scheduler.ended_through() == the_batch);
    store.forget_job(the_job);
    for (auto& id : ledger.forget_through(the_batch))
      CHECK(store.forget(id));
    CHECK(store.used().value == 0);
  }

} // TEST_SUITE
