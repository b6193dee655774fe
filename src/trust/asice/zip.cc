#include "trust/asice/zip.h"

#include <zlib.h>

#include <algorithm>
#include <memory>
#include <new>
#include <optional>
#include <set>

#include "base/hash.h"

namespace trust {
namespace {

constexpr std::size_t kLocalBytes = 30;      // fixed part of a local header
constexpr std::size_t kDirectoryBytes = 46;  // fixed part of a directory entry
constexpr std::size_t kEndBytes = 22;        // fixed part of the end record
constexpr std::size_t kPieceBytes = 64u << 10;
constexpr std::uint64_t kDirectoryMax = 8u << 20;
constexpr std::uint64_t kSizeMax = 0xfffffffeu;
constexpr std::uint16_t kEncrypted = 1, kSizesFollow = 8, kUtf8Names = 0x0800;
constexpr std::uint16_t kAllowedFlags = kSizesFollow | kUtf8Names | 6;  // 6: how it was deflated

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
void put_number(std::string& out, std::uint64_t value, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) out += static_cast<char>(value >> (8 * i) & 0xff);
}

base::Error malformed(std::string_view en, std::string_view vi) {
  return {base::Code::invalid, "trust.container_malformed",
          "the container cannot be read safely: " + std::string(en),
          "không đọc được gói một cách an toàn: " + std::string(vi)};
}
base::Error damaged() { return malformed("the archive is damaged", "tệp nén bị hỏng"); }
base::Error ambiguous(std::string_view name) {
  return malformed("two programs could read its parts differently: " + std::string(name),
                   "các chương trình có thể đọc khác nhau: " + std::string(name));
}
base::Error too_large() {
  return {base::Code::too_large, "trust.container_too_large",
          "the container holds more than is allowed", "gói chứa nhiều hơn mức cho phép"};
}

base::Result<base::Bytes> exactly(const Source& source, std::uint64_t at, std::uint64_t size) {
  base::Bytes out(static_cast<std::size_t>(size), '\0');
  std::size_t got = 0;
  while (got < out.size()) {
    const std::size_t more = TRY(source.read_at(at + got, out.data() + got, out.size() - got));
    if (more == 0) return damaged();
    got += more;
  }
  return out;
}

// Well-formed, shortest form, no surrogates.
bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t more = lead < 0x80   ? 0
                             : lead < 0xc2 ? 9
                             : lead < 0xe0 ? 1
                             : lead < 0xf0 ? 2
                             : lead < 0xf5 ? 3
                                           : 9;
    if (more == 9 || i + more >= text.size()) return false;
    std::uint32_t code = more == 0 ? lead : lead & (0x3fu >> more);
    for (std::size_t k = 1; k <= more; ++k) {
      const auto byte = static_cast<unsigned char>(text[i + k]);
      if ((byte & 0xc0) != 0x80) return false;
      code = code << 6 | (byte & 0x3fu);
    }
    if ((more == 2 && code < 0x800) || (more == 3 && (code < 0x10000 || code > 0x10ffff)) ||
        (code >= 0xd800 && code < 0xe000)) {
      return false;
    }
    i += more + 1;
  }
  return true;
}

struct End {
  std::uint64_t at, directory, directory_bytes;
  std::size_t entries;
};

base::Result<End> find_end(const Source& archive) {
  const std::uint64_t size = archive.size();
  if (size < kEndBytes) return damaged();
  const std::uint64_t tail = std::min<std::uint64_t>(size, kEndBytes + 0xffff);
  const base::Bytes bytes = TRY(exactly(archive, size - tail, tail));
  std::optional<End> found;
  for (std::size_t at = bytes.size() - kEndBytes + 1; at-- > 0;) {
    if (bytes.compare(at, 4, "PK\x05\x06", 4) != 0) continue;
    // One within the comment is how readers are told different stories.
    if (at + kEndBytes + u16(bytes, at + 20) != bytes.size()) return ambiguous("PK\\5\\6");
    if (u16(bytes, at + 4) != 0 || u16(bytes, at + 6) != 0 ||
        u16(bytes, at + 8) != u16(bytes, at + 10)) {
      return damaged();
    }
    found = End{size - tail + at, u32(bytes, at + 16), u32(bytes, at + 12), u16(bytes, at + 10)};
    if (found->entries > kZipEntriesMax || found->directory_bytes > kDirectoryMax) {
      return found->entries == 0xffff ? malformed("zip64 is not read", "không đọc định dạng zip64")
                                      : too_large();
    }
    if (found->directory + found->directory_bytes != found->at) return ambiguous("directory");
    break;
  }
  if (!found) return damaged();
  return *found;
}

