// A folder that takes long to look into, or a filter that does, holds up nothing but its batch.

#include <future>

#include <doctest/doctest.h>

#include "caf_stream/actors/actor_engine.hpp"
#include "caf_stream/actors/environment.hpp"
#include "caf_stream/streaming_context.hpp"
#include "support/engine.hpp"
#include "support/files.hpp"
#include "support/temp_folder.hpp"

using namespace caf_stream;
using namespace std::chrono_literals;

namespace {

class hand_fed;
using hand_slot = test::awaited<hand_fed*>;

class hand_fed : public receiver<int> {
public:
  explicit hand_fed(std::shared_ptr<hand_slot> slot) : slot_(std::move(slot)) {}
  void on_start() override {
    slot_->change([this](hand_fed*& self) { self = this; });
  }
  void on_stop() override {}

private:
  std::shared_ptr<hand_slot> slot_;
};

} // namespace

TEST_SUITE("actors.input_picker") {

  TEST_CASE("while a filter blocks, ticks cut blocks and earlier batches end") {
    test::temp_folder folder;
    test::gate filter_goes_on;
    test::gate output_goes_on;
    test::awaited<int> filtering;
    auto slot = std::make_shared<hand_slot>();
    test::manual_context context;
    test::opens_at_end filter_at_end{filter_goes_on};
    test::opens_at_end output_at_end{output_goes_on};
    auto& shared = dynamic_cast<actors::actor_engine&>(*context->core()->engine).shared();
    test::awaited<int> cuts;
    shared.observe([&](caf::actor_id, caf::actor_id, std::string_view message) {
      if (message == "batch_decided")
        cuts.change([](int& n) { ++n; });
    });
    auto reader = [](std::string_view, auto) {};
    context
      ->file_stream<int>(folder / "", reader,
                         [&](const std::filesystem::path&) {
                           filtering.change([](int& n) { ++n; });
                           return filter_goes_on.wait();
                         })
      .foreach_rdd([](const rdd<int>&) {});
    std::vector<std::vector<int>> batches; // only the output's
    context->receiver_stream<hand_fed>(slot).foreach_rdd([&](const rdd<int>& batch) {
      if (batches.empty())
        output_goes_on.wait();
      batches.push_back(batch.collect());
    });
    context->start();
    REQUIRE(slot->wait([](auto* self) { return self != nullptr; }));
    auto store = [&](int x) {
      std::async(std::launch::async, [&] { slot->get()->store(std::vector<int>{x}); }).get();
    };
    auto tick = [&](int n) {
      context.clock().advance(1s);
      return cuts.wait([&](int seen) { return seen >= n; });
    };
    store(1);
    REQUIRE(tick(1));
    REQUIRE(context.events().wait([](auto& told) { return !told.started.empty(); }));
    test::write_file(folder / "file", "text");
    test::set_modified(folder / "file", context.clock().now() + 1ms);
    store(2);
    REQUIRE(tick(2));
    REQUIRE(filtering.wait([](int n) { return n == 1; }));
    store(3);
    CHECK(tick(3));
    store(4);
    CHECK(tick(4));
    output_goes_on.open();
    CHECK(context.events().wait_for_batches(1));
    CHECK(context.events().get().submitted.size() == 1);
    filter_goes_on.open();
    CHECK(context.events().wait_for_batches(4));
    shared.observe(nullptr);
    CHECK(batches == std::vector<std::vector<int>>{{1}, {2}, {3}, {4}});
  }
}
