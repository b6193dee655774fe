#include "http/head.h"

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <cstdint>
#include <cstring>
#include <optional>

#include "base/text.h"

namespace http {
namespace {

namespace beast_http = boost::beast::http;
using BeastView = boost::beast::string_view;
using BeastError = boost::beast::error_code;

std::string_view view(BeastView text) { return {text.data(), text.size()}; }

// Collects what Beast's parser finds in a head; bodies never reach it.
template <bool is_request>
class Parser : public beast_http::basic_parser<is_request> {
 public:
  std::string method, target;
  int status = 0;
  int version = 0;
  Headers headers;
  bool too_many = false;

  // True when `bytes` is a whole and well-formed head. Values are taken from `original`, of which
  // `bytes` is a copy with stand-ins for what Beast does not let through.
  bool parse(std::string_view bytes, std::string_view original) {
    bytes_ = bytes;
    original_ = original;
    this->header_limit(0x7fffffff);
    this->body_limit(boost::none);
    this->skip(true);
    BeastError error;
    std::size_t used = 0;
    try {
      used = this->put(boost::asio::const_buffer(bytes.data(), bytes.size()), error);
    } catch (const std::exception&) {
      return false;
    }
    return !error && this->is_header_done() && used == bytes.size();
  }

 private:
  void on_request_impl(beast_http::verb, BeastView m, BeastView t, int v, BeastError&) override {
    method = view(m);
    target = view(t);
    version = v;
  }
  void on_response_impl(int s, BeastView, int v, BeastError&) override {
    status = s;
    version = v;
  }
  void on_field_impl(beast_http::field, BeastView name, BeastView value, BeastError& e) override {
    if (headers.all().size() >= kHeadersMax) {
      too_many = true;
      e = beast_http::make_error_code(beast_http::error::header_limit);
      return;
    }
    headers.add(std::string(view(name)), std::string(written(view(value))));
  }
  // The value as it came. Lines are never folded here, so `value` lies within the bytes parsed.
  std::string_view written(std::string_view value) const {
    const auto at = reinterpret_cast<std::uintptr_t>(value.data()) -
                    reinterpret_cast<std::uintptr_t>(bytes_.data());
    if (at >= bytes_.size() || value.size() > bytes_.size() - at) return value;
    return original_.substr(at, value.size());
  }
  void on_header_impl(BeastError&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, BeastError&) override {}
  std::size_t on_body_impl(BeastView body, BeastError&) override { return body.size(); }
  void on_chunk_header_impl(std::uint64_t, BeastView, BeastError&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, BeastView body, BeastError&) override {
    return body.size();
  }
  void on_finish_impl(BeastError&) override {}

  std::string_view bytes_, original_;
};

// Control bytes that may stand in a field's value (RFC 9110 §5.5): CR, LF and NUL may not, a tab is
// white space.
bool is_control(char c) {
  return (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) && c != '\t' && c != '\r' &&
         c != '\n' && c != '\0';
}

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), is_control);
}

// A copy of a head in which a letter stands for each control byte within a value; those in the
// request line and in names stay, and are refused with it.
std::string with_stand_ins(std::string_view head) {
  std::string out(head);
  for (std::size_t line = out.find('\n'); line != std::string::npos; line = out.find('\n', line)) {
    ++line;
    const std::size_t end = std::min(out.find('\n', line), out.size());
    const std::size_t colon = out.find(':', line);
    for (std::size_t i = colon; i < end; ++i) {
      if (is_control(out[i])) out[i] = 'x';
    }
  }
  return out;
}

base::Error malformed(std::string_view what) {
  return {base::Code::invalid, "http.head_malformed",
          "The head of the request is malformed: " + std::string(what) + ".",
          "Phần đầu của yêu cầu HTTP sai quy cách."};
}

Method method_of(std::string_view name) {
  if (name == "POST") return Method::post;
  if (name == "GET") return Method::get;
  if (name == "HEAD") return Method::head;
  if (name == "PUT") return Method::put;
  if (name == "DELETE") return Method::del;
  if (name == "OPTIONS") return Method::options;
  if (name == "PATCH") return Method::patch;
  return Method::other;
}

bool has_token(std::string_view list, std::string_view token) {
  for (const std::string_view part : base::split(list, ',')) {
    if (base::equal_ignoring_case(base::trim(part), token)) return true;
  }
  return false;
}

