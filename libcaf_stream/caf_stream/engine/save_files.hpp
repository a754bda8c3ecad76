#pragma once

#include <functional>
#include <string>

#include "caf_stream/base/file.hpp"
#include "caf_stream/codec/columns.hpp"
#include "caf_stream/data/cursor.hpp"
#include "caf_stream/engine/engine.hpp"
#include "caf_stream/lineage/record_range.hpp"
#include "caf_stream/outputs/object_files.hpp"
#include "caf_stream/outputs/part_files.hpp"
#include "caf_stream/outputs/part_stream.hpp"
#include "caf_stream/outputs/text_form.hpp"

// A data set as a folder of files, one for each partition (see outputs/part_files.hpp). The
// functions here throw errc::io_error, and what job_engine::run throws; `files` must outlive the
// call.

namespace caf_stream::engine {

/// Writes a partition.
using write_part = std::function<void(data::cursor_base& records, outputs::part_writer&)>;

void save_parts(job_engine& engine, const lineage::dataset_ptr& target, const std::string& folder,
                file_system& files, std::string description, write_part write);

void throw_unless(const status& done);

/// As text, a record a line (see outputs/text_form.hpp).
template <class T>
void save_as_text(job_engine& engine, const lineage::dataset_ptr& target, const std::string& folder,
                  file_system& files = posix_files()) {
  save_parts(engine, target, folder, files, "save_as_text_file",
             [](data::cursor_base& records, outputs::part_writer& part) {
               auto& typed = data::typed<T>(records);
               for (auto chunk = typed.next(); !chunk.empty(); chunk = typed.next())
                 for (const T& x : chunk) {
                   outputs::append_text(part.buffer(), x);
                   part.buffer() += '\n';
                   throw_unless(part.end_record());
                 }
             });
}

/// As they are encoded (see outputs/object_files.hpp), to be read by lineage::make_object_source.
template <class T>
void save_as_objects(job_engine& engine, const lineage::dataset_ptr& target,
                     const std::string& folder, file_system& files = posix_files()) {
  save_parts(engine, target, folder, files, "save_as_object_file",
             [](data::cursor_base& records, outputs::part_writer& part) {
               auto& typed = data::typed<T>(records);
               codec::bytes content;
               outputs::append_object_head(part.buffer());
               for (auto chunk = typed.next(); !chunk.empty(); chunk = typed.next()) {
                 content.clear();
                 codec::append_records<T>(content, chunk);
                 outputs::append_object_frame(part.buffer(), codec::as_view(content));
                 throw_unless(part.end_record());
               }
               outputs::append_object_end(part.buffer());
             });
}

/// As `(*writer)(records, out)` says, called for each partition with a record_range<T> and a
/// std::ostream.
template <class T, class F>
void save_as_written(job_engine& engine, const lineage::dataset_ptr& target,
                     const std::string& folder, std::shared_ptr<const F> writer,
                     file_system& files = posix_files()) {
  save_parts(engine, target, folder, files, "save_as_files",
             [writer](data::cursor_base& records, outputs::part_writer& part) {
               typename record_range<T>::source source{&data::typed<T>(records)};
               record_range<T> range{source};
               outputs::part_stream out{part};
               std::invoke(*writer, range, static_cast<std::ostream&>(out));
             });
}

} // namespace caf_stream::engine