// Reads the entry at `at` of the directory and moves on.
base::Result<ZipEntry> read_entry(std::string_view directory, std::size_t& at) {
  if (directory.size() - at < kDirectoryBytes || directory.compare(at, 4, "PK\x01\x02", 4) != 0) {
    return damaged();
  }
  const std::string_view fixed = directory.substr(at, kDirectoryBytes);
  const std::size_t name_bytes = u16(fixed, 28);
  const std::size_t whole = kDirectoryBytes + name_bytes + u16(fixed, 30) + u16(fixed, 32);
  if (whole > directory.size() - at) return damaged();
  ZipEntry entry;
  entry.name = directory.substr(at + kDirectoryBytes, name_bytes);
  at += whole;
  const std::uint16_t flags = u16(fixed, 8), method = u16(fixed, 10);
  if (flags & kEncrypted) return malformed("it is encrypted", "gói bị mã hóa");
  if ((flags & ~kAllowedFlags) != 0 || (method != 0 && method != 8) || u16(fixed, 34) != 0) {
    return malformed("a feature of zip that is not read", "dùng tính năng zip không được hỗ trợ");
  }
  entry.deflated = method == 8;
  entry.streamed = (flags & kSizesFollow) != 0;
  entry.crc = u32(fixed, 16);
  entry.packed = u32(fixed, 20);
  entry.size = u32(fixed, 24);
  entry.header = u32(fixed, 42);
  if (entry.packed > kSizeMax || entry.size > kSizeMax || entry.header > kSizeMax) {
    return malformed("zip64 is not read", "không đọc định dạng zip64");
  }
  if (!entry.deflated && entry.packed != entry.size) return damaged();
  return entry;
}

// The local header must say what the directory says; returns where the next one must begin.
base::Result<std::uint64_t> check_local(const Source& archive, ZipEntry& entry) {
  const base::Bytes fixed = TRY(exactly(archive, entry.header, kLocalBytes));
  if (fixed.compare(0, 4, "PK\x03\x04", 4) != 0) return damaged();
  const std::size_t name_bytes = u16(fixed, 26);
  if (name_bytes != entry.name.size()) return ambiguous(entry.name);
  const base::Bytes name = TRY(exactly(archive, entry.header + kLocalBytes, name_bytes));
  const bool streamed = (u16(fixed, 6) & kSizesFollow) != 0;
  if (name != entry.name || u16(fixed, 8) != (entry.deflated ? 8 : 0) ||
      streamed != entry.streamed || (u16(fixed, 6) & kEncrypted) != 0) {
    return ambiguous(entry.name);
  }
  // What says "the sizes follow" may leave them out here; if it gives them, they must be right.
  const bool none = u32(fixed, 14) == 0 && u32(fixed, 18) == 0 && u32(fixed, 22) == 0;
  if (!(streamed && none) && (u32(fixed, 14) != entry.crc || u32(fixed, 18) != entry.packed ||
                              u32(fixed, 22) != entry.size)) {
    return ambiguous(entry.name);
  }
  entry.extra = u16(fixed, 28) != 0;
  entry.data = entry.header + kLocalBytes + name_bytes + u16(fixed, 28);
  std::uint64_t end = entry.data + entry.packed;
  if (!streamed) return end;
  // The mark in front of them is optional.
  const base::Bytes sizes = TRY(exactly(archive, end, 16));
  const std::size_t marked = sizes.compare(0, 4, "PK\x07\x08", 4) == 0 ? 4 : 0;
  if (u32(sizes, marked) != entry.crc || u32(sizes, marked + 4) != entry.packed ||
      (marked != 0 && u32(sizes, 12) != entry.size)) {
    return ambiguous(entry.name);
  }
  return end + 12 + marked;
}

