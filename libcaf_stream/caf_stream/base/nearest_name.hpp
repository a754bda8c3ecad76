#pragma once

#include <span>
#include <string>
#include <string_view>

namespace caf_stream {

/// Words to follow "there is no X": `; did you mean PREFIXname?` for the name that is nearest to
/// `misspelt`, or that ends in it after a dot; empty when none is near.
std::string in_place_of(std::string_view misspelt, std::span<const std::string_view> known,
                        std::string_view prefix = {});

} // namespace caf_stream
