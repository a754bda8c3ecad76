#include "caf_stream/lineage/text_aside.hpp"

#include <utility>

#include "caf_stream/base/log.hpp"

namespace caf_stream::lineage {

std::unique_ptr<data::cursor<std::string_view>>
text_aside::open(const data::payload& stored, std::size_t first, std::size_t last) {
  using list = data::record_list<std::string_view>;
  if (!files_.empty())
    files_.back()->let_pages_go();
  auto text = stored.get<list>();
  if (!text)
    throw text.error();
  auto file = stored.stored_in()->put_aside((*text)->bytes);
  if (!file) {
    log::warning("a text of ", (*text)->bytes.size(),
                 " bytes stays in memory: ", file.error().what());
    in_memory_.push_back(*text);
    return std::make_unique<data::text_cursor>(*std::move(text), first, last);
  }
  auto moved = std::make_shared<list>();
  moved->owner = *file;
  moved->bytes = (*file)->content();
  moved->ends = (*text)->ends;
  moved->mode = (*text)->mode;
  files_.push_back(*std::move(file));
  return std::make_unique<data::text_cursor>(std::move(moved), first, last);
}

} // namespace caf_stream::lineage
