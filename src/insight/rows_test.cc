// The rows of figures over a real server.
#include "insight/rows.h"

#include "exchange/rest/request.h"
#include "exchange/testing/engines.h"
#include "exchange/testing/rest_server.h"
#include "insight/figure.h"
#include "insight/report.h"
#include "insight/testing/busy_exchange.h"

namespace insight {
namespace {

using exchange::testing::RestAnswer;
using exchange::testing::RestServer;

class InsightRows : public ::testing::TestWithParam<std::string> {
 protected:
  InsightRows()
      : server(exchange::testing::fresh_database(GetParam()), [this](exchange::Exchange& exchange) {
          rollup = Rollup::open(exchange).value();
          return rows(*rollup);
        }) {
    server.site.clock.set(testing::monday());
    server.know_person("operator", identity::Role::operator_, {});
    server.know_person("monitor", identity::Role::monitor, {});
    server.know_person("clerk", identity::Role::clerk, {"G99"});
    server.know_person("other", identity::Role::clerk, {"H98"});
  }
  RestAnswer get(const std::string& path, const std::string& caller = "operator") {
    server.site.clock.advance(std::chrono::minutes(1));  // nobody asks too often
    return server.get("/api/v1/insight/" + path, caller);
  }
  void fill(std::uint64_t seed = 3) {
    testing::Busy busy(server.site, seed);
    busy.work(80);
    rollup->follow().value();
  }
  static const base::Json& figure(const base::Json& list, std::string_view id) {
    static const base::Json kNone;
    for (const base::Json& one : list.array())
      if (one["id"].text() == id) return one;
    ADD_FAILURE() << "no figure " << id;
    return kNone;
  }
  // How many items the list at `query` has, over all of its pages.
  std::int64_t count(std::string next, const std::string& caller = "operator") {
    std::int64_t items = 0;
    while (!next.empty()) {
      server.site.clock.advance(std::chrono::seconds(1));
      const RestAnswer page = server.get(next, caller);
      EXPECT_EQ(page.status, 200) << page.body;
      items += static_cast<std::int64_t>(page.items().size());
      next = page.text("next");
    }
    return items;
  }
  std::unique_ptr<Rollup> rollup;
  RestServer server;
};
ON_BOTH_ENGINES(InsightRows);

TEST_P(InsightRows, EveryCountOpensTheListThatMakesIt) {
  fill();
  for (const std::string caller : {"operator", "clerk"}) {
    const RestAnswer flow = get("flow?from=2026-11-16&to=2026-12-16", caller);
    ASSERT_EQ(flow.status, 200) << flow.body;
    const RestAnswer late = get("lateness?from=2026-11-16&to=2026-12-16", caller);
    std::size_t opened = 0;
    for (const auto* list : {&flow.json["volumes"], &flow.json["times"], &flow.json["funnel"],
                             &late.json["figures"]}) {
      for (const base::Json& one : list->array()) {
        EXPECT_TRUE(one.has("definition") && one.has("as_of") && one.has("denominator"));
        if (one["unit"].text() != "deliveries" || one["id"].text() == "late.expected") continue;
        EXPECT_EQ(count(std::string(one["query"].text()), caller), one["value"].integer())
            << caller << " " << one["id"].text();
        ++opened;
      }
    }
    EXPECT_GT(opened, 12u);
    const std::int64_t late_now = figure(late.json["figures"], "late.now")["value"].integer(-1);
    EXPECT_EQ(
        count(std::string(figure(late.json["figures"], "late.share")["query"].text()), caller),
        figure(late.json["figures"], "late.share")["numerator"].integer());
    EXPECT_GE(late_now, 0);
  }
}

TEST_P(InsightRows, EachSeesTheirOwn) {
  fill();
  const auto deliveries = [&](const std::string& caller, const std::string& more = "") {
    const RestAnswer flow = get("flow?from=2026-11-16&to=2026-12-16" + more, caller);
    return figure(flow.json["volumes"], "deliveries")["value"].integer(-1);
  };
  const std::int64_t all = deliveries("monitor"), g99 = deliveries("clerk"),
                     h98 = deliveries("other");
  EXPECT_GT(g99, h98);
  EXPECT_GT(all, g99 + h98) << "and what went to K97";
  EXPECT_EQ(deliveries("monitor", "&organisation=G99"), g99);
  EXPECT_EQ(get("flow?organisation=H98", "clerk").reason(), "identity.organisation_unknown");
  EXPECT_EQ(get("flow?organisation=NOBODY", "clerk").reason(), "identity.organisation_unknown");
  EXPECT_EQ(get("deliveries", "monitor").status, 403) << "figures only";
  EXPECT_EQ(get("savings", "clerk").reason(), "rest.platform_only");
  const RestAnswer standings = get("standings?from=2026-11-16&to=2026-12-16&limit=2", "monitor");
  ASSERT_EQ(standings.items().size(), 2u);
  EXPECT_EQ(standings.items()[0]["organisation"]["code"].text(), "G99");
  EXPECT_EQ(standings.items()[0]["deliveries"].integer(), g99);
  EXPECT_EQ(server.get(standings.text("next"), "monitor").items().size(), 1u);
  const RestAnswer own = get("standings?from=2026-11-16&to=2026-12-16", "clerk");
  EXPECT_EQ(own.items().size(), 1u);
  EXPECT_EQ(get("overview", "clerk").json["figures"].array().size(), 5u);
  EXPECT_EQ(get("overview", "monitor").json["figures"].array().size(), 6u) << "and the saving";
  EXPECT_EQ(get("flow?from=2026-11-16&to=2026-11-15").reason(), "insight.bad_period");
  EXPECT_EQ(get("flow?from=2020-11-16&to=2026-11-15").reason(), "insight.bad_period");
}

TEST_P(InsightRows, StuckSaysWhyAndWho) {
  exchange::testing::Letter letter;
  letter.to = {"G99", "K97"};
  server.site.send(letter);
  server.site.clock.advance(std::chrono::hours(30));
  rollup->follow().value();
  const RestAnswer page = get("stuck");
  ASSERT_EQ(page.items().size(), 2u);
  EXPECT_EQ(page.items()[0]["why"].text(), "not_fetched");
  EXPECT_EQ(page.items()[0]["who"].text(), "G99");
  EXPECT_EQ(page.items()[1]["why"].text(), "not_connected");
  EXPECT_EQ(get("stuck", "clerk").items().size(), 1u);
  EXPECT_EQ(get("stuck?hours=48").items().size(), 0u);
}

TEST_P(InsightRows, AssumptionsAreSetByTheOperatorAlone) {
  fill();
  const std::string path = "/api/v1/insight/assumptions";
  base::Json body;
  body.add("code", "post.price").add("value", "30000").add("low", "25000").add("high", "35000.5");
  body.add("source", "Bảng giá cước 2026").add("owner", "Vụ Tài chính");
  body.add("valid_from", "2026-11-01");
  EXPECT_EQ(server.post(path, "monitor", body).reason(), "identity.not_permitted");
  const auto before = get("savings?from=2026-11-16&to=2026-12-16");
  base::Json changed, scenario{base::Json::Array{}}, one;
  one.add("code", "post.price").add("value", "1");
  scenario.push(one);
  changed.add("assumptions", std::move(scenario));
  const auto tried = server.post("/api/v1/insight/savings/scenario?from=2026-11-16&to=2026-12-16",
                                 "monitor", changed);
  ASSERT_EQ(tried.status, 200) << tried.body;
  EXPECT_EQ(tried.json["official"]["figures"].dump(), before.json["figures"].dump());
  EXPECT_LT(figure(tried.json["scenario"], "savings.post")["value"].integer(),
            figure(before.json["figures"], "savings.post")["value"].integer());
  const auto set = server.post(path, "operator", body);
  ASSERT_EQ(set.status, 201) << set.body;
  EXPECT_EQ(set.json["version"].integer(), 1);
  EXPECT_EQ(set.text("set_by"), "person:operator");
  const auto after = get("savings?from=2026-11-16&to=2026-12-16");
  EXPECT_GT(figure(after.json["figures"], "savings.post")["value"].integer(),
            figure(before.json["figures"], "savings.post")["value"].integer());
  for (const auto& [member, value, reason] : {std::tuple{"value", "1e9", "insight.bad_number"},
                                              {"code", "x", "insight.unknown_assumption"},
                                              {"low", "40000", "insight.bad_range"},
                                              {"source", "  ", "insight.bad_assumption"}}) {
    base::Json wrong;
    for (const auto& [name, held] : body.object()) wrong.add(name, name == member ? value : held);
    EXPECT_EQ(server.post(path, "operator", wrong).reason(), reason);
  }
  const auto sheet = get("assumptions", "");
  EXPECT_GT(sheet.json["history"].array().size(), 8u);
  // What is brought along is in both languages; what was set, as it was written.
  for (const base::Json& held : sheet.json["in_force"].array()) {
    const bool brought = held["version"].integer() == 0;
    EXPECT_EQ(held["source_en"].text().empty(), !brought) << held.dump();
    EXPECT_NE(held["source"].text(), held["source_en"].text());
  }
  EXPECT_EQ(get("savings/sensitivity").json["items"].array().size(), 8u);
  const auto claim = get("savings/calibration", "");
  EXPECT_EQ(claim.json["gross"].integer(), 1'305'500'000'000);
  EXPECT_EQ(server.site.findings(), "");
}

TEST_P(InsightRows, OpenFiguresHideSmallCounts) {
  exchange::testing::Letter letter;
  letter.to = {"G99"};
  server.site.send(letter);
  rollup->follow().value();
  server.site.clock.set(*base::parse_vietnam_time("2026/12/03 09:00:00"));
  const auto few = server.get("/api/v1/insight/open?month=2026-11", "");
  ASSERT_EQ(few.status, 200) << few.body;
  for (const base::Json& one : few.json["figures"].array()) {
    const bool hidden = one["suppressed"].boolean();
    EXPECT_FALSE(hidden && one.has("value"));
    EXPECT_FALSE(one["denominator"].integer() > 0 && one["denominator"].integer() < 10);
    EXPECT_FALSE(one.has("query"));
  }
  EXPECT_TRUE(figure(few.json["figures"], "documents")["suppressed"].boolean());
  server.site.clock.set(testing::monday());
  testing::Busy(server.site, 4).work(120);
  rollup->follow().value();
  server.site.clock.set(*base::parse_vietnam_time("2026/12/20 09:00:00"));
  const auto many = get("open?month=2026-11", "");
  EXPECT_GT(figure(many.json["figures"], "documents")["value"].integer(), 10);
  EXPECT_EQ(figure(many.json["figures"], "savings.gross")["value"].integer() % 1'000'000, 0);
  EXPECT_EQ(get("open?month=2026-12", "").reason(), "insight.month_not_over");
  EXPECT_EQ(get("open?month=2026-1x", "").reason(), "insight.month_not_over");
}

TEST_P(InsightRows, ReportsAreFiles) {
  fill();
  server.site.clock.set(*base::parse_vietnam_time("2026/12/03 09:00:00"));
  ASSERT_TRUE(make_report(server.site.exchange(), {2026, 11}, [](base::BytesView) {
                return base::Result<base::Bytes>(base::Bytes("sealed"));
              }).ok());
  EXPECT_EQ(get("reports").items().size(), 1u);
  const auto csv = get("reports/1/csv");
  EXPECT_EQ(csv.status, 200);
  EXPECT_NE(csv.header("Content-Disposition").find("truc-2026-11-1.csv"), std::string::npos);
  EXPECT_TRUE(get("reports/1/pdf").body.starts_with("%PDF-"));
  EXPECT_TRUE(get("reports/1/verification").json["csv_same"].boolean());
  EXPECT_EQ(get("reports/2/csv").reason(), "insight.unknown_report");
  EXPECT_EQ(get("reports", "clerk").reason(), "rest.platform_only");
}

TEST_P(InsightRows, EveryRowAsEverybody) {
  for (int i = 0; i < identity::kRoles; ++i) {
    const auto role = static_cast<identity::Role>(i);
    const bool unit = identity::may_be_of_organisation(role);
    server.know_person("someone", role,
                       unit ? std::vector<std::string>{"K97"} : std::vector<std::string>{});
    for (const exchange::rest::Route& row : server.face.rows()) {
      server.site.clock.advance(std::chrono::minutes(1));
      std::string target(row.path);
      if (const auto at = target.find("{number}"); at != std::string::npos)
        target.replace(at, 8, "12");
      const std::string body =
          row.body.json ? exchange::rest::example_of(*row.body.json).dump() : "";
      const std::string_view method = http::method_name(row.method);
      const bool open = row.access.kind() == exchange::rest::Access::Kind::open;
      EXPECT_EQ(server.ask(method, target, "", body).status == 401, !open) << target;
      const RestAnswer answer = server.ask(method, target, "someone", body);
      EXPECT_LT(answer.status, 500) << target << answer.body;
      const bool permitted = open || identity::permissions_of(role).has(row.access.permission());
      EXPECT_EQ(answer.reason() == "identity.not_permitted", !permitted)
          << identity::name_of(role) << " " << target << answer.body;
    }
  }
}

TEST_P(InsightRows, SayEverythingInBothLanguages) {
  std::set<std::string_view> names;
  for (const exchange::rest::Route& row : server.face.rows()) {
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    for (const base::Text& text : {row.summary, row.about}) {
      EXPECT_FALSE(text.vi.empty()) << row.path;
      EXPECT_FALSE(text.en.empty()) << row.path;
    }
    if (row.body.json) {
      EXPECT_FALSE(
          exchange::rest::breach_of(*row.body.json, exchange::rest::example_of(*row.body.json)));
    }
    for (const exchange::rest::Answer& answer : row.answers) {
      if (!answer.schema) continue;
      const auto breach =
          exchange::rest::breach_of(*answer.schema, exchange::rest::example_of(*answer.schema));
      EXPECT_FALSE(breach) << row.path << " " << breach->pointer << " " << breach->error.detail();
    }
    for (const exchange::rest::Parameter& one : row.parameters)
      EXPECT_FALSE(one.schema.about.vi.empty()) << row.path << " " << one.name;
  }
  for (const Definition& one : definitions()) {
    EXPECT_FALSE(one.name.vi.empty() || one.name.en.empty()) << one.id;
    EXPECT_FALSE(one.formula.vi.empty() || one.formula.en.empty()) << one.id;
  }
}

}  // namespace
}  // namespace insight
