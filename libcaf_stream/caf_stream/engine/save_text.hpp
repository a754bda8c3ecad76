#pragma once

#include <functional>
#include <string>

#include "caf_stream/base/file.hpp"
#include "caf_stream/data/cursor.hpp"
#include "caf_stream/engine/engine.hpp"
#include "caf_stream/outputs/text_files.hpp"
#include "caf_stream/outputs/text_form.hpp"

namespace caf_stream::engine {

using write_lines = std::function<void(data::cursor_base& records, outputs::text_part_writer&)>;

void save_text(job_engine& engine, const lineage::dataset_ptr& target, const std::string& folder,
               file_system& files, write_lines write);

void throw_unless(const status& done);

/// Saves a data set as text, a record a line (see outputs/text_files.hpp and text_form.hpp). Throws
/// errc::io_error, and what job_engine::run throws. `files` must outlive the call.
template <class T>
void save_as_text(job_engine& engine, const lineage::dataset_ptr& target, const std::string& folder,
                  file_system& files = posix_files()) {
  save_text(engine, target, folder, files,
            [](data::cursor_base& records, outputs::text_part_writer& part) {
              auto& typed = data::typed<T>(records);
              for (auto chunk = typed.next(); !chunk.empty(); chunk = typed.next())
                for (const T& x : chunk) {
                  outputs::append_text(part.line(), x);
                  throw_unless(part.end_line());
                }
            });
}

} // namespace caf_stream::engine
