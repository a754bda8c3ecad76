// The outputs of dstream: each adds what the driver does with a batch.

#include "caf_stream/stream_checks.hpp"

namespace caf_stream {

template <class T>
void dstream<T>::print(std::size_t n, source_location where) const {
  auto action = [n, engine = weak_engine{core_}](const graph::output_operation&,
                                                 const lineage::dataset_ptr& set, batch_time t) {
    // One more than is shown tells whether there are more.
    outputs::print_batch(t, engine::collect_records<T>(*engine.lock(), set, {}, n + 1), n);
  };
  core_->graph->add_output("print", node_, std::move(action), where);
}

template <class T>
template <class F>
void dstream<T>::foreach_rdd(F f, source_location where) const {
  if constexpr (check_on_batch<T, F>()) {
    auto action = [f = rdd_detail::share(std::move(f)), engine = weak_engine{core_}](
                    const graph::output_operation&, const lineage::dataset_ptr& set, batch_time t) {
      call_on_batch(*f, rdd<T>{set, engine.lock()}, t);
    };
    core_->graph->add_output("foreach_rdd", node_, std::move(action), where);
  }
}

template <class T>
template <class F>
void dstream<T>::foreach_partition(F f, source_location where) const {
  if constexpr (check_on_partition<T, F>()) {
    auto action = [f = rdd_detail::share(std::move(f)),
                   engine = weak_engine{core_}](const graph::output_operation& output,
                                                const lineage::dataset_ptr& set, batch_time t) {
      output_id id{to_string(output.id), t, 0, 0};
      auto on_partition = [f, id](partition_id p, data::cursor_base& records,
                                  lineage::task_context& context) {
        if constexpr (is_view_v<T>)
          context.keep_views();
        typename record_range<T>::source source{&data::typed<T>(records)};
        record_range<T> range{source};
        if constexpr (std::is_invocable_v<const F&, record_range<T>&, const output_id&>) {
          auto own = id;
          own.partition = p;
          std::invoke(*f, range, own);
        } else {
          std::invoke(*f, range);
        }
        return data::payload{};
      };
      engine::run_on_all(*engine.lock(), set, on_partition, {});
    };
    core_->graph->add_output("foreach_partition", node_, std::move(action), where);
  }
}

template <class T>
template <class Save>
void dstream<T>::add_saving(std::string name, std::string prefix, std::string suffix, Save save,
                            source_location where) const {
  outputs::check_batch_folder(prefix, suffix);
  auto action = [prefix = std::move(prefix), suffix = std::move(suffix), save = std::move(save),
                 engine = weak_engine{core_}](const graph::output_operation&,
                                              const lineage::dataset_ptr& set, batch_time t) {
    save(*engine.lock(), set, outputs::batch_folder(prefix, t, suffix));
  };
  core_->graph->add_output(std::move(name), node_, std::move(action), where);
}

template <class T>
void dstream<T>::save_as_text_files(std::string prefix, std::string suffix,
                                    source_location where) const {
  auto save = [](engine::job_engine& engine, const lineage::dataset_ptr& set,
                 const std::string& folder) { engine::save_as_text<T>(engine, set, folder); };
  add_saving("save_as_text_files", std::move(prefix), std::move(suffix), save, where);
}

template <class T>
void dstream<T>::save_as_object_files(std::string prefix, std::string suffix,
                                      source_location where) const {
  if constexpr (lineage::check_encodable<T>()) {
    auto save = [](engine::job_engine& engine, const lineage::dataset_ptr& set,
                   const std::string& folder) { engine::save_as_objects<T>(engine, set, folder); };
    add_saving("save_as_object_files", std::move(prefix), std::move(suffix), save, where);
  }
}

template <class T>
template <class F>
void dstream<T>::save_as_files(std::string prefix, std::string suffix, F writer,
                               source_location where) const {
  if constexpr (lineage::check_file_writer<T, F>()) {
    auto save = [writer = rdd_detail::share(std::move(writer))](engine::job_engine& engine,
                                                                const lineage::dataset_ptr& set,
                                                                const std::string& folder) {
      engine::save_as_written<T>(engine, set, folder, writer);
    };
    add_saving("save_as_files", std::move(prefix), std::move(suffix), std::move(save), where);
  }
}

} // namespace caf_stream
