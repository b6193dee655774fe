// The API for people: one page, without script or anything from elsewhere; works with the keyboard,
// in light and in dark.
#include <memory>
#include <mutex>
#include <utility>

#include "base/hash.h"
#include "base/text.h"
#include "exchange/rest/face.h"
#include "exchange/rest/openapi.h"
#include "exchange/rest/request.h"
#include "http/problem.h"

namespace exchange::rest {
namespace {

constexpr std::string_view kStyle = R"css(
:root{color-scheme:light dark;--line:#c9ced6;--soft:#f3f5f8;--link:#0b57d0;--faint:#4c5563}
@media(prefers-color-scheme:dark){:root{--line:#3d444d;--soft:#1d2127;--link:#8ab4f8;--faint:#a9b3c1}}
body{font:16px/1.55 system-ui,"Noto Sans",sans-serif;margin:0 auto;max-width:60rem;padding:1rem 1.25rem 4rem}
a{color:var(--link)}a:focus-visible,summary:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.skip{position:absolute;left:-99rem}.skip:focus{position:static}
nav ul{columns:18rem;padding-left:1.2rem}section{border-top:1px solid var(--line);margin-top:2rem}
h3{margin:1.6rem 0 .3rem}code,pre{font:.9em/1.5 ui-monospace,"Noto Sans Mono",monospace}
pre{background:var(--soft);padding:.8rem;overflow-x:auto;border-radius:6px}
.faint{color:var(--faint)}table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid var(--line)}
summary{cursor:pointer;padding:.3rem 0}.method{font-weight:700}
)css";

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '&':
        out += "&amp;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

class Page {
 public:
  explicit Page(base::Language language) : language_(language) {}

  std::string of(const std::deque<Route>& rows) {
    const bool vi = language_ == base::Language::vietnamese;
    out_ = std::string("<!doctype html>\n<html lang=\"") + (vi ? "vi" : "en") +
           "\">\n<head><meta charset=\"utf-8\"><meta name=\"viewport\" "
           "content=\"width=device-width,initial-scale=1\"><title>" +
           say({"Trúc – API", "Trúc – API"}) + "</title><style>";
    out_ += kStyle;
    out_ += "</style></head>\n<body>\n<a class=\"skip\" href=\"#calls\">" +
            say({"Tới danh sách lệnh", "Skip to the calls"}) + "</a>\n";
    introduction(vi);
    contents(rows);
    out_ += "<main id=\"calls\">\n";
    std::string_view tag;
    for (const Route& row : rows) {
      if (!row.path.starts_with("/api/")) continue;
      if (row.tag != tag) {
        if (!tag.empty()) out_ += "</section>\n";
        tag = row.tag;
        out_ += "<section aria-label=\"" + title_of(tag) + "\"><h2>" + title_of(tag) + "</h2>\n";
      }
      call(row);
    }
    if (!tag.empty()) out_ += "</section>\n";
    out_ += "</main>\n</body>\n</html>\n";
    return std::move(out_);
  }

 private:
  // `x` in a sentence is code.
  std::string say(const base::Text& text) const {
    std::string out;
    bool code = false;
    for (const std::string_view part : base::split(text.in(language_), '`')) {
      out += code ? "<code>" + escaped(part) + "</code>" : escaped(part);
      code = !code;
    }
    return out;
  }

  std::string title_of(std::string_view tag) const {
    static const std::pair<std::string_view, base::Text> kTitles[] = {
        {"Me", {"Bên gọi", "The caller"}},
        {"Submissions", {"Gửi văn bản", "Handing in"}},
        {"Uploads", {"Tải tệp lên từng phần (tus)", "Uploads that can be resumed (tus)"}},
        {"Documents", {"Văn bản", "Documents"}},
        {"Deliveries", {"Hộp đến và lượt chuyển", "The inbox and deliveries"}},
        {"Events", {"Sự kiện", "Events"}},
        {"Webhooks", {"Webhook", "Webhooks"}},
        {"Organisations", {"Cơ quan", "Organisations"}},
        {"People", {"Người và chức vụ", "People and posts"}},
        {"Systems", {"Hệ thống kết nối", "Connected systems"}},
        {"Approvals", {"Việc cần hai quản trị viên", "Acts that take two"}},
        {"Journal", {"Nhật ký", "The journal"}},
        {"Platform", {"Vận hành nền tảng", "Running the platform"}},
        {"Verify", {"Kiểm tra công khai", "Public verification"}},
        {"Sign-in", {"Đăng nhập", "Signing in"}},
        {"Credentials", {"Cách đăng nhập của mình", "What one signs in with"}},
        {"Calendar", {"Lịch làm việc và thời hạn", "Working days and what is late"}},
        {"Figures", {"Số liệu", "Figures"}},
    };
    for (const auto& [name, title] : kTitles) {
      if (name == tag) return say(title);
    }
    return escaped(tag);
  }

  void introduction(bool vi) {
    out_ +=
        "<header><h1>Trúc API</h1><p><a href=\"/docs/api?lang=" + std::string(vi ? "en" : "vi") +
        "\" hreflang=\"" + (vi ? "en" : "vi") + "\" lang=\"" + (vi ? "en" : "vi") + "\">" +
        (vi ? "English" : "Tiếng Việt") +
        "</a> · <a href=\"/openapi.json\">OpenAPI 3.1</a></p>\n<p>" +
        say({"Gửi văn bản, lấy văn bản đang chờ, xác nhận, báo trạng thái xử lý, theo dõi và lấy "
             "bằng chứng. Câu trả lời của mọi thay đổi đến sau khi đã lưu bền vững. Những gì của "
             "đơn vị khác là 404.",
             "Hand documents in, fetch what waits, acknowledge it, say what is done with it, "
             "follow it and prove each step. Every answer of a change comes once it is on disk. "
             "What belongs to others is 404."}) +
        "</p>\n<p>" +
        say({"Lỗi là problem+json (RFC 9457) với `reason` không bao giờ đổi, câu tiếng Việt và "
             "tiếng Anh, và `pointer` chỉ mục sai. Danh sách dài có `next`. Gửi POST với "
             "Idempotency-Key để gửi lại an toàn.",
             "Errors are problem+json (RFC 9457) with a `reason` that never changes, sentences in "
             "Vietnamese and English, and a `pointer` to what is wrong. Long lists have `next`. "
             "Send Idempotency-Key with a POST to repeat it safely."}) +
        "</p></header>\n";
  }

  void contents(const std::deque<Route>& rows) {
    out_ += "<nav aria-label=\"" + say({"Các lệnh", "Calls"}) + "\"><ul>\n";
    for (const Route& row : rows) {
      if (!row.path.starts_with("/api/")) continue;
      out_ += "<li><a href=\"#" + escaped(row.name) + "\">" + say(row.summary) + "</a></li>\n";
    }
    out_ += "</ul></nav>\n";
  }

  void call(const Route& row) {
    out_ += "<article><h3 id=\"" + escaped(row.name) + "\">" + say(row.summary) +
            "</h3>\n<p><code>" + "<span class=\"method\">" +
            std::string(http::method_name(row.method)) + "</span> " + escaped(row.path) +
            "</code></p>\n<p>" + say(row.about) + "</p>\n<p class=\"faint\">";
    if (row.access.open_to_strangers()) {
      out_ += say({"Ai cũng gọi được.", "Anybody may call it."});
    } else if (row.access.kind() == Access::Kind::signed_in) {
      out_ += say({"Cần xác thực.", "Needs to be signed in."});
    } else {
      out_ += say({"Cần quyền", "Needs the permission"}) + " <code>" +
              std::string(identity::name_of(row.access.permission())) + "</code>.";
    }
    out_ += "</p>\n";
    parameters(row);
    details({"Ví dụ", "Example"}, "<pre tabindex=\"0\">" + escaped(curl_example(row)) + "</pre>");
    if (row.body.json) members({"Nội dung gửi đi", "The body"}, *row.body.json);
    for (const Answer& answer : row.answers) {
      if (!answer.schema) continue;
      const std::string status = std::to_string(answer.status);
      members({"Trả lời " + status, "Answer " + status}, *answer.schema);
    }
    refusals(row);
    out_ += "</article>\n";
  }

  void parameters(const Route& row) {
    if (row.parameters.empty()) return;
    out_ += "<table><thead><tr><th scope=\"col\">" + say({"Tham số", "Parameter"}) +
            "</th><th scope=\"col\">" + say({"Ý nghĩa", "Meaning"}) + "</th></tr></thead><tbody>\n";
    for (const Parameter& one : row.parameters)
      line(std::string(one.name), one.schema, one.required);
    out_ += "</tbody></table>\n";
  }

  void line(const std::string& name, const Schema& schema, bool required) {
    const bool of_items = schema.about.en.empty() && schema.type == Schema::Type::array;
    const base::Text& about = of_items ? schema.items.at(0).about : schema.about;
    out_ += "<tr><th scope=\"row\"><code>" + escaped(name) + "</code>" + (required ? "*" : "") +
            "</th><td>" + say(about);
    if (!schema.values.empty()) {
      out_ += " <span class=\"faint\">";
      for (const auto value : schema.values) out_ += "<code>" + escaped(value) + "</code> ";
      out_ += "</span>";
    }
    out_ += "</td></tr>\n";
  }

  // The members with those inside them: "clocks[].due".
  void lines(const std::string& prefix, const Schema& schema) {
    for (const Member& member : schema.members) {
      const std::string name = prefix + std::string(member.name);
      line(name, member.schema, member.required);
      if (member.schema.type == Schema::Type::array) lines(name + "[].", member.schema.items.at(0));
      if (member.schema.type == Schema::Type::object) lines(name + ".", member.schema);
    }
  }

  void members(const base::Text& title, const Schema& schema) {
    std::string before = std::exchange(out_, {});
    out_ += "<table><tbody>\n";
    lines("", schema);
    out_ += "</tbody></table><pre tabindex=\"0\">" +
            escaped(example_of(schema).dump(base::Json::Style::pretty)) + "</pre>";
    const std::string inside = std::exchange(out_, std::move(before));
    details(title, inside);
  }

  void refusals(const Route& row) {
    std::string inside = "<table><tbody>\n";
    for (const Refusal& one : refusals_of(row)) {
      inside += "<tr><td>" + std::to_string(status_of(one)) + "</td><th scope=\"row\"><code>" +
                escaped(one.reason) + "</code></th><td>" + say(one.meaning) + "</td></tr>\n";
    }
    details({"Lỗi", "Errors"}, inside + "</tbody></table>");
  }

  void details(const base::Text& title, const std::string& inside) {
    out_ += "<details><summary>" + say(title) + "</summary>" + inside + "</details>\n";
  }

  const base::Language language_;
  std::string out_;
};

// Made once, when it is first asked for: all rows are there by then.
struct Made {
  std::once_flag once;
  std::shared_ptr<const std::string> openapi, vi, en;
};

http::Response shared(std::string_view type, const std::shared_ptr<const std::string>& body) {
  http::Response response = http::Response::text(200, type, "");
  response.shared_body = body;
  response.headers.add("ETag", etag_of(*body));
  response.headers.add("Cache-Control", "public, no-cache");
  return response;
}

}  // namespace

std::string curl_example(const Route& row) {
  std::string path(row.path);
  for (const Parameter& one : row.parameters) {
    if (one.in != Parameter::In::path) continue;
    const std::string name = "{" + std::string(one.name) + "}";
    const base::Json example = example_of(one.schema);
    if (const auto at = path.find(name); at != std::string::npos)
      path.replace(at, name.size(),
                   example.is_string() ? std::string(example.text()) : example.dump());
  }
  std::string out = "curl";
  if (row.method == http::Method::head) {
    out += " -I";
  } else if (row.method != http::Method::get) {
    out += " -X " + std::string(http::method_name(row.method));
  }
  out += " https://truc.example.gov.vn" + path;
  if (!row.access.open_to_strangers()) out += " \\\n  -H \"Authorization: Bearer $TOKEN\"";
  if (row.method == http::Method::post && row.keeps_answer)
    out += " \\\n  -H \"Idempotency-Key: $(uuidgen)\"";
  if (row.method == http::Method::put) out += " \\\n  -H 'If-Match: \"ETAG\"'";
  for (const Parameter& one : row.parameters) {
    if (one.in != Parameter::In::header || !one.required) continue;
    const base::Json example = example_of(one.schema);
    out += " \\\n  -H \"" + std::string(one.name) + ": " +
           (example.is_string() ? std::string(example.text()) : example.dump()) + "\"";
  }
  if (row.body.open && !row.body.optional) {
    const std::string_view type = row.body.types.at(0);
    out += " \\\n  -H \"Content-Type: " + std::string(type) + "\" \\\n  --data-binary @" +
           (type == "application/edxml+xml" ? "document.edxml" : "FILE");
  } else if (row.body.json) {
    out += " \\\n  --json '" + example_of(*row.body.json).dump() + "'";
  }
  return out;
}

std::string readers_page(const std::deque<Route>& rows, base::Language language) {
  return Page(language).of(rows);
}

std::string readers_page_policy() {
  return "default-src 'none'; style-src 'sha256-" + base::base64(base::sha256(kStyle)) +
         "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
}

std::vector<Route> description_rows(const Face& face) {
  const auto made = std::make_shared<Made>();
  const auto ready = [made, &face] {
    std::call_once(made->once, [&] {
      made->openapi =
          std::make_shared<const std::string>(openapi(face.rows()).dump(base::Json::Style::pretty));
      made->vi = std::make_shared<const std::string>(
          readers_page(face.rows(), base::Language::vietnamese));
      made->en =
          std::make_shared<const std::string>(readers_page(face.rows(), base::Language::english));
    });
  };
  std::vector<Route> rows;
  rows.push_back({
      .path = "/openapi.json",
      .access = Access::open(),
      .name = "getDescription",
      .tag = "Description",
      .summary = {"Mô tả API (OpenAPI 3.1)", "The API's description (OpenAPI 3.1)"},
      .about = {"Cho chương trình.", "For programs."},
      .answers = {{200, {"Mô tả.", "The description."}, anything({}, base::Json::Object{})}},
      .handler = [made, ready](Call&) -> base::Result<http::Response> {
        ready();
        return shared("application/json", made->openapi);
      },
  });
  rows.push_back({
      .path = "/docs/api",
      .access = Access::open(),
      .name = "readDescription",
      .tag = "Description",
      .summary = {"Mô tả API cho người đọc", "The API's description for people"},
      .about = {"Một trang.", "One page."},
      .parameters = {{Parameter::In::query, "lang",
                      word({"vi", "en"}, {"Ngôn ngữ.", "The language."})}},
      .answers = {{200, {"Trang.", "The page."}, std::nullopt, "text/html"}},
      .handler = [made, ready](Call& call) -> base::Result<http::Response> {
        ready();
        const bool english =
            call.has("lang") ? call.text("lang") == "en" : call.language == base::Language::english;
        auto response = shared("text/html; charset=utf-8", english ? made->en : made->vi);
        response.headers.add("Content-Security-Policy", readers_page_policy());
        response.headers.add("Referrer-Policy", "no-referrer");
        return response;
      },
  });
  return rows;
}

}  // namespace exchange::rest
