#include <doctest/doctest.h>

#include "caf_stream/data/record_list.hpp"

using namespace caf_stream;
using data::payload;

namespace {

template <class T>
payload make_list(const std::vector<owned_t<T>>& records) {
  data::record_list_builder<T> list;
  for (const auto& each : records)
    list.push_back(each);
  return list.take();
}

template <class T>
std::vector<owned_t<T>> read(const payload& list, std::size_t first = 0,
                             std::size_t last = std::size_t(-1)) {
  auto cursor = data::read_records<T>(list, first, last);
  REQUIRE(cursor);
  std::vector<owned_t<T>> result;
  for (auto chunk = (*cursor)->next(); !chunk.empty(); chunk = (*cursor)->next()) {
    CHECK(chunk.size() <= data::chunk_size);
    for (const T& x : chunk)
      result.push_back(to_owned(x));
  }
  CHECK((*cursor)->next().empty());
  return result;
}

payload encoded(const payload& x) {
  return payload::from_encoding(x.encode(), x.records(), x.bytes());
}

template <class T>
void check_kind(const std::vector<owned_t<T>>& records) {
  auto list = make_list<T>(records);
  CHECK(list.records() == records.size());
  CHECK(read<T>(list) == records);
  CHECK(read<T>(encoded(list)) == records);
  if (records.size() > 2) {
    auto middle = std::vector<owned_t<T>>(records.begin() + 1, records.end() - 1);
    CHECK(read<T>(list, 1, records.size() - 1) == middle);
    CHECK(read<T>(encoded(list), 1, records.size() - 1) == middle);
  }
  CHECK(read<T>(list, records.size(), records.size() + 5).empty());
  CHECK(read<T>(list, records.size() + 2, records.size() + 5).empty());
}

std::vector<std::string> texts() {
  std::vector<std::string> result{"", "a", std::string(100, 'b'), std::string{"\0\n\r", 3}, ""};
  for (int i = 0; i < 3000; ++i)
    result.push_back(std::to_string(i));
  return result;
}

} // namespace

TEST_SUITE("data.record_list") {

  TEST_CASE("records of every kind read back as they were, whole and in part") {
    check_kind<int>({});
    check_kind<int>({1});
    check_kind<int>(std::vector<int>(5000, 7));
    check_kind<bool>({true, false, true, true});
    check_kind<double>({1.5, -0.0, 3});
    check_kind<std::string>(texts());
    check_kind<std::string_view>(texts());
    check_kind<std::pair<std::string_view, long>>({{"a", 1}, {"", 2}, {"c", 3}});
    check_kind<std::optional<int>>({1, std::nullopt, 3});
    check_kind<std::vector<std::string>>({{"a", "b"}, {}, {"c"}});
  }

  TEST_CASE("records that are no views are handed out where they are") {
    auto list = make_list<std::string>(texts());
    auto held = *list.get<data::record_list<std::string>>();
    auto cursor = *data::read_records<std::string>(list, 2, 10);
    auto chunk = cursor->next();
    CHECK(chunk.data() == held->items.data() + 2);
    CHECK(chunk.size() == 8);
  }

  TEST_CASE("text is kept as its bytes, and views point into them") {
    auto list = make_list<std::string_view>({"hello", "world"});
    auto held = *list.get<data::record_list<std::string_view>>();
    CHECK(held->bytes == "helloworld");
    auto cursor = *data::read_records<std::string_view>(list, 0, 2);
    CHECK(cursor->next()[1].data() == held->bytes.data() + 5);
  }

  TEST_CASE("a builder counts bytes, and is empty once taken from") {
    data::record_list_builder<std::string> list;
    list.push_back(std::string(1000, 'x'));
    CHECK(list.size() == 1);
    CHECK(list.bytes() >= 1000);
    auto first = list.take();
    CHECK(first.bytes() >= 1000);
    CHECK(list.size() == 0);
    CHECK(list.bytes() == 0);
    list.push_back("y");
    CHECK(read<std::string>(list.take()) == std::vector<std::string>{"y"});
    CHECK(read<std::string>(first).size() == 1);
    data::record_list_builder<std::string_view> text;
    text.push_back("abc");
    CHECK(text.bytes() == 3 + sizeof(std::uint32_t));
    auto taken = text.take();
    text.push_back("d");
    CHECK(read<std::string_view>(taken) == std::vector<std::string>{"abc"});
  }

} // TEST_SUITE
