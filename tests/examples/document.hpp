#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

// What a document of the project shows: its blocks of code, its tables and the files it links to.

namespace caf_stream::test {

/// Throws std::runtime_error when it cannot be read.
std::string content_of(const std::filesystem::path& file);

std::vector<std::string> lines_of(const std::string& text);

/// Lines between ``` and ```. The first says their language and may name the file they are from:
/// "```cpp windows.cpp".
struct code_block {
  std::string language;
  std::string file;
  std::size_t line = 0; ///< of the document, from 1, where the block's first line is
  std::vector<std::string> lines;

  std::string text() const; ///< ends with a newline
};

std::vector<code_block> blocks_of(const std::string& document);

/// Lines that begin with a |. The one below the head is left out.
struct table {
  std::size_t line = 0; ///< of the document, from 1, where the head is
  std::vector<std::string> head;
  std::vector<std::vector<std::string>> rows;
};

std::vector<table> tables_of(const std::string& document);

/// The files that a document links to, as it names them.
std::vector<std::string> linked_files(const std::string& document);

/// Why `block` is not a run of whole lines of `source`, a file that is called `name`, apart from
/// how far all of them are indented; nothing where it is one.
std::string why_not_part_of(const std::string& source, const std::string& name,
                            const code_block& block);

} // namespace caf_stream::test
