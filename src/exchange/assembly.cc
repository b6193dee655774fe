#include "exchange/assembly.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "base/hash.h"
#include "base/log.h"
#include "base/text.h"
#include "edxml/json.h"
#include "exchange/findings.h"
#include "exchange/uploads/tus.h"

namespace exchange {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr std::size_t kPieceBytes = 1 << 20;

Error bad_member(const std::string& name, std::string_view en, std::string_view vi) {
  return {Code::invalid, "exchange.assembly_bad_member", name + " " + std::string(en),
          name + " " + std::string(vi)};
}

Error too_large(std::uint64_t bytes_max) {
  const std::string most = base::size_text(bytes_max);
  return {
      Code::too_large, "exchange.assembly_too_large",
      "the document would be larger than " + most + "; send its attachments in several documents",
      "văn bản vượt quá " + most + "; hãy chia tệp đính kèm thành nhiều văn bản"};
}

Error busy() {
  return {Code::unavailable, "exchange.assembly_busy",
          "several large documents are being assembled; try again in a few seconds",
          "đang ghép nhiều văn bản lớn; hãy thử lại sau vài giây"};
}

// Names what has none of its own in the file: by what the document says, so that the same document
// is the same file again.
std::function<std::string()> names_for(const edxml::Document& document,
                                       const std::vector<edxml::Content>& contents) {
  base::Sha256 sum;
  sum.update(edxml::to_json(document).dump());
  for (const edxml::Content& one : contents) {
    sum.update("\n" + one.name + "\n" + one.description + "\n" + std::to_string(one.bytes));
  }
  return [seed = sum.finish(), number = 0]() mutable {
    return base::hex(base::sha256(seed + std::to_string(++number))).substr(0, 16);
  };
}

// Takes the file as it is written: keeps its bytes, hashes them, and reads what it says.
class Making {
 public:
  Making(std::unique_ptr<store::BlobWriter> blob, const Assembly::Options& options)
      : blob_(std::move(blob)), reader_(options.read), bytes_max_(options.document_bytes_max) {}
  Result<void> write(base::BytesView bytes) {
    if (blob_->size() + bytes.size() > bytes_max_) return too_large(bytes_max_);
    TRY(blob_->write(bytes));
    sum_.update(bytes);
    return reader_.feed(bytes);
  }
  Result<Submission> finish() {
    Submission made;
    made.document = TRY(reader_.finish());
    TRY(refuse_findings(made.document, false));
    made.hash = sum_.finish();
    made.size = blob_->size();
    made.blob = TRY(blob_->finish(made.size));
    return made;
  }

 private:
  const std::unique_ptr<store::BlobWriter> blob_;
  base::Sha256 sum_;
  edxml::Reader reader_;
  const std::uint64_t bytes_max_;
};

// What one upload holds, read from its start to its end.
edxml::Content content_of(std::shared_ptr<store::BlobReader> bytes, const Enclosure& enclosure,
                          std::string name) {
  edxml::Content content;
  content.name = std::move(name);
  content.description = enclosure.description;
  content.bytes = bytes->size();
  content.read = [bytes = std::move(bytes), at = std::uint64_t{0}](
                     char* to, std::size_t size) mutable -> Result<std::size_t> {
    const std::size_t got = TRY(bytes->read_at(at, to, size));
    at += got;
    return got;
  };
  return content;
}

Result<std::string> name_of(const Enclosure& enclosure, const uploads::Upload& upload) {
  if (!base::trim(enclosure.name).empty()) return enclosure.name;
  for (auto& [key, value] : TRY(uploads::parse_metadata(upload.metadata))) {
    if ((key == "filename" || key == "name") && !base::trim(value).empty())
      return std::string(value);
  }
  return bad_member("attachments/name", "is missing: the upload has no filename either",
                    "còn thiếu: tệp tải lên cũng không có tên");
}

Result<std::vector<Enclosure>> enclosures_of(const base::Json& json) {
  std::vector<Enclosure> enclosures;
  if (!json["attachments"].is_array() && json.has("attachments")) {
    return bad_member("attachments", "must be a list", "phải là danh sách");
  }
  for (const base::Json& one : json["attachments"].array()) {
    for (const auto& [name, value] : one.object()) {
      const bool known =
          name == "upload" || name == "sha256" || name == "name" || name == "description";
      if (known && value.is_string()) continue;
      return bad_member("attachments/" + name, known ? "must be text" : "is not a known member",
                        known ? "phải là chuỗi" : "không phải mục được biết");
    }
    Enclosure enclosure{std::string(one["upload"].text()), std::string(one["sha256"].text()),
                        std::string(one["name"].text()), std::string(one["description"].text())};
    if (enclosure.upload.empty() == enclosure.sha256.empty()) {
      return bad_member("attachments", "need either upload or sha256",
                        "cần đúng một trong hai mục upload hoặc sha256");
    }
    enclosures.push_back(std::move(enclosure));
  }
  return enclosures;
}

// Whether the exchange has certainly not taken the bytes; otherwise the sweep decides.
bool refused_for_good(const Error& error) {
  return error.code() != Code::unavailable && error.code() != Code::internal &&
         error.code() != Code::data_loss;
}

}  // namespace

