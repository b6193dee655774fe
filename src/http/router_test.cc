#include "http/router.h"

#include <gtest/gtest.h>

#include "base/json.h"

namespace http {
namespace {

Route route(Method method, std::string_view path) {
  return {method, path, Permission::open, 0, [](Request&) { return Response(); }, ""};
}

Router example() {
  Router router;
  router.add({route(Method::get, "/healthz"), route(Method::post, "**/sendEdoc"),
              route(Method::get, "/api/v1/documents"), route(Method::post, "/api/v1/documents")});
  router.add({route(Method::post, "/special/sendEdoc")});
  return router;
}

TEST(Router, FindsExactPathsFirstAndThenTheLastSegment) {
  const Router router = example();
  EXPECT_EQ(router.find(Method::get, "/healthz").route->path, "/healthz");
  EXPECT_EQ(router.find(Method::post, "/sendEdoc").route->path, "**/sendEdoc");
  EXPECT_EQ(router.find(Method::post, "/XrdAdapter/adapter/sendEdoc").route->path, "**/sendEdoc");
  EXPECT_EQ(router.find(Method::post, "/special/sendEdoc").route->path, "/special/sendEdoc");
}

TEST(Router, TellsAnUnknownPathFromAnotherMethod) {
  const Router router = example();
  EXPECT_EQ(router.find(Method::get, "/nothing").route, nullptr);
  EXPECT_FALSE(router.find(Method::get, "/nothing").path_known);
  EXPECT_FALSE(router.find(Method::post, "/sendEdoc/more").path_known);
  EXPECT_FALSE(router.find(Method::post, "/notsendEdoc").path_known);
  EXPECT_EQ(router.find(Method::put, "/a/sendEdoc").route, nullptr);
  EXPECT_TRUE(router.find(Method::put, "/a/sendEdoc").path_known);
  EXPECT_EQ(router.allowed("/api/v1/documents"), "GET, HEAD, POST");
  EXPECT_EQ(router.allowed("/nothing"), "");
}

TEST(Router, HeadIsServedAsGet) {
  const Router router = example();
  EXPECT_EQ(router.find(Method::head, "/healthz").route->method, Method::get);
  EXPECT_EQ(router.find(Method::head, "/sendEdoc").route, nullptr);
}

TEST(Headers, CompareWithoutCaseAndKeepOrder) {
  Headers headers;
  headers.add("docId", "1");
  headers.add("docid", "2");
  headers.add("Other", "3");
  EXPECT_EQ(headers["DOCID"], "1");
  EXPECT_TRUE(headers.has("other"));
  EXPECT_FALSE(headers.has("othe"));
  EXPECT_EQ(headers["missing"], "");
  headers.set("DocId", "4");
  ASSERT_EQ(headers.all().size(), 2u);
  EXPECT_EQ(headers["docid"], "4");
}

TEST(Problem, SaysTheErrorInBothLanguages) {
  const base::Error error(base::Code::unavailable, "http.busy", "Busy.", "Bận.");
  const Response response = problem(error, "/sendEdoc");
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(response.headers["Content-Type"], "application/problem+json");
  EXPECT_EQ(response.headers["Retry-After"], "5");
  const auto json = base::Json::parse(response.body);
  ASSERT_TRUE(json.ok());
  EXPECT_EQ((*json)["type"].text(), "urn:truc:http.busy");
  EXPECT_EQ((*json)["title"].text(), "Service Unavailable");
  EXPECT_EQ((*json)["status"].integer(), 503);
  EXPECT_EQ((*json)["detail"].text(), "Busy.");
  EXPECT_EQ((*json)["detail_vi"].text(), "Bận.");
  EXPECT_EQ((*json)["reason"].text(), "http.busy");
  EXPECT_EQ((*json)["instance"].text(), "/sendEdoc");
}

TEST(Problem, MapsEveryCode) {
  const auto status = [](base::Code code, std::string_view reason = "x.y") {
    return status_of(base::Error(code, reason, "text"));
  };
  EXPECT_EQ(status(base::Code::invalid), 400);
  EXPECT_EQ(status(base::Code::unauthenticated), 401);
  EXPECT_EQ(status(base::Code::forbidden), 403);
  EXPECT_EQ(status(base::Code::not_found), 404);
  EXPECT_EQ(status(base::Code::conflict), 409);
  EXPECT_EQ(status(base::Code::gone), 410);
  EXPECT_EQ(status(base::Code::too_large), 413);
  EXPECT_EQ(status(base::Code::too_many), 429);
  EXPECT_EQ(status(base::Code::unavailable), 503);
  EXPECT_EQ(status(base::Code::data_loss), 500);
  EXPECT_EQ(status(base::Code::internal), 500);
  EXPECT_EQ(status(base::Code::too_large, "http.head_too_large"), 431);
  EXPECT_EQ(status(base::Code::invalid, "http.method_not_allowed"), 405);
}

TEST(Router, KnowsEverythingBelowAPrefix) {
  Router router;
  const Handler handler = [](Request&) { return Response{}; };
  router.add({{Method::get, "/log/**", Permission::open, 0, handler, "below"},
              {Method::get, "/log/tile/**", Permission::open, 0, handler, "further below"},
              {Method::get, "/log/exact", Permission::open, 0, handler, "exact"},
              {Method::get, "**/named", Permission::open, 0, handler, "named"}});
  const auto summary = [&](std::string_view path) {
    const auto match = router.find(Method::get, path);
    return match.route ? match.route->summary : std::string_view("none");
  };
  EXPECT_EQ(summary("/log/checkpoint"), "below");
  EXPECT_EQ(summary("/log/tile/0/001"), "further below");
  EXPECT_EQ(summary("/log/exact"), "exact");
  EXPECT_EQ(summary("/log/named"), "named");
  EXPECT_EQ(summary("/logs"), "none");
  EXPECT_EQ(summary("/log"), "none");
  EXPECT_EQ(summary("checkpoint"), "none");
}

}  // namespace
}  // namespace http
