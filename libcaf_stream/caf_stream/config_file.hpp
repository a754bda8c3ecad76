#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "caf_stream/base/error.hpp"

// Reads the part of a configuration file that is about caf_stream and leaves the rest to CAF. Its
// grammar is CAF's with a little more freedom, so that values look as on the command line:
//
//   [stream]                      stream {
//   workers = 2                     receiver { max-rate = 1000 }
//   block-size = 4MiB               checkpoint = "some folder"   # or ; for a comment
//   receiver.max-rate = 1000      }
//   [stream.tls]                  stream.workers = 2
//   key = node.pem

namespace caf_stream {

struct config_file {
  struct entry {
    std::string name; ///< without `stream.`
    std::string value;
    std::size_t line;
  };

  std::vector<entry> stream; ///< in the order of the file
  std::string rest;          ///< the text with all that was read, and comments, blank
};

/// The error names file and line.
result<config_file> split_config_file(std::string_view text, const std::string& file_name);

} // namespace caf_stream
