#include "http/router.h"

#include <gtest/gtest.h>

#include "base/json.h"
#include "base/time.h"
#include "http/head.h"

namespace http {
namespace {

Route route(Method method, std::string_view path) {
  return {method, path, Permission::open, 0, [](Request&) { return Response(); }, ""};
}

Head head(Method method, std::string_view target) {
  Head made;
  made.method = method;
  made.target = target;
  if (!split_target(target, made.path, made.query)) made.path = target;
  return made;
}

Router::Match find(const Router& router, Method method, std::string_view target) {
  return router.find(head(method, target));
}

std::string allowed(const Router& router, std::string_view target) {
  return router.allowed(head(Method::other, target));
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
  EXPECT_EQ(find(router, Method::get, "/healthz").route->path, "/healthz");
  EXPECT_EQ(find(router, Method::post, "/sendEdoc").route->path, "**/sendEdoc");
  EXPECT_EQ(find(router, Method::post, "/XrdAdapter/adapter/sendEdoc").route->path, "**/sendEdoc");
  EXPECT_EQ(find(router, Method::post, "/special/sendEdoc").route->path, "/special/sendEdoc");
}

TEST(Router, TellsAnUnknownPathFromAnotherMethod) {
  const Router router = example();
  EXPECT_EQ(find(router, Method::get, "/nothing").route, nullptr);
  EXPECT_FALSE(find(router, Method::get, "/nothing").path_known);
  EXPECT_FALSE(find(router, Method::post, "/sendEdoc/more").path_known);
  EXPECT_FALSE(find(router, Method::post, "/notsendEdoc").path_known);
  EXPECT_EQ(find(router, Method::put, "/a/sendEdoc").route, nullptr);
  EXPECT_TRUE(find(router, Method::put, "/a/sendEdoc").path_known);
  EXPECT_EQ(allowed(router, "/api/v1/documents"), "GET, HEAD, POST");
  EXPECT_EQ(allowed(router, "/nothing"), "");
}

TEST(Router, HeadIsServedAsGet) {
  const Router router = example();
  EXPECT_EQ(find(router, Method::head, "/healthz").route->method, Method::get);
  EXPECT_EQ(find(router, Method::head, "/sendEdoc").route, nullptr);
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
    const auto match = find(router, Method::get, path);
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

Router templates() {
  Router router;
  router.add({route(Method::get, "/api/v1/documents"), route(Method::get, "/api/v1/documents/{id}"),
              route(Method::patch, "/api/v1/documents/{document}"),
              route(Method::get, "/api/v1/documents/recent"),
              route(Method::get, "/api/v1/documents/{id}/attachments/{number}"),
              route(Method::get, "/api/v1/{kind}/recent/attachments/all"),
              route(Method::get, "/api/**"), route(Method::get, "**/attachments")});
  return router;
}

TEST(RouterTemplates, GiveTheirParameters) {
  const Router router = templates();
  auto match = find(router, Method::get, "/api/v1//documents/H11%2C05/attachments/2?x=1");
  ASSERT_NE(match.route, nullptr);
  EXPECT_EQ(match.route->path, "/api/v1/documents/{id}/attachments/{number}");
  Head with;
  with.parameters = match.parameters;
  EXPECT_EQ(with.parameter("id"), "H11,05");
  EXPECT_EQ(with.parameter("number"), "2");
  EXPECT_EQ(with.parameter("other"), "");
  match = find(router, Method::patch, "http://truc.example/api/v1/documents/7");
  ASSERT_EQ(match.parameters.size(), 1u);
  EXPECT_EQ(match.parameters[0].first, "document");
  EXPECT_EQ(match.parameters[0].second, "7");
}

TEST(RouterTemplates, KeepAnEscapedSlashInTheValue) {
  const Router router = templates();
  const auto match = find(router, Method::get, "/api/v1/documents/05%2fUBND%2FVX%252F");
  ASSERT_NE(match.route, nullptr);
  ASSERT_EQ(match.parameters.size(), 1u);
  EXPECT_EQ(match.parameters[0].second, "05/UBND/VX%2F");
  // Neither a fixed segment nor a parameter comes about by unescaping.
  EXPECT_EQ(find(router, Method::get, "/api/v1/documents/7%2Fattachments%2F2").route->path,
            "/api/v1/documents/{id}");
  EXPECT_EQ(find(router, Method::get, "/api/v1/documents%2Frecent").route->path, "/api/**");
  EXPECT_EQ(find(router, Method::get, "/api/v1/documents/%2Frecent").route->path,
            "/api/v1/documents/{id}");
}

TEST(RouterTemplates, StandBetweenExactPathsAndTheRest) {
  const Router router = templates();
  const auto path = [&](std::string_view target) {
    const auto match = find(router, Method::get, target);
    return match.route == nullptr ? std::string_view("none") : match.route->path;
  };
  EXPECT_EQ(path("/api/v1/documents/recent"), "/api/v1/documents/recent");
  EXPECT_EQ(path("/api/v1/documents/recent2"), "/api/v1/documents/{id}");
  EXPECT_EQ(path("/api/v1/documents/7/attachments"), "**/attachments");
  EXPECT_EQ(path("/api/v1/documents/7/attachments/2/3"), "/api/**");
  // "documents" fits first, but leads nowhere: the other way is tried.
  EXPECT_EQ(path("/api/v1/people/recent/attachments/all"), "/api/v1/{kind}/recent/attachments/all");
  EXPECT_EQ(path("/api/v1/documents/recent/attachments/all"),
            "/api/v1/documents/{id}/attachments/{number}");
  EXPECT_EQ(path("/api/v1/documents/"), "/api/**");
  EXPECT_EQ(path("/api/v1/documents/7/"), "/api/**");
  EXPECT_EQ(path("*"), "none");
}

TEST(RouterTemplates, SayTheMethodsOfAPath) {
  const Router router = templates();
  EXPECT_EQ(allowed(router, "/api/v1/documents/7"), "GET, HEAD, PATCH");
  EXPECT_EQ(allowed(router, "/api/v1/documents/7/attachments/1"), "GET, HEAD");
  const auto match = find(router, Method::del, "/api/v1/documents/7");
  EXPECT_TRUE(match.path_known);
  EXPECT_EQ(match.route, nullptr);
  EXPECT_TRUE(match.parameters.empty());
  EXPECT_EQ(find(router, Method::head, "/api/v1/documents/7").route->method, Method::get);
}

TEST(RouterTemplates, AreFoundAmongManyAsFastAsAmongFew) {
  std::vector<std::string> paths;
  for (int i = 0; i < 20000; ++i) paths.push_back("/api/v1/kind" + std::to_string(i) + "/{id}/x");
  Router few, many;
  few.add({route(Method::get, paths.back())});
  for (const std::string& path : paths) many.add({route(Method::get, path)});
  const Head wanted = head(Method::get, "/api/v1/kind19999/7/x");
  const auto micros = [&](const Router& router) {
    const auto start = base::monotonic_micros();
    for (int i = 0; i < 2000; ++i) {
      if (router.find(wanted).route == nullptr) return std::int64_t{-1};
    }
    return base::monotonic_micros() - start;
  };
  const auto among_few = micros(few), among_many = micros(many);
  ASSERT_GT(among_few, 0);
  ASSERT_GT(among_many, 0);
  EXPECT_LT(among_many, among_few * 20 + 10000);  // a scan would take ten thousand times as long
}

TEST(RouterTemplatesDeathTest, MustBeWholeSegmentsWithNames) {
  for (const char* path : {"/a/{}", "/a/{id", "/a/id}", "/a/{id}.pdf", "/a/{{id}}", "/a//{id}",
                           "/a/{id}/**", "**/{id}"}) {
    EXPECT_DEATH(Router().add({route(Method::get, path)}), "") << path;
  }
}

}  // namespace
}  // namespace http
