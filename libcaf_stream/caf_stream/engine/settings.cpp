#include "caf_stream/engine/settings.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <numeric>
#include <thread>
#include <vector>

#include <unistd.h>

#include "caf_stream/base/nearest_name.hpp"

namespace caf_stream {

namespace {

// What this process may use: the machine's memory or, in a container, its share.
byte_count machine_memory() {
  auto pages = ::sysconf(_SC_PHYS_PAGES);
  auto page_size = ::sysconf(_SC_PAGESIZE);
  byte_count memory =
    pages > 0 && page_size > 0 ? byte_count{static_cast<std::uint64_t>(pages)} * page_size : 2_GiB;
  std::ifstream share{"/sys/fs/cgroup/memory.max"};
  if (std::uint64_t bytes = 0; share >> bytes)
    memory = std::min(memory, byte_count{bytes});
  return memory;
}

bool is_loopback(std::string_view address) {
  auto host = address.substr(0, address.rfind(':'));
  return host.empty() || host == "localhost" || host == "::1" || host == "[::1]" ||
         host.substr(0, 4) == "127.";
}

} // namespace

std::size_t settings::default_workers() {
  return std::max(1u, std::thread::hardware_concurrency());
}

byte_count settings::default_memory_budget() {
  static const auto half = std::max(machine_memory() / 2, 64_MiB);
  return half;
}

bool settings::default_encode_local() {
  auto value = std::getenv("CAF_STREAM_ENCODE_LOCAL");
  return value != nullptr && std::string_view{value} == "1";
}

const setting_row* find_setting(std::string_view name) {
  for (auto& row : settings::table())
    if (row.name == name)
      return &row;
  return nullptr;
}

namespace {

const setting_row* find_or_explain(std::string_view name, std::string& text) {
  if (auto row = find_setting(name))
    return row;
  std::vector<std::string_view> known;
  for (auto& row : settings::table())
    known.push_back(row.name);
  text = "there is no setting stream." + std::string{name} + in_place_of(name, known, "stream.");
  return nullptr;
}

} // namespace

status settings::set(std::string_view name, std::string_view text) {
  std::string unknown;
  auto row = find_or_explain(name, unknown);
  if (row == nullptr)
    return fail(errc::invalid_setting, unknown);
  return row->set(*this, text).map_error([&](const error& reason) {
    std::string why = reason.what();
    return error{errc::invalid_setting,
                 "stream." + std::string{name} + " cannot be '" + std::string{text} + "'" +
                   (why.empty() ? "" : ", because " + why) + "; accepted is " + row->accepted};
  });
}

std::string settings::get(std::string_view name) const {
  std::string unknown;
  if (auto row = find_or_explain(name, unknown))
    return row->get(*this);
  throw error{errc::invalid_setting, unknown};
}

status settings::validate() const {
  std::vector<std::string> findings;
  auto check = [&](bool good, std::string finding) {
    if (!good)
      findings.push_back(std::move(finding));
  };
  for (auto& row : table())
    check(row.in_bounds(*this), "stream." + std::string{row.name} + " is " + row.get(*this) +
                                  ", but must be " + row.accepted);
  check(memory_budget >= block_size * 2, "stream.memory-budget (" + to_string(memory_budget) +
                                           ") must hold two blocks of stream.block-size (" +
                                           to_string(block_size) + ")");
  check(heartbeat.timeout > heartbeat.interval,
        "stream.heartbeat.timeout must be longer than stream.heartbeat.interval");
  check(role != node_role::worker || !join.empty(),
        "stream.join must say where the driver is when stream.role is worker");
  check(role == node_role::worker || join.empty(),
        "stream.join is for workers, but stream.role is " + get("role"));
  check(tls.certificate.empty() == tls.key.empty(),
        "stream.tls.certificate and stream.tls.key go together");
  auto has_tls = !tls.certificate.empty() && (!tls.ca_file.empty() || !tls.ca_path.empty());
  check(has_tls || (is_loopback(listen) && is_loopback(join)),
        "stream.listen and stream.join lead off this machine, which takes stream.tls.certificate, "
        "stream.tls.key and stream.tls.ca-file or stream.tls.ca-path");
  if (findings.empty())
    return {};
  return fail(errc::invalid_setting,
              std::accumulate(std::next(findings.begin()), findings.end(), findings.front(),
                              [](auto all, auto& next) { return all + "; " + next; }));
}

} // namespace caf_stream
