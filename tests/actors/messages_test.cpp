#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include <doctest/doctest.h>

#include "caf_stream/actors/message_types.hpp"
#include "caf_stream/actors/post.hpp"
#include "caf_stream/data/record_list.hpp"
#include "support/source_folder.hpp"

using namespace caf_stream;
using namespace caf_stream::actors;

namespace {

// Puts something other than the default into every field of a message. It takes the place of
// msgpack's packer, so it is shown the fields that MSGPACK_DEFINE names, one after the other.
class filler {
public:
  filler& pack_array(std::uint32_t) { return *this; }

  template <class T>
  filler& pack(const T& field) {
    fill(const_cast<T&>(field)); // of a message that is not const
    return *this;
  }

  template <class T>
  void fill(T& x) {
    if constexpr (std::is_same_v<T, bool>)
      x = !x;
    else if constexpr (std::is_arithmetic_v<T>)
      x = static_cast<T>(next());
    else
      x.msgpack_pack(*this);
  }

  void fill(std::string& x) { x = "text " + std::to_string(next()); }
  void fill(duration& x) { x = duration{next()}; }
  void fill(batch_time& x) { x = from_millis(1'357'008'430'000 + next()); }
  void fill(operator_id& x) { x.value = 0xfedcba9876543210 + static_cast<std::uint64_t>(next()); }
  void fill(block_id& x) { fill_all(x.stream, x.node, x.number); }
  void fill(task_id& x) { fill_all(x.job, x.stage, x.partition, x.attempt); }
  void fill(data::block_info& x) { fill_all(x.id, x.records, x.bytes); }
  void fill(data::block_part& x) { fill_all(x.id, x.first, x.last); }
  void fill(lineage::dataset_id& x) { fill_all(x.op, x.time, x.path); }
  void fill(lineage::dataset_partition& x) { fill_all(x.dataset, x.partition); }
  void fill(lineage::computed_partition& x) { fill_all(x.records, x.level); }
  void fill(plan::kept_request& x) { fill_all(x.partition, x.alone); }
  void fill(storage_level& x) { x = storage_level::disk_only; }
  void fill(lineage::shuffle_input& x) { fill_all(x.dataset, x.dependency, x.partition); }
  void fill(lineage::task_inputs& x) { fill_all(x.blocks, x.values, x.kept, x.pieces); }
  void fill(plan::piece_request& x) { fill_all(x.input, x.from_stage, x.map_tasks); }
  void fill(plan::task_needs& x) { fill_all(x.blocks, x.kept, x.pieces, x.values); }
  void fill(stream_input_info& x) { fill_all(x.input_stream_id, x.num_records, x.metadata); }
  void fill(output_operation_info& x) {
    fill_all(x.batch_time, x.id, x.name, x.description, x.start_time, x.end_time, x.duration,
             x.failure_reason);
  }
  void fill(batch_info& x) {
    fill_all(x.batch_time, x.stream_id_to_input_info, x.submission_time, x.processing_start_time,
             x.processing_end_time, x.output_operation_infos, x.scheduling_delay,
             x.processing_delay, x.total_delay, x.num_records);
  }
  void fill(delay_info& x) {
    fill_all(x.batch_time, x.total_delay, x.batch_interval, x.rising_since);
  }
  void fill(receiver_info& x) {
    fill_all(x.stream_id, x.name, x.active, x.location, x.executor_id, x.last_error_message,
             x.last_error, x.last_error_time);
  }
  void fill(loss_info& x) { fill_all(x.stream_id, x.num_records, x.reason); }
  void fill(data::payload& x) {
    data::record_list<std::string> records;
    records.items = {"one", "", std::string(300, 'x'), std::to_string(next())};
    x = data::payload::make(std::move(records), 4, 500);
  }

  template <class T>
  void fill(std::optional<T>& x) {
    fill(x.emplace());
  }

  template <class T>
  void fill(std::vector<T>& x) {
    x.resize(3);
    for (auto& item : x)
      fill(item);
  }

  template <class A, class B>
  void fill(std::pair<A, B>& x) {
    fill_all(x.first, x.second);
  }

  template <class K, class V>
  void fill(std::map<K, V>& x) {
    for (int i = 0; i < 3; ++i) {
      K key;
      fill(key);
      fill(x[key]);
    }
  }

private:
  template <class... Fields>
  void fill_all(Fields&... fields) {
    (fill(fields), ...);
  }

  int next() { return ++last_ % 100 + 1; }

  int last_ = 0;
};

// Calls f.operator()<T>() for each type of message.
template <class F, class... Messages>
void for_each_message(F f, std::tuple<Messages...>*) {
  (f.template operator()<Messages>(), ...);
}

template <class F>
void for_each_message(F f) {
  for_each_message(f, static_cast<all_messages*>(nullptr));
}

template <class T>
T filled() {
  T result;
  filler{}.fill(result);
  return result;
}

std::set<std::string> declared_messages() {
  std::ifstream in{test::source_folder() / "actors/caf_stream/actors/messages.hpp"};
  REQUIRE(in);
  std::set<std::string> result;
  std::string candidate;
  std::smatch match;
  for (std::string line; std::getline(in, line);) {
    if (std::regex_search(line, match, std::regex{"^struct (\\w+) \\{"}))
      candidate = match[1];
    else if (line.find("  MSGPACK_DEFINE(") == 0)
      result.insert(candidate);
  }
  return result;
}

} // namespace

TEST_SUITE("actors.messages") {

  TEST_CASE("every message says the same after it has been encoded and decoded") {
    for_each_message([]<class T>() {
      CAPTURE(message_name<T>());
      auto body = pack_body(filled<T>());
      CHECK(body != pack_body(T{}));
      auto read = unpack_body<T>(body);
      REQUIRE(read);
      CHECK(pack_body(*read) == body);
    });
  }

  TEST_CASE("a body that is cut short is an error, wherever it is cut") {
    for_each_message([]<class T>() {
      CAPTURE(message_name<T>());
      auto body = pack_body(filled<T>());
      for (std::size_t n = 0; n < body.size(); ++n) {
        auto read = unpack_body<T>(std::string_view{body}.substr(0, n));
        REQUIRE_FALSE(read);
        CHECK(read.error().code() == errc::damaged_data);
      }
    });
  }

  TEST_CASE("a body with a damaged byte is read or refused, and never more than that") {
    for_each_message([]<class T>() {
      CAPTURE(message_name<T>());
      auto body = pack_body(filled<T>());
      for (std::size_t i = 0; i < body.size(); ++i)
        for (auto bits : {0x01, 0x80, 0xff}) {
          auto damaged = body;
          damaged[i] = static_cast<char>(damaged[i] ^ bits);
          if (auto read = unpack_body<T>(damaged); !read)
            CHECK(read.error().code() == errc::damaged_data);
        }
    });
  }

  TEST_CASE("the list of messages has every one that is declared") {
    std::set<std::string> listed;
    for_each_message([&]<class T>() { listed.emplace(message_name<T>()); });
    CHECK(listed.size() == std::tuple_size_v<all_messages>);
    CHECK(listed == declared_messages());
  }

  TEST_CASE("records without an encoding pass a process as they are") {
    struct unknown {
      int x;
    };
    data::record_list<unknown> records;
    records.items = {{1}, {2}};
    task_done message{{1, 2, 3, 4}, data::payload::make(std::move(records), 2, 8)};
    auto arrived = through_encoding(message);
    CHECK(arrived.id == message.id);
    auto read = arrived.result.get<data::record_list<unknown>>();
    REQUIRE(read);
    CHECK((*read)->items.at(1).x == 2);
  }
}
