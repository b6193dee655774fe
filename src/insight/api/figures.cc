// Volumes, times, the funnel, lateness, and who stands where.
#include <algorithm>
#include <cmath>

#include "exchange/rest/request.h"
#include "exchange/rest/views.h"
#include "insight/api/asked.h"
#include "insight/rows.h"
#include "insight/savings.h"

namespace insight::api {
namespace {

using namespace exchange::rest;  // NOLINT: the words of a row
using identity::Permission;

std::vector<Figure> glance(const Summary& summary) {
  std::vector<Figure> out;
  for (const auto& part : {volumes(summary), times(summary), lateness(summary)}) {
    for (const Figure& one : part) {
      for (const std::string_view id :
           {"documents", "deliveries", "arrival.p95", "late.now", "late.share"})
        if (one.id == id) out.push_back(one);
    }
  }
  return out;
}

// The saving is of all organisations together; nobody else is shown it.
base::Result<http::Response> overview(const Rollup& rollup, const Call& call) {
  const Asked asked = TRY(asked_of(rollup.exchange(), call));
  Asked before = asked;
  before.period = {asked.period.from - (asked.period.to - asked.period.from), asked.period.from};
  const Summary now = TRY(summary_of(rollup, asked, call.now));
  const Summary earlier = TRY(summary_of(rollup, before, call.now));
  std::vector<Figure> figures = glance(now), previous = glance(earlier);
  if (asked.scope.everywhere) {
    const Assumptions assumptions = TRY(Assumptions::read(rollup.exchange()));
    const Ledger ours = TRY(ledger(rollup, assumptions, asked.period, call.now));
    const Ledger theirs = TRY(ledger(rollup, assumptions, before.period, call.now));
    figures.push_back(figures_of(ours).back());
    previous.push_back(figures_of(theirs).back());
  }
  for (std::size_t i = 0; i < figures.size(); ++i) figures[i].previous = previous[i].value;
  base::Json json = head_json(asked.period, now.as_of);
  json.add("figures", figures_json(figures));
  return http::Response::json(200, json.dump());
}

base::Result<http::Response> flow(const Rollup& rollup, const Call& call) {
  const Asked asked = TRY(asked_of(rollup.exchange(), call));
  const Summary now = TRY(summary_of(rollup, asked, call.now));
  base::Json json = head_json(asked.period, now.as_of), days{base::Json::Array{}};
  for (const Day& day : now.days) {
    base::Json one;
    one.add("day", day_text(day.day)).add("documents", day.documents);
    one.add("deliveries", day.deliveries).add("urgent", day.urgent_deliveries);
    days.push(std::move(one));
  }
  json.add("volumes", figures_json(volumes(now))).add("times", figures_json(times(now)));
  json.add("funnel", figures_json(funnel(now))).add("days", std::move(days));
  return http::Response::json(200, json.dump());
}

base::Result<http::Response> late(const Rollup& rollup, const Call& call) {
  const Asked asked = TRY(asked_of(rollup.exchange(), call));
  const Summary now = TRY(summary_of(rollup, asked, call.now));
  base::Json json = head_json(asked.period, now.as_of), days{base::Json::Array{}};
  for (const Forecast& day : forecast(now)) {
    base::Json one;
    one.add("day", day_text(day.day)).add("due", day.waiting);
    one.add("expected_late", static_cast<std::int64_t>(std::llround(day.expected)));
    days.push(std::move(one));
  }
  json.add("figures", figures_json(lateness(now))).add("forecast", std::move(days));
  return http::Response::json(200, json.dump());
}

base::Result<http::Response> standing(const Rollup& rollup, const Call& call) {
  const exchange::Exchange& exchange = rollup.exchange();
  const Asked asked = TRY(asked_of(exchange, call));
  identity::Reach reach = call.reach;
  if (!asked.organisation.empty()) reach = {false, asked.scope.organisations};
  base::Time as_of;
  auto all = TRY(standings(rollup, reach, asked.scope.direction, asked.period, call.now, as_of));
  if (call.text("by") == "late") {
    std::stable_sort(all.begin(), all.end(), [](const Standing& a, const Standing& b) {
      return a.late_now + a.answered_late > b.late_now + b.answered_late;
    });
  }
  const auto place = TRY(call.place());
  const auto first = static_cast<std::size_t>(place ? place->at(0) : 0);
  const std::size_t end = std::min(all.size(), first + static_cast<std::size_t>(call.limit()));
  base::Json items{base::Json::Array{}};
  Summary of{asked.scope, {}, asked.period, {}, {}, as_of};
  for (std::size_t i = first; i < end; ++i) {
    const Standing& one = all[i];
    base::Json item;
    const base::Json party = party_json(exchange, one.organisation);
    of.organisation = party["code"].text();
    item.add("rank", static_cast<std::int64_t>(i + 1)).add("organisation", party);
    item.add("documents", one.documents).add("deliveries", one.deliveries);
    item.add("unarrived", one.unarrived).add("answered", one.answered);
    item.add("answered_late", one.answered_late).add("late_now", one.late_now);
    item.add("query", list_of(of, ""));
    items.push(std::move(item));
  }
  return call.page(
      std::move(items),
      end < all.size() ? std::optional(Place{static_cast<std::int64_t>(end)}) : std::nullopt,
      head_json(asked.period, as_of));
}

base::Result<http::Response> named(const Call&) {
  base::Json json, items{base::Json::Array{}};
  for (const Definition& one : definitions()) {
    base::Json item;
    item.add("id", one.id)
        .add("definition", std::string(one.id) + "@" + std::to_string(kDefinition));
    item.add("unit", one.unit).add("name_vi", one.name.vi).add("name_en", one.name.en);
    item.add("formula_vi", one.formula.vi).add("formula_en", one.formula.en);
    items.push(std::move(item));
  }
  json.add("items", std::move(items));
  return http::Response::json(200, json.dump());
}

Schema count_schema(base::Text about) { return integer(0, kCountMax, std::move(about), 120); }

std::vector<Member> with_head(std::vector<Member> members) {
  auto all = head_members();
  all.insert(all.end(), members.begin(), members.end());
  return all;
}

Schema flow_schema() {
  return object(
      "Flow", {"Luồng văn bản của một kỳ.", "What flowed in a period."},
      with_head(
          {required("volumes", figures_schema({"Khối lượng.", "Volumes."})),
           required("times", figures_schema({"Thời gian đến nơi, trả lời.", "Times."})),
           required("funnel", figures_schema({"Lượt chuyển đang ở đâu.", "How far they came."})),
           required("days",
                    list(object("FlowDay", {"Một ngày.", "One day."},
                                {required("day", date({"Ngày.", "The day."})),
                                 required("documents", count_schema({"Văn bản.", "Documents."})),
                                 required("deliveries", count_schema({"Lượt.", "Deliveries."})),
                                 required("urgent", count_schema({"Lượt khẩn.", "Urgent ones."}))}),
                         kDaysMax))}));
}

Schema lateness_schema() {
  return object(
      "Lateness", {"Muộn và dự báo.", "What is late, and what will be."},
      with_head(
          {required("figures", figures_schema({"Số liệu.", "Figures."})),
           required("forecast",
                    list(object("ForecastDay",
                                {"Những lượt đến hạn trong một ngày.", "What is due on a day."},
                                {required("day", date({"Ngày đến hạn.", "The day."})),
                                 required("due", count_schema({"Lượt chưa trả lời sẽ đến hạn.",
                                                               "Not answered yet and due."})),
                                 required("expected_late",
                                          count_schema({"Trong đó dự báo sẽ muộn.",
                                                        "Of these, expected to be late."}))}),
                         4000))}));
}

Schema standings_schema() {
  Schema item =
      object("Standing", {"Một cơ quan trong kỳ.", "An organisation in a period."},
             {required("rank", integer(1, kCountMax, {"Thứ tự.", "Its place."}, 1)),
              required("organisation", party_schema({"Cơ quan.", "The organisation."})),
              required("documents", count_schema({"Văn bản.", "Documents."})),
              required("deliveries", count_schema({"Lượt chuyển.", "Deliveries."})),
              required("unarrived", count_schema({"Chưa đến.", "Not arrived."})),
              required("answered", count_schema({"Đã trả lời.", "Answered."})),
              required("answered_late", count_schema({"Trả lời muộn.", "Answered late."})),
              required("late_now", count_schema({"Đang quá hạn.", "Late now."})),
              required("query", text(2000, {"Địa chỉ danh sách.", "Address of the list."},
                                     "/api/v1/insight/deliveries?organisation=H41.12"))});
  Schema made = page_of("Standings", std::move(item));
  const auto head = head_members();
  made.members.insert(made.members.end(), head.begin(), head.end());
  return made;
}

Schema definitions_schema() {
  const Schema words = text(2000, {"Bằng lời.", "In words."}, "Số văn bản trục đã tiếp nhận");
  return object(
      "Definitions", {"Định nghĩa của mọi số liệu.", "What every figure means."},
      {required("items",
                list(object("Definition", {"Một định nghĩa.", "A definition."},
                            {required("id", text(64, {"Tên.", "Its name."}, "documents")),
                             required("definition", text(80, {"Có phiên bản.", "With its version."},
                                                         "documents@1")),
                             required("unit", text(20, {"Đơn vị.", "The unit."}, "documents")),
                             required("name_vi", words), required("name_en", words),
                             required("formula_vi", words), required("formula_en", words)}),
                     100))});
}

Schema overview_schema() {
  return object("Overview", {"Nhìn chung.", "At a glance."},
                with_head({required("figures", figures_schema({"Các số liệu chính, kèm kỳ trước.",
                                                               "The main figures, with those of "
                                                               "the period before."}))}));
}

}  // namespace

std::vector<Route> figure_rows(Rollup& rollup) {
  std::vector<Route> rows;
  rows.push_back({
      .path = "/api/v1/insight/overview",
      .access = Permission::statistics_read,
      .name = "getOverview",
      .tag = kTag,
      .summary = {"Nhìn chung, so với kỳ trước", "At a glance, against the period before"},
      .parameters = scope_parameters(),
      .answers = {{200, {"Số liệu.", "The figures."}, overview_schema()}},
      .refusals = scope_refusals(),
      .handler = [&rollup](Call& call) { return overview(rollup, call); },
  });
  rows.push_back({
      .path = "/api/v1/insight/flow",
      .access = Permission::statistics_read,
      .name = "getFlow",
      .tag = kTag,
      .summary = {"Khối lượng, thời gian đến nơi, các trạng thái", "Volumes, times and states"},
      .about =
          {"Bách phân vị tính cả lượt chưa đến (Kaplan–Meier): khi chưa biết được thì không có "
           "`value` mà có `at_least`.",
           "Percentiles count what has not arrived (Kaplan–Meier): while one cannot be known "
           "there is no `value` but `at_least`."},
      .parameters = scope_parameters(),
      .answers = {{200, {"Số liệu.", "The figures."}, flow_schema()}},
      .refusals = scope_refusals(),
      .handler = [&rollup](Call& call) { return flow(rollup, call); },
  });
  rows.push_back({
      .path = "/api/v1/insight/lateness",
      .access = Permission::statistics_read,
      .name = "getLateness",
      .tag = kTag,
      .summary = {"Đang muộn và sẽ muộn", "What is late, and what will be"},
      .parameters = scope_parameters(),
      .answers = {{200, {"Số liệu.", "The figures."}, lateness_schema()}},
      .refusals = scope_refusals(),
      .handler = [&rollup](Call& call) { return late(rollup, call); },
  });
  auto ranked = joined({limit_parameter(), cursor_parameter()}, scope_parameters());
  ranked.push_back({Parameter::In::query, "by",
                    word({"deliveries", "late"}, {"Xếp theo lượt chuyển hay theo số muộn.",
                                                  "Ranked by deliveries or by what is late."})});
  rows.push_back({
      .path = "/api/v1/insight/standings",
      .access = Permission::statistics_read,
      .name = "listStandings",
      .tag = kTag,
      .summary = {"Từng cơ quan, nhiều nhất trước", "Each organisation, the most first"},
      .parameters = std::move(ranked),
      .answers = {{200, {"Một trang.", "A page."}, standings_schema()}},
      .refusals = scope_refusals(),
      .handler = [&rollup](Call& call) { return standing(rollup, call); },
  });
  rows.push_back({
      .path = "/api/v1/insight/definitions",
      .access = Access::open(),
      .name = "listDefinitions",
      .tag = kTag,
      .summary = {"Định nghĩa của mọi số liệu", "What every figure means"},
      .answers = {{200, {"Định nghĩa.", "The definitions."}, definitions_schema()}},
      .handler = [](Call& call) { return named(call); },
  });
  return rows;
}

}  // namespace insight::api

namespace insight {

std::vector<exchange::rest::Route> rows(Rollup& rollup) {
  std::vector<exchange::rest::Route> all;
  for (auto&& some : {api::figure_rows(rollup), api::list_rows(rollup), api::savings_rows(rollup),
                      api::report_rows(rollup), api::open_rows(rollup)})
    all.insert(all.end(), some.begin(), some.end());
  // Where the summary says it all.
  for (exchange::rest::Route& row : all)
    if (row.about.en.empty()) row.about = row.summary;
  return all;
}

}  // namespace insight
