#include <array>

#include "base/json.h"
#include "http/router.h"

namespace http {
namespace {

struct Special {
  std::string_view reason;
  int status;
};

// Conditions of HTTP itself that have a status of their own, finer than base::Code.
constexpr std::array<Special, 5> kSpecial = {{
    {"http.method_not_allowed", 405},
    {"http.timed_out", 408},
    {"http.head_too_large", 431},
    {"http.coding_unknown", 501},
    {"http.version_unknown", 505},
}};

struct Phrase {
  int status;
  std::string_view text;
};

constexpr std::array<Phrase, 41> kPhrases = {{
    {100, "Continue"},
    {101, "Switching Protocols"},
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {205, "Reset Content"},
    {206, "Partial Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {415, "Unsupported Media Type"},
    {416, "Range Not Satisfiable"},
    {422, "Unprocessable Content"},
    {423, "Locked"},
    {428, "Precondition Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {460, "Checksum Mismatch"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
    {507, "Insufficient Storage"},
}};

}  // namespace

std::string_view status_phrase(int status) {
  for (const Phrase& phrase : kPhrases) {
    if (phrase.status == status) return phrase.text;
  }
  return "Unknown";
}

int status_of(const base::Error& error) {
  for (const Special& special : kSpecial) {
    if (special.reason == error.reason()) return special.status;
  }
  switch (error.code()) {
    case base::Code::invalid:
      return 400;
    case base::Code::unauthenticated:
      return 401;
    case base::Code::forbidden:
      return 403;
    case base::Code::not_found:
      return 404;
    case base::Code::conflict:
      return 409;
    case base::Code::gone:
      return 410;
    case base::Code::too_large:
      return 413;
    case base::Code::too_many:
      return 429;
    case base::Code::unavailable:
      return 503;
    case base::Code::data_loss:
      return 500;
    case base::Code::internal:
      return 500;
  }
  return 500;
}

Response problem(const base::Error& error, std::string_view instance) {
  return problem(error, instance, status_of(error));
}

Response problem(const base::Error& error, std::string_view instance, int status) {
  base::Json body = base::Json::Object{};
  body.add("type", "urn:truc:" + std::string(error.reason()));
  body.add("title", status_phrase(status));
  body.add("status", status);
  body.add("detail", error.text().en);
  if (!error.text().vi.empty()) body.add("detail_vi", error.text().vi);
  body.add("reason", error.reason());
  if (!instance.empty()) body.add("instance", instance);
  Response response = Response::text(status, "application/problem+json", body.dump());
  if (status == 503 || status == 429) response.headers.add("Retry-After", "5");
  return response;
}

}  // namespace http
