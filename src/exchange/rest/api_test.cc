// The API over a real exchange: every row as everybody, and what each does.
#include "exchange/rest/api.h"

#include <set>

#include "base/text.h"
#include "exchange/rest/openapi.h"
#include "exchange/rest/request.h"
#include "exchange/testing/engines.h"
#include "exchange/testing/rest_server.h"

namespace exchange::rest {
namespace {

using testing::Letter;
using testing::RestAnswer;
using testing::RestServer;

constexpr const char* kEdxmlType = "Content-Type: application/edxml+xml\r\n";

Letter letter_to(std::vector<std::string> to, std::string number = "15",
                 std::string priority = "0") {
  Letter letter;
  letter.to = std::move(to);
  letter.number = std::move(number);
  letter.priority = std::move(priority);
  return letter;
}

class RestApi : public ::testing::TestWithParam<std::string> {
 public:
  RestApi() : server(testing::fresh_database(GetParam())) {
    server.know_system("A", testing::kSender);
    server.know_system("B", testing::kReceiver);
    server.know_person("clerk", identity::Role::clerk, {"K97"});  // nobody's system serves it
    server.know_person("operator", identity::Role::operator_, {});
  }
  // Sends a letter of H99.01 and gives its id.
  std::string send(const Letter& letter) {
    const auto answer =
        server.ask("POST", "/api/v1/submissions", "A", testing::file_of(letter), kEdxmlType);
    EXPECT_EQ(answer.status, 201) << answer.body;
    return answer.text("id");
  }
  std::string first_waiting(const std::string& caller) {
    const auto items = server.get("/api/v1/deliveries", caller).items();
    return items.empty() ? std::string() : std::string(items[0]["id"].text());
  }
  RestServer server;
};
ON_BOTH_ENGINES(RestApi);

TEST_P(RestApi, ADocumentGoesItsWay) {
  const Letter letter = letter_to({"K97", "G99"}, "15", "2");
  const std::string id = send(letter);
  const auto waiting = server.get("/api/v1/deliveries", "clerk").items();
  ASSERT_EQ(waiting.size(), 1u);
  EXPECT_EQ(waiting[0]["document"].text(), id);
  EXPECT_EQ(waiting[0]["recipient"]["code"].text(), "K97");
  EXPECT_EQ(waiting[0]["urgency"].integer(), 2);
  EXPECT_EQ(waiting[0]["state"].text(), "initial");
  const std::string delivery(waiting[0]["id"].text()), at = "/api/v1/deliveries/" + delivery;

  const auto content = server.get("/api/v1/documents/" + id + "/content", "clerk");
  EXPECT_EQ(content.body, testing::file_of(letter));
  EXPECT_EQ(content.header("Content-Type"), "application/edxml+xml");
  EXPECT_EQ(server.get(at, "clerk").text("state"), "processing");
  base::Json done;
  done.add("result", "done");
  EXPECT_EQ(server.post(at + "/acknowledgement", "clerk", done).text("state"), "done");
  base::Json status;
  status.add("code", "03").add("description", "Văn thư đã tiếp nhận").add("staff", "Nguyễn Văn An");
  EXPECT_EQ(server.post(at + "/status", "clerk", status).json["status"]["code"].text(), "03");
  EXPECT_TRUE(server.get("/api/v1/deliveries", "clerk").items().empty());

  // The sender's own software finds the message in its list, as ever.
  const auto messages = server.site.pending(testing::kSender, edxml::Kind::status);
  ASSERT_EQ(messages.size(), 1u);
  const auto bytes = server.site.fetch(testing::kSender, messages[0].id);
  EXPECT_NE(bytes->find("<edXML:StatusCode>03"), std::string::npos) << *bytes;
  // And the sender sees both deliveries, the recipient its own.
  EXPECT_EQ(server.get("/api/v1/submissions/" + id, "A").json["deliveries"].array().size(), 2u);
  EXPECT_EQ(server.get("/api/v1/documents/" + id + "/deliveries", "clerk").items().size(), 1u);
  EXPECT_EQ(server.site.findings(), "");
}

TEST_P(RestApi, WhatIsOthersIsNotThere) {
  const std::string id = send(letter_to({"G99"}));
  const std::string delivery = first_waiting("B");
  for (const std::string& target :
       {"/api/v1/documents/" + id, "/api/v1/documents/" + id + "/content",
        "/api/v1/documents/" + id + "/attachments", "/api/v1/documents/" + id + "/attachments/1",
        "/api/v1/documents/" + id + "/deliveries", "/api/v1/documents/" + id + "/signatures",
        "/api/v1/documents/" + id + "/evidence", "/api/v1/submissions/" + id,
        "/api/v1/deliveries/" + delivery, "/api/v1/documents/" + std::string(24, '0'),
        std::string("/api/v1/documents/x")}) {
    EXPECT_EQ(server.get(target, "clerk").status, 404) << target;
  }
  base::Json done, back, status;
  done.add("result", "done");
  back.add("reason", "nhầm");
  status.add("code", "03");
  EXPECT_EQ(
      server.post("/api/v1/deliveries/" + delivery + "/acknowledgement", "clerk", done).status,
      404);
  EXPECT_EQ(server.post("/api/v1/deliveries/" + delivery + "/status", "clerk", status).status, 404);
  EXPECT_EQ(server.post("/api/v1/documents/" + id + "/recall", "clerk", back).status, 404);
  // Not even its recipient takes it back, nor its sender acknowledges it.
  EXPECT_EQ(server.post("/api/v1/documents/" + id + "/recall", "B", back).status, 404);
  EXPECT_EQ(server.post("/api/v1/deliveries/" + delivery + "/acknowledgement", "A", done).status,
            404);
  EXPECT_EQ(server.post("/api/v1/deliveries/" + delivery + "/status", "A", status).status, 404);
  EXPECT_EQ(server.get("/api/v1/deliveries/" + delivery, "B").text("state"), "initial");
}

TEST_P(RestApi, OnlyForThoseOneSendsForAndOnlyWhatMayBeSent) {
  Letter letter;
  letter.from = "G99";
  letter.to = {"H99.01"};
  const auto other =
      server.ask("POST", "/api/v1/submissions", "A", testing::file_of(letter), kEdxmlType);
  EXPECT_EQ(other.status, 403);
  EXPECT_EQ(other.reason(), "exchange.sender_unknown");
  const auto unknown = server.ask("POST", "/api/v1/submissions", "A",
                                  testing::file_of(letter_to({"X1"})), kEdxmlType);
  EXPECT_EQ(unknown.reason(), "exchange.recipients_unknown");
  EXPECT_EQ(unknown.status, 422);
  EXPECT_EQ(server.ask("POST", "/api/v1/submissions", "A", "<a/>", kEdxmlType).status, 400);
  EXPECT_EQ(server.ask("POST", "/api/v1/submissions", "A", "", kEdxmlType).reason(),
            "rest.body_missing");
  EXPECT_EQ(
      server.ask("POST", "/api/v1/submissions", "A", std::string((1 << 20) + 1, ' '), kEdxmlType)
          .status,
      413);
  EXPECT_TRUE(server.get("/api/v1/documents?box=sent", "A").items().empty());
  // The same file again is the same document.
  const std::string file = testing::file_of(Letter{});
  const auto first = server.ask("POST", "/api/v1/submissions", "A", file, kEdxmlType);
  const auto again = server.ask("POST", "/api/v1/submissions", "A", file, kEdxmlType);
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.text("id"), first.text("id"));
  EXPECT_TRUE(again.json["resent"].boolean());
}

TEST_P(RestApi, BoxesArePagedAndFiltered) {
  std::vector<std::string> ids;
  for (int i = 0; i < 5; ++i) {
    ids.push_back(send(letter_to({"K97", "G99"}, std::to_string(i + 1))));
    server.site.clock.advance(std::chrono::hours(1));
  }
  for (const auto& [target, caller] : {std::pair{"/api/v1/documents?box=sent&limit=2", "A"},
                                       std::pair{"/api/v1/documents?limit=2", "clerk"}}) {
    std::vector<std::string> seen;
    std::string next = target;
    while (!next.empty() && seen.size() < 10) {
      const auto page = server.get(next, caller);
      for (const auto& item : page.items())
        seen.insert(seen.begin(), std::string(item["id"].text()));
      next = page.text("next");
    }
    EXPECT_EQ(seen, ids) << target;
  }
  const std::string two_hours_ago =
      base::iso_time_text(server.site.clock.now() - std::chrono::minutes(150));
  EXPECT_EQ(server.get("/api/v1/documents?accepted_from=" + two_hours_ago, "clerk").items().size(),
            2u);
  EXPECT_EQ(server.get("/api/v1/documents?accepted_to=" + two_hours_ago, "clerk").items().size(),
            3u);
  EXPECT_EQ(server.get("/api/v1/documents?box=sent&organisation=H99.02", "A").items().size(), 0u);
  EXPECT_EQ(server.get("/api/v1/documents?box=sent&organisation=G99", "A").items().size(), 0u);
  EXPECT_EQ(server.get("/api/v1/documents?box=sent", "clerk").items().size(), 0u);
  // What is settled is still among what was received.
  base::Json done;
  done.add("result", "done");
  server.post("/api/v1/deliveries/" + first_waiting("clerk") + "/acknowledgement", "clerk", done);
  EXPECT_EQ(server.get("/api/v1/documents", "clerk").items().size(), 5u);
  EXPECT_EQ(server.get("/api/v1/deliveries", "clerk").items().size(), 4u);
}

// A system that serves many organisations gets one document for several of them.
TEST_P(RestApi, OneDocumentForSeveralIsOneOfTheBox) {
  const std::string first = send(letter_to({"G99", "H98"}, "1"));
  const std::string second = send(letter_to({"G99", "H98"}, "2"));
  const auto page = server.get("/api/v1/documents?limit=1", "B");
  ASSERT_EQ(page.items().size(), 1u);
  EXPECT_EQ(page.items()[0]["id"].text(), second);
  const auto next = server.get(page.text("next"), "B");
  ASSERT_EQ(next.items().size(), 1u);
  EXPECT_EQ(next.items()[0]["id"].text(), first);
  EXPECT_EQ(next.text("next"), "");
  EXPECT_EQ(server.get("/api/v1/deliveries", "B").items().size(), 4u);
}

TEST_P(RestApi, TheInboxIsUrgentFirst) {
  send(letter_to({"K97"}, "1"));
  send(letter_to({"K97"}, "2", "1"));
  send(letter_to({"K97"}, "3", "3"));
  send(letter_to({"K97"}, "4", "1"));
  std::vector<std::string> order;
  std::string next = "/api/v1/deliveries?limit=1";
  while (!next.empty() && order.size() < 9) {
    const auto page = server.get(next, "clerk");
    for (const auto& item : page.items()) order.emplace_back(item["code"].text().substr(0, 1));
    next = page.text("next");
  }
  EXPECT_EQ(order, (std::vector<std::string>{"3", "2", "4", "1"}));
}

TEST_P(RestApi, TakingBackBeforeAndAfterItWasFetched) {
  const std::string id = send(letter_to({"K97", "G99"}));
  server.get("/api/v1/documents/" + id + "/content", "B");
  base::Json back;
  back.add("reason", "Gửi nhầm nơi nhận");
  const auto asked = server.post("/api/v1/documents/" + id + "/recall", "A", back);
  ASSERT_EQ(asked.status, 200) << asked.body;
  for (const auto& one : asked.items()) {
    const bool fetched = one["recipient"]["code"].text() == "G99";
    EXPECT_EQ(one["state"].text(), fetched ? "processing" : "withdrawn");
    EXPECT_EQ(one["recall"].text(), fetched ? "requested" : "agreed");
  }
  EXPECT_EQ(server.get("/api/v1/documents/" + id, "clerk").status, 410);
  EXPECT_TRUE(server.get("/api/v1/documents", "clerk").items().empty());
  const std::string delivery = first_waiting("B"),
                    status = "/api/v1/deliveries/" + delivery + "/status";
  base::Json refused;
  refused.add("code", "16");
  EXPECT_EQ(server.post(status, "B", refused).reason(), "rest.reason_missing");
  refused.add("description", "Đã xử lý xong");
  EXPECT_EQ(server.post(status, "B", refused).text("recall"), "refused");
  EXPECT_EQ(server.post(status, "B", refused).reason(), "exchange.not_asked_back");
  back.add("to", base::Json::Array{"H98"});
  EXPECT_EQ(server.post("/api/v1/documents/" + id + "/recall", "A", back).reason(),
            "exchange.not_a_recipient");
  EXPECT_EQ(server.site.findings(), "");
}

TEST_P(RestApi, AttachmentsComeOutAsFiles) {
  const std::string id = send(letter_to({"K97"}));
  const auto list = server.get("/api/v1/documents/" + id + "/attachments", "clerk").items();
  ASSERT_FALSE(list.empty());
  EXPECT_EQ(server.get("/api/v1/documents/" + id, "A").json["sent"].boolean(), true);
  const std::string at = "/api/v1/documents/" + id + "/attachments/";
  EXPECT_EQ(server.ask("HEAD", at + "1", "clerk").status, 200);
  EXPECT_EQ(server.get("/api/v1/deliveries", "clerk").items()[0]["state"].text(), "initial");
  const auto file = server.get(at + "1", "clerk");
  EXPECT_EQ(file.body.size(), static_cast<std::size_t>(list[0]["size"].integer()));
  EXPECT_NE(file.header("Content-Disposition").find("attachment; filename="), std::string::npos);
  EXPECT_EQ(server.get("/api/v1/deliveries", "clerk").items()[0]["state"].text(), "processing");
  EXPECT_EQ(server.get(at + "1", "clerk", "If-None-Match: " + file.header("ETag") + "\r\n").status,
            304);
  EXPECT_EQ(server.get(at + "99", "clerk").reason(), "exchange.unknown_attachment");
  EXPECT_EQ(server.get(at + "0", "clerk").status, 400);
}

TEST_P(RestApi, DownloadsAreTakenUpAgain) {
  const Letter letter = letter_to({"K97"});
  const std::string file = testing::file_of(letter), id = send(letter);
  const std::string at = "/api/v1/documents/" + id;
  const auto get = [&](const std::string& path, const std::string& headers) {
    return server.get(at + path, "clerk", headers);
  };
  const auto part = get("/content", "Range: bytes=100-\r\n");
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(part.body, file.substr(100));
  EXPECT_EQ(part.header("Content-Range"),
            "bytes 100-" + std::to_string(file.size() - 1) + "/" + std::to_string(file.size()));
  EXPECT_EQ(get("/content", "Range: bytes=0-9\r\nIf-Range: " + part.header("ETag") + "\r\n").body,
            file.substr(0, 10));
  EXPECT_EQ(get("/content", "Range: bytes=0-9\r\nIf-Range: \"other\"\r\n").body, file);
  EXPECT_EQ(
      get("/content", "Range: bytes=0-9\r\nIf-None-Match: " + part.header("ETag") + "\r\n").status,
      304);
  const auto beyond = get("/content", "Range: bytes=99999999-\r\n");
  EXPECT_EQ(beyond.status, 416);
  EXPECT_EQ(beyond.header("Content-Range"), "bytes */" + std::to_string(file.size()));
  const std::string whole = get("/attachments/1", "").body;
  ASSERT_GT(whole.size(), 4U);
  const auto end = get("/attachments/1", "Range: bytes=-3\r\n");
  EXPECT_EQ(end.status, 206);
  EXPECT_EQ(end.body, whole.substr(whole.size() - 3));
}

TEST_P(RestApi, OrganisationsAreFoundAndChangedWithCare) {
  EXPECT_EQ(server.get("/api/v1/organisations?q=chua%20ket%20noi", "A").items().size(), 1u);
  EXPECT_EQ(server.get("/api/v1/organisations?connected=false", "A").items().size(), 1u);
  const auto page = server.get("/api/v1/organisations?limit=3", "A");
  EXPECT_EQ(page.items().size(), 3u);
  EXPECT_EQ(server.get(page.text("next"), "A").items().size(), 2u);
  EXPECT_EQ(server.get("/api/v1/organisations/NOBODY", "A").status, 404);
  EXPECT_EQ(
      server.get("/api/v1/organisations/K97/capabilities", "A").json["connected"].boolean(true),
      false);
  const std::string of_g99 = "/api/v1/organisations/G99/capabilities";
  EXPECT_FALSE(server.get(of_g99, "A").json.has("last_seen"));
  server.site.exchange().calls().note(server.site.key_of(testing::kReceiver), CallProtocol::vxp,
                                      "10.0.0.7");
  EXPECT_EQ(server.get(of_g99, "A").text("last_seen"),
            base::iso_time_text(server.site.clock.now()));
  base::Json change;
  change.add("name", "Tên mới");
  const std::string at = "/api/v1/organisations/K97", body = change.dump();
  EXPECT_EQ(server.ask("PUT", at, "A", body).status, 403);
  EXPECT_EQ(server.ask("PUT", at, "operator", body).status, 428);
  const std::string match = "If-Match: " + server.get(at, "A").header("ETag") + "\r\n";
  EXPECT_EQ(server.ask("PUT", at, "operator", body, match).text("name"), "Tên mới");
  EXPECT_EQ(server.ask("PUT", at, "operator", body, match).status, 412);
  EXPECT_EQ(server.ask("PUT", "/api/v1/organisations/N1", "operator", body).status, 428);
  EXPECT_EQ(server.ask("PUT", "/api/v1/organisations/N1", "operator", body, "If-None-Match: *\r\n")
                .status,
            201);
}

// One is merged into another: each time shows who was there, and the two are found from either
// side.
TEST_P(RestApi, TheDirectoryIsSeenAsItWas) {
  const std::string before = "2026-01-01T00:00:00Z", merged = "2026-07-01T00:00:00Z";
  base::Json old_one, heir;
  old_one.add("name", "Sở cũ").add("parent", "K97").add("successor", "N2");
  old_one.add("effective_from", "2025-01-01T00:00:00Z").add("effective_to", merged);
  heir.add("name", "Sở hợp nhất").add("parent", "N1").add("effective_from", merged);
  for (const auto& [code, json] : {std::pair{"N1", old_one}, std::pair{"N2", heir}}) {
    EXPECT_EQ(server
                  .ask("PUT", std::string("/api/v1/organisations/") + code, "operator", json.dump(),
                       "If-None-Match: *\r\n")
                  .status,
              201);
  }
  const auto codes = [&](const std::string& query) {
    std::string all;
    for (const auto& one : server.get("/api/v1/organisations?" + query, "A").items())
      all += std::string(one["code"].text()) + " ";
    return all;
  };
  EXPECT_EQ(codes("parent=K97&at=" + before), "N1 ");
  EXPECT_EQ(codes("parent=K97&at=" + merged), "");
  EXPECT_EQ(codes("successor=N2"), "N1 ");
  EXPECT_EQ(codes("successor=N2&at=" + merged), "");
  // Whose parent is gone stands at the top.
  EXPECT_NE(codes("top=true&at=" + merged).find("N2 "), std::string::npos);
  EXPECT_EQ(codes("top=true&at=" + before).find("N1 "), std::string::npos);
  const auto k97 = server.get("/api/v1/organisations?q=K97&at=" + before, "A").items();
  ASSERT_EQ(k97.size(), 1u);
  EXPECT_EQ(k97[0]["below"].integer(), 1);
  const auto page = server.get("/api/v1/organisation-changes?limit=1", "A");
  ASSERT_EQ(page.items().size(), 1u);
  EXPECT_EQ(page.items()[0]["at"].text(), "2026-07-01T00:00:00.000000Z");
  EXPECT_EQ(page.items()[0]["began"].integer(), 1);
  EXPECT_EQ(page.items()[0]["ended"].integer(), 1);
  EXPECT_EQ(page.items()[0]["organisations"].array().at(0)["successor"].text(), "N2");
  const auto next = server.get(page.text("next"), "A").items();
  ASSERT_EQ(next.size(), 1u);
  EXPECT_EQ(next[0]["at"].text(), "2025-01-01T00:00:00.000000Z");
  const std::string takes = "/api/v1/organisations/G99/capabilities";
  EXPECT_EQ(server.get(takes, "operator").text("system"), testing::kReceiver);
  EXPECT_FALSE(server.get(takes, "A").json.has("system"));
}

TEST_P(RestApi, MeSaysWhatIMayDo) {
  const auto me = server.get("/api/v1/me", "clerk").json;
  EXPECT_EQ(me["kind"].text(), "person");
  EXPECT_EQ(me["grants"].array().at(0)["organisations"].array().at(0).text(), "K97");
  EXPECT_EQ(server.get("/api/v1/me", "").status, 401);
  EXPECT_GE(server.get("/api/v1/calendar?year=2026", "").json["days"].array().size(), 11u);
  EXPECT_EQ(server.get("/api/v1/late", "clerk").json["total"].integer(-1), 0);
}

// It gave everything: the number of a document of such a day did not fit.
TEST_P(RestApi, NothingIsAcceptedFromTheFarFutureOn) {
  send(letter_to({"K97"}));
  for (const char* year : {"2058", "2093", "2200", "2999", "9999"}) {
    const std::string from = std::string("accepted_from=") + year + "-01-01T00:00:00Z";
    EXPECT_TRUE(server.get("/api/v1/deliveries?" + from, "clerk").items().empty()) << year;
    EXPECT_TRUE(server.get("/api/v1/documents?" + from, "clerk").items().empty()) << year;
    const std::string to = std::string("accepted_to=") + year + "-01-01T00:00:00Z";
    EXPECT_EQ(server.get("/api/v1/deliveries?" + to, "clerk").items().size(), 1u) << year;
  }
}

// Its rows had nothing but numbers to be known by.
TEST_P(RestApi, WhatIsLateIsNamed) {
  const std::string id = send(letter_to({"G99"}));
  server.site.clock.advance(std::chrono::hours(24 * 7));
  server.know_person("auditor", identity::Role::auditor, {});
  const auto own = server.get("/api/v1/late", "A").items();
  ASSERT_EQ(own.size(), 1u);
  EXPECT_EQ(own[0]["document"].text(), id);
  EXPECT_EQ(own[0]["code"].text(), "15/SGD-VP");
  EXPECT_FALSE(own[0]["subject"].text().empty());
  EXPECT_FALSE(own[0]["recipient"]["name"].text().empty());
  const auto seen = server.get("/api/v1/late", "auditor").items();
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_EQ(seen[0]["code"].text(), "15/SGD-VP");
  EXPECT_FALSE(seen[0].has("subject")) << "who may not read it";
}

// Fills the path with examples, and the body with its example.
struct Request {
  std::string target, body, headers;
};
Request example(const Route& row) {
  Request made;
  made.target = row.path;
  for (const Parameter& one : row.parameters) {
    if (one.in != Parameter::In::path) continue;
    const base::Json value = example_of(one.schema);
    const std::string name = "{" + std::string(one.name) + "}";
    made.target.replace(made.target.find(name), name.size(),
                        value.is_string() ? std::string(value.text()) : value.dump());
  }
  if (row.body.json) {
    made.body = example_of(*row.body.json).dump();
  } else if (row.body.open) {
    made.body = "x";
    made.headers = "Content-Type: " + std::string(row.body.types.at(0)) + "\r\n";
  }
  if (row.method == http::Method::put) made.headers += "If-None-Match: *\r\n";
  for (const Parameter& one : row.parameters) {
    if (one.in != Parameter::In::header || !one.required) continue;
    const base::Json value = example_of(one.schema);
    made.headers += std::string(one.name) + ": " +
                    (value.is_string() ? std::string(value.text()) : value.dump()) + "\r\n";
  }
  return made;
}

TEST_P(RestApi, EveryRowAsEverybody) {
  std::vector<std::pair<std::string, identity::Permissions>> callers;
  for (int i = 0; i < identity::kRoles; ++i) {
    const auto role = static_cast<identity::Role>(i);
    const std::string name(identity::name_of(role));
    const bool unit = identity::may_be_of_organisation(role);
    server.know_person(name, role,
                       unit ? std::vector<std::string>{"K97"} : std::vector<std::string>{});
    callers.emplace_back(name, identity::permissions_of(role));
  }
  callers.emplace_back("B", identity::permissions_of_systems());
  for (const Route& row : server.face.rows()) {
    server.site.clock.advance(std::chrono::minutes(1));  // nobody asks too often
    const Request request = example(row);
    const std::string_view method = http::method_name(row.method);
    const std::string shown = std::string(method) + " " + request.target;
    const bool open = row.access.kind() == Access::Kind::open;
    const bool judges = row.access.kind() == Access::Kind::proof;
    const auto stranger = server.ask(method, request.target, "", request.body, request.headers);
    EXPECT_TRUE(judges || (stranger.status == 401) != open) << shown;
    EXPECT_TRUE(!judges || stranger.status >= 400) << shown;
    for (const auto& [name, permissions] : callers) {
      const auto answer = server.ask(method, request.target, name, request.body, request.headers);
      EXPECT_LT(answer.status, 500) << name << " " << shown << answer.body;
      const bool permitted =
          row.access.kind() != Access::Kind::permitted || permissions.has(row.access.permission());
      if (!permitted && row.method == http::Method::head) {
        EXPECT_EQ(answer.status, 403) << name << " " << shown;
      } else if (!permitted) {
        EXPECT_EQ(answer.reason(), "identity.not_permitted") << name << " " << shown;
      }
      if (permitted) {
        EXPECT_NE(answer.reason(), "identity.not_permitted") << name << " " << shown;
      }
      // The ids of the examples are nobody's.
      if (permitted && row.path.find("{id}") != std::string_view::npos) {
        EXPECT_EQ(answer.status, 404) << name << " " << shown;
      }
    }
  }
}

TEST(RestRows, SayEverythingInBothLanguages) {
  RestServer server;
  std::set<std::string_view> names;
  for (const Route& row : server.face.rows()) {
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    for (const base::Text& text : {row.summary, row.about}) {
      EXPECT_FALSE(text.vi.empty()) << row.path;
      EXPECT_FALSE(text.en.empty()) << row.path;
    }
    EXPECT_FALSE(row.answers.empty()) << row.path;
    EXPECT_FALSE(row.tag.empty()) << row.path;
    if (row.body.json) {
      EXPECT_FALSE(breach_of(*row.body.json, example_of(*row.body.json))) << row.path;
    }
    for (const Answer& answer : row.answers) {
      if (answer.schema) {
        EXPECT_FALSE(breach_of(*answer.schema, example_of(*answer.schema))) << row.path;
      }
    }
    for (const Parameter& one : row.parameters) {
      EXPECT_FALSE(one.schema.about.vi.empty()) << row.path << " " << one.name;
      if (one.in == Parameter::In::path) {
        EXPECT_TRUE(one.required) << row.path;
      }
    }
  }
}

TEST(RestDescription, HasEveryRowAndEveryReason) {
  RestServer server;
  const auto answer = server.get("/openapi.json", "");
  ASSERT_EQ(answer.status, 200);
  EXPECT_EQ(answer.text("openapi"), "3.1.0");
  for (const Route& row : server.face.rows()) {
    if (!row.path.starts_with("/api/")) continue;
    const auto& operation =
        answer.json["paths"][row.path][base::lower_ascii(http::method_name(row.method))];
    EXPECT_EQ(operation["operationId"].text(), row.name);
    for (const Refusal& one : refusals_of(row)) {
      const int status = status_of(one);
      EXPECT_TRUE(operation["responses"][std::to_string(status)]["content"]
                           ["application/problem+json"]["examples"]
                               .has(one.reason))
          << row.path << " " << one.reason;
    }
  }
  EXPECT_EQ(
      server.get("/openapi.json", "", "If-None-Match: " + answer.header("ETag") + "\r\n").status,
      304);
}

TEST(RestFace, NoAnswerIsShownInAFrame) {
  RestServer server;
  for (const auto& answer :
       {server.get("/api/v1/organisations", ""), server.get("/docs/api", ""),
        server.get("/api/v1/documents/none", ""), server.get("/api/v1/me", "")}) {
    EXPECT_NE(answer.header("Content-Security-Policy").find("frame-ancestors 'none'"),
              std::string::npos);
    EXPECT_EQ(answer.header("X-Content-Type-Options"), "nosniff");
  }
}

TEST(RestDescription, ThePageLoadsNothingFromElsewhere) {
  RestServer server;
  const auto vi = server.get("/docs/api", ""), en = server.get("/docs/api?lang=en", "");
  EXPECT_NE(vi.body.find("lang=\"vi\""), std::string::npos);
  EXPECT_NE(en.body.find("lang=\"en\""), std::string::npos);
  for (const auto& page : {vi, en}) {
    EXPECT_EQ(page.body.find("<script"), std::string::npos);
    EXPECT_EQ(page.body.find("src="), std::string::npos);
    EXPECT_NE(page.header("Content-Security-Policy").find("default-src 'none'"), std::string::npos);
    for (const Route& row : server.face.rows()) {
      if (row.path.starts_with("/api/")) {
        EXPECT_NE(page.body.find("id=\"" + std::string(row.name) + "\""), std::string::npos);
      }
    }
  }
}

}  // namespace
}  // namespace exchange::rest