// Digits only: no sign, no list, no space inside.
std::optional<std::int64_t> content_length(std::string_view text) {
  if (text.empty() || text.size() > 18) return std::nullopt;
  std::int64_t n = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    n = n * 10 + (c - '0');
  }
  return n;
}

// The headers that decide where a message ends and whether the connection stays.
struct Framing {
  int lengths = 0, codings = 0, hosts = 0;
  std::string_view length, coding, connection, expect;
  bool close = false, keep = false;
  bool controls = false;  // a control byte in one of them: two programs could read it differently

  explicit Framing(const Headers& headers) {
    for (const Header& h : headers.all()) {
      switch (h.name.size()) {
        case 4:
          if (!base::equal_ignoring_case(h.name, "host")) continue;
          ++hosts;
          break;
        case 6:
          if (!base::equal_ignoring_case(h.name, "expect")) continue;
          expect = h.value;
          break;
        case 10:
          if (!base::equal_ignoring_case(h.name, "connection")) continue;
          close = close || has_token(h.value, "close");
          keep = keep || has_token(h.value, "keep-alive");
          break;
        case 14:
          if (!base::equal_ignoring_case(h.name, "content-length")) continue;
          ++lengths;
          length = h.value;
          break;
        case 17:
          if (!base::equal_ignoring_case(h.name, "transfer-encoding")) continue;
          ++codings;
          coding = h.value;
          break;
        default:
          continue;
      }
      controls = controls || has_control(h.value);
    }
  }
};

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// The absolute form of a target, as a proxy sends it: what stands before the path says nothing new.
std::string_view without_origin(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!target.starts_with(scheme)) continue;
    const std::size_t slash = target.find_first_of("/?#", scheme.size());
    return slash == std::string_view::npos ? "/" : target.substr(slash);
  }
  return target;
}

// Folded lines (RFC 9112 §5.2) are refused: proxies disagree about them.
bool is_folded(std::string_view bytes) {
  return bytes.find("\r\n ") != std::string_view::npos ||
         bytes.find("\r\n\t") != std::string_view::npos;
}

base::Result<void> read_framing(const Framing& framing, RequestHead& into) {
  if (framing.controls) return malformed("a control byte where the message's end is decided");
  if (framing.hosts > 1 || (framing.hosts == 0 && !into.version_1_0)) {
    return malformed("exactly one Host header is needed");
  }
  if (framing.lengths > 1) return malformed("Content-Length is repeated");
  if (framing.codings > 0) {
    if (framing.lengths > 0) return malformed("both Content-Length and Transfer-Encoding");
    if (framing.codings > 1) return malformed("Transfer-Encoding is repeated");
    if (into.version_1_0) return malformed("Transfer-Encoding in HTTP/1.0");
    if (!base::equal_ignoring_case(framing.coding, "chunked")) {
      return base::Error(base::Code::invalid, "http.coding_unknown",
                         "Of transfer codings only chunked is understood.",
                         "Chỉ hỗ trợ kiểu truyền chunked.");
    }
    into.chunked = true;
  } else if (framing.lengths == 1) {
    const auto length = content_length(framing.length);
    if (!length) return malformed("Content-Length is not a number");
    into.head.body_bytes = *length;
  } else {
    into.head.body_bytes = 0;
  }
  into.keep_alive = !framing.close && (!into.version_1_0 || framing.keep);
  into.expects_continue =
      !into.version_1_0 && base::equal_ignoring_case(framing.expect, "100-continue");
  return base::done();
}

}  // namespace

std::size_t find_head_end(std::string_view bytes, std::size_t from) {
  from = from < 3 ? 0 : from - 3;
  if (from >= bytes.size()) return std::string_view::npos;
  const void* at = memmem(bytes.data() + from, bytes.size() - from, "\r\n\r\n", 4);
  if (at == nullptr) return std::string_view::npos;
  return static_cast<std::size_t>(static_cast<const char*>(at) - bytes.data()) + 4;
}

bool is_hopeless(std::string_view bytes) {
  if (bytes.empty()) return false;
  const char first = bytes[0];
  if (first < 'A' || (first > 'Z' && first < 'a') || first > 'z') return true;
  for (std::size_t i = bytes.find('\n'); i != std::string_view::npos; i = bytes.find('\n', i + 1)) {
    if (bytes[i - 1] != '\r') return true;
  }
  return bytes.find('\0') != std::string_view::npos;
}

