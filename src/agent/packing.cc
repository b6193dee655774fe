#include "agent/packing.h"

#include <algorithm>

#include "base/hash.h"
#include "base/random.h"
#include "base/text.h"
#include "edxml/writer.h"

namespace agent {
namespace {

using base::Json;
using edxml::Document;

constexpr std::size_t kAttachedMax = 1000;

base::Error bad(const std::string& member, const char* en, const char* vi) {
  return base::Error(base::Code::invalid, "agent.bad_member", member + " " + en, member + " " + vi);
}

// Text, or a whole number.
base::Result<std::string> text_of(const Json& value, const std::string& member) {
  if (value.is_null()) return std::string();
  if (value.is_string()) return std::string(base::trim(value.text()));
  if (value.is_number()) return std::to_string(value.integer());
  return bad(member, "must be text", "phải là chuỗi");
}

// A file beside NAME.json: its name and no way to somewhere else.
base::Result<std::string> file_of(const Json& value, const std::string& member) {
  std::string name(value.text());
  const bool plain = !name.empty() && name.front() != '.' && name.size() <= 255 &&
                     std::none_of(name.begin(), name.end(), [](char c) {
                       return c == '/' || static_cast<unsigned char>(c) < 0x20;
                     });
  if (plain) return name;
  return bad(member, "must be the name of a file in outbox, without a folder",
             "phải là tên một tệp trong outbox, không kèm thư mục");
}

base::Result<void> only(const Json& json, const std::string& where,
                        const std::vector<std::string_view>& known) {
  for (const auto& [name, value] : json.object()) {
    if (std::find(known.begin(), known.end(), name) == known.end())
      return bad(where + name, "is not a known member", "không phải mục được biết");
  }
  return base::done();
}

// "H41.12", or {"code", "name"}.
base::Result<edxml::Organisation> organisation(const Json& value, const std::string& member) {
  edxml::Organisation made;
  TRY(only(value, member + ".", {"code", "name"}));
  made.id = TRY(text_of(value.is_object() ? value["code"] : value, member));
  if (value.is_object()) made.name = TRY(text_of(value["name"], member + ".name"));
  if (made.id.empty())
    return bad(member, "must name an organisation by its code", "phải nêu mã định danh cơ quan");
  return made;
}

base::Result<void> read_signer(const Json& signer, Document& document) {
  if (!signer.is_object()) {
    document.signer_name = TRY(text_of(signer, "signer"));
    return base::done();
  }
  TRY(only(signer, "signer.", {"name", "position", "competence"}));
  document.signer_name = TRY(text_of(signer["name"], "signer.name"));
  document.signer_position = TRY(text_of(signer["position"], "signer.position"));
  document.signer_competence = TRY(text_of(signer["competence"], "signer.competence"));
  return base::done();
}

base::Result<void> read_identity(const Json& json, Document& document) {
  document.code_number = TRY(text_of(json["number"], "number"));
  document.code_notation = TRY(text_of(json["notation"], "notation"));
  document.subject = TRY(text_of(json["subject"], "subject"));
  for (const auto& [member, value] :
       {std::pair{"number", &document.code_number}, std::pair{"notation", &document.code_notation},
        std::pair{"subject", &document.subject}}) {
    if (value->empty()) return bad(member, "is missing", "chưa có");
  }
  const std::string written = TRY(text_of(json["date"], "date"));
  const auto date = base::parse_date(written);
  if (!date) return bad("date", "must be a date: 2026-11-22", "phải là ngày: 2026-11-22");
  document.promulgation = {base::date_text(*date), date};
  document.document_id = TRY(text_of(json["document_id"], "document_id"));
  if (document.document_id.empty()) {
    document.document_id = document.from.id + "," + document.promulgation.written + "," +
                           document.code_number + "/" + document.code_notation;
  }
  return base::done();
}

base::Result<void> read_rest(const Json& json, Document& document) {
  document.type_name = TRY(text_of(json["type"], "type"));
  document.type = TRY(text_of(json["type_code"], "type_code"));
  document.has_type = !document.type.empty() || !document.type_name.empty();
  document.place = TRY(text_of(json["place"], "place"));
  document.content = TRY(text_of(json["content"], "content"));
  TRY(read_signer(json["signer"], document));
  document.priority = TRY(text_of(json["urgency"], "urgency"));
  if (document.priority.empty()) document.priority = "0";
  const auto urgency = base::parse_int(document.priority);
  if (!urgency || *urgency < 0 || *urgency > 4)
    return bad("urgency", "must be 0, 1, 2, 3 or 4", "phải là 0, 1, 2, 3 hoặc 4");
  document.has_other_info = true;
  return base::done();
}

base::Result<Attached> attachment(const Json& one, const std::string& member) {
  Attached made;
  if (one.is_object()) {
    TRY(only(one, member + ".", {"file", "name", "description"}));
    made.file = TRY(file_of(one["file"], member + ".file"));
    made.name = TRY(text_of(one["name"], member + ".name"));
    made.description = TRY(text_of(one["description"], member + ".description"));
  } else {
    made.file = TRY(file_of(one, member));
  }
  for (const char* ending : {".edxml", ".json"}) {
    if (base::lower_ascii(made.file).ends_with(ending))
      return bad(member, "must not be an .edxml or .json file: such a file goes out by itself",
                 "không được là tệp .edxml hay .json: tệp như vậy tự gửi riêng");
  }
  if (made.name.empty()) made.name = made.file;
  return made;
}

std::string unique_name() {
  const std::string hex = base::hex(base::SystemRandom().bytes(16));
  return hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-" + hex.substr(12, 4) + "-" +
         hex.substr(16, 4) + "-" + hex.substr(20);
}

}  // namespace

base::Result<Wanted> read_wanted(const Json& json, const std::string& pdf) {
  if (!json.is_object()) return bad("(root)", "must be an object", "phải là một đối tượng JSON");
  TRY(only(json, "",
           {"sender", "recipients", "number", "notation", "date", "subject", "document_id", "type",
            "type_code", "place", "content", "signer", "urgency", "attachments"}));
  Wanted wanted;
  Document& document = wanted.document;
  document.from = TRY(organisation(json["sender"], "sender"));
  const auto& recipients = json["recipients"].array();
  if (recipients.empty()) return bad("recipients", "must name somebody", "phải có nơi nhận");
  for (std::size_t i = 0; i < recipients.size(); ++i) {
    auto one = TRY(organisation(recipients[i], "recipients[" + std::to_string(i) + "]"));
    document.to.push_back(std::move(one));
  }
  TRY(read_identity(json, document));
  TRY(read_rest(json, document));
  wanted.attached.push_back({pdf, pdf, ""});
  const auto& more = json["attachments"].array();
  if (!json["attachments"].is_null() && !json["attachments"].is_array())
    return bad("attachments", "must be a list", "phải là danh sách");
  if (more.size() >= kAttachedMax) return bad("attachments", "are too many", "quá nhiều");
  for (std::size_t i = 0; i < more.size(); ++i) {
    auto one = TRY(attachment(more[i], "attachments[" + std::to_string(i) + "]"));
    wanted.attached.push_back(std::move(one));
  }
  return wanted;
}

base::Result<void> pack(base::FileSystem& files, const Wanted& wanted, const std::string& directory,
                        const std::string& output) {
  std::vector<std::unique_ptr<base::File>> opened;
  std::vector<edxml::Content> contents;
  for (const Attached& one : wanted.attached) {
    const std::string path = directory + "/" + one.file;
    opened.push_back(TRY(files.open(path, base::FileSystem::Mode::read)));
    base::File* const file = opened.back().get();
    edxml::Content content{one.name, one.description, 0, nullptr};
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
  TRY(edxml::write_document(wanted.document, contents, unique_name,
                            [&](base::BytesView bytes) -> base::Result<void> {
                              TRY(out->write_at(size, bytes));
                              size += bytes.size();
                              return base::done();
                            }));
  return out->sync();
}

}  // namespace agent
