#include "http/problem.h"

#include <algorithm>
#include <array>

#include "base/json.h"
#include "base/text.h"
#include "http/router.h"

namespace http {
namespace {

struct Special {
  std::string_view reason;
  int status;
};

// Conditions of HTTP itself that have a status of their own, finer than base::Code.
constexpr std::array<Special, 13> kSpecial = {{
    {"http.method_not_allowed", 405},
    {"http.timed_out", 408},
    {"http.range_unsatisfiable", 416},
    {"http.head_too_large", 431},
    {"http.coding_unknown", 501},
    {"http.version_unknown", 505},
    {"rest.precondition_failed", 412},
    {"rest.type_unsupported", 415},
    {"rest.key_reused", 422},
    {"rest.precondition_required", 428},
    {"exchange.recipients_unknown", 422},
    {"exchange.malware", 422},
    {"exchange.signatures_refused", 422},
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

// Titles of problems for people; what is not here has only its English phrase.
constexpr std::array<Phrase, 24> kVietnamese = {{
    {400, "Yêu cầu không hợp lệ"},
    {401, "Chưa xác thực"},
    {403, "Không được phép"},
    {404, "Không tìm thấy"},
    {405, "Phương thức không được dùng ở đây"},
    {408, "Hết thời gian chờ yêu cầu"},
    {409, "Xung đột với trạng thái hiện tại"},
    {410, "Không còn nữa"},
    {411, "Thiếu độ dài nội dung"},
    {412, "Không đúng điều kiện đã nêu"},
    {413, "Nội dung quá lớn"},
    {415, "Kiểu nội dung không được hỗ trợ"},
    {416, "Khoảng yêu cầu nằm ngoài tệp"},
    {422, "Nội dung không xử lý được"},
    {423, "Đang được dùng ở yêu cầu khác"},
    {428, "Cần nêu phiên bản đã đọc"},
    {429, "Quá nhiều yêu cầu"},
    {431, "Phần đầu yêu cầu quá lớn"},
    {460, "Dữ liệu không khớp giá trị băm"},
    {500, "Lỗi bên trong máy chủ"},
    {501, "Chưa hỗ trợ"},
    {503, "Tạm thời chưa phục vụ được"},
    {505, "Phiên bản HTTP không được hỗ trợ"},
    {507, "Đĩa đầy"},
}};

std::string_view vietnamese_phrase(int status) {
  for (const Phrase& phrase : kVietnamese) {
    if (phrase.status == status) return phrase.text;
  }
  return status_phrase(status);
}

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
  return problem(error, ProblemDetails{instance});
}

Response problem(const base::Error& error, const ProblemDetails& details) {
  const int status = details.status != 0 ? details.status : status_of(error);
  const bool vietnamese = details.language == base::Language::vietnamese;
  base::Json body = base::Json::Object{};
  body.add("type", "urn:truc:" + std::string(error.reason()));
  body.add("title", vietnamese ? vietnamese_phrase(status) : status_phrase(status));
  body.add("status", status);
  body.add("detail", error.text().in(details.language));
  if (!error.text().vi.empty()) body.add("detail_vi", error.text().vi);
  body.add("detail_en", error.text().en);
  body.add("reason", error.reason());
  if (!details.instance.empty()) body.add("instance", details.instance);
  if (!details.pointer.empty()) body.add("pointer", details.pointer);
  Response response = Response::text(status, "application/problem+json", body.dump());
  response.headers.add("Content-Language", vietnamese && !error.text().vi.empty() ? "vi" : "en");
  if (status == 503 || status == 429) response.headers.add("Retry-After", "5");
  return response;
}

// RFC 9110 §12.5.4, as far as two languages need it: the weight of "vi" and of "en", with "*" for
// whichever is not named.
base::Language preferred_language(std::string_view accept_language) {
  double vietnamese = -1, english = -1, other = -1;
  for (const std::string_view range : base::split(accept_language, ',')) {
    const auto parts = base::split(range, ';');
    const std::string tag = base::lower_ascii(base::trim(parts[0]));
    double weight = 1;
    if (parts.size() > 1) {
      const std::string_view q = base::trim(parts[1]);
      const bool less_than_one = q.starts_with("q=0");
      const auto thousandths = q.size() > 4 ? base::parse_int(q.substr(4)) : std::nullopt;
      weight = !less_than_one ? 1 : 0;
      if (less_than_one && thousandths) {
        weight = static_cast<double>(*thousandths);
        for (std::size_t digit = 4; digit < q.size(); ++digit) weight /= 10;
      }
    }
    if (tag == "vi" || tag.starts_with("vi-")) vietnamese = std::max(vietnamese, weight);
    if (tag == "en" || tag.starts_with("en-")) english = std::max(english, weight);
    if (tag == "*") other = std::max(other, weight);
  }
  if (vietnamese < 0) vietnamese = other;
  if (english < 0) english = other;
  return english > 0 && english > vietnamese ? base::Language::english : base::Language::vietnamese;
}

}  // namespace http
