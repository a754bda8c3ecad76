#include "caf_stream/blocks/spill_file.hpp"

#include <memory>

#include <zstd.h>

#include "caf_stream/codec/checksum.hpp"

namespace caf_stream::blocks {

namespace {

constexpr std::string_view magic{"cafspil\x01", 8};
constexpr std::size_t head_size = 16;
constexpr std::size_t tail_size = 12;

// Faster than most disks, and text becomes a third of its size.
constexpr int compression_level = 1;

struct free_compressor {
  void operator()(ZSTD_CCtx* x) const { ZSTD_freeCCtx(x); }
};

// Appends to a file and keeps the checksum of all that went there.
class checked_writer {
public:
  explicit checked_writer(file_writer& file) : file_(file) {}

  status append(std::string_view bytes) {
    checksum_ = codec::crc32c(bytes, checksum_);
    size_ += bytes.size();
    return file_.append(bytes);
  }

  std::uint32_t checksum() const noexcept { return checksum_; }
  std::uint64_t size() const noexcept { return size_; }

private:
  file_writer& file_;
  std::uint32_t checksum_ = 0;
  std::uint64_t size_ = 0;
};

status append_compressed(checked_writer& out, std::string_view content) {
  std::unique_ptr<ZSTD_CCtx, free_compressor> compressor{ZSTD_createCCtx()};
  if (compressor == nullptr)
    throw std::bad_alloc{};
  ZSTD_CCtx_setParameter(compressor.get(), ZSTD_c_compressionLevel, compression_level);
  ZSTD_CCtx_setPledgedSrcSize(compressor.get(), content.size());
  std::string buffer(ZSTD_CStreamOutSize(), '\0');
  ZSTD_inBuffer from{content.data(), content.size(), 0};
  for (;;) {
    ZSTD_outBuffer to{buffer.data(), buffer.size(), 0};
    auto left = ZSTD_compressStream2(compressor.get(), &to, &from, ZSTD_e_end);
    if (ZSTD_isError(left))
      return fail(errc::io_error, std::string{"cannot compress: "} + ZSTD_getErrorName(left));
    if (auto written = out.append({buffer.data(), to.pos}); !written)
      return written;
    if (left == 0)
      return {};
  }
}

result<std::uint64_t> write(file_writer& file, std::string_view encoding) {
  checked_writer out{file};
  codec::bytes head = codec::to_bytes(magic);
  codec::append_raw(head, static_cast<std::uint64_t>(encoding.size()));
  codec::bytes tail;
  return out.append(codec::as_view(head))
    .and_then([&] { return append_compressed(out, encoding); })
    .and_then([&] {
      codec::append_raw(tail, out.size() - head_size);
      return out.append(codec::as_view(tail));
    })
    .and_then([&] {
      tail.clear();
      codec::append_raw(tail, out.checksum());
      return out.append(codec::as_view(tail));
    })
    .and_then([&] { return file.close(); })
    .map([&] { return out.size(); });
}

tl::unexpected<error> damaged(const std::string& what) { return fail(errc::damaged_data, what); }

} // namespace

result<std::uint64_t> write_spill_file(file_system& files, const std::string& path,
                                       std::string_view encoding) {
  auto file = files.open(path, open_mode::create);
  if (!file)
    return tl::unexpected<error>{file.error()};
  auto size = write(**file, encoding);
  if (!size) {
    file->reset();
    // That the disk was full is what counts; the folder is removed at the end in any case.
    static_cast<void>(files.remove(path));
  }
  return size;
}

result<codec::bytes> read_spill_file(file_system& files, const std::string& path) {
  auto read = files.read_all(path);
  if (!read)
    return tl::unexpected<error>{read.error()};
  std::string_view file = *read;
  if (!file.starts_with(magic))
    return damaged("it does not begin like a spilled block");
  if (file.size() < head_size + tail_size)
    return damaged("it ends too early");
  auto* tail = file.data() + file.size() - tail_size;
  auto checksum = codec::load_raw<std::uint32_t>(tail + sizeof(std::uint64_t));
  if (codec::crc32c(file.substr(0, file.size() - sizeof checksum)) != checksum)
    return damaged("its checksum is wrong");
  auto content = file.substr(head_size, file.size() - head_size - tail_size);
  if (codec::load_raw<std::uint64_t>(tail) != content.size())
    return damaged("it is not as long as it says");
  codec::bytes encoding(codec::load_raw<std::uint64_t>(file.data() + magic.size()));
  auto n = ZSTD_decompress(encoding.data(), encoding.size(), content.data(), content.size());
  if (ZSTD_isError(n) || n != encoding.size())
    return damaged("its content cannot be decompressed");
  return encoding;
}

} // namespace caf_stream::blocks
