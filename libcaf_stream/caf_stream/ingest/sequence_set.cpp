#include "caf_stream/ingest/sequence_set.hpp"

#include <algorithm>
#include <utility>

#include "caf_stream/codec/encoding.hpp"

namespace caf_stream::ingest {

namespace {

using encoded_runs = std::vector<std::pair<std::uint64_t, std::uint64_t>>;

} // namespace

bool sequence_set::contains(std::uint64_t number) const {
  auto after = runs_.upper_bound(number);
  return after != runs_.begin() && std::prev(after)->second >= number;
}

bool sequence_set::begins_run(std::uint64_t number) const {
  auto after = runs_.upper_bound(number);
  // Where there is a run before, `number` is not 0.
  if (after != runs_.begin() && std::prev(after)->second >= number - 1)
    return false;
  return after == runs_.end() || after->first - 1 != number;
}

bool sequence_set::insert(std::uint64_t number) {
  auto after = runs_.upper_bound(number);
  auto first = number;
  auto last = number;
  if (after != runs_.begin()) {
    auto before = std::prev(after);
    if (before->second >= number)
      return false;
    if (before->second == number - 1) {
      first = before->first;
      runs_.erase(before);
    }
  }
  if (after != runs_.end() && after->first - 1 == number) {
    last = after->second;
    runs_.erase(after);
  }
  runs_.emplace(first, last);
  return true;
}

void sequence_set::merge(const sequence_set& other) {
  std::multimap<std::uint64_t, std::uint64_t> all{runs_.begin(), runs_.end()};
  all.insert(other.runs_.begin(), other.runs_.end());
  runs_.clear();
  for (auto& [first, last] : all) {
    // The run before reaches this one, or the number right before it.
    if (!runs_.empty() && (first == 0 || runs_.rbegin()->second >= first - 1))
      runs_.rbegin()->second = std::max(runs_.rbegin()->second, last);
    else
      runs_.emplace_hint(runs_.end(), first, last);
  }
}

std::string encode_sequences(const sequence_sets& sets) {
  std::map<std::string, encoded_runs> plain;
  for (auto& [name, set] : sets)
    plain[name].assign(set.runs().begin(), set.runs().end());
  codec::bytes out;
  codec::encode(out, plain);
  return {out.data(), out.size()};
}

result<sequence_sets> decode_sequences(std::string_view bytes) {
  auto plain = codec::decode<std::map<std::string, encoded_runs>>(bytes);
  if (!plain)
    return tl::unexpected<error>{plain.error()};
  sequence_sets sets;
  for (auto& [name, runs] : *plain)
    sets.emplace(name, sequence_set{runs});
  return sets;
}

} // namespace caf_stream::ingest
