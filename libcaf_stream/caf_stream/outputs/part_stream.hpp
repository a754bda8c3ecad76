#pragma once

#include <ostream>
#include <streambuf>

#include "caf_stream/outputs/part_files.hpp"

namespace caf_stream::outputs {

/// A part as a std::ostream. What cannot be written is thrown as `error` by the operation that
/// wrote it. Flushing does nothing: a part counts when it is finished, or not at all.
class part_stream : public std::ostream {
public:
  explicit part_stream(part_writer& part);

private:
  class buffer final : public std::streambuf {
  public:
    explicit buffer(part_writer& part) : part_(part) {}

  protected:
    int_type overflow(int_type c) override;
    std::streamsize xsputn(const char* text, std::streamsize n) override;

  private:
    void end_record();

    part_writer& part_;
  };

  buffer buffer_;
};

} // namespace caf_stream::outputs
