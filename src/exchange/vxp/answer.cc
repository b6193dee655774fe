#include "exchange/vxp/answer.h"

#include "base/log.h"
#include "base/text.h"
#include "http/router.h"

namespace exchange::vxp {
namespace {

constexpr std::size_t kDescriptionBytesMax = 1000;

std::string ascii(std::string_view text) {
  return std::string(base::cut_utf8(base::without_marks(text), kDescriptionBytesMax));
}

base::Json mandatory(std::string_view status, std::string_view code, std::string_view description) {
  base::Json json;
  json.add("status", status).add("ErrorCode", code).add("ErrorDesc", ascii(description));
  return json;
}

}  // namespace

std::string_view code_of(const base::Error& error) {
  struct Mapped {
    std::string_view reason, code;
  };
  static constexpr Mapped kMapped[] = {
      {"vxp.signature", "15"},
      {"exchange.sender_unknown", "19"},
      {"exchange.not_the_sender", "19"},
      {"exchange.recipients_unknown", "18"},
      {"exchange.unknown_document", "18"},
      {"identity.organisation_unknown", "18"},
      {"exchange.recalled", "10"},
      {"vxp.hash_mismatch", "10"},
      {"vxp.empty_file", "10"},
      {"edxml.attachment_undecodable", "21"},
  };
  for (const Mapped& mapped : kMapped) {
    if (mapped.reason == error.reason()) return mapped.code;
  }
  // Whatever the store says is the platform's own trouble, never the sender's.
  if (error.reason().starts_with("store.")) return "20";
  switch (error.code()) {
    case base::Code::unauthenticated:
      return "15";
    case base::Code::forbidden:
      return "19";
    case base::Code::not_found:
      return "18";
    case base::Code::too_large:
      return "10";
    case base::Code::invalid:
    case base::Code::conflict:
    case base::Code::gone:
      return "22";
    default:
      return "20";
  }
}

http::Response failure(Shape shape, const base::Error& error) {
  const std::string_view code = code_of(error);
  if (code == "20") {
    base::log::warning("vxp.failed", {{"reason", error.reason()}, {"detail", error.detail()}});
  }
  if (shape == Shape::raw)
    return http::Response::text(http::status_of(error), "application/octet-stream", "");
  base::Json json = mandatory("FAIL", code, error.text().in(base::Language::vietnamese));
  json.add("reason", error.reason());
  switch (shape) {
    case Shape::document_id:
      json.add("DocId", "").add("data", "");
      break;
    case Shape::data_text:
      json.add("DocId", "").add("data", "");
      break;
    case Shape::data_list:
      json.add("data", base::Json(base::Json::Array{}));
      break;
    case Shape::count:
      json.add("count", 0);
      break;
    case Shape::plain:
    case Shape::raw:
      break;
  }
  return http::Response::json(200, json.dump(base::Json::Style::ascii));
}

http::Response success(base::Json members, std::string_view description) {
  base::Json json = mandatory("OK", "0", description);
  for (const auto& [name, value] : members.object()) json.add(name, value);
  return http::Response::json(200, json.dump(base::Json::Style::ascii));
}

http::Response answer(Shape shape, base::Result<http::Response> result) {
  if (result) return *std::move(result);
  return failure(shape, result.error());
}

}  // namespace exchange::vxp