bool percent_decode(std::string_view text, std::string& out) {
  out.reserve(out.size() + text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
    if (high < 0 || low < 0) return false;
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return true;
}

bool split_target(std::string_view target, std::string& path, std::string& query) {
  target = without_origin(target);
  if (target.find('#') != std::string_view::npos) return false;
  const std::size_t mark = target.find('?');
  const std::string_view raw = target.substr(0, mark);
  query = mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1);
  path.clear();
  if (raw == "*") {
    path = raw;
    return true;
  }
  if (raw.empty() || raw[0] != '/' || !percent_decode(raw, path)) return false;
  if (path.find('\0') != std::string::npos) return false;
  path.erase(
      std::unique(path.begin(), path.end(), [](char a, char b) { return a == '/' && b == '/'; }),
      path.end());
  return path.find("/../") == std::string::npos && path.find("/./") == std::string::npos &&
         !path.ends_with("/..") && !path.ends_with("/.");
}

std::vector<std::string> path_segments(std::string_view target) {
  target = without_origin(target);
  target = target.substr(0, target.find('?'));
  std::vector<std::string> segments;
  while (target.starts_with('/')) {
    target.remove_prefix(std::min(target.find_first_not_of('/'), target.size()));
    const std::size_t end = std::min(target.find('/'), target.size());
    percent_decode(target.substr(0, end), segments.emplace_back());
    target.remove_prefix(end);
  }
  return segments;
}

bool has_escaped_slash(std::string_view target) {
  target = without_origin(target);
  target = target.substr(0, target.find('?'));
  return target.find("%2F") != std::string_view::npos ||
         target.find("%2f") != std::string_view::npos;
}

base::Result<RequestHead> parse_request_head(std::string_view bytes) {
  if (is_folded(bytes)) return malformed("a header line is folded");
  if (is_hopeless(bytes)) return malformed("it is not HTTP");
  Parser<true> parser;
  const std::string stand_ins = has_control(bytes) ? with_stand_ins(bytes) : std::string();
  if (!parser.parse(stand_ins.empty() ? bytes : stand_ins, bytes)) {
    if (parser.too_many) {
      return base::Error(base::Code::too_large, "http.head_too_large",
                         "The request has too many headers.", "Yêu cầu có quá nhiều tiêu đề HTTP.");
    }
    return malformed("it is not an HTTP/1.1 request");
  }
  if (parser.version != 11 && parser.version != 10) {
    return base::Error(base::Code::invalid, "http.version_unknown",
                       "Of HTTP, versions 1.0 and 1.1 are understood.",
                       "Chỉ hỗ trợ HTTP phiên bản 1.0 và 1.1.");
  }
  RequestHead result;
  result.version_1_0 = parser.version == 10;
  const Framing framing(parser.headers);
  TRY(read_framing(framing, result));
  Head& head = result.head;
  head.method = method_of(parser.method);
  if (!split_target(parser.target, head.path, head.query)) return malformed("the target");
  head.target = std::move(parser.target);
  head.headers = std::move(parser.headers);
  return result;
}

base::Result<AnswerHead> parse_answer_head(std::string_view bytes) {
  const auto refuse = [](std::string_view what) {
    return base::Error(base::Code::unavailable, "http.answer_malformed",
                       "The answer is malformed: " + std::string(what) + ".",
                       "Máy chủ trả lời sai quy cách HTTP.");
  };
  Parser<false> parser;
  if (!parser.parse(bytes, bytes)) return refuse("it is not HTTP/1.1");
  if (parser.version != 11 && parser.version != 10) return refuse("its version of HTTP");
  AnswerHead result;
  result.status = parser.status;
  const Framing framing(parser.headers);
  if (framing.codings > 0) {
    if (framing.codings > 1 || !base::equal_ignoring_case(framing.coding, "chunked")) {
      return refuse("its transfer coding");
    }
    result.chunked = true;
  } else if (framing.lengths > 0) {
    const auto length = content_length(framing.length);
    if (framing.lengths > 1 || !length) return refuse("its Content-Length");
    result.body_bytes = *length;
  }
  result.keep_alive = !framing.close && (parser.version == 11 || framing.keep);
  result.headers = std::move(parser.headers);
  return result;
}

}  // namespace http
