#include <doctest/doctest.h>

#include "caf_stream/exec/active_job.hpp"

using namespace caf_stream;

TEST_SUITE("exec.active_job") {

  TEST_CASE("a job is found until it is removed, and lives as long as somebody uses it") {
    exec::job_table jobs;
    auto job = std::make_shared<exec::active_job>();
    job->id = 3;
    jobs.add(job);
    CHECK(jobs.size() == 1);
    auto found = jobs.find(3);
    CHECK(found == job);
    CHECK(jobs.find(4) == nullptr);
    jobs.remove(3);
    jobs.remove(4);
    CHECK(jobs.find(3) == nullptr);
    CHECK(jobs.size() == 0);
    CHECK(found->id == 3);
  }

} // TEST_SUITE
