#include "edxml/zip.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <new>
#include <optional>

#include "base/check.h"

namespace edxml {
namespace {

constexpr std::size_t kLocalBytes = 30;      // fixed part of a local header
constexpr std::size_t kDirectoryBytes = 46;  // fixed part of a directory entry
constexpr std::size_t kEndBytes = 22;        // fixed part of the end record
// End record with the longest comment, and a directory entry with a long name, extra and comment.
constexpr std::size_t kTailBytes = 192u << 10;
constexpr std::size_t kPieceBytes = 32u << 10;
constexpr std::uint16_t kEncrypted = 1, kSizesFollow = 8, kUtf8Names = 0x0800;
constexpr std::uint16_t kStored = 0, kDeflated = 8;
constexpr std::uint32_t kIn64 = 0xffffffffu;  // the value stands in a zip64 record instead

std::uint32_t little(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint32_t value = 0;
  for (std::size_t i = size; i-- > 0;) {
    value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  }
  return value;
}
std::uint16_t u16(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint16_t>(little(bytes, at, 2));
}
std::uint32_t u32(std::string_view bytes, std::size_t at) { return little(bytes, at, 4); }

void put(std::string& out, std::uint32_t value, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) out += static_cast<char>(value >> (8 * i) & 0xff);
}

const Bytef* zbytes(const char* p) { return reinterpret_cast<const Bytef*>(p); }

std::uint32_t crc_of(std::uint32_t crc, base::BytesView bytes) {
  if (bytes.empty()) return crc;  // zlib takes a null pointer as "start again"
  return static_cast<std::uint32_t>(
      ::crc32_z(crc, zbytes(bytes.data()), static_cast<z_size_t>(bytes.size())));
}

// The last bytes of a stream, at least kTailBytes of them once there were so many.
class Tail {
 public:
  void add(base::BytesView bytes) {
    total_ += bytes.size();
    if (bytes.size() >= kTailBytes) {
      kept_.assign(bytes.substr(bytes.size() - kTailBytes));
      return;
    }
    if (kept_.size() + bytes.size() > 4 * kTailBytes) {
      kept_.erase(0, kept_.size() - kTailBytes);
    }
    kept_.append(bytes);
  }
  std::uint64_t total() const { return total_; }
  std::string_view bytes() const { return kept_; }
  std::uint64_t start() const { return total_ - kept_.size(); }

 private:
  std::string kept_;
  std::uint64_t total_ = 0;
};

struct End {
  std::uint64_t at;  // offset in the archive
  std::uint32_t entries, size, offset;
};

std::optional<End> find_end(const Tail& tail) {
  const std::string_view bytes = tail.bytes();
  if (bytes.size() < kEndBytes) return std::nullopt;
  const std::size_t longest = std::min<std::size_t>(bytes.size(), kEndBytes + 0xffff);
  for (std::size_t comment = 0; comment + kEndBytes <= longest; ++comment) {
    const std::size_t at = bytes.size() - kEndBytes - comment;
    if (bytes.compare(at, 4, "PK\x05\x06", 4) != 0 || u16(bytes, at + 20) != comment) continue;
    return End{tail.start() + at, u16(bytes, at + 10), u32(bytes, at + 12), u32(bytes, at + 16)};
  }
  return std::nullopt;
}

}  // namespace

struct ZipScanner::Impl {
  enum class State : unsigned char {
    header,   // the fixed part of the first local header
    names,    // its name and extra field, skipped
    inflate,  // deflated content
    stored,   // content as it is
    ended,    // all content seen
    opaque,   // content cannot be or need not be looked at
  };

  Impl(std::uint64_t max, Sink to) : inflate_max(max), sink(std::move(to)) {}
  ~Impl() {
    if (inflating) ::inflateEnd(&stream);
  }

  const std::uint64_t inflate_max;
  const Sink sink;
  std::optional<std::uint64_t> expected;
  State state = State::header;
  Tail tail;
  std::string header;
  std::uint64_t skip = 0;        // of name and extra field
  std::uint64_t data_start = 0;  // of the content
  std::uint64_t data_taken = 0;  // compressed
  std::uint64_t stored_left = 0;
  std::uint64_t content = 0;
  std::uint32_t crc = 0;
  std::uint16_t flags = 0, method = 0;
  bool data_bad = false;
  bool inflating = false;
  bool checked = false;
  z_stream stream{};
  std::unique_ptr<char[]> piece;

