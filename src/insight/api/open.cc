// Figures for everybody: of whole months that are over, of all organisations together, without
// counts so small that they would tell of single cases.
#include <algorithm>

#include "exchange/rest/request.h"
#include "exchange/rest/views.h"
#include "insight/api/asked.h"
#include "insight/report.h"
#include "insight/savings.h"

namespace insight::api {
namespace {

using namespace exchange::rest;  // NOLINT: the words of a row

constexpr std::int64_t kSmall = 10, kMillion = 1'000'000;

bool small(std::int64_t count) { return count > 0 && count < kSmall; }

// What everybody may see of a figure, of so many deliveries in all: neither a small count nor one
// that follows by subtraction. Nothing: all of it is withheld.
std::optional<Figure> published(Figure one, std::int64_t deliveries) {
  one.query.clear();  // lists are for those who may see them
  const bool share = one.id == "late.share", money = one.id.starts_with("savings.");
  const std::int64_t rest = one.denominator - one.numerator;
  if (small(one.denominator)) return std::nullopt;
  if (share && (small(one.numerator) || small(rest) || small(deliveries - one.denominator)))
    return std::nullopt;
  const auto rounded = [](std::optional<std::int64_t>& dong) {
    if (dong) *dong = *dong / kMillion * kMillion;
  };
  if (money) {
    for (auto* const amount : {&one.value, &one.low, &one.high}) rounded(*amount);
    one.numerator = one.value.value_or(0);
    if (small(deliveries - one.denominator)) one.denominator = 0;
  } else if (!share && small(rest)) {
    one.numerator = one.denominator = 0;
  }
  return one;
}

// Of these and no others: more would tell the withheld ones by their sums.
constexpr std::string_view kPublished[] = {"documents", "deliveries", "arrival.p50", "arrival.p95",
                                           "late.share"};

base::Result<http::Response> month(const Rollup& rollup, const Call& call) {
  const base::Date today = base::vietnam_date(call.now);
  const bool january = today.month == 1;
  Month asked{today.year - (january ? 1 : 0), january ? 12 : today.month - 1};
  if (call.has("month")) {
    const auto named = parse_month(call.text("month"));
    if (!named || Month{today.year, today.month} <= *named) {
      return base::Error(base::Code::invalid, "insight.month_not_over",
                         "month: a month that is over, such as " + insight::text_of(asked),
                         "month: một tháng đã hết, ví dụ " + insight::text_of(asked));
    }
    asked = *named;
  }
  const Period period = days_of(asked);
  const Summary all = TRY(summary(rollup, {true, {}, Direction::received}, period, call.now));
  const Assumptions assumptions = TRY(Assumptions::read(rollup.exchange()));
  const Ledger saved = TRY(ledger(rollup, assumptions, period, call.now));
  base::Json json = head_json(period, all.as_of), figures{base::Json::Array{}};
  std::vector<Figure> known;
  for (const auto& part : {volumes(all), times(all), lateness(all)}) {
    std::copy_if(part.begin(), part.end(), std::back_inserter(known), [](const Figure& one) {
      return std::find(std::begin(kPublished), std::end(kPublished), one.id) !=
             std::end(kPublished);
    });
  }
  const auto money = figures_of(saved);
  known.insert(known.end(), money.begin(), money.end());
  for (const Figure& one : known) {
    const auto shown = published(one, all.cell.deliveries);
    Figure withheld;
    withheld.id = one.id;
    withheld.as_of = one.as_of;
    base::Json item = to_json(shown.value_or(withheld));
    if (!shown) item.add("suppressed", true);
    figures.push(std::move(item));
  }
  json.add("figures", std::move(figures));
  return http::Response::json(200, json.dump());
}

}  // namespace

std::vector<Route> open_rows(Rollup& rollup) {
  std::vector<Member> members = head_members();
  members.push_back(required("figures", figures_schema({"Số liệu.", "The figures."})));
  std::vector<Route> rows;
  rows.push_back({
      .path = "/api/v1/insight/open",
      .access = Access::open(),
      .name = "getOpenFigures",
      .tag = kTag,
      .summary = {"Số liệu mở của một tháng", "Open figures of a month"},
      .about =
          {"Ai cũng xem được. Số đếm từ 1 đến 9, và số từ đó suy ra được, không công bố: "
           "`suppressed`, hoặc tử số và mẫu số là 0. Tiền làm tròn xuống triệu đồng.",
           "For everybody. Counts of 1 to 9, and what tells them, are not published: "
           "`suppressed`, or numerator and denominator are 0. Money is cut to whole millions."},
      .parameters = {{Parameter::In::query, "month",
                      text(7,
                           {"Tháng đã hết; mặc định: tháng trước.",
                            "A month that is over; without it the last one."},
                           "2026-10", 7)}},
      .answers = {{200,
                   {"Số liệu.", "The figures."},
                   object("OpenFigures", {"Số liệu mở.", "Open figures."}, std::move(members))}},
      .refusals = {{"insight.month_not_over",
                    base::Code::invalid,
                    {"Tháng sai hoặc chưa hết.", "No month, or one that is not over."}},
                   {"insight.cell_damaged",
                    base::Code::data_loss,
                    {"Số đếm bị hỏng.", "What was counted is damaged."}}},
      .handler = [&rollup](Call& call) { return month(rollup, call); },
  });
  return rows;
}

}  // namespace insight::api
