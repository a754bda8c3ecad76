#include "caf_stream/lineage/shuffled_dataset.hpp"

#include "caf_stream/lineage/id_scope.hpp"

namespace caf_stream::lineage {

namespace {

class function_writer final : public shuffle_writer {
public:
  explicit function_writer(write_pieces write) : write_(std::move(write)) {}

  std::vector<data::payload> write(data::cursor_base& records, std::uint32_t partitions,
                                   task_context& context) const override {
    return write_(records, partitions, context);
  }

private:
  write_pieces write_;
};

class shuffled_dataset final : public dataset {
public:
  shuffled_dataset(std::string operation, dependency input, std::uint32_t partitions,
                   open_pieces open)
    : dataset(next_dataset_id(), std::move(operation), {std::move(input)}, partitions),
      open_(std::move(open)) {}

  data::any_cursor open(partition_id p, task_context& context) const override {
    return open_(context.pieces(id(), 0, p), context);
  }

private:
  open_pieces open_;
};

} // namespace

std::shared_ptr<const shuffle_writer> make_writer(write_pieces write) {
  return std::make_shared<function_writer>(std::move(write));
}

dataset_ptr make_shuffled(std::string operation, dataset_ptr parent, std::uint32_t partitions,
                          write_pieces write, open_pieces open) {
  dependency input{std::move(parent), make_writer(std::move(write))};
  return std::make_shared<const shuffled_dataset>(std::move(operation), std::move(input),
                                                  partitions, std::move(open));
}

} // namespace caf_stream::lineage
