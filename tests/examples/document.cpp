#include "document.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <regex>
#include <sstream>
#include <stdexcept>

namespace caf_stream::test {

namespace {

std::string without_blanks_around(const std::string& text) {
  auto first = text.find_first_not_of(' ');
  if (first == std::string::npos)
    return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

// `| a | b |` as a and b.
std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> result;
  for (std::size_t at = 1; at < line.size();) {
    auto end = std::min(line.find('|', at), line.size());
    result.push_back(without_blanks_around(line.substr(at, end - at)));
    at = end + 1;
  }
  return result;
}

std::size_t indentation(const std::string& line) {
  return std::min(line.find_first_not_of(' '), line.size());
}

// How many lines of `block` are those from `source` on, all of them indented alike.
std::size_t equal_lines(const std::vector<std::string>& block, const std::string* source,
                        std::size_t n) {
  if (indentation(source[0]) < indentation(block[0]))
    return 0;
  std::string indented(indentation(source[0]) - indentation(block[0]), ' ');
  n = std::min(n, block.size());
  for (std::size_t i = 0; i < n; ++i)
    if (source[i] != (block[i].empty() ? "" : indented + block[i]))
      return i;
  return n;
}

} // namespace

std::string content_of(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  if (!in)
    throw std::runtime_error{"cannot read " + file.string()};
  return {std::istreambuf_iterator<char>{in}, {}};
}

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream in{text};
  std::vector<std::string> result;
  for (std::string line; std::getline(in, line);)
    result.push_back(line);
  return result;
}

std::string code_block::text() const {
  std::string result;
  for (auto& line : lines)
    result += line + "\n";
  return result;
}

std::vector<code_block> blocks_of(const std::string& document) {
  std::vector<code_block> result;
  bool inside = false;
  std::size_t number = 0;
  for (auto& line : lines_of(document)) {
    ++number;
    if (line.rfind("```", 0) == 0) {
      inside = !inside;
      if (inside) {
        code_block block;
        std::istringstream{line.substr(3)} >> block.language >> block.file;
        block.line = number + 1;
        result.push_back(std::move(block));
      }
    } else if (inside) {
      result.back().lines.push_back(line);
    }
  }
  return result;
}

std::vector<table> tables_of(const std::string& document) {
  std::vector<table> result;
  bool inside = false;
  std::size_t number = 0;
  for (auto& line : lines_of(document)) {
    ++number;
    auto is_row = line.rfind('|', 0) == 0;
    if (is_row && !inside)
      result.push_back({number, cells_of(line), {}});
    else if (is_row && line.rfind("|--", 0) != 0)
      result.back().rows.push_back(cells_of(line));
    inside = is_row;
  }
  return result;
}

std::vector<std::string> linked_files(const std::string& document) {
  static const std::regex links{"\\]\\(([^)#: ]+)(#[^)]*)?\\)"};
  std::vector<std::string> result;
  for (std::sregex_iterator i{document.begin(), document.end(), links}, end; i != end; ++i)
    result.push_back((*i)[1]);
  return result;
}

std::string why_not_part_of(const std::string& source, const std::string& name,
                            const code_block& block) {
  if (block.lines.empty())
    return "the block is empty";
  auto all = lines_of(source);
  std::size_t best = 0;
  std::size_t best_at = 0;
  for (std::size_t at = 0; at < all.size(); ++at) {
    auto equal = equal_lines(block.lines, all.data() + at, all.size() - at);
    if (equal == block.lines.size())
      return {};
    if (equal > best) {
      best = equal;
      best_at = at;
    }
  }
  auto in_block = "line " + std::to_string(block.line + best) + ", `" + block.lines[best] + "`, ";
  if (best == 0)
    return in_block + "is no line of " + name;
  auto next = best_at + best;
  return in_block + "is not what follows in " + name +
         (next == all.size() ? ", which ends there"
                             : ":" + std::to_string(next + 1) + ", `" + all[next] + "`");
}

} // namespace caf_stream::test