  base::Result<void> take(base::BytesView& bytes);
  void take_header(base::BytesView& bytes);
  void start_content();
  base::Result<void> take_inflate(base::BytesView& bytes);
  base::Result<void> take_stored(base::BytesView& bytes);
  base::Result<void> deliver(base::BytesView bytes);
  ZipFacts::Damage check_single(const End& end, ZipFacts& facts);
  ZipFacts::Damage check_content(std::uint64_t compressed, std::uint64_t size,
                                 std::uint32_t checksum);
};

void ZipScanner::Impl::take_header(base::BytesView& bytes) {
  const std::size_t size = std::min(kLocalBytes - header.size(), bytes.size());
  header.append(bytes.substr(0, size));
  bytes.remove_prefix(size);
  if (header.size() < kLocalBytes) return;
  flags = u16(header, 6);
  method = u16(header, 8);
  skip = std::uint64_t{u16(header, 26)} + u16(header, 28);
  data_start = kLocalBytes + skip;
  state = State::names;
}

void ZipScanner::Impl::start_content() {
  state = State::opaque;
  if (flags & kEncrypted) return;
  if (method == kDeflated) {
    if (::inflateInit2(&stream, -MAX_WBITS) != Z_OK) throw std::bad_alloc();
    inflating = true;
    piece = std::make_unique_for_overwrite<char[]>(kPieceBytes);
    state = State::inflate;
  } else if (method == kStored && (expected || !(flags & kSizesFollow))) {
    stored_left = expected ? *expected : u32(header, 18);
    if (stored_left != kIn64) state = stored_left == 0 ? State::ended : State::stored;
  }
}

base::Result<void> ZipScanner::Impl::deliver(base::BytesView bytes) {
  if (bytes.size() > inflate_max - content) {
    if (sink) {
      return base::Error(base::Code::too_large, "edxml.attachment_too_large",
                         "the content of the attachment is larger than allowed",
                         "nội dung tệp đính kèm lớn hơn mức cho phép");
    }
    state = State::opaque;
    return base::done();
  }
  content += bytes.size();
  crc = crc_of(crc, bytes);
  return sink ? sink(bytes) : base::done();
}

base::Result<void> ZipScanner::Impl::take_inflate(base::BytesView& bytes) {
  while (state == State::inflate) {
    // inflate() does not write to its input; zlib's type merely lacks the const.
    stream.next_in = const_cast<Bytef*>(zbytes(bytes.data()));
    const auto given = static_cast<uInt>(std::min<std::size_t>(bytes.size(), 1u << 30));
    stream.avail_in = given;
    stream.next_out = reinterpret_cast<Bytef*>(piece.get());
    stream.avail_out = static_cast<uInt>(kPieceBytes);
    const int status = ::inflate(&stream, Z_NO_FLUSH);
    bytes.remove_prefix(given - stream.avail_in);
    data_taken += given - stream.avail_in;
    const std::size_t produced = kPieceBytes - stream.avail_out;
    if (produced != 0) TRY(deliver({piece.get(), produced}));
    if (state != State::inflate) break;
    if (status == Z_STREAM_END) {
      state = State::ended;
    } else if (status != Z_OK && status != Z_BUF_ERROR) {
      data_bad = true;
      state = State::opaque;
    } else if (bytes.empty() && stream.avail_out != 0) {
      break;
    }
  }
  return base::done();
}

base::Result<void> ZipScanner::Impl::take_stored(base::BytesView& bytes) {
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(stored_left, bytes.size()));
  TRY(deliver(bytes.substr(0, size)));
  bytes.remove_prefix(size);
  if (state != State::stored) return base::done();
  stored_left -= size;
  data_taken += size;
  if (stored_left == 0) state = State::ended;
  return base::done();
}

