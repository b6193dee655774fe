#include "web/app.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/testing/temp_directory.h"
#include "http/testing/wire.h"

namespace web {
namespace {

using http::testing::get;
using http::testing::RunningServer;
using http::testing::Wire;

constexpr std::string_view kNavigates = "Accept: text/html,*/*;q=0.8\r\n";

class WebApp : public ::testing::Test {
 protected:
  WebApp() {
    write("index.html", "<!doctype html><title>Trúc</title>");
    write("assets/page-4f3a.js", "export const answer = 42");
    write("assets/page-4f3a.js.gz", "(compressed)");
    write("assets/page-4f3a.js.br", "(smaller)");
    write("favicon.svg", "<svg/>");
    app_ = App::load(directory_ / "app").value();
    auto routes = app_->routes();
    routes.push_back({http::Method::get, "/healthz", http::Permission::open, 0,
                      [](http::Request&) { return http::Response::text(200, "text/plain", "ok"); },
                      ""});
    server_ = std::make_unique<RunningServer>(std::move(routes));
  }
  void write(const std::string& name, std::string_view content) {
    const std::filesystem::path path = directory_ / ("app/" + name);
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << content;
  }
  Wire::Answer ask(const std::string& request, bool has_body = true) {
    Wire wire(server_->port);
    EXPECT_TRUE(wire.send(request));
    return wire.receive(5000, has_body);
  }

  base::testing::TempDirectory directory_;
  std::unique_ptr<App> app_;
  std::unique_ptr<RunningServer> server_;
};

TEST_F(WebApp, GivesThePageUnderAStrictPolicy) {
  const auto page = ask(get("/", kNavigates));
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.body, "<!doctype html><title>Trúc</title>");
  EXPECT_EQ(page.header("Content-Type"), "text/html; charset=utf-8");
  EXPECT_EQ(page.header("Cache-Control"), "no-cache");
  EXPECT_EQ(page.header("X-Content-Type-Options"), "nosniff");
  const std::string policy = page.header("Content-Security-Policy");
  for (const char* part : {"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"})
    EXPECT_NE(policy.find(part), std::string::npos) << part;
  EXPECT_EQ(policy.find("unsafe"), std::string::npos);
  EXPECT_EQ(policy.find("http"), std::string::npos);
}

TEST_F(WebApp, KeepsHashedNamesForeverAndAsksForTheOthersAgain) {
  const auto script = ask(get("/assets/page-4f3a.js"));
  EXPECT_EQ(script.body, "export const answer = 42");
  EXPECT_EQ(script.header("Content-Type"), "text/javascript; charset=utf-8");
  EXPECT_EQ(script.header("Cache-Control"), "public, max-age=31536000, immutable");
  const auto icon = ask(get("/favicon.svg"));
  EXPECT_EQ(icon.header("Cache-Control"), "no-cache");
  const auto again =
      ask(get("/favicon.svg", "If-None-Match: " + icon.header("ETag") + "\r\n"), false);
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.header("ETag"), icon.header("ETag"));
}

TEST_F(WebApp, GivesTheCompressedTwinToWhoTakesIt) {
  const auto smaller = ask(get("/assets/page-4f3a.js", "Accept-Encoding: gzip, br\r\n"));
  EXPECT_EQ(smaller.body, "(smaller)");
  EXPECT_EQ(smaller.header("Content-Encoding"), "br");
  const auto unwanted = ask(get("/assets/page-4f3a.js", "Accept-Encoding: *, br;q=0\r\n"));
  EXPECT_EQ(unwanted.header("Content-Encoding"), "gzip");
  const auto packed = ask(get("/assets/page-4f3a.js", "Accept-Encoding: gzip, deflate\r\n"));
  EXPECT_EQ(packed.body, "(compressed)");
  EXPECT_EQ(packed.header("Content-Encoding"), "gzip");
  EXPECT_EQ(packed.header("Vary"), "Accept-Encoding");
  const auto plain = ask(get("/assets/page-4f3a.js"));
  EXPECT_EQ(plain.header("Content-Encoding"), "");
  EXPECT_EQ(plain.header("Vary"), "Accept-Encoding");
  EXPECT_NE(plain.header("ETag"), packed.header("ETag"));
  EXPECT_NE(smaller.header("ETag"), packed.header("ETag"));
}

TEST_F(WebApp, GivesThePageToNavigationsOnly) {
  EXPECT_EQ(ask(get("/trace", kNavigates)).status, 200);
  EXPECT_EQ(ask(get("/documents/5f1c0a3b", kNavigates)).body, "<!doctype html><title>Trúc</title>");
  EXPECT_EQ(ask(get("/trace")).status, 404) << "a program";
  EXPECT_EQ(ask(get("/trace", "Accept: text/html\r\nSec-Fetch-Mode: cors\r\n")).status, 404);
  EXPECT_EQ(ask(get("/assets/gone.js", kNavigates)).status, 404);
  // The page of a system, whose name has dots.
  EXPECT_EQ(ask(get("/systems/00.22.W00", kNavigates)).status, 200);
  const auto unknown = ask(get("/api/v1/nothing", kNavigates));
  EXPECT_EQ(unknown.status, 404);
  EXPECT_EQ(unknown.header("Content-Type"), "application/problem+json");
  EXPECT_NE(unknown.header("Content-Security-Policy").find("frame-ancestors 'none'"),
            std::string::npos);
  EXPECT_EQ(ask(get("/healthz", kNavigates)).body, "ok") << "others keep their addresses";
}

TEST_F(WebApp, NamesNothingOutsideItsDirectory) {
  write("../secret.txt", "not for browsers");
  for (const char* path : {"/../secret.txt", "/%2e%2e/secret.txt", "/assets/..%2f..%2fsecret.txt",
                           "/assets/../../secret.txt", "//secret.txt", "/assets", "/assets/"}) {
    const auto answer = ask(get(path));
    EXPECT_NE(answer.status, 200) << path;
    EXPECT_EQ(answer.body.find("not for browsers"), std::string::npos) << path;
  }
}

TEST(WebAppDirectory, MustHoldAnApplication) {
  const base::testing::TempDirectory empty;
  const auto app = App::load(empty.path());
  ASSERT_FALSE(app);
  EXPECT_EQ(app.error().reason(), "web.no_application");
  EXPECT_EQ(App::load(empty / "missing").error().reason(), "web.no_application");
}

TEST(WebAppDirectory, HasALimit) {
  const base::testing::TempDirectory large;
  std::ofstream(large / "index.html") << "x";
  for (std::size_t i = 0; i < kFilesMax; ++i) std::ofstream(large / (std::to_string(i) + ".txt"));
  EXPECT_EQ(App::load(large.path()).error().reason(), "web.too_large");
}

}  // namespace
}  // namespace web
