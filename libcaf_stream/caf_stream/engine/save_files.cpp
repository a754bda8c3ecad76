#include "caf_stream/engine/save_files.hpp"

#include "caf_stream/engine/actions.hpp"

namespace caf_stream::engine {

void throw_unless(const status& done) {
  if (!done)
    throw done.error();
}

void save_parts(job_engine& engine, const lineage::dataset_ptr& target, const std::string& folder,
                file_system& files, std::string description, write_part write) {
  outputs::check_output_path(folder);
  throw_unless(outputs::begin_parts(files, folder));
  auto action = [folder, &files, write = std::move(write)](partition_id, data::cursor_base& records,
                                                           lineage::task_context& context) {
    outputs::part_writer part{files, folder, context.id()};
    write(records, part);
    auto name = part.finish();
    if (!name)
      throw name.error();
    return lineage::pack_record<std::string>(*std::move(name));
  };
  auto results = run_on_all(engine, target, action, std::move(description));
  std::vector<std::string> written;
  for (auto& each : results) {
    auto list = each.get<data::record_list<std::string>>();
    if (!list)
      throw list.error();
    written.push_back((*list)->items.at(0));
  }
  throw_unless(outputs::commit_parts(files, folder, written));
}

} // namespace caf_stream::engine