base::Result<void> ZipScanner::Impl::take(base::BytesView& bytes) {
  switch (state) {
    case State::header:
      take_header(bytes);
      break;
    case State::names: {
      const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(skip, bytes.size()));
      bytes.remove_prefix(size);
      skip -= size;
      break;
    }
    case State::inflate:
      return take_inflate(bytes);
    case State::stored:
      return take_stored(bytes);
    case State::ended:
    case State::opaque:
      bytes = {};
      break;
  }
  if (state == State::names && skip == 0) start_content();
  return base::done();
}

ZipFacts::Damage ZipScanner::Impl::check_content(std::uint64_t compressed, std::uint64_t size,
                                                 std::uint32_t checksum) {
  if (data_bad || state == State::inflate || state == State::stored) return ZipFacts::Damage::data;
  if (state != State::ended) return ZipFacts::Damage::none;  // structure was all there was to check
  if (data_taken != compressed || content != size || crc != checksum) {
    return ZipFacts::Damage::mismatch;
  }
  checked = true;
  return ZipFacts::Damage::none;
}

ZipFacts::Damage ZipScanner::Impl::check_single(const End& end, ZipFacts& facts) {
  if (end.offset < tail.start()) return ZipFacts::Damage::directory;
  const std::string_view entry =
      tail.bytes().substr(static_cast<std::size_t>(end.offset - tail.start()), end.size);
  if (entry.size() < kDirectoryBytes) return ZipFacts::Damage::directory;
  const std::size_t name_bytes = u16(entry, 28);
  if (kDirectoryBytes + name_bytes + u16(entry, 30) + u16(entry, 32) > entry.size()) {
    return ZipFacts::Damage::directory;
  }
  const std::uint32_t compressed = u32(entry, 20), size = u32(entry, 24), local = u32(entry, 42);
  if (compressed == kIn64 || size == kIn64 || local == kIn64) return ZipFacts::Damage::none;
  if (local != 0 || u16(entry, 10) != method || data_start + compressed > end.offset) {
    return ZipFacts::Damage::directory;
  }
  if ((u16(entry, 8) | flags) & kEncrypted) return ZipFacts::Damage::none;
  if (method != kStored && method != kDeflated) return ZipFacts::Damage::none;
  if (method == kStored && compressed != size) return ZipFacts::Damage::mismatch;
  if (const auto damage = check_content(compressed, size, u32(entry, 16));
      damage != ZipFacts::Damage::none) {
    return damage;
  }
  facts.single = true;
  facts.entry_name = entry.substr(kDirectoryBytes, name_bytes);
  facts.entry_bytes = size;
  return ZipFacts::Damage::none;
}

ZipScanner::ZipScanner(std::uint64_t inflate_max, Sink sink)
    : impl_(std::make_unique<Impl>(inflate_max, std::move(sink))) {}
ZipScanner::~ZipScanner() = default;

void ZipScanner::expect_content(std::uint64_t bytes) { impl_->expected = bytes; }

base::Result<void> ZipScanner::feed(base::BytesView bytes) {
  impl_->tail.add(bytes);
  while (!bytes.empty()) TRY(impl_->take(bytes));
  return base::done();
}

bool ZipScanner::verified() const { return impl_->checked; }

ZipFacts ZipScanner::finish() {
  ZipFacts facts;
  const std::optional<End> end = find_end(impl_->tail);
  if (!end || impl_->state == Impl::State::header || impl_->state == Impl::State::names) {
    facts.damage = ZipFacts::Damage::no_end;
    return facts;
  }
  // A zip64 archive is a whole file to us; nobody wraps attachments that way.
  if (end->entries == 0xffff || end->offset == kIn64 || end->size == kIn64) return facts;
  if (end->entries == 0 || std::uint64_t{end->offset} + end->size > end->at) {
    facts.damage = ZipFacts::Damage::directory;
    return facts;
  }
  if (end->offset >= impl_->tail.start() &&
      impl_->tail.bytes().compare(static_cast<std::size_t>(end->offset - impl_->tail.start()), 4,
                                  "PK\x01\x02", 4) != 0) {
    facts.damage = ZipFacts::Damage::directory;
    return facts;
  }
  if (end->entries == 1) facts.damage = impl_->check_single(*end, facts);
  return facts;
}