class Inflater {
 public:
  Inflater() {
    if (::inflateInit2(&stream_, -MAX_WBITS) != Z_OK) throw std::bad_alloc();
  }
  ~Inflater() { ::inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  bool ended() const { return ended_; }
  // At most `left` bytes in all.
  base::Result<void> feed(base::BytesView bytes, std::uint64_t& left, const Sink& sink) {
    // inflate() does not write to its input; zlib's type merely lacks the const.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(bytes.size());
    for (;;) {
      if (ended_) return stream_.avail_in == 0 ? base::done() : damaged();
      stream_.next_out = reinterpret_cast<Bytef*>(piece_.get());
      stream_.avail_out = kPieceBytes;
      const int status = ::inflate(&stream_, Z_NO_FLUSH);
      const std::size_t produced = kPieceBytes - stream_.avail_out;
      if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR) return damaged();
      if (produced > left) return damaged();
      left -= produced;
      if (produced != 0) TRY(sink({piece_.get(), produced}));
      ended_ = status == Z_STREAM_END;
      if (!ended_ && stream_.avail_in == 0 && stream_.avail_out != 0) return base::done();
    }
  }

 private:
  z_stream stream_{};
  bool ended_ = false;
  std::unique_ptr<char[]> piece_ = std::make_unique_for_overwrite<char[]>(kPieceBytes);
};

std::string folded(std::string_view name) {
  std::string out(name);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  }
  return out;
}

}  // namespace

bool is_container_name(std::string_view name) {
  if (name.empty() || name.size() > kZipNameMax || !is_utf8(name)) return false;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f || c == '\\' || c == ':') return false;
  }
  for (std::size_t at = 0; at <= name.size();) {
    const std::size_t end = std::min(name.find('/', at), name.size());
    const std::string_view step = name.substr(at, end - at);
    if (step.empty() || step == "." || step == "..") return false;
    at = end + 1;
  }
  return true;
}

base::Result<ZipReader> ZipReader::open(const Source& archive) {
  const End end = TRY(find_end(archive));
  const base::Bytes directory = TRY(exactly(archive, end.directory, end.directory_bytes));
  std::vector<ZipEntry> entries;
  std::set<std::string> names;
  std::uint64_t content = 0;
  std::size_t at = 0;
  for (std::size_t i = 0; i < end.entries; ++i) {
    ZipEntry entry = TRY(read_entry(directory, at));
    std::string_view name = entry.name;
    if (name.ends_with('/')) name.remove_suffix(1);
    if (!is_container_name(name)) {
      return malformed("the name of a file leads elsewhere or is not text",
                       "có tên tệp trỏ ra ngoài gói hoặc không phải văn bản");
    }
    // Also where upper and lower case are one: what is unpacked must be what is signed.
    if (!names.insert(folded(name)).second) return ambiguous(entry.name);
    content += entry.size;
    entries.push_back(std::move(entry));
  }
  if (at != directory.size()) return damaged();
  if (content > std::max(kZipInflatedMin, archive.size() * kZipRatioMax)) return too_large();

  // From the first byte to the directory there is nothing but the entries, each of them once.
  std::sort(entries.begin(), entries.end(),
            [](const ZipEntry& a, const ZipEntry& b) { return a.header < b.header; });
  std::uint64_t expected = 0;
  ZipReader reader(archive);
  for (ZipEntry& entry : entries) {
    if (entry.header != expected) return ambiguous(entry.name);
    expected = TRY(check_local(archive, entry));
    if (expected > end.directory) return damaged();
    if (entry.name.ends_with('/')) {
      if (entry.size != 0 || entry.packed > 2) return ambiguous(entry.name);
      continue;
    }
    reader.by_name_.emplace(entry.name, reader.entries_.size());
    reader.entries_.push_back(std::move(entry));
  }
  if (expected != end.directory) return ambiguous("directory");
  return reader;
}

const ZipEntry* ZipReader::find(std::string_view name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : &entries_[found->second];
}

