#include "agent/arrival.h"

#include <set>

#include "agent/folder.h"
#include "base/text.h"
#include "edxml/attachments.h"
#include "edxml/json.h"

namespace agent {
namespace {

constexpr std::size_t kNameBytesMax = 180;

// A name of its own, on systems too that take "A.pdf" and "a.pdf" for one.
std::string own_name(std::string_view name, std::size_t number, std::set<std::string>& taken) {
  const std::string otherwise = "attachment-" + std::to_string(number);
  std::string made = plain_name(name, kNameBytesMax, otherwise);
  while (!taken.insert(base::lower_ascii(made)).second) made = std::to_string(number) + "-" + made;
  return made;
}

void add_problem(base::Json& json, const base::Error& error) {
  json.add("problem", error.reason());
  json.add("problem_vi", error.text().vi).add("problem_en", error.text().en);
}

}  // namespace

base::Result<void> Arrival::open() {
  TRY(files_.make_directory(directory_));
  file_ = TRY(files_.open(directory_ + "/document.edxml", base::FileSystem::Mode::create_or_open));
  return file_->truncate(0);
}

base::Result<void> Arrival::write(base::BytesView chunk) {
  sum_.update(chunk);
  if (readable_) readable_ = reader_.feed(chunk).ok();
  TRY(file_->write_at(size_, chunk));
  size_ += chunk.size();
  return base::done();
}

base::Result<bool> Arrival::finish(std::string_view sha256, base::Json known,
                                   std::uint64_t bytes_max) {
  TRY(file_->sync());
  if (base::hex(sum_.finish()) != sha256) return false;
  const auto document = reader_.finish();
  if (document) {
    base::Json header{base::Json::Object{}};
    const base::Json all = edxml::to_json(*document);
    for (const auto& [name, value] : all.object()) {
      if (name != "attachments") header.add(name, value);
    }
    base::Json attachments = TRY(take_out(*document, bytes_max));
    known.add("header", std::move(header)).add("attachments", std::move(attachments));
  } else {
    add_problem(known, document.error());
  }
  TRY(write_json(files_, directory_ + "/document.json", known));
  TRY(files_.sync_directory(directory_));
  return true;
}

base::Result<base::Json> Arrival::take_out(const edxml::Document& document,
                                           std::uint64_t bytes_max) {
  base::Json all{base::Json::Array{}};
  const std::string directory = directory_ + "/attachments";
  TRY(files_.make_directory(directory));
  std::set<std::string> taken;
  std::size_t number = 0;
  for (const edxml::Attachment& attachment : document.attachments) {
    const std::string name = own_name(attachment.name, ++number, taken);
    const std::string path = directory + "/" + name;
    auto file = TRY(files_.open(path, base::FileSystem::Mode::create_new));
    std::uint64_t size = 0;
    const auto taken_out = edxml::extract(
        attachment,
        [&](std::uint64_t offset, char* to, std::size_t most) {
          return file_->read_at(offset, to, most);
        },
        bytes_max,
        [&](base::BytesView bytes) -> base::Result<void> {
          TRY(file->write_at(size, bytes));
          size += bytes.size();
          return base::done();
        });
    base::Json one;
    one.add("name", attachment.name).add("description", attachment.description);
    if (taken_out) {
      TRY(file->sync());
      one.add("file", name).add("bytes", static_cast<std::int64_t>(size));
    } else if (taken_out.error().code() == base::Code::unavailable) {
      return taken_out.error();
    } else {
      file.reset();
      TRY(files_.remove(path));
      add_problem(one, taken_out.error());
    }
    all.push(std::move(one));
  }
  TRY(files_.sync_directory(directory));
  return all;
}

}  // namespace agent
