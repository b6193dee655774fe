#include "web/app.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <utility>

#include "base/file.h"
#include "base/hash.h"
#include "base/text.h"
#include "http/compression.h"
#include "http/conditional.h"

namespace web {
namespace {

constexpr std::string_view kIndex = "/index.html";
constexpr std::string_view kGzip = ".gz", kBrotli = ".br";

// Scripts, styles, fonts and answers from here only, nothing inline, nobody frames us.
constexpr std::string_view kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' "
    "data:; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'";

constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kTypes = {{
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".webmanifest", "application/manifest+json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".woff2", "font/woff2"},
    {".txt", "text/plain; charset=utf-8"},
}};

std::string_view type_of(std::string_view name) {
  for (const auto& [ending, type] : kTypes) {
    if (name.ends_with(ending)) return type;
  }
  return "application/octet-stream";
}

base::Error too_large(const std::string& directory) {
  return {base::Code::invalid, "web.too_large",
          "web.directory: " + directory + " holds more than a web application does",
          "web.directory: " + directory + " chứa nhiều hơn một ứng dụng web"};
}

// A browser that goes to an address, as opposed to a page, a program or an image that asks for it.
// An address may end as a file's name does: a system is called 00.22.W00.
bool navigates(const http::Head& head) {
  if (head.path.starts_with("/api/") || head.path.starts_with("/assets/")) return false;
  const std::string_view mode = head.headers["Sec-Fetch-Mode"];
  if (!mode.empty() && mode != "navigate") return false;
  return head.headers["Accept"].find("text/html") != std::string_view::npos;
}

void add_headers(http::Response& response, bool immutable) {
  http::Headers& headers = response.headers;
  headers.add("Cache-Control", immutable ? "public, max-age=31536000, immutable" : "no-cache");
  headers.add("Content-Security-Policy", std::string(kPolicy));
  headers.add("X-Content-Type-Options", "nosniff");
  headers.add("Referrer-Policy", "same-origin");
  headers.add("Cross-Origin-Opener-Policy", "same-origin");
  headers.add("Cross-Origin-Resource-Policy", "same-origin");
}

}  // namespace

base::Result<std::unique_ptr<App>> App::load(const std::string& directory) {
  namespace fs = std::filesystem;
  std::unique_ptr<App> app(new App());
  const std::string root = fs::path(directory).lexically_normal().string();
  if (!base::real_files().exists(root + std::string(kIndex))) {
    return base::Error(base::Code::not_found, "web.no_application",
                       "web.directory: there is no web application in " + root +
                           "; build one with web/build, or leave the setting empty",
                       "web.directory: không có ứng dụng web trong " + root +
                           "; hãy dựng bằng web/build, hoặc để trống thiết lập này");
  }
  std::vector<std::string> names;
  std::error_code failed;
  for (fs::recursive_directory_iterator at(root, failed), end; !failed && at != end;
       at.increment(failed)) {
    if (names.size() == kFilesMax) return too_large(root);
    if (at->is_regular_file(failed)) names.push_back(at->path().lexically_relative(root).string());
  }
  if (failed) {
    return base::Error(base::Code::unavailable, "base.io_failed", root + ": " + failed.message());
  }
  // A compressed twin comes after what it is of.
  std::sort(names.begin(), names.end());
  std::uint64_t left = kBytesMax;
  for (std::string& name : names) {
    base::Bytes bytes = TRY(base::read_file(base::real_files(), root + "/" + name, kBytesMax));
    if (bytes.size() > left) return too_large(root);
    left -= bytes.size();
    TRY(app->take("/" + name, std::move(bytes)));
  }
  return app;
}

base::Result<void> App::take(std::string name, base::Bytes bytes) {
  if (name.ends_with(kGzip) || name.ends_with(kBrotli)) {
    const auto of = files_.find(std::string_view(name).substr(0, name.size() - kGzip.size()));
    if (of != files_.end()) {
      auto& twin = name.ends_with(kGzip) ? of->second.gzip : of->second.brotli;
      twin = std::make_shared<const std::string>(std::move(bytes));
      return base::done();
    }
  }
  File file;
  file.type = type_of(name);
  file.etag = '"' + base::hex(base::sha256(bytes)).substr(0, 32) + '"';
  file.plain = std::make_shared<const std::string>(std::move(bytes));
  file.immutable = name.starts_with("/assets/");
  files_.emplace(std::move(name), std::move(file));
  return base::done();
}

http::Response App::answer(const http::Request& request) const {
  auto found = files_.find(request.path == "/" ? kIndex : std::string_view(request.path));
  if (found == files_.end() && navigates(request)) found = files_.find(kIndex);
  if (found == files_.end()) {
    http::Response nothing = http::problem(
        base::Error(base::Code::not_found, "http.not_found", "There is nothing at this address.",
                    "Không có gì ở địa chỉ này."),
        request.path);
    add_headers(nothing, false);
    return nothing;
  }
  const File& file = found->second;
  const std::string_view accepted = request.headers["Accept-Encoding"];
  std::shared_ptr<const std::string> body = file.plain;
  std::string_view coding;
  if (file.brotli && http::takes_brotli(accepted)) {
    body = file.brotli;
    coding = "br";
  } else if (file.gzip && http::takes_gzip(accepted)) {
    body = file.gzip;
    coding = "gzip";
  }
  std::string etag = file.etag;
  if (!coding.empty()) etag.insert(etag.size() - 1, "-" + std::string(coding));
  auto known = http::not_modified(request, etag);
  http::Response response = known ? std::move(*known) : http::Response{};
  if (file.gzip || file.brotli) response.headers.add("Vary", "Accept-Encoding");
  add_headers(response, file.immutable);
  if (known) return response;
  response.headers.add("Content-Type", std::string(file.type));
  response.headers.add("ETag", std::move(etag));
  if (!coding.empty()) response.headers.add("Content-Encoding", std::string(coding));
  response.shared_body = std::move(body);
  return response;
}

std::vector<http::Route> App::routes() const {
  const auto give = [this](http::Request& request) { return answer(request); };
  return {{http::Method::get, "/**", http::Permission::open, 0, give, "the web application"}};
}

}  // namespace web