base::Result<void> ZipReader::read(const ZipEntry& entry, const Context& context,
                                   const Sink& sink) const {
  std::uint32_t crc = 0;
  std::uint64_t left = entry.size;
  const Sink counted = [&](base::BytesView bytes) {
    crc = base::crc32(crc, bytes);
    return sink(bytes);
  };
  std::optional<Inflater> inflater;
  if (entry.deflated) inflater.emplace();
  for (std::uint64_t done = 0; done < entry.packed;) {
    if (context.out_of_time()) {
      return base::Error(base::Code::unavailable, "trust.out_of_time",
                         "the time allowed for judging is over; judge the file again",
                         "đã hết thời gian dành cho việc kiểm tra; hãy kiểm tra lại tệp");
    }
    const std::uint64_t size = std::min<std::uint64_t>(kPieceBytes, entry.packed - done);
    const base::Bytes piece = TRY(exactly(*archive_, entry.data + done, size));
    done += size;
    if (inflater) {
      TRY(inflater->feed(piece, left, counted));
    } else {
      left -= size;
      TRY(counted(piece));
    }
  }
  if (left != 0 || crc != entry.crc || (inflater && !inflater->ended())) return damaged();
  return base::done();
}

base::Result<base::Bytes> ZipReader::read_all(const ZipEntry& entry, const Context& context,
                                              std::uint64_t bytes_max) const {
  if (entry.size > bytes_max) return too_large();
  base::Bytes out;
  TRY(read(entry, context, [&out](base::BytesView bytes) {
    out += bytes;
    return base::done();
  }));
  return out;
}

base::Result<void> ZipWriter::put(base::BytesView bytes) {
  written_ += bytes.size();
  return out_(bytes);
}

base::Result<void> ZipWriter::add(std::string_view name, const Source& source, std::uint32_t crc) {
  const std::uint64_t size = source.size();
  if (size > kSizeMax || written_ + size + 4096 > kSizeMax || ++entries_ > kZipEntriesMax) {
    return too_large();
  }
  std::string shared;  // of local header and directory entry; the time is 1980-01-01 00:00
  put_number(shared, 20, 2);
  put_number(shared, kUtf8Names, 2);
  put_number(shared, 0, 2);
  put_number(shared, 0, 2);
  put_number(shared, 0x21, 2);
  put_number(shared, crc, 4);
  put_number(shared, size, 4);
  put_number(shared, size, 4);
  put_number(shared, name.size(), 2);
  put_number(shared, 0, 2);
  directory_.append("PK\x01\x02");
  put_number(directory_, 20, 2);
  directory_ += shared;
  directory_.append(10, '\0');  // comment, disk, attributes
  put_number(directory_, written_, 4);
  directory_ += name;
  TRY(put("PK\x03\x04" + shared + std::string(name)));

  std::uint32_t actual = 0;
  std::string piece(kPieceBytes, '\0');
  for (std::uint64_t at = 0; at < size;) {
    const std::size_t got =
        TRY(source.read_at(at, piece.data(), std::min<std::uint64_t>(piece.size(), size - at)));
    if (got == 0) break;
    const base::BytesView bytes(piece.data(), got);
    actual = base::crc32(actual, bytes);
    at += got;
    TRY(put(bytes));
  }
  if (actual != crc) {
    return base::Error(base::Code::conflict, "trust.content_changed",
                       "a file changed while it was put into the container; try again",
                       "tệp bị thay đổi trong khi đóng gói; hãy thử lại");
  }
  return base::done();
}

base::Result<void> ZipWriter::add(std::string_view name, base::BytesView content) {
  return add(name, *memory_source(content), base::crc32(0, content));
}

base::Result<void> ZipWriter::finish() {
  if (written_ + directory_.size() > kSizeMax) return too_large();
  std::string end("PK\x05\x06\0\0\0\0", 8);
  put_number(end, entries_, 2);
  put_number(end, entries_, 2);
  put_number(end, directory_.size(), 4);
  put_number(end, written_, 4);
  put_number(end, 0, 2);
  return out_(directory_ + end);
}

}  // namespace trust