struct ZipWriter::Impl {
  std::string name;
  Sink out;
  z_stream stream{};
  std::uint32_t crc = 0;
  std::uint64_t content = 0, compressed = 0;
  bool started = false;
  std::unique_ptr<char[]> piece = std::make_unique_for_overwrite<char[]>(kPieceBytes);

  base::Result<void> start();
  base::Result<void> deflate(base::BytesView bytes, int flush);
  // What local header and directory entry share: version, flags, method, time (1980-01-01 00:00).
  void put_common(std::string& to) const {
    put(to, 20, 2);
    put(to, kSizesFollow | kUtf8Names, 2);
    put(to, kDeflated, 2);
    put(to, 0, 2);
    put(to, 0x21, 2);
  }
};

base::Result<void> ZipWriter::Impl::start() {
  if (started) return base::done();
  started = true;
  std::string head(kZipStart);
  put_common(head);
  put(head, 0, 4);  // checksum and sizes follow the data
  put(head, 0, 4);
  put(head, 0, 4);
  put(head, static_cast<std::uint32_t>(name.size()), 2);
  put(head, 0, 2);
  return out(head + name);
}

base::Result<void> ZipWriter::Impl::deflate(base::BytesView bytes, int flush) {
  crc = crc_of(crc, bytes);
  content += bytes.size();
  stream.next_in = const_cast<Bytef*>(zbytes(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  do {
    stream.next_out = reinterpret_cast<Bytef*>(piece.get());
    stream.avail_out = static_cast<uInt>(kPieceBytes);
    CHECK(::deflate(&stream, flush) != Z_STREAM_ERROR);
    const std::size_t produced = kPieceBytes - stream.avail_out;
    compressed += produced;
    if (produced != 0) TRY(out({piece.get(), produced}));
  } while (stream.avail_out == 0);
  return base::done();
}

ZipWriter::ZipWriter(std::string entry_name, Sink out) : impl_(std::make_unique<Impl>()) {
  impl_->name = std::move(entry_name);
  impl_->name.resize(std::min<std::size_t>(impl_->name.size(), 0xffff));
  impl_->out = std::move(out);
  const int status = ::deflateInit2(&impl_->stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -MAX_WBITS,
                                    8, Z_DEFAULT_STRATEGY);
  CHECK(status == Z_OK);
}

ZipWriter::~ZipWriter() { ::deflateEnd(&impl_->stream); }

base::Result<void> ZipWriter::write(base::BytesView bytes) {
  TRY(impl_->start());
  while (!bytes.empty()) {
    const base::BytesView some = bytes.substr(0, 1u << 20);
    TRY(impl_->deflate(some, Z_NO_FLUSH));
    bytes.remove_prefix(some.size());
  }
  return base::done();
}

base::Result<void> ZipWriter::finish() {
  Impl& z = *impl_;
  TRY(z.start());
  TRY(z.deflate({}, Z_FINISH));
  const std::uint64_t directory = kLocalBytes + z.name.size() + z.compressed + 16;
  if (z.content >= kIn64 || directory >= kIn64) {
    return base::Error(base::Code::too_large, "edxml.attachment_too_large",
                       "content of 4 GiB and more cannot be wrapped in a zip",
                       "nội dung từ 4 GiB trở lên không đóng gói zip được");
  }
  std::string end = "PK\x07\x08";
  const auto put_sizes = [&z](std::string& to) {
    put(to, z.crc, 4);
    put(to, static_cast<std::uint32_t>(z.compressed), 4);
    put(to, static_cast<std::uint32_t>(z.content), 4);
  };
  put_sizes(end);
  end += "PK\x01\x02";
  put(end, 20, 2);
  z.put_common(end);
  put_sizes(end);
  put(end, static_cast<std::uint32_t>(z.name.size()), 2);
  end.append(16, '\0');  // extra, comment, disk, attributes, offset of the local header
  end += z.name;
  end.append("PK\x05\x06\0\0\0\0", 8);
  put(end, 1, 2);
  put(end, 1, 2);
  put(end, static_cast<std::uint32_t>(kDirectoryBytes + z.name.size()), 4);
  put(end, static_cast<std::uint32_t>(directory), 4);
  put(end, 0, 2);
  return z.out(end);
}

}  // namespace edxml
