#include "trust/asice/container.h"

#include <algorithm>

#include "base/hash.h"

namespace trust {
namespace {

constexpr std::size_t kPieceBytes = 64u << 10;
constexpr std::uint64_t kContentMax = 0xf0000000u;  // leaves room for the rest below 4 GiB

std::string lower(std::string_view name) {
  std::string out(name);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  }
  return out;
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '"') {
      out += "&quot;";
    } else {
      out += c;
    }
  }
  return out;
}

std::string entry(std::string_view path, std::string_view media_type) {
  return "  <manifest:file-entry manifest:full-path=\"" + escaped(path) +
         "\" manifest:media-type=\"" + escaped(media_type) + "\"/>\n";
}

// OpenDocument's manifest, which EN 319 162-1 asks for.
std::string manifest(const std::vector<SignedFile>& files) {
  std::string out =
      "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n"
      "<manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\""
      " manifest:version=\"1.2\">\n";
  out += entry("/", kAsiceMediaType);
  for (const SignedFile& file : files) out += entry(file.name, file.media_type);
  return out + "</manifest:manifest>\n";
}

bool is_media_type(std::string_view text) {
  return text.find('/') != std::string_view::npos &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

}  // namespace

base::Result<void> Container::add(std::string name, std::string media_type, const Source& content) {
  const std::string folded = lower(name);
  const bool taken = folded == "mimetype" || folded == "meta-inf" ||
                     folded.starts_with("meta-inf/") || names_.contains(folded);
  if (taken || !is_container_name(name)) {
    return base::Error(base::Code::invalid, "trust.container_name",
                       "a container cannot hold a file of this name, or holds one: " + name,
                       "gói không chứa được tệp có tên này, hoặc đã có: " + name);
  }
  if (content.size() > kContentMax) {
    return base::Error(base::Code::too_large, "trust.container_too_large",
                       "the container holds more than is allowed",
                       "gói chứa nhiều hơn mức cho phép");
  }
  if (!is_media_type(media_type)) media_type = "application/octet-stream";
  base::Sha256 hash;
  std::uint32_t crc = 0;
  std::string piece(kPieceBytes, '\0');
  for (std::uint64_t at = 0; at < content.size();) {
    const std::size_t got = TRY(content.read_at(at, piece.data(), piece.size()));
    if (got == 0) break;
    const base::BytesView bytes(piece.data(), got);
    hash.update(bytes);
    crc = base::crc32(crc, bytes);
    at += got;
  }
  names_.insert(folded);
  const auto place =
      std::lower_bound(files_.begin(), files_.end(), name,
                       [](const SignedFile& file, const std::string& n) { return file.name < n; }) -
      files_.begin();
  files_.insert(files_.begin() + place, {std::move(name), std::move(media_type), hash.finish()});
  contents_.insert(contents_.begin() + place, {&content, crc});
  return base::done();
}

base::Result<void> Container::sign(SigningKey& key, const XadesOptions& options) {
  base::Bytes signature = TRY(sign_xades(files_, key, options));
  add_signature(std::move(signature));
  return base::done();
}

base::Result<void> Container::write(const Sink& out) const {
  ZipWriter zip(out);
  TRY(zip.add("mimetype", kAsiceMediaType));
  for (std::size_t i = 0; i < files_.size(); ++i) {
    TRY(zip.add(files_[i].name, *contents_[i].source, contents_[i].crc));
  }
  TRY(zip.add("META-INF/manifest.xml", manifest(files_)));
  for (std::size_t i = 0; i < signatures_.size(); ++i) {
    const std::string number = std::to_string(i + 1);
    TRY(zip.add("META-INF/signatures" +
                    std::string(3 - std::min<std::size_t>(3, number.size()), '0') + number + ".xml",
                signatures_[i]));
  }
  return zip.finish();
}

}  // namespace trust
