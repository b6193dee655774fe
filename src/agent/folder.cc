#include "agent/folder.h"

#include <sys/stat.h>

#include <algorithm>

#include "base/hash.h"
#include "base/text.h"

namespace agent {
namespace {

constexpr std::uint64_t kJsonBytesMax = 8 << 20;
constexpr std::size_t kStemBytesMax = 150;  // leaves room for "~1000.receipt.json.tmp"

std::int64_t nanoseconds(const timespec& time) {
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

bool has_place(unsigned char c) {
  return c >= 0x20 && c != 0x7f &&
         std::string_view("/\\:*?\"<>|").find(static_cast<char>(c)) == std::string_view::npos;
}

}  // namespace

base::Result<void> make_folders(base::FileSystem& files, const std::string& directory) {
  const Folder folder(directory);
  for (const std::string& path :
       {folder.outbox(), folder.taken(), folder.sent(), folder.failed(), folder.inbox(),
        folder.partial(), folder.following(), folder.received()}) {
    TRY(base::make_directory_durably(files, path));
  }
  return base::done();
}

base::Result<std::vector<Seen>> look(base::FileSystem& files, const std::string& path) {
  std::vector<Seen> seen;
  for (std::string& name : TRY(files.list(path))) {
    if (name.empty() || name.front() == '.') continue;
    struct stat found {};
    if (::lstat((path + "/" + name).c_str(), &found) != 0) continue;  // gone since
    Seen one;
    one.name = std::move(name);
    one.size = static_cast<std::uint64_t>(found.st_size);
    one.changed = std::max(nanoseconds(found.st_mtim), nanoseconds(found.st_ctim));
    one.regular = S_ISREG(found.st_mode);
    seen.push_back(std::move(one));
  }
  return seen;
}

std::string plain_name(std::string_view name, std::size_t bytes_max, std::string_view otherwise) {
  std::string out;
  const bool readable = base::is_utf8(name);
  for (const char c : base::trim(name)) {
    const auto byte = static_cast<unsigned char>(c);
    out += has_place(byte) && (readable || byte < 0x80) ? c : '_';
  }
  out.erase(0, out.find_first_not_of('.'));
  while (!out.empty() && (out.back() == '.' || out.back() == ' ')) out.pop_back();
  if (out.size() > bytes_max) {
    const auto dot = out.rfind('.');
    const bool short_ending = dot != std::string::npos && out.size() - dot <= 10;
    const std::string ending = short_ending ? out.substr(dot) : "";
    out = std::string(base::cut_utf8(out, bytes_max - ending.size())) + ending;
  }
  return out.empty() ? std::string(otherwise) : out;
}

std::string plain_stem(std::string_view stem) {
  const std::string plain = plain_name(stem, kStemBytesMax, "_");
  if (plain == stem) return plain;
  return plain + "-" + base::hex(base::sha256(stem)).substr(0, 8);
}

bool is_id(std::string_view id) {
  return !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  });
}

base::Result<base::Json> read_json(base::FileSystem& files, const std::string& path) {
  const base::Bytes text = TRY(base::read_file(files, path, kJsonBytesMax));
  std::string_view json = text;
  if (json.starts_with("\xEF\xBB\xBF")) json.remove_prefix(3);
  return base::Json::parse(json);
}

base::Json with(const base::Json& json, const std::string& name, const base::Json& value) {
  base::Json made{base::Json::Object{}};
  for (const auto& [member, old] : json.object()) made.add(member, member == name ? value : old);
  if (!json.has(name)) made.add(name, value);
  return made;
}

base::Result<void> write_json(base::FileSystem& files, const std::string& path,
                              const base::Json& json) {
  return base::write_file_durably(files, path, json.dump(base::Json::Style::pretty) + "\n");
}

base::Result<void> remove_if_there(base::FileSystem& files, const std::string& path) {
  auto removed = files.remove(path);
  if (!removed && removed.error().code() != base::Code::not_found) return removed;
  return base::done();
}

base::Result<void> remove_tree(base::FileSystem& files, const std::string& path) {
  struct stat found {};
  if (::lstat(path.c_str(), &found) != 0) return base::done();
  if (S_ISDIR(found.st_mode)) {
    for (const std::string& name : TRY(files.list(path)))
      TRY(remove_tree(files, path + "/" + name));
  }
  return remove_if_there(files, path);
}

base::Json error_json(const base::Error& error) {
  base::Json json;
  json.add("reason", error.reason());
  json.add("vi", error.text().vi.empty() ? error.text().en : error.text().vi);
  json.add("en", error.text().en);
  return json;
}

}  // namespace agent