Draft::Draft(Draft&& other) noexcept
    : exchange_(std::exchange(other.exchange_, nullptr)), submission(std::move(other.submission)) {}

Draft::~Draft() {
  if (exchange_ == nullptr || submission.blob.empty()) return;
  const auto discarded = exchange_->blobs().discard(submission.blob);
  if (!discarded.ok()) {
    base::log::warning("exchange.draft_not_discarded", {{"detail", discarded.error().detail()}});
  }
}

Result<Accepted> Draft::hand_in() {
  auto accepted = exchange_->accept(submission);
  const bool ours = accepted.ok() ? accepted->resent : refused_for_good(accepted.error());
  if (!ours) exchange_ = nullptr;
  return accepted;
}

Assembly::Assembly(Exchange& exchange, uploads::Uploads& uploads, Options options)
    : exchange_(exchange), uploads_(uploads), options_(options), large_(options.large_at_once) {}

Result<std::optional<base::Slots::Held>> Assembly::turn_for(std::uint64_t bytes) {
  if (bytes > options_.document_bytes_max) return too_large(options_.document_bytes_max);
  if (bytes < options_.large_bytes) return std::optional<base::Slots::Held>();
  auto taken = large_.take();
  if (!taken) return busy();
  return taken;
}

Result<Organisation> Assembly::sender_of(const uploads::Owner& owner, std::string_view from) const {
  auto sender = exchange_.directory().by_key(owner.organisation);
  const bool named = from.empty() || [&] {
    const auto found = exchange_.directory().find(from);
    return found && found->key == owner.organisation;
  }();
  if (sender && named && !sender->deleted) return *std::move(sender);
  const std::string shown(base::cut_utf8(base::trim(from), 60));
  const std::string own = sender ? sender->code : "-";
  return Error(Code::forbidden, "exchange.sender_differs",
               "From is \"" + shown + "\", for which you do not act; send as " + own,
               "Đơn vị gửi ghi là \"" + shown + "\" nhưng tài khoản gửi thay cho " + own);
}

void Assembly::fill_in(edxml::Document& document, const Organisation& sender) const {
  document.from.id = sender.code;
  if (document.from.name.empty()) document.from.name = sender.name;
  for (edxml::Organisation& to : document.to) {
    const auto known = exchange_.directory().find(to.id);
    if (to.name.empty() && known) to.name = known->name;
  }
  if (document.document_id.empty() && document.kind == edxml::Kind::document &&
      document.promulgation.date && !document.code().empty()) {
    document.document_id =
        sender.code + "," + base::date_text(*document.promulgation.date) + "," + document.code();
  }
}

