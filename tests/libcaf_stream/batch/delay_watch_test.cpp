#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "caf_stream/batch/delay_watch.hpp"

using namespace caf_stream;
using namespace std::chrono_literals;
using batch::delay_watch;

namespace {

// What a watch for batches a second apart says of each delay: `.`, `R` for rising, `o` for
// recovered.
class watched {
public:
  std::string operator()(std::initializer_list<int> delays) {
    std::string result;
    for (auto delay : delays) {
      t_ += 1s;
      auto said = watch_.on_batch(t_, duration{delay});
      result += said == delay_watch::change::rising      ? 'R'
                : said == delay_watch::change::recovered ? 'o'
                                                         : '.';
    }
    return result;
  }

  std::int64_t since() const { return to_millis(watch_.since()); }

private:
  delay_watch watch_{1s};
  batch_time t_{};
};

} // namespace

TEST_SUITE("batch.delay_watch") {

  TEST_CASE("a delay that rises with every batch is said once") {
    watched said;
    CHECK(said({100, 400, 700, 1000, 1300, 1600, 1900, 2200, 2500}) == ".....R...");
    CHECK(said.since() == 1000);
  }

  TEST_CASE("it is not said before it is more than an interval") {
    watched said;
    CHECK(said({100, 200, 300, 400, 500, 600, 700, 800, 900, 1000, 1100, 1101}) == "...........R");
  }

  TEST_CASE("one slow batch, and those that wait behind it, are no rise") {
    watched said;
    CHECK(said({100, 9000, 8100, 7200, 6300, 5400, 4500, 3600, 2700, 1800, 900, 100}) ==
          "............");
    CHECK(said({100, 9000, 100, 9000, 100, 9000, 100, 9000, 100, 9000, 100, 9000}) ==
          "............");
  }

  TEST_CASE("a long delay that stays is no rise") {
    watched said;
    CHECK(said({100, 2000, 2000, 2000, 2000, 2000, 2000, 2000, 2000}) == ".........");
  }

  TEST_CASE("a rise with small steps back is one") {
    watched said;
    CHECK(said({100, 500, 450, 900, 850, 1300, 1250, 1700, 1650, 2100}) == ".........R");
  }

  TEST_CASE("after a spike a rise is seen as before it") {
    watched said;
    CHECK(said({100, 20'000, 300, 700, 1100, 1500, 1900, 2300}) == ".......R");
    CHECK(said.since() == 3000);
  }

  TEST_CASE("it has recovered when it is short again, and may rise again") {
    watched said;
    CHECK(said({100, 400, 700, 1000, 1300, 1600}) == ".....R");
    CHECK(said({1400, 1200, 1700, 1001, 1000, 900}) == "....o.");
    CHECK(said({300, 800, 1300, 1800, 2300, 2800, 3300}) == ".....R.");
  }

  TEST_CASE("what was long before the rise need not become shorter than that") {
    watched said;
    CHECK(said({3000, 3400, 3800, 4200, 4600, 5000}) == ".....R");
    CHECK(said({3600, 3500}) == ".o");
  }
}
