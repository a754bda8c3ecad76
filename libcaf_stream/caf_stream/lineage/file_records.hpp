#pragma once

#include <algorithm>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "caf_stream/data/chunk.hpp"
#include "caf_stream/lineage/emitter.hpp"
#include "caf_stream/lineage/file_source.hpp"

// What is in files: lines of text, records of one length, or whatever a reader of the program's
// makes of one.

namespace caf_stream::lineage {

/// Lines, as views into the files: those that begin in the parts. `\n` or `\r\n` ends a line and is
/// no part of it; what follows the last one in a file is a line too.
data::any_cursor open_text_files(const file_parts& parts, const file_opener_ptr& opener);

/// Records of `length` bytes, as views into the files, which are cut at multiples of it. What is
/// left at the end of a file is reported.
data::any_cursor open_binary_files(const file_parts& parts, const file_opener_ptr& opener,
                                   std::uint64_t length);

template <class T, class F>
inline constexpr bool reads_content =
  std::is_invocable_v<const F&, std::string_view, const emitter<T>&>;

template <class F>
inline constexpr bool reads_path = std::is_invocable_v<const F&, const std::filesystem::path&>;

/// Reads whole files with a function. A file for which it throws has no records; that is reported.
template <class T, class F>
class reader_cursor final : public data::cursor<T> {
public:
  reader_cursor(file_parts parts, file_opener_ptr opener, std::shared_ptr<const F> reader)
    : parts_(std::move(parts)), opener_(std::move(opener)), reader_(std::move(reader)) {}

  std::span<const T> next() override {
    while (at_ == records_.size()) {
      if (part_ == parts_.size())
        return {};
      read(parts_[part_++].file);
    }
    auto all = records_.view();
    auto chunk = all.subspan(at_, std::min(data::chunk_size, all.size() - at_));
    at_ += chunk.size();
    return chunk;
  }

private:
  void read(const ingest::found_file& file) {
    at_ = 0;
    records_.clear();
    if constexpr (!is_view_v<T>) {
      mapped_.clear();
      copied_ = 0;
    }
    auto mapped = opener_->open(file, copied_);
    if (mapped == nullptr)
      return;
    try {
      if constexpr (reads_content<T, F>) {
        std::invoke(*reader_, mapped->content(), emitter<T>{records_});
      } else {
        for (auto&& record : std::invoke(*reader_, std::filesystem::path{file.path}))
          records_.push_back(std::forward<decltype(record)>(record));
      }
    } catch (const std::exception& e) {
      records_.clear();
      opener_->report(file.path, "the reader cannot read " + file.path + ": " + e.what());
    }
    mapped_.push_back(std::move(mapped)); // records may be views into it
  }

  file_parts parts_;
  file_opener_ptr opener_;
  std::shared_ptr<const F> reader_;
  std::vector<std::shared_ptr<const mapped_file>> mapped_;
  std::uint64_t copied_ = 0; // bytes of these
  data::chunk<T> records_;   // of the present file
  std::size_t part_ = 0;
  std::size_t at_ = 0;
};

/// The opener of file_stream<T>.
template <class T, class F>
open_file_parts open_with_reader(F reader) {
  return [reader = std::make_shared<const F>(std::move(reader))](const file_parts& parts,
                                                                 const file_opener_ptr& opener) {
    return std::make_unique<reader_cursor<T, F>>(parts, opener, reader);
  };
}

} // namespace caf_stream::lineage
