#include <algorithm>
#include <set>

#include "base/hash.h"
#include "base/random.h"
#include "base/text.h"
#include "cli/client.h"
#include "edxml/attachments.h"
#include "edxml/json.h"
#include "edxml/validate.h"
#include "edxml/writer.h"

namespace cli {
namespace {

constexpr std::uint64_t kContentBytesMax = 64ull << 30;
constexpr const char* kHeaderFile = "document.json";

// A file name that stays within its directory whatever the document says.
std::string safe_name(std::string_view name, std::size_t number) {
  std::string out;
  for (const char c : base::cut_utf8(base::trim(name), 200)) {
    out += c == '/' || c == '\\' || static_cast<unsigned char>(c) < 0x20 ? '_' : c;
  }
  while (!out.empty() && out.front() == '.') out.erase(0, 1);
  return out.empty() ? "attachment-" + std::to_string(number) : out;
}

struct Unpacked {
  std::vector<std::string> files;
};

base::Result<Unpacked> unpack(const std::string& path, const std::string& directory) {
  const LocalEdoc edoc = TRY(read_edoc(path));
  base::FileSystem& files = base::real_files();
  TRY(files.make_directory(directory));
  const auto read = [&](std::uint64_t offset, char* to, std::size_t size) {
    return edoc.file->read_at(offset, to, size);
  };
  Unpacked unpacked;
  std::set<std::string> taken = {kHeaderFile};
  base::Json header = to_json(edoc.document);
  base::Json attachments{base::Json::Array{}};
  for (const auto& attachment : edoc.document.attachments) {
    std::string name = safe_name(attachment.name, unpacked.files.size() + 1);
    while (!taken.insert(name).second)
      name = std::to_string(unpacked.files.size() + 1) + "-" + name;
    auto file = TRY(files.open(directory + "/" + name, base::FileSystem::Mode::create_new));
    std::uint64_t size = 0;
    TRY(edxml::extract(attachment, read, kContentBytesMax,
                       [&](base::BytesView bytes) -> base::Result<void> {
                         TRY(file->write_at(size, bytes));
                         size += bytes.size();
                         return base::done();
                       }));
    TRY(file->sync());
    base::Json one;
    one.add("name", attachment.name).add("file", name).add("description", attachment.description);
    attachments.push(std::move(one));
    unpacked.files.push_back(directory + "/" + name);
  }
  base::Json out{base::Json::Object{}};
  for (const auto& [name, value] : header.object()) {
    if (name != "attachments") out.add(name, value);
  }
  out.add("attachments", std::move(attachments));
  TRY(base::write_file_durably(files, directory + "/" + kHeaderFile,
                               out.dump(base::Json::Style::pretty)));
  return unpacked;
}

std::string unique_name() {
  const std::string hex = base::hex(base::SystemRandom().bytes(16));
  return hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-" + hex.substr(12, 4) + "-" +
         hex.substr(16, 4) + "-" + hex.substr(20);
}

base::Result<std::uint64_t> pack(const std::string& directory, const std::string& output) {
  base::FileSystem& files = base::real_files();
  const base::Bytes text = TRY(base::read_file(files, directory + "/" + kHeaderFile, 8 << 20));
  const base::Json json = TRY(base::Json::parse(text));
  auto read = edxml::document_from_json(json);
  if (!read.ok()) return std::move(read).error().with("document.json");
  const edxml::Document document = std::move(read).value();
  std::vector<std::unique_ptr<base::File>> opened;
  std::vector<edxml::Content> contents;
  for (const auto& one : json["attachments"].array()) {
    edxml::Content content;
    const std::string name(one.has("file") ? one["file"].text() : one["name"].text());
    content.name = one.has("name") ? one["name"].text() : std::string_view(name);
    content.description = one["description"].text();
    opened.push_back(TRY(files.open(directory + "/" + name, base::FileSystem::Mode::read)));
    base::File* const file = opened.back().get();
    content.bytes = TRY(file->size());
    content.read = [file, at = std::uint64_t{0}](
                       char* to, std::size_t size) mutable -> base::Result<std::size_t> {
      const std::size_t got = TRY(file->read_at(at, to, size));
      at += got;
      return got;
    };
    contents.push_back(std::move(content));
  }
  auto out = TRY(files.open(output, base::FileSystem::Mode::create_or_open));
  TRY(out->truncate(0));
  std::uint64_t size = 0;
  const auto put = [&](base::BytesView bytes) -> base::Result<void> {
    TRY(out->write_at(size, bytes));
    size += bytes.size();
    return base::done();
  };
  if (document.kind == edxml::Kind::status) {
    const base::Bytes bytes = TRY(edxml::write_status(document));
    TRY(put(bytes));
  } else {
    TRY(edxml::write_document(document, contents, unique_name, put));
  }
  TRY(out->sync());
  return size;
}

}  // namespace

int edxml_check(const Terminal& terminal, const std::string& path) {
  const auto edoc = read_edoc(path);
  if (!edoc) return terminal.fail(edoc.error());
  const edxml::Document& document = edoc->document;
  bool good = true;
  base::Json findings{base::Json::Array{}};
  std::vector<std::pair<base::Text, bool>> lines;
  for (const auto& finding : edxml::validate(document)) {
    const bool error = finding.severity == edxml::Finding::Severity::error;
    good = good && !error;
    base::Json one;
    one.add("severity", error ? "error" : "warning")
        .add("rule", finding.rule)
        .add("element", finding.element);
    one.add("vi", finding.message.vi).add("en", finding.message.en);
    one.add("remedy_vi", finding.remedy.vi).add("remedy_en", finding.remedy.en);
    findings.push(std::move(one));
    const std::string mark = error ? "✗ " : "! ";
    lines.push_back(
        {{mark + finding.element + ": " + finding.message.vi + "\n    → " + finding.remedy.vi,
          mark + finding.element + ": " + finding.message.en + "\n    → " + finding.remedy.en},
         error});
  }
  base::Json json;
  json.add("ok", good).add("document", to_json(document)).add("findings", std::move(findings));
  terminal.give(json);
  const std::string what =
      document.code() + "  " +
      (document.kind == edxml::Kind::status ? document.status_description : document.subject);
  terminal.say({what + "\n" + document.from.id + " → " + std::to_string(document.to.size()) +
                    " nơi nhận, " + std::to_string(document.attachments.size()) + " tệp kèm",
                what + "\n" + document.from.id + " → " + std::to_string(document.to.size()) +
                    " recipients, " + std::to_string(document.attachments.size()) +
                    " attachments"});
  for (const auto& line : lines) terminal.say(line.first);
  terminal.say(
      good ? base::Text{"✓ Trục sẽ nhận tệp này.", "✓ The exchange will accept this file."}
           : base::Text{"✗ Trục sẽ từ chối tệp này.", "✗ The exchange will refuse this file."});
  return good ? 0 : 1;
}

int edxml_pack(const Terminal& terminal, const std::string& directory, const std::string& output) {
  const auto size = pack(directory, output);
  if (!size) return terminal.fail(size.error());
  base::Json json;
  json.add("file", output).add("bytes", static_cast<std::int64_t>(*size));
  terminal.answer({"Đã đóng gói " + output + " (" + base::size_text(*size) + ").",
                   "Packed " + output + " (" + base::size_text(*size) + ")."},
                  json);
  return 0;
}

int edxml_unpack(const Terminal& terminal, const std::string& file, const std::string& directory) {
  const auto unpacked = unpack(file, directory);
  if (!unpacked) return terminal.fail(unpacked.error());
  base::Json list{base::Json::Array{}};
  std::string names;
  for (const std::string& name : unpacked->files) {
    list.push(name);
    names += "\n  " + name;
  }
  base::Json json;
  json.add("header", directory + "/" + kHeaderFile).add("files", std::move(list));
  terminal.answer({"Đã mở ra " + directory + "/" + kHeaderFile + names,
                   "Unpacked to " + directory + "/" + kHeaderFile + names},
                  json);
  return 0;
}

}  // namespace cli
