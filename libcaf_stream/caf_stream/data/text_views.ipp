// The words between n pairs of edges, one by one.

namespace caf_stream::data {

namespace {

inline void views_one_by_one(const char* text, const std::uint32_t* edges, std::size_t n,
                             text_ref* out) {
  for (std::size_t i = 0; i < n; ++i) {
    out[i].data = text + edges[2 * i];
    out[i].size = edges[2 * i + 1] - edges[2 * i];
  }
}

} // namespace

} // namespace caf_stream::data
