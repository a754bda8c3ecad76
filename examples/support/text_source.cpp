#include "support/text_source.hpp"

#include <charconv>
#include <cstdio>

#include <caf_stream/base/error.hpp>

#include "support/text_server.hpp"

namespace examples {

namespace {

[[noreturn]] void refuse(const std::string& what, const char* usage) {
  throw caf_stream::error{caf_stream::errc::invalid_argument,
                          what + "\nusage: " + usage + "; --long-help lists the options"};
}

} // namespace

void refuse_fewer(const std::vector<std::string>& words, std::size_t least, const char* usage) {
  if (words.size() < least)
    refuse("words are missing", usage);
}

void refuse_more(const std::vector<std::string>& words, std::size_t most, const char* usage) {
  if (words.size() > most)
    refuse("too many words", usage);
}

std::uint16_t parse_port(const std::string& word, const char* usage) {
  std::uint16_t port = 0;
  auto* end = word.data() + word.size();
  auto [parsed, ec] = std::from_chars(word.data(), end, port);
  if (ec != std::errc{} || parsed != end || port == 0)
    refuse("'" + word + "' is no TCP port", usage);
  return port;
}

std::size_t parse_count(const std::string& word, const char* usage) {
  std::size_t count = 0;
  auto* end = word.data() + word.size();
  auto [parsed, ec] = std::from_chars(word.data(), end, count);
  if (ec != std::errc{} || parsed != end || count == 0 || count > 1000)
    refuse("'" + word + "' is no number from 1 to 1000", usage);
  return count;
}

std::chrono::milliseconds parse_milliseconds(const std::string& word, const char* usage) {
  std::int64_t count = 0;
  auto* end = word.data() + word.size();
  auto [parsed, ec] = std::from_chars(word.data(), end, count);
  if (ec != std::errc{} || parsed != end || count <= 0)
    refuse("'" + word + "' is no number of milliseconds", usage);
  return std::chrono::milliseconds{count};
}

text_source parse_text_source(const std::vector<std::string>& words, const char* usage) {
  if (words.size() < 2)
    refuse("HOST and PORT are needed", usage);
  return {words[0], parse_port(words[1], usage)};
}

text_source text_source_or_own(const std::vector<std::string>& words, const char* usage) {
  if (!words.empty())
    return parse_text_source(words, usage);
  static text_server server;
  std::fprintf(stderr, "Serving a text at 127.0.0.1:%d\n", server.port());
  return {"127.0.0.1", server.port()};
}

} // namespace examples
