#include "text_maker.hpp"

#include "random.hpp"

#include <cstdint>
#include <unordered_set>
#include <vector>

namespace caf_stream::bench {

namespace {

constexpr std::size_t vocabulary_size = 100'000;
constexpr std::size_t record_length = 100;

/// Words by rank, drawn in constant time by Walker's alias method as Vose builds its tables.
class vocabulary {
public:
  explicit vocabulary(random_source& random) {
    make_words(random);
    make_alias_tables();
  }

  const std::string& word(std::size_t rank) const { return words_[rank]; }

  const std::string& draw(random_source& random) const {
    auto rank = random.below(words_.size());
    return words_[random.unit() < keep_[rank] ? rank : alias_[rank]];
  }

private:
  /// 3 to 10 letters, and for one word in a hundred up to 20.
  void make_words(random_source& random) {
    std::unordered_set<std::string> seen;
    words_.reserve(vocabulary_size);
    while (words_.size() < vocabulary_size) {
      auto length = random.below(100) == 0 ? 11 + random.below(10) : 3 + random.below(8);
      std::string word;
      for (std::uint64_t i = 0; i < length; ++i)
        word += static_cast<char>('a' + random.below(26));
      if (seen.insert(word).second)
        words_.push_back(std::move(word));
    }
  }

  void make_alias_tables() {
    auto n = words_.size();
    std::vector<double> share(n);
    double sum = 0;
    for (std::size_t rank = 0; rank < n; ++rank)
      sum += share[rank] = 1.0 / static_cast<double>(rank + 1);
    std::vector<std::uint32_t> small, large;
    for (std::size_t rank = 0; rank < n; ++rank) {
      share[rank] *= static_cast<double>(n) / sum;
      (share[rank] < 1.0 ? small : large).push_back(static_cast<std::uint32_t>(rank));
    }
    keep_.assign(n, 1.0);
    alias_.assign(n, 0);
    while (!small.empty() && !large.empty()) {
      auto poor = small.back();
      auto rich = large.back();
      small.pop_back();
      keep_[poor] = share[poor];
      alias_[poor] = rich;
      share[rich] -= 1.0 - share[poor];
      if (share[rich] < 1.0) {
        large.pop_back();
        small.push_back(rich);
      }
    }
  }

  std::vector<std::string> words_;
  std::vector<double> keep_;
  std::vector<std::uint32_t> alias_;
};

} // namespace

std::string make_text(std::size_t bytes) {
  random_source random{1};
  vocabulary words{random};
  std::string text;
  text.reserve(bytes + 1024);
  while (text.size() < bytes) {
    auto count = 10 + random.below(9);
    for (std::uint64_t i = 0; i < count; ++i) {
      text += words.draw(random);
      text += i + 1 < count ? ' ' : '\n';
    }
  }
  return text;
}

grep_data make_grep_data(std::size_t records) {
  random_source random{2};
  vocabulary words{random};
  grep_data result;
  result.text.reserve(records * record_length + 32);
  for (std::size_t i = 0; i < records; ++i) {
    auto last = (i + 1) * record_length - 1;
    while (result.text.size() < last) {
      result.text += words.draw(random);
      result.text += ' ';
    }
    result.text.resize(last);
    result.text += '\n';
  }
  // Ranks of about 100 give one record in a hundred; seven letters are not found inside others.
  std::size_t rank = 100;
  while (words.word(rank).size() != 7)
    ++rank;
  result.word = words.word(rank);
  return result;
}

} // namespace caf_stream::bench
