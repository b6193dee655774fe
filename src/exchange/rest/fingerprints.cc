// Whether a file went through this exchange, for whoever has it: asked by its fingerprint, so that
// the file stays where it is.
#include "exchange/fingerprints.h"

#include <algorithm>
#include <memory>

#include "base/hash.h"
#include "exchange/rest/rates.h"
#include "exchange/rest/request.h"
#include "exchange/rest/resources.h"
#include "exchange/rest/views.h"
#include "identity/sign_in/attempts.h"

namespace exchange::rest {
namespace {

using base::Code;

constexpr RateLimit kQuestions{30, 60, 5000};  // of each address
constexpr std::size_t kHashBytes = 32, kHexLetters = 64;

// Hexadecimal, or base64url without padding in its one canonical form.
std::optional<base::Bytes> fingerprint_of(std::string_view text) {
  if (text.size() == kHexLetters) return base::from_hex(text);
  std::string standard(text);
  if (standard.find_first_of("+/=") != std::string::npos) return std::nullopt;
  std::replace(standard.begin(), standard.end(), '-', '+');
  std::replace(standard.begin(), standard.end(), '_', '/');
  standard += '=';
  auto bytes = base::from_base64(standard);
  if (!bytes || bytes->size() != kHashBytes || base::base64(*bytes) != standard)
    return std::nullopt;
  return bytes;
}

base::Json judgement_json(const Judgement& judgement) {
  base::Json json;
  json.add("verdict", word_of(judgement)).add("text", words_json(text_of(judgement)));
  json.add("judged_at", base::iso_time_text(judgement.judged_at));
  return json;
}

base::Json evidence_json(const KnownDocument& one) {
  base::Json json;
  json.add("given", one.evidence).add("logged", one.log_index.has_value());
  if (one.log_index) json.add("log_index", *one.log_index);
  return json;
}

base::Json known_json(const KnownDocument& one) {
  base::Json json, changes{base::Json::Array{}};
  json.add("file", one.attachment ? "attachment" : "document").add("issuer", one.issuer);
  if (one.sender != one.issuer) json.add("sender", one.sender);
  json.add("code", one.code);
  if (const std::string day = day_text(one.issued_on); !day.empty()) json.add("issued_on", day);
  if (!one.type.empty()) json.add("type", one.type);
  json.add("accepted_at", base::iso_time_text(one.accepted_at));
  if (one.judgement) json.add("signatures", judgement_json(*one.judgement));
  for (const Change& change : one.changes) {
    base::Json item;
    item.add("kind", word_of(change.kind)).add("at", base::iso_time_text(change.at));
    changes.push(std::move(item));
  }
  json.add("changes", std::move(changes)).add("evidence", evidence_json(one));
  return json;
}

base::Result<http::Response> look_up(Exchange& exchange, Rates& rates, Call& call) {
  const RateState rate =
      rates.take(identity::network_of(call.request.remote), kQuestions, call.now);
  if (!rate.allowed) return too_many(rate);
  const auto hash = fingerprint_of(call.text("sha256"));
  if (!hash) {
    return base::Error(
        Code::invalid, "rest.bad_fingerprint",
        "sha256 is no SHA-256: give 64 hexadecimal digits, or 43 letters of base64url",
        "sha256 không phải dấu vân tay SHA-256: cần 64 chữ số hệ 16 hoặc 43 ký tự base64url");
  }
  base::Json json, documents{base::Json::Array{}};
  const auto known = TRY(known_by(exchange, *hash));
  for (const KnownDocument& one : known) documents.push(known_json(one));
  json.add("sha256", base::hex(*hash)).add("known", !known.empty());
  json.add("documents", std::move(documents));
  http::Response response = http::Response::json(200, json.dump());
  response.headers.add("Cache-Control", "no-store");
  return response;
}

Schema judgement_schema() {
  Schema made = object(
      "KnownSignatures", {"Chữ ký số của văn bản.", "The document's signatures."},
      {required("verdict", word({"valid", "undetermined", "invalid", "unsigned", "checking"},
                                {"Kết luận khi trục nhận.", "The verdict when it was accepted."})),
       required("text", words_schema({"Bằng lời.", "In words."})),
       required("judged_at", time({"Kiểm tra lúc.", "When it was judged."}))});
  return made;
}

Schema changes_schema() {
  return list(
      object(
          "KnownChange", {"Việc cơ quan ban hành làm sau đó.", "What its issuer did later."},
          {required("kind", word({"recall_requested", "recalled", "revoked", "updated", "replaced"},
                                 {"Đang thu hồi, đã thu hồi, bãi bỏ, cập nhật, thay thế.",
                                  "Asked back from all, taken back, revoked, updated, "
                                  "replaced."})),
           required("at", time({"Lúc nào.", "When."}))}),
      20, {"Theo thời gian.", "In order of time."});
}

Schema known_schema() {
  const auto in_log = integer(0, std::int64_t{1} << 52,
                              {"Vị trí trong nhật ký minh bạch.", "Its place in the log."}, 1207);
  return object(
      "KnownDocument", {"Văn bản đã qua trục.", "A document that went through the exchange."},
      {required("file", word({"attachment", "document"},
                             {"Tệp là văn bản đính kèm hay chính tệp edXML.",
                              "Whether the file is attached to it, or is the edXML itself."})),
       required("issuer",
                text(1000, {"Cơ quan ban hành, theo văn bản.", "Who issued it, as it says."},
                     "UBND tỉnh Quảng Ninh", 0)),
       optional("sender",
                text(1000,
                     {"Cơ quan đã gửi qua trục, khi không phải cơ quan ban hành: trục chỉ "
                      "biết chắc cơ quan này.",
                      "Who sent it, when that is another: of this one the exchange is "
                      "sure."},
                     "Sở Tài chính", 0)),
       required("code", text(500, {"Số, ký hiệu.", "Number and notation."}, "15/SGD-VP", 0)),
       optional("issued_on", date({"Ngày ban hành.", "When it was issued."})),
       optional("type", text(200, {"Loại văn bản.", "The type of document."}, "Công văn", 0)),
       required("accepted_at", time({"Trục nhận lúc.", "When the exchange accepted it."})),
       optional("signatures", judgement_schema()), required("changes", changes_schema()),
       required("evidence",
                object("KnownEvidence", {"Bằng chứng đã nhận.", "The evidence of acceptance."},
                       {required("given", boolean({"Đã lập.", "There is one."})),
                        required("logged", boolean({"Đã vào nhật ký minh bạch.",
                                                    "It is in the transparency log."})),
                        optional("log_index", in_log)}))});
}

}  // namespace

std::vector<Route> fingerprint_rows(Exchange& exchange) {
  const auto rates = std::make_shared<Rates>();
  constexpr std::string_view kExample =
      "e41c3ca0cea1d460a156f317ac09eae5f60cea684834be0ea5ebbe6f7367fc1f";
  Route row{
      .path = "/api/v1/verify/{sha256}",
      .access = Access::open(),
      .name = "lookUpFingerprint",
      .tag = "Verify",
      .summary = {"Văn bản có qua trục không", "Whether a file went through the exchange"},
      .about = {"Không cần đăng nhập. Hỏi bằng SHA-256 của tệp (tệp edXML hoặc tệp đính kèm); tệp "
                "không rời máy người hỏi. Trả lời cơ quan ban hành, số ký hiệu, ngày, loại, chữ "
                "ký, đã thu hồi hay thay thế chưa; không có trích yếu, nơi nhận, nội dung. Văn bản "
                "mang dấu độ mật hoặc có mã độc coi như không có.",
                "Without signing in. Asked by the SHA-256 of a file (the edXML, or one attached to "
                "it); the file stays where it is. Tells the issuer, notation, date, type, verdict, "
                "and whether it was recalled or replaced; neither subject, recipients nor content. "
                "What bears a mark of secrecy or had malware is as if it were not there."},
      .parameters = {{Parameter::In::path, "sha256",
                      text(64,
                           {"SHA-256 của tệp: 64 chữ số hệ 16, hoặc 43 ký tự base64url.",
                            "SHA-256 of the file: 64 hexadecimal digits, or 43 letters of "
                            "base64url."},
                           kExample, 43),
                      true}},
      .answers =
          {{200,
            {"Có hay không, và là văn bản nào.", "Whether it did, and as what."},
            object("Known", {"Những gì trục biết về một tệp.", "What is known of a file."},
                   {required("sha256", text(64, {"Dấu vân tay, hệ 16.", "In hex."}, kExample, 64)),
                    required("known", boolean({"Có qua trục.", "It went through."})),
                    required("documents", list(known_schema(), kKnownMax,
                                               {"Cũ nhất trước.", "The earliest first."}))})}},
      .refusals = {{"rest.bad_fingerprint",
                    Code::invalid,
                    {"Không phải SHA-256.", "It is no SHA-256."}}},
      .handler = [&exchange, rates](Call& call) { return look_up(exchange, *rates, call); },
      .keeps_answer = false,
  };
  return {std::move(row)};
}

}  // namespace exchange::rest
