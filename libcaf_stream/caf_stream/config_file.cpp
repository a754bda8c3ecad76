#include "caf_stream/config_file.hpp"

#include <algorithm>
#include <cctype>

namespace caf_stream {

namespace {

bool is_key_char(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' || c == '.';
}

bool is_ours(std::string_view path) { return path == "stream" || path.substr(0, 7) == "stream."; }

std::string joined(const std::string& path, const std::string& key) {
  return path.empty() || path == "global" ? key : path + "." + key;
}

// Walks the text once. What it understands it blanks in `result_.rest`, so that places in CAF's
// own messages stay right.
class splitter {
public:
  splitter(std::string_view text, const std::string& file_name)
    : text_(text), file_name_(file_name) {
    result_.rest = text;
  }

  result<config_file> run() {
    try {
      std::string section;
      for (skip_blanks(); !at_end(); skip_blanks()) {
        if (peek() == '[')
          section = read_section();
        else
          read_entry(section, false);
      }
      return std::move(result_);
    } catch (error& e) {
      return tl::unexpected<error>{std::move(e)};
    }
  }

private:
  bool at_end() const { return pos_ == text_.size(); }
  char peek() const { return at_end() ? '\0' : text_[pos_]; }

  [[noreturn]] void refuse(const std::string& what) const {
    throw error{errc::invalid_setting, file_name_ + ":" + std::to_string(line()) + ": " + what};
  }

  std::size_t line() const {
    auto until = text_.begin() + static_cast<std::ptrdiff_t>(pos_);
    return 1 + static_cast<std::size_t>(std::count(text_.begin(), until, '\n'));
  }

  void blank(std::size_t from) {
    for (; from < pos_; ++from)
      if (text_[from] != '\n')
        result_.rest[from] = ' ';
  }

  void skip_comment() {
    auto from = pos_;
    pos_ = std::min(text_.find('\n', pos_), text_.size());
    blank(from);
  }

  void skip_blanks(std::string_view blanks = " \t\r\n") {
    for (; !at_end(); ++pos_)
      if (peek() == ';' || peek() == '#') {
        skip_comment();
        if (blanks.find('\n') == std::string_view::npos || at_end())
          return;
      } else if (blanks.find(peek()) == std::string_view::npos) {
        return;
      }
  }

  std::string read_key() {
    auto from = pos_;
    while (is_key_char(peek()))
      ++pos_;
    if (pos_ == from)
      refuse(std::string{"a name was expected, but found '"} + peek() + "'");
    return std::string{text_.substr(from, pos_ - from)};
  }

  std::string read_section() {
    auto from = pos_++;
    skip_blanks(" \t");
    auto name = read_key();
    skip_blanks(" \t");
    if (peek() != ']')
      refuse("the section's name must be closed with ]");
    ++pos_;
    if (is_ours(name))
      blank(from);
    return name;
  }

  void read_entry(const std::string& path, bool in_braces) {
    auto from = pos_;
    auto at = line();
    auto name = joined(path, read_key());
    skip_blanks(" \t");
    if (peek() == '=') {
      ++pos_;
      skip_blanks(" \t");
    } else if (peek() != '{') {
      refuse("'=' must follow " + name);
    }
    if (!is_ours(name))
      return skip_value();
    if (peek() == '{')
      read_map(name);
    else if (name == "stream")
      refuse("stream is a group of settings: write stream { … }");
    else
      result_.stream.push_back({name.substr(7), read_value(in_braces), at});
    blank(from);
  }

  void read_map(const std::string& path) {
    ++pos_;
    for (skip_blanks(" \t\r\n,"); peek() != '}'; skip_blanks(" \t\r\n,")) {
      if (at_end())
        refuse("a } is missing");
      read_entry(path, true);
    }
    ++pos_;
  }

  std::string read_value(bool in_braces) {
    if (peek() == '"')
      return read_string();
    std::string_view ends = in_braces ? "\r\n;#,}" : "\r\n;#";
    auto from = pos_;
    pos_ = std::min(text_.find_first_of(ends, pos_), text_.size());
    auto value = text_.substr(from, pos_ - from);
    value = value.substr(0, value.find_last_not_of(" \t") + 1);
    if (value.empty())
      refuse("a value is missing; an empty text is \"\"");
    return std::string{value};
  }

  std::string read_string() {
    std::string value;
    for (++pos_; peek() != '"'; ++pos_) {
      auto escaped = peek() == '\\';
      if (escaped)
        ++pos_;
      if (at_end() || peek() == '\n')
        refuse("a \" is missing");
      value += escaped && peek() == 'n' ? '\n' : escaped && peek() == 't' ? '\t' : peek();
    }
    ++pos_;
    return value;
  }

  // Past a value that is CAF's to read, whose end has to be found nevertheless.
  void skip_value() {
    std::size_t depth = 0;
    for (; !at_end(); ++pos_) {
      auto c = peek();
      if (c == '"' || c == '\'') {
        skip_quoted(c);
      } else if (c == '{' || c == '[') {
        ++depth;
      } else if ((c == '}' || c == ']') && depth > 0) {
        --depth;
      } else if (c == ';' || c == '#') {
        skip_comment();
        --pos_;
      } else if (c == '\n' && depth == 0) {
        return;
      }
    }
  }

  // From the opening quote to the closing one.
  void skip_quoted(char quote) {
    for (++pos_; !at_end() && peek() != quote && peek() != '\n'; ++pos_)
      if (peek() == '\\')
        ++pos_;
    if (at_end() || peek() == '\n')
      refuse(std::string{"a "} + quote + " is missing");
  }

  std::string_view text_;
  const std::string& file_name_;
  std::size_t pos_ = 0;
  config_file result_;
};

} // namespace

result<config_file> split_config_file(std::string_view text, const std::string& file_name) {
  return splitter{text, file_name}.run();
}

} // namespace caf_stream
