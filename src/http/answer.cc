#include "http/answer.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>

#include "base/log.h"
#include "base/text.h"
#include "http/router.h"

namespace http {
namespace {

bool is_ours(std::string_view name) {
  static constexpr std::array<std::string_view, 6> kOurs = {
      "Content-Length", "Transfer-Encoding", "Connection", "Date", "Server", "X-Request-Id"};
  return std::any_of(kOurs.begin(), kOurs.end(), [&](std::string_view ours) {
    return ours.size() == name.size() && base::equal_ignoring_case(ours, name);
  });
}

bool is_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return c > 0x20 && c < 0x7f && c != ':' && c != '"' && c != '(' && c != ')';
  });
}

bool is_value(std::string_view value) {
  return std::none_of(value.begin(), value.end(), [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
  });
}

}  // namespace

bool has_no_body(int status) { return status < 200 || status == 204 || status == 304; }

std::string answer_head(const Response& response, const AnswerFraming& framing) {
  std::string out;
  out.reserve(384);
  out += "HTTP/1.1 ";
  out += std::to_string(response.status);
  out += ' ';
  out += status_phrase(response.status);
  out += "\r\nDate: ";
  out += framing.date;
  out += "\r\nServer: truc\r\nX-Request-Id: ";
  out += framing.id;
  out += framing.keep_alive ? "\r\nConnection: keep-alive\r\n" : "\r\nConnection: close\r\n";
  if (framing.body == AnswerFraming::Body::chunked) {
    out += "Transfer-Encoding: chunked\r\n";
  } else if (framing.body == AnswerFraming::Body::sized && !has_no_body(response.status)) {
    out += "Content-Length: ";
    out += std::to_string(framing.body_bytes);
    out += "\r\n";
  }
  for (const Header& header : response.headers.all()) {
    if (is_ours(header.name)) continue;
    if (!is_name(header.name) || !is_value(header.value)) {
      base::log::warning("http.header_left_out", {{"name", header.name}});
      continue;
    }
    out += header.name;
    out += ": ";
    out += header.value;
    out += "\r\n";
  }
  out += "\r\n";
  return out;
}

std::string http_date(std::int64_t seconds) {
  static constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t time = seconds;
  std::tm tm{};
  gmtime_r(&time, &tm);
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT", kDays[tm.tm_wday],
                tm.tm_mday, kMonths[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour, tm.tm_min,
                tm.tm_sec);
  return text.data();
}

}  // namespace http
