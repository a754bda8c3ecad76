#include "word_counts.hpp"

#include <charconv>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace caf_stream::test {

namespace {

// Calls f with each line; the last one may lack its end.
template <class F>
void for_each_line(std::string_view text, F f) {
  while (!text.empty()) {
    auto end = text.find('\n');
    f(text.substr(0, end), end != std::string_view::npos);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
}

std::string content_of(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

void add_part(word_counts& counts, const std::filesystem::path& file) {
  for_each_line(content_of(file), [&](std::string_view line, bool ended) {
    auto pair = parse_count(line);
    if (!pair || !ended)
      throw std::runtime_error{file.string() + " has a partial line: " + std::string{line}};
    counts[pair->first] += pair->second;
  });
}

} // namespace

word_counts count_words(std::string_view text) {
  constexpr std::string_view space{" \t\n\v\f\r"};
  word_counts result;
  for (std::size_t begin = 0;;) {
    begin = text.find_first_not_of(space, begin);
    if (begin == std::string_view::npos)
      return result;
    auto end = text.find_first_of(space, begin);
    ++result[std::string{text.substr(begin, end - begin)}];
    if (end == std::string_view::npos)
      return result;
    begin = end;
  }
}

std::optional<std::pair<std::string, std::int64_t>> parse_count(std::string_view line) {
  auto comma = line.rfind(',');
  if (line.size() < 5 || line.front() != '(' || line.back() != ')' ||
      comma == std::string_view::npos)
    return std::nullopt;
  std::int64_t count = 0;
  auto* end = line.data() + line.size() - 1;
  auto [parsed, failed] = std::from_chars(line.data() + comma + 1, end, count);
  if (failed != std::errc{} || parsed != end)
    return std::nullopt;
  return std::pair{std::string{line.substr(1, comma - 1)}, count};
}

word_counts printed_counts(std::string_view output) {
  word_counts result;
  for_each_line(output, [&](std::string_view line, bool ended) {
    if (auto pair = parse_count(line); pair && ended)
      result[pair->first] += pair->second;
  });
  return result;
}

std::vector<std::filesystem::path> saved_batches(const std::string& prefix) {
  std::filesystem::path path{prefix};
  std::vector<std::filesystem::path> result;
  for (auto& entry : std::filesystem::directory_iterator{path.parent_path()})
    if (entry.path().filename().string().starts_with(path.filename().string() + "-"))
      result.push_back(entry.path());
  return result;
}

word_counts saved_counts(const std::string& prefix) {
  word_counts result;
  for (auto& folder : saved_batches(prefix))
    for (auto& entry : std::filesystem::directory_iterator{folder})
      if (entry.path().filename().string().starts_with("part-"))
        add_part(result, entry.path());
  return result;
}

} // namespace caf_stream::test
