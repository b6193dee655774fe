#include "exchange/rest/face.h"

#include <atomic>
#include <thread>

#include "base/hash.h"
#include "exchange/rest/request.h"
#include "exchange/testing/engines.h"
#include "exchange/testing/rest_server.h"

namespace exchange::rest {
namespace {

using testing::RestAnswer;
using testing::RestServer;

std::atomic<int> carried_out;

class CountingStream : public Stream {
 public:
  base::Result<void> write(base::BytesView chunk) override {
    all += chunk;
    return base::done();
  }
  base::Bytes digest() override { return base::sha256(all); }
  std::string all;
};

Schema note() {
  return object(
      "Note", {"", ""},
      {required("text", text(100, {"", ""}, "abc")), optional("fail", boolean({"", ""}))});
}

std::vector<Route> rows(Exchange&) {
  std::vector<Route> all;
  all.push_back({
      .method = http::Method::post,
      .path = "/api/v1/notes",
      .access = identity::Permission::documents_send,
      .name = "addNote",
      .body = {.json = note(), .json_bytes_max = 2000},
      .answers = {{201, {}, object("Made", {}, {required("number", integer(0, 1000, {}, 1))})}},
      .refusals = {{"exchange.recalled", base::Code::gone, {}}},
      .handler = [](Call& call) -> base::Result<http::Response> {
        const int number = ++carried_out;
        if (call.body["fail"].boolean()) {
          return call.at("/fail", base::Error(base::Code::gone, "exchange.recalled", "as you wish",
                                              "theo ý bạn"));
        }
        base::Json json;
        json.add("number", number);
        return http::Response::json(201, json.dump());
      },
  });
  all.push_back({
      .path = "/api/v1/notes",
      .access = Access::signed_in(),
      .name = "listNotes",
      .parameters = {limit_parameter(),
                     cursor_parameter(),
                     {Parameter::In::query, "kind", word({"new", "old"}, {})}},
      .answers = {{200, {}, page_of("Notes", integer(0, 9, {}, 1))}},
      .handler = [](Call& call) -> base::Result<http::Response> {
        const auto place = TRY(call.place());
        std::int64_t number = place ? place->at(0) : 0;
        base::Json items;
        for (std::int64_t i = 0; i < call.limit() && number < 5; ++i) items.push(number++);
        return call.page(std::move(items),
                         number < 5 ? std::optional(Place{number}) : std::nullopt);
      },
  });
  all.push_back({
      .method = http::Method::put,
      .path = "/api/v1/notes/{id}",
      .access = Access::signed_in(),
      .name = "changeNote",
      .parameters = {{Parameter::In::path, "id", text(8, {}, "a"), true}},
      .body = {.json = note()},
      .answers = {{200, {}, note()}},
      .refusals = {{"rest.precondition_required", base::Code::invalid, {}},
                   {"rest.precondition_failed", base::Code::conflict, {}}},
      .handler = [](Call& call) -> base::Result<http::Response> {
        TRY(call.require_match(etag_of("now")));
        return http::Response::json(200, call.body.dump());
      },
  });
  all.push_back({
      .method = http::Method::post,
      .path = "/api/v1/streams",
      .access = identity::Permission::documents_send,
      .name = "stream",
      .body = {.json = note(),
               .json_bytes_max = 2000,
               .types = {"text/plain"},
               .stream_bytes_max = 1 << 20,
               .open = [](const http::Head&,
                          const identity::Principal&) -> base::Result<std::unique_ptr<Stream>> {
                 return std::unique_ptr<Stream>(std::make_unique<CountingStream>());
               }},
      .answers = {{200, {}, object("Size", {}, {required("bytes", integer(0, 1 << 20, {}, 1))})}},
      .handler = [](Call& call) -> base::Result<http::Response> {
        ++carried_out;
        base::Json json;
        const auto* stream = dynamic_cast<CountingStream*>(call.stream);
        json.add("bytes", stream ? static_cast<std::int64_t>(stream->all.size()) : 0);
        return http::Response::json(200, json.dump());
      },
  });
  all.push_back({.path = "/api/v1/open",
                 .access = Access::open(),
                 .name = "open",
                 .answers = {{200, {}, object("Nothing", {}, {})}},
                 .handler = [](Call&) -> base::Result<http::Response> {
                   return http::Response::json(200, "{}");
                 }});
  return all;
}

class RestFace : public ::testing::TestWithParam<std::string> {
 public:
  RestFace() : server(testing::fresh_database(GetParam()), rows) {
    carried_out = 0;
    server.know_system("A", testing::kSender);
    server.know_system("B", testing::kReceiver);
    server.know_person("auditor", identity::Role::auditor, {"H99.01"});
  }
  RestServer server;
};
ON_BOTH_ENGINES(RestFace);

TEST_P(RestFace, AStrangerIsAskedWhoItIs) {
  const auto answer = server.ask("POST", "/api/v1/notes", "", R"({"text":"a"})");
  EXPECT_EQ(answer.status, 401);
  EXPECT_EQ(answer.header("WWW-Authenticate"), "Bearer realm=\"truc\"");
  EXPECT_EQ(server.get("/api/v1/notes", "nobody").status, 401);
  EXPECT_EQ(server.get("/api/v1/open", "").status, 200);
  EXPECT_EQ(carried_out, 0);
}

TEST_P(RestFace, WhoLacksThePermissionIsRefusedBeforeAnythingIsDone) {
  const auto answer = server.ask("POST", "/api/v1/notes", "auditor", "no JSON at all");
  EXPECT_EQ(answer.status, 403);
  EXPECT_EQ(answer.reason(), "identity.not_permitted");
  EXPECT_NE(answer.text("detail_en").find("documents.send"), std::string::npos);
}

TEST_P(RestFace, ErrorsNameTheFieldInTheCallersLanguage) {
  const std::string body = R"({"text":"a","more":1})";
  const auto vi = server.ask("POST", "/api/v1/notes", "A", body);
  EXPECT_EQ(vi.status, 400);
  EXPECT_EQ(vi.text("pointer"), "/more");
  EXPECT_EQ(vi.text("title"), "Yêu cầu không hợp lệ");
  EXPECT_EQ(vi.text("detail"), vi.text("detail_vi"));
  const auto en =
      server.ask("POST", "/api/v1/notes", "A", body, "Accept-Language: en-GB, vi;q=0.5\r\n");
  EXPECT_EQ(en.text("title"), "Bad Request");
  EXPECT_EQ(en.text("detail"), en.text("detail_en"));
  const auto from_handler = server.ask("POST", "/api/v1/notes", "A", R"({"text":"a","fail":true})");
  EXPECT_EQ(from_handler.status, 410);
  EXPECT_EQ(from_handler.text("pointer"), "/fail");
}

TEST_P(RestFace, HostileBodiesAreRefused) {
  const auto reason = [&](const std::string& body, std::string_view headers = {}) {
    return server.ask("POST", "/api/v1/notes", "A", body, headers).reason();
  };
  EXPECT_EQ(reason(""), "rest.body_missing");
  EXPECT_EQ(reason("{"), "base.json_malformed");
  EXPECT_EQ(reason(std::string(900, '[') + std::string(900, ']')), "base.json_malformed");
  EXPECT_EQ(reason("{\"text\":\"\xff\"}"), "base.json_malformed");
  EXPECT_EQ(reason(R"({"text":"a"} {})"), "base.json_malformed");
  EXPECT_EQ(reason(R"({"text":"a","text":"b"})"), "rest.member_repeated");
  EXPECT_EQ(reason("{\"text\":\"" + std::string(3000, 'a') + "\"}"), "http.body_too_large");
  EXPECT_EQ(reason(R"({"text":"a"})", "Content-Type: text/xml\r\n"), "rest.type_unsupported");
  EXPECT_EQ(carried_out, 0);
}

TEST_P(RestFace, ParametersAreChecked) {
  const auto reason = [&](const std::string& query) {
    return server.get("/api/v1/notes?" + query, "A").reason();
  };
  EXPECT_EQ(reason("limit=0"), "rest.out_of_bounds");
  EXPECT_EQ(reason("limit=x"), "rest.wrong_type");
  EXPECT_EQ(reason("limit=1&limit=2"), "rest.parameter_repeated");
  EXPECT_EQ(reason("limits=1"), "rest.parameter_unknown");
  EXPECT_EQ(reason("kind=other"), "rest.value_unknown");
  EXPECT_EQ(reason("limit=%zz"), "http.query_malformed");
}

TEST_P(RestFace, PagesFollowEachOther) {
  std::string target = "/api/v1/notes?limit=2&kind=new";
  std::vector<std::int64_t> seen;
  for (int pages = 0; !target.empty() && pages < 9; ++pages) {
    const auto answer = server.get(target, "A");
    ASSERT_EQ(answer.status, 200) << answer.body;
    for (const auto& item : answer.items()) seen.push_back(item.integer());
    target = answer.text("next");
    EXPECT_EQ(answer.header("Link"), target.empty() ? "" : "<" + target + ">; rel=\"next\"");
  }
  EXPECT_EQ(seen, (std::vector<std::int64_t>{0, 1, 2, 3, 4}));
  const std::string next = server.get("/api/v1/notes?limit=2", "A").text("next");
  EXPECT_EQ(server.get(next, "B").reason(), "rest.bad_cursor");
  EXPECT_EQ(server.get(next + "&kind=old", "A").reason(), "rest.bad_cursor");
}

TEST_P(RestFace, VersionsSpareBytesAndChanges) {
  const auto first = server.get("/api/v1/open", "");
  const std::string tag = first.header("ETag");
  ASSERT_FALSE(tag.empty());
  EXPECT_EQ(server.get("/api/v1/open", "", "If-None-Match: W/" + tag + "\r\n").status, 304);
  EXPECT_EQ(server.get("/api/v1/open", "", "If-None-Match: \"other\"\r\n").status, 200);
  EXPECT_EQ(server.ask("HEAD", "/api/v1/open").status, 200);
  const auto put = [&](std::string_view headers) {
    return server.ask("PUT", "/api/v1/notes/a", "A", R"({"text":"a"})", headers).status;
  };
  EXPECT_EQ(put(""), 428);
  EXPECT_EQ(put("If-Match: \"old\"\r\n"), 412);
  EXPECT_EQ(put("If-Match: " + etag_of("now") + "\r\n"), 200);
}

TEST_P(RestFace, ARepeatedRequestHasOneEffect) {
  const std::string key = "Idempotency-Key: 5c1a\r\n", body = R"({"text":"a"})";
  const auto first = server.ask("POST", "/api/v1/notes", "A", body, key);
  EXPECT_EQ(first.status, 201);
  const auto again = server.ask("POST", "/api/v1/notes", "A", body, key);
  EXPECT_EQ(again.status, 201);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(again.header("Idempotency-Replayed"), "true");
  EXPECT_EQ(carried_out, 1);
  const auto other = server.ask("POST", "/api/v1/notes", "A", R"({"text":"b"})", key);
  EXPECT_EQ(other.status, 422);
  EXPECT_EQ(other.reason(), "rest.key_reused");
  EXPECT_EQ(server.ask("POST", "/api/v1/notes", "B", body, key).json["number"].integer(), 2);
  EXPECT_EQ(server.ask("POST", "/api/v1/notes", "A", body).json["number"].integer(), 3);
  EXPECT_EQ(server.ask("POST", "/api/v1/notes", "A", body, "Idempotency-Key: a b\r\n").reason(),
            "rest.bad_key");
  // An error changes nothing, and so the key may be tried again.
  const std::string failing = R"({"text":"a","fail":true})", new_key = "Idempotency-Key: 6\r\n";
  EXPECT_EQ(server.ask("POST", "/api/v1/notes", "A", failing, new_key).status, 410);
  EXPECT_EQ(server.ask("POST", "/api/v1/notes", "A", body, new_key).status, 201);
  server.site.clock.advance(kAnswersKept + std::chrono::minutes(1));
  EXPECT_EQ(server.ask("POST", "/api/v1/notes", "A", R"({"text":"b"})", key).status, 201);
}

TEST_P(RestFace, RepeatedAtOnceItHasOneEffect) {
  std::vector<std::thread> threads;
  std::atomic<int> made = 0, waiting = 0;
  for (int i = 0; i < 5; ++i) {
    threads.emplace_back([&] {
      const auto answer =
          server.ask("POST", "/api/v1/notes", "A", R"({"text":"a"})", "Idempotency-Key: k\r\n");
      if (answer.status == 201) ++made;
      if (answer.reason() == "rest.key_in_use") ++waiting;
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(carried_out, 1);
  EXPECT_GE(made, 1);
  EXPECT_EQ(made + waiting, 5);
}

TEST_P(RestFace, AnswersSurviveARestartAndWhatWasLeftOffIsBegunAgain) {
  const Keyed keyed{"system:x", "k", "/api/v1/notes", "digest"};
  Idempotency before(server.site.database(), server.site.random);
  EXPECT_FALSE(before.claim(keyed, server.site.clock.now())->has_value());
  EXPECT_EQ(before.claim(keyed, server.site.clock.now()).error().reason(), "rest.key_in_use");
  Idempotency after(server.site.database(), server.site.random);
  EXPECT_FALSE(after.claim(keyed, server.site.clock.now())->has_value());
  ASSERT_TRUE(after.keep(keyed, http::Response::json(201, "{}"), server.site.clock.now()).ok());
  Idempotency last(server.site.database(), server.site.random);
  auto kept = last.claim(keyed, server.site.clock.now());
  ASSERT_TRUE(kept.ok() && kept->has_value());
  EXPECT_EQ((*kept)->status, 201);
  EXPECT_EQ((*kept)->body, "{}");
}

TEST_P(RestFace, StreamsAndJsonGoToOneRoute) {
  const std::string text = "Content-Type: text/plain; charset=utf-8\r\n";
  const std::string bytes(200'000, 'x');
  EXPECT_EQ(server.ask("POST", "/api/v1/streams", "A", bytes, text).json["bytes"].integer(),
            200'000);
  EXPECT_EQ(server.ask("POST", "/api/v1/streams", "A", R"({"text":"a"})").json["bytes"].integer(),
            0);
  EXPECT_EQ(server.ask("POST", "/api/v1/streams", "A", R"({"text":1})").text("pointer"), "/text");
  EXPECT_EQ(server.ask("POST", "/api/v1/streams", "A", R"({"text":")" + bytes + "\"}").reason(),
            "http.body_too_large");
  EXPECT_EQ(server.ask("POST", "/api/v1/streams", "A", "a", "Content-Type: image/png\r\n").status,
            415);
  EXPECT_EQ(server.ask("POST", "/api/v1/streams", "", bytes, text).status, 401);
  EXPECT_EQ(server.ask("POST", "/api/v1/streams", "auditor", bytes, text).status, 403);
  EXPECT_EQ(server.ask("POST", "/api/v1/streams", "A", "").reason(), "rest.type_unsupported");
  EXPECT_EQ(
      server.ask("POST", "/api/v1/streams", "A", "", "Content-Type: application/json\r\n").reason(),
      "rest.body_missing");
  const int before = carried_out;
  const std::string keyed = text + "Idempotency-Key: s\r\n";
  EXPECT_EQ(server.ask("POST", "/api/v1/streams", "A", "abc", keyed).status, 200);
  EXPECT_EQ(server.ask("POST", "/api/v1/streams", "A", "abc", keyed).status, 200);
  EXPECT_EQ(server.ask("POST", "/api/v1/streams", "A", "abd", keyed).status, 422);
  EXPECT_EQ(carried_out, before + 1);
}

TEST(RestLimits, EachClientHasItsOwn) {
  RestServer server("", rows, {.callers = {3, 60, 100}, .strangers = {2, 60, 100}});
  server.know_system("A", testing::kSender);
  server.know_system("B", testing::kReceiver);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(server.get("/api/v1/notes", "A").status, 200);
  const auto refused = server.get("/api/v1/notes", "A");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.header("Retry-After"), "1");
  EXPECT_EQ(refused.header("RateLimit").substr(0, 11), "\"burst\";r=0");
  EXPECT_EQ(server.get("/api/v1/notes", "B").status, 200);
  // Guessing is slowed down by address, without shutting out those who sign in from there.
  EXPECT_EQ(server.get("/api/v1/notes", "guess1").status, 401);
  EXPECT_EQ(server.get("/api/v1/notes", "guess2").status, 401);
  EXPECT_EQ(server.get("/api/v1/notes", "guess3").status, 429);
  EXPECT_EQ(server.get("/api/v1/notes", "B").status, 200);
  server.site.clock.advance(std::chrono::seconds(1));
  EXPECT_EQ(server.get("/api/v1/notes", "A").status, 200);
}

}  // namespace
}  // namespace exchange::rest