Result<std::string> Assembly::upload_of(const uploads::Owner& owner, const Enclosure& enclosure) {
  if (!enclosure.upload.empty()) return enclosure.upload;
  const auto digest = base::from_hex(enclosure.sha256);
  if (!digest || digest->size() != base::kSha256Bytes) {
    return bad_member("attachments/sha256", "must be 64 hex digits", "phải gồm 64 chữ số hex");
  }
  const auto found = TRY(uploads_.find_by_hash(owner, *digest));
  if (found) return *found;
  return Error(Code::not_found, "exchange.enclosure_unknown",
               "no upload of yours has the SHA-256 " + enclosure.sha256 + "; upload the file first",
               "không có tệp tải lên nào của đơn vị có SHA-256 " + enclosure.sha256 +
                   "; hãy tải tệp lên trước");
}

Result<Draft> Assembly::from_json(const uploads::Owner& owner, const base::Json& json) {
  edxml::Document document = TRY(edxml::document_from_json(json));
  const auto enclosures = TRY(enclosures_of(json));
  return from_values(owner, std::move(document), enclosures);
}

Result<Draft> Assembly::from_values(const uploads::Owner& owner, edxml::Document document,
                                    const std::vector<Enclosure>& enclosures) {
  const Organisation sender = TRY(sender_of(owner, document.from.id));
  if (enclosures.size() > options_.enclosures_max) {
    return bad_member("attachments", "are more than " + std::to_string(options_.enclosures_max),
                      "vượt quá " + std::to_string(options_.enclosures_max) + " tệp");
  }
  fill_in(document, sender);
  std::vector<edxml::Content> contents;
  std::uint64_t bytes = 0;
  for (const Enclosure& enclosure : enclosures) {
    const std::string id = TRY(upload_of(owner, enclosure));
    const uploads::Upload upload = TRY(uploads_.find(owner, id));
    std::string name = TRY(name_of(enclosure, upload));
    std::shared_ptr<store::BlobReader> content = TRY(uploads_.read(owner, id));
    bytes += content->size() / 3 * 4;
    contents.push_back(content_of(std::move(content), enclosure, std::move(name)));
  }
  const auto turn = TRY(turn_for(bytes));
  Submission made = TRY(make(document, contents));
  made.sender = sender.key;
  made.system = sender.system;
  return Draft(exchange_, std::move(made));
}

Result<Submission> Assembly::make(const edxml::Document& document,
                                  const std::vector<edxml::Content>& contents) {
  auto blob = TRY(exchange_.blobs().create());
  Making making(std::move(blob), options_);
  const auto out = [&making](base::BytesView piece) { return making.write(piece); };
  if (document.kind == edxml::Kind::status) {
    if (!contents.empty()) {
      return bad_member("attachments", "do not go with a status message",
                        "không dùng cho thông điệp trạng thái");
    }
    const std::string file = TRY(edxml::write_status(document));
    TRY(making.write(file));
  } else {
    TRY(edxml::write_document(document, contents, names_for(document, contents), out));
  }
  return making.finish();
}

Result<Draft> Assembly::from_upload(const uploads::Owner& owner, std::string_view upload,
                                    std::vector<std::string> to) {
  const auto file = TRY(uploads_.read(owner, upload));
  const auto turn = TRY(turn_for(file->size()));
  edxml::Reader reader(options_.read);
  base::Bytes piece(kPieceBytes, '\0');
  for (std::uint64_t at = 0; at < file->size();) {
    const std::size_t got = TRY(file->read_at(at, piece.data(), piece.size()));
    if (got == 0) break;
    TRY(reader.feed({piece.data(), got}));
    at += got;
  }
  Submission made;
  made.document = TRY(reader.finish());
  made.to = std::move(to);
  TRY(refuse_findings(made.document, !made.to.empty()));
  const Organisation sender = TRY(sender_of(owner, made.document.from.id));
  made.sender = sender.key;
  made.system = sender.system;
  uploads::Kept kept = TRY(uploads_.keep(owner, upload));
  made.hash = std::move(kept.sha256);
  made.size = kept.size;
  made.blob = std::move(kept.blob);
  return Draft(exchange_, std::move(made));
}

}  // namespace exchange
