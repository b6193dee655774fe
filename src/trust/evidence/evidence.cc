#include "trust/evidence/evidence.h"

#include <charconv>
#include <cstdio>

#include "base/hash.h"
#include "base/json.h"
#include "base/text.h"
#include "trust/evidence/canonical.h"

namespace trust::evidence {

using base::Bytes;
using base::BytesView;
using base::Json;
using base::Result;

namespace {

constexpr std::string_view kVersion = "truc-evidence/1";

base::Error malformed(const std::string& vi, const std::string& en) {
  return base::Error(base::Code::invalid, "trust.evidence_malformed",
                     "this is not an evidence: " + en, "Đây không phải bằng chứng: " + vi);
}

void add_text(Json& object, const char* name, const std::string& text) {
  if (!text.empty()) object.add(name, text);
}

void add_hex(Json& object, const char* name, const Bytes& bytes) {
  if (!bytes.empty()) object.add(name, base::hex(bytes));
}

Bytes hash_of(const Json& value) {
  const auto bytes = base::from_hex(value.text());
  return bytes && bytes->size() == base::kSha256Bytes ? *bytes : Bytes();
}

}  // namespace

Result<Bytes> Evidence::bytes() const {
  Json document;
  document.add("hash", base::hex(facts.document_hash));
  document.add("id", facts.document_id);
  document.add("size", facts.document_size);
  Json who;
  who.add("certificate", base::hex(exchange.certificate));
  who.add("name", exchange.name);
  Json out;
  if (!facts.degradations.empty()) {
    Json list;
    for (const std::string& word : facts.degradations) list.push(word);
    out.add("degradations", std::move(list));
  }
  add_text(out, "delivery", facts.delivery);
  out.add("document", std::move(document));
  out.add("event", name_of(facts.event));
  out.add("exchange", std::move(who));
  out.add("id", id);
  add_hex(out, "previous", previous);
  add_text(out, "reason", facts.reason);
  add_text(out, "recipient", facts.recipient);
  add_text(out, "sender", facts.sender);
  out.add("time", base::iso_time_text(at));
  if (facts.verdict) {
    Json verdict;
    add_hex(verdict, "report", facts.verdict->report);
    verdict.add("signatures", facts.verdict->signatures);
    verdict.add("verdict", facts.verdict->verdict);
    out.add("verdict", std::move(verdict));
  }
  out.add("version", kVersion);
  Bytes bytes = TRY(canonical(out));
  if (bytes.size() > kEvidenceBytesMax) return malformed("quá lớn", "it is too large");
  return bytes;
}

Result<Evidence> Evidence::parse(BytesView bytes) {
  if (bytes.size() > kEvidenceBytesMax) return malformed("quá lớn", "it is too large");
  auto json = Json::parse(bytes);
  if (!json || !json->is_object()) return malformed("không phải JSON", "it is not a JSON object");
  const Json& in = *json;
  if (in["version"].text() != kVersion) {
    return malformed("phiên bản lạ", "its version is not known");
  }
  Evidence out;
  const auto event = event_of(in["event"].text());
  if (!event) return malformed("sự kiện lạ", "its event is not known");
  out.facts.event = *event;
  out.facts.reason = std::string(in["reason"].text());
  out.facts.document_id = std::string(in["document"]["id"].text());
  out.facts.document_hash = hash_of(in["document"]["hash"]);
  out.facts.document_size = in["document"]["size"].integer();
  out.facts.delivery = std::string(in["delivery"].text());
  out.facts.sender = std::string(in["sender"].text());
  out.facts.recipient = std::string(in["recipient"].text());
  if (in.has("verdict")) {
    const Json& verdict = in["verdict"];
    out.facts.verdict = VerdictSummary{std::string(verdict["verdict"].text()),
                                       verdict["signatures"].integer(), hash_of(verdict["report"])};
  }
  for (const Json& word : in["degradations"].array()) {
    out.facts.degradations.emplace_back(word.text());
  }
  out.exchange = {std::string(in["exchange"]["name"].text()),
                  hash_of(in["exchange"]["certificate"])};
  out.id = std::string(in["id"].text());
  out.previous = hash_of(in["previous"]);
  const auto at = parse_time(in["time"].text());
  if (!at) return malformed("thời điểm sai", "its time is malformed");
  out.at = *at;
  // Whatever else stood there, or stood there otherwise, would be lost now.
  const auto again = out.bytes();
  if (!again || *again != bytes || out.facts.document_hash.empty() || out.id.size() != 32) {
    return malformed("không đúng dạng chuẩn tắc", "it is not in its canonical form");
  }
  return out;
}

std::optional<base::Time> parse_time(std::string_view text) {
  if (text.size() != 27) return std::nullopt;
  const auto number = [&](std::size_t at, std::size_t digits) {
    int value = -1;
    std::from_chars(text.data() + at, text.data() + at + digits, value);
    return value;
  };
  const std::chrono::year_month_day day{std::chrono::year(number(0, 4)),
                                        std::chrono::month(static_cast<unsigned>(number(5, 2))),
                                        std::chrono::day(static_cast<unsigned>(number(8, 2)))};
  if (!day.ok()) return std::nullopt;
  const base::Time at = base::Time(std::chrono::sys_days(day).time_since_epoch()) +
                        std::chrono::hours(number(11, 2)) + std::chrono::minutes(number(14, 2)) +
                        std::chrono::seconds(number(17, 2)) +
                        std::chrono::microseconds(number(20, 6));
  if (base::iso_time_text(at) != text) return std::nullopt;
  return at;
}

Bytes log_entry(BytesView hash) { return "truc-evidence/v1\n" + Bytes(hash); }

base::Bytes certificate_named_in(base::BytesView bytes) {
  // Within a text every quote has a backslash before it, so that this is found as a member only.
  constexpr std::string_view kMember = "\"certificate\":\"";
  const std::size_t at = bytes.find(kMember);
  if (at == base::BytesView::npos) return {};
  return base::from_hex(bytes.substr(at + kMember.size(), 2 * base::kSha256Bytes)).value_or("");
}

}  // namespace trust::evidence
