#pragma once

#include <span>
#include <string>

#include "caf_stream/base/time.hpp"
#include "caf_stream/outputs/text_form.hpp"

namespace caf_stream::outputs {

/// The lines that print() puts around a batch's records:
///
///   -------------------------------------------
///   Time: 1357008430000 ms
///   -------------------------------------------
///   (hello,1)
///   ...
///
/// with an empty line at the end.
std::string print_head(batch_time t);

/// Writes to standard output, at once and flushed.
void write_out(const std::string& text);

/// A batch as print() shows it: the first `n` records, and `...` when there are more.
template <class Records>
void print_batch(batch_time t, const Records& records, std::size_t n) {
  auto text = print_head(t);
  std::size_t printed = 0;
  for (auto&& record : records) {
    if (printed++ == n) {
      text += "...\n";
      break;
    }
    append_text(text, record);
    text += '\n';
  }
  text += '\n';
  write_out(text);
}

} // namespace caf_stream::outputs
