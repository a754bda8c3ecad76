#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <caf_stream/all.hpp>

// The pipelines of the guide: what a shop asks of the clicks of its visitors. A server sends a line
// for each page that somebody opens, "ann /cart". They are functions from streams to streams, so
// that the program and its tests call the same ones.

namespace shop {

namespace cs = caf_stream;

// -- streams.cpp ---------------------------------------------------------------------------------

/// A name and what is said of it, as views of a line.
using fact = std::pair<std::string_view, std::string_view>;

/// The first word of each line and the rest of it. Lines that have not both are dropped.
cs::dstream<fact> by_name(const cs::dstream<std::string_view>& lines);

/// A click's page, and a 1 to count it by.
std::pair<std::string_view, long> one_of_page(const fact& click);

using page_count = std::pair<std::string, long>;

/// How often each page was opened.
cs::dstream<page_count> count_pages(const cs::dstream<fact>& clicks);

// -- windows.cpp ---------------------------------------------------------------------------------

/// How often each page was opened in the last `length`, once every `slide`.
cs::dstream<page_count> recent_pages(const cs::dstream<fact>& clicks, cs::duration length,
                                     cs::duration slide);

/// The same after every batch, the most frequent first.
cs::dstream<page_count> busiest_pages(const cs::dstream<fact>& clicks, cs::duration length);

// -- joins.cpp -----------------------------------------------------------------------------------

/// A visitor, a page, and the visitor's plan where it is known.
using planned_click = std::pair<std::string, std::pair<std::string, std::optional<std::string>>>;

/// Each click with the plan that `accounts` said last of its visitor within `length`.
cs::dstream<planned_click> with_plans(const cs::dstream<fact>& clicks,
                                      const cs::dstream<fact>& accounts, cs::duration length);

using page_title = std::pair<std::string, std::string>;

/// A page, how often it was opened, and its title.
using titled_count = std::pair<std::string, std::pair<long, std::string>>;

/// The counts of the pages that have a title.
cs::dstream<titled_count> with_titles(const cs::dstream<page_count>& counts,
                                      const cs::rdd<page_title>& titles);

using name_set = std::set<std::string, std::less<>>;

/// The clicks of those who are not named.
cs::dstream<fact> without(const cs::dstream<fact>& clicks, const cs::broadcast<name_set>& names);

// -- state.cpp -----------------------------------------------------------------------------------

/// How often each page has been opened since the program began.
cs::dstream<page_count> total_pages(const cs::dstream<fact>& clicks);

/// Who it was, and what pages they opened one after the other.
using visit = std::pair<std::string, std::vector<std::string>>;

/// Each visit when it has ended, which is when its visitor was idle for longer than `idle`.
cs::dstream<visit> visits(const cs::dstream<fact>& clicks, cs::duration idle);

} // namespace shop
