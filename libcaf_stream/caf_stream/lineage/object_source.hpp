#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "caf_stream/base/file.hpp"
#include "caf_stream/data/record_list.hpp"
#include "caf_stream/lineage/task_context.hpp"
#include "caf_stream/outputs/object_files.hpp"

namespace caf_stream::lineage {

/// Makes a cursor over an object file; `path` is for errors.
using open_object_file =
  std::function<data::any_cursor(std::string path, std::shared_ptr<const std::string> content)>;

dataset_ptr make_object_source(std::vector<std::string> paths, file_system& files,
                               open_object_file open);

[[noreturn]] void throw_unreadable(const std::string& path, const error& cause);

/// Decodes a frame at a time. Where records are views, what they point into stays until the end.
template <class T>
class object_cursor final : public data::cursor<T> {
public:
  object_cursor(std::string path, std::shared_ptr<const std::string> content)
    : path_(std::move(path)), content_(std::move(content)), frames_(*content_) {}

  std::span<const T> next() override {
    for (;;) {
      if (!opened_.empty())
        if (auto records = opened_.back()->next(); !records.empty())
          return records;
      if (!open_frame())
        return {};
    }
  }

private:
  bool open_frame() {
    auto frame = frames_.next();
    if (!frame)
      throw_unreadable(path_, frame.error());
    if (!*frame)
      return false;
    auto decoded = decode(**frame);
    if (!decoded)
      throw_unreadable(path_, decoded.error());
    const auto n = decoded->size();
    auto records = data::read_records<T>(data::payload::make(*std::move(decoded), n, 0), 0, n);
    if (!is_view_v<T>)
      opened_.clear();
    opened_.push_back(*std::move(records));
    return true;
  }

  // Text stays where it was read to.
  result<data::record_list<T>> decode(std::string_view frame) const {
    if constexpr (std::is_same_v<T, std::string_view>) {
      auto text = codec::decode_text(frame);
      if (!text)
        return tl::unexpected<error>{text.error()};
      data::record_list<T> list;
      list.owner = content_;
      list.bytes = text->bytes;
      list.ends = std::move(text->ends);
      return list;
    } else {
      return data::payload_traits<data::record_list<T>>::decode(frame);
    }
  }

  std::string path_;
  std::shared_ptr<const std::string> content_;
  outputs::object_file_reader frames_;
  std::vector<std::unique_ptr<data::cursor<T>>> opened_;
};

/// A data set whose partition i is read from object file `paths[i]`, in the task that needs it.
/// `files` must outlive it. Tasks fail with errc::task_failed where a file cannot be read, is
/// damaged, or holds records of another kind.
template <class T>
dataset_ptr make_object_source(std::vector<std::string> paths, file_system& files = posix_files()) {
  return make_object_source(
    std::move(paths), files, [](std::string path, std::shared_ptr<const std::string> content) {
      return std::make_unique<object_cursor<T>>(std::move(path), std::move(content));
    });
}

} // namespace caf_stream::lineage
