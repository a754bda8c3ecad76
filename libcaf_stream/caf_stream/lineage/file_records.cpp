#include "caf_stream/lineage/file_records.hpp"

#include "caf_stream/data/text_split.hpp"

namespace caf_stream::lineage {

namespace {

// How much is searched for ends of lines at once: little enough to stay in the cache until the
// lines are read.
constexpr std::size_t window = 64 * 1024;

// What cursors over files have in common: one file after the other, all kept until the end, since
// records point into them.
class views_of_files : public data::cursor<std::string_view> {
public:
  views_of_files(file_parts parts, file_opener_ptr opener)
    : parts_(std::move(parts)), opener_(std::move(opener)) {}

  std::span<const std::string_view> next() final {
    out_.clear();
    while (out_.size() < data::chunk_size && ((part_ != nullptr && fill()) || open_next())) {
    }
    return out_.view();
  }

protected:
  const file_part& part() const { return *part_; }
  std::string_view content() const { return content_; }
  const file_opener& opener() const { return *opener_; }
  bool is_full() const { return out_.size() == data::chunk_size; }
  void put(std::string_view record) { out_.push_back(record); }

  // A file was opened.
  virtual void begin() = 0;

  // Puts records, until the chunk is full or the part is at its end. False when it was before.
  virtual bool fill() = 0;

private:
  bool open_next() {
    while (next_ < parts_.size()) {
      auto& next = parts_[next_++];
      auto mapped = opener_->open(next.file, copied_);
      if (mapped == nullptr)
        continue;
      part_ = &next;
      content_ = mapped->content();
      mapped_.push_back(std::move(mapped));
      begin();
      return true;
    }
    return false;
  }

  file_parts parts_;
  file_opener_ptr opener_;
  std::vector<std::shared_ptr<const mapped_file>> mapped_;
  std::uint64_t copied_ = 0;        // bytes of these
  const file_part* part_ = nullptr; // that is read
  std::string_view content_;
  std::size_t next_ = 0;
  data::chunk<std::string_view> out_;
};

class lines_of_files final : public views_of_files {
public:
  using views_of_files::views_of_files;

private:
  void begin() override {
    line_ = part().begin;
    // The line before the part belongs to the part before, all of it.
    if (line_ != 0) {
      auto end = content().find('\n', line_ - 1);
      line_ = end == std::string_view::npos ? content().size() : end + 1;
    }
    searched_ = line_;
    found_.clear();
    at_ = 0;
  }

  bool fill() override {
    if (next_ended())
      return false;
    while (!is_full() && !next_ended()) {
      if (at_ == found_.size() && !search())
        break;
      while (at_ < found_.size() && !is_full() && line_ < part().end)
        put_line(base_ + found_[at_++]);
    }
    return true;
  }

  bool next_ended() const { return line_ >= std::min<std::size_t>(part().end, content().size()); }

  // Finds the ends of more lines. False where the text has no more: then its rest is a line.
  bool search() {
    found_.clear();
    at_ = 0;
    while (found_.empty() && searched_ < content().size()) {
      base_ = searched_;
      auto text = content().substr(base_, window);
      data::append_line_ends(text, 0, found_);
      searched_ += text.size();
    }
    if (!found_.empty())
      return true;
    put(content().substr(line_));
    line_ = content().size();
    return false;
  }

  // `end` is behind its '\n'.
  void put_line(std::size_t end) {
    auto line = content().substr(line_, end - 1 - line_);
    if (!line.empty() && line.back() == '\r')
      line.remove_suffix(1);
    put(line);
    line_ = end;
  }

  std::size_t line_ = 0;     // the beginning of the next line
  std::size_t searched_ = 0; // up to here
  std::size_t base_ = 0;     // of what was found
  std::vector<std::uint32_t> found_;
  std::size_t at_ = 0;
};

class records_of_files final : public views_of_files {
public:
  records_of_files(file_parts parts, file_opener_ptr opener, std::uint64_t length)
    : views_of_files(std::move(parts), std::move(opener)), length_(length) {}

private:
  void begin() override { record_ = part().begin; }

  bool fill() override {
    if (record_ >= part().end)
      return false;
    for (; !is_full() && record_ < part().end; record_ += length_) {
      if (content().size() - record_ < length_) {
        opener().report(part().file.path, part().file.path + " ends in the middle of a record of " +
                                            std::to_string(length_) + " bytes");
        record_ = part().end;
        break;
      }
      put(content().substr(record_, length_));
    }
    return true;
  }

  std::uint64_t length_;
  std::uint64_t record_ = 0;
};

} // namespace

data::any_cursor open_text_files(const file_parts& parts, const file_opener_ptr& opener) {
  return std::make_unique<lines_of_files>(parts, opener);
}

data::any_cursor open_binary_files(const file_parts& parts, const file_opener_ptr& opener,
                                   std::uint64_t length) {
  return std::make_unique<records_of_files>(parts, opener, length);
}

} // namespace caf_stream::lineage
