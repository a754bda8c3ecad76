#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

// What the command lines of the examples say. Words that are wrong throw a caf_stream::error, which
// CAF_STREAM_MAIN prints and makes the exit code 2.

namespace examples {

/// Throws where there are fewer words than `least`, or more than `most`. `usage` is for the text of
/// the error.
void refuse_fewer(const std::vector<std::string>& words, std::size_t least, const char* usage);
void refuse_more(const std::vector<std::string>& words, std::size_t most, const char* usage);

/// A TCP server that sends lines of text.
struct text_source {
  std::string host;
  std::uint16_t port = 0;
};

/// A TCP port; 0 is none.
std::uint16_t parse_port(const std::string& word, const char* usage);

/// How many of something there are: 1 to 1000.
std::size_t parse_count(const std::string& word, const char* usage);

/// A time in milliseconds, longer than nothing.
std::chrono::milliseconds parse_milliseconds(const std::string& word, const char* usage);

/// The server named by the first two words, HOST and PORT.
text_source parse_text_source(const std::vector<std::string>& words, const char* usage);

/// The same; without any words a server inside this program, which lives as long as the program.
text_source text_source_or_own(const std::vector<std::string>& words, const char* usage);

} // namespace examples
