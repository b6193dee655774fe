#include "insight/report.h"

#include "base/hash.h"
#include "base/json.h"
#include "base/text.h"
#include "insight/assumptions.h"
#include "insight/report_figures.h"
#include "store/journal.h"

namespace insight {
namespace {

using store::Query;

constexpr base::Duration kSettles = std::chrono::minutes(5);
// The furthest that a deadline lies ahead: long holidays.
constexpr std::int64_t kDeadlineDays = 31;
constexpr int kReportsMax = 1000;

const Query kInsert{"insight.report_insert",
                    "insert into insight_report (id, month, made_at, inputs, csv, pdf, body_bytes) "
                    "values ($1, $2, $3, $4, $5, $6, $7)"};
const Query kLast{"insight.report_last", "select max(id) from insight_report"};
const Query kList{"insight.reports",
                  "select id, made_at, inputs, body_bytes, month from insight_report "
                  "order by id desc limit $1"};
const Query kOne{
    "insight.report",
    "select id, made_at, inputs, body_bytes, (select max(id) from insight_report later "
    "where later.month = insight_report.month), csv, pdf from insight_report "
    "where id = $1"};

base::Result<ReportInputs> read_inputs(std::string_view text) {
  const base::Json json = TRY(base::Json::parse(text));
  ReportInputs out;
  out.month = parse_month(json["month"].text()).value_or(Month{});
  out.as_of = base::from_micros(json["as_of"].integer());
  out.assumptions = json["assumptions"].integer();
  out.basis = json["basis"].text();
  return out;
}

std::string basis_at(const exchange::Exchange& exchange, const Month& month, base::Time as_of) {
  return basis_of(exchange, {days_of(month).from, day_of(as_of) + kDeadlineDays});
}

base::Result<ReportInputs> inputs_now(exchange::Exchange& exchange, const Month& month) {
  ReportInputs out;
  out.month = month;
  out.as_of = exchange.clock().now() - kSettles;
  if (day_of(out.as_of) < days_of(month).to) {
    return base::Error(base::Code::invalid, "insight.month_not_over",
                       "month: " + text_of(month) + " is not over; a report needs a whole month",
                       "month: tháng " + text_of(month) + " chưa hết; báo cáo cần trọn tháng");
  }
  const Assumptions assumptions = TRY(Assumptions::read(exchange));
  out.assumptions = assumptions.version();
  out.basis = basis_at(exchange, month, out.as_of);
  return out;
}

struct Made {
  base::Bytes csv, pdf;
};
base::Result<Made> compute(exchange::Exchange& exchange, const ReportInputs& inputs) {
  const ReportFigures figures = TRY(report_figures(exchange, inputs));
  Made made;
  made.csv = csv_of(figures, inputs);
  made.pdf = TRY(pdf_of(figures, inputs, made.csv));
  return made;
}

}  // namespace

std::optional<Month> parse_month(std::string_view text) {
  const auto parts = base::split(text, '-');
  if (text.size() != 7 || parts.size() != 2 || parts[0].size() != 4) return std::nullopt;
  const auto year = base::parse_int(parts[0]), month = base::parse_int(parts[1]);
  if (!year || !month || *year < 2024 || *year > 2199 || *month < 1 || *month > 12)
    return std::nullopt;
  return Month{static_cast<int>(*year), static_cast<int>(*month)};
}

std::string text_of(const Month& month) {
  return day_text(day_of(base::Date{month.year, month.month, 1})).substr(0, 7);
}

Period days_of(const Month& month) {
  const bool last = month.month == 12;
  return {day_of(base::Date{month.year, month.month, 1}),
          day_of(base::Date{month.year + (last ? 1 : 0), last ? 1 : month.month + 1, 1})};
}

base::Json to_json(const ReportInputs& inputs) {
  base::Json json;
  json.add("month", text_of(inputs.month)).add("as_of", base::to_micros(inputs.as_of));
  json.add("assumptions", inputs.assumptions).add("definition", kDefinition);
  json.add("basis", inputs.basis);
  return json;
}

base::Result<Report> make_report(exchange::Exchange& exchange, const Month& month,
                                 const Seal& seal) {
  Report out;
  out.inputs = TRY(inputs_now(exchange, month));
  Made made = TRY(compute(exchange, out.inputs));
  const base::Bytes appended = TRY(seal(made.pdf));
  out.body_bytes = static_cast<std::int64_t>(made.pdf.size());
  out.csv = std::move(made.csv);
  out.pdf = std::move(made.pdf) + appended;
  out.made_at = exchange.clock().now();
  TRY(exchange.database().write([&](store::Connection& connection) -> base::Result<void> {
    const base::Time now = out.made_at;
    out.id = TRY(connection.integer(kLast, {})).value_or(0) + 1;
    TRY(connection.run(
        kInsert, {out.id, month.year * 100 + month.month, out.made_at, to_json(out.inputs).dump(),
                  store::Blob{out.csv}, store::Blob{out.pdf}, out.body_bytes}));
    base::Json body;
    body.add("report", out.id).add("csv", base::hex(base::sha256(out.csv)));
    body.add("pdf", base::hex(base::sha256(out.pdf)));
    return store::journal::append(connection, now, "report_made", text_of(month), body);
  }));
  return out;
}

base::Result<std::vector<Report>> reports(const exchange::Exchange& exchange) {
  std::vector<Report> out;
  TRY(exchange.database().read([&](store::Connection& connection) -> base::Result<void> {
    out.clear();
    std::set<std::int64_t> seen;
    base::Result<void> failed;
    TRY(connection.each(kList, {kReportsMax}, [&](const store::Row& row) {
      Report one;
      one.id = row.integer(0);
      one.made_at = row.time(1);
      auto inputs = read_inputs(row.text(2));
      if (!inputs) failed = inputs.error();
      if (inputs) one.inputs = *std::move(inputs);
      one.body_bytes = row.integer(3);
      one.superseded = !seen.insert(row.integer(4)).second;
      out.push_back(std::move(one));
      return failed.ok();
    }));
    return failed;
  }));
  return out;
}

base::Result<Report> report(const exchange::Exchange& exchange, std::int64_t id) {
  std::optional<Report> found;
  TRY(exchange.database().read([&](store::Connection& connection) -> base::Result<void> {
    found.reset();
    base::Result<void> failed;
    TRY(connection.first(kOne, {id}, [&](const store::Row& row) {
      found.emplace();
      found->id = row.integer(0);
      found->made_at = row.time(1);
      auto inputs = read_inputs(row.text(2));
      if (!inputs) failed = inputs.error();
      if (inputs) found->inputs = *std::move(inputs);
      found->body_bytes = row.integer(3);
      found->superseded = row.integer(4) != id;
      found->csv = row.bytes(5);
      found->pdf = row.bytes(6);
    }));
    return failed;
  }));
  if (found) return *std::move(found);
  return base::Error(
      base::Code::not_found, "insight.unknown_report",
      "there is no report " + std::to_string(id) + "; truc insight list names all",
      "không có báo cáo số " + std::to_string(id) + "; truc insight list liệt kê các báo cáo");
}

base::Result<ReportVerdict> verify_report(exchange::Exchange& exchange, const Report& report) {
  const Made made = TRY(compute(exchange, report.inputs));
  ReportVerdict out;
  out.csv_same = made.csv == report.csv;
  out.pdf_same = made.pdf ==
                 base::BytesView(report.pdf).substr(0, static_cast<std::size_t>(report.body_bytes));
  out.basis_same =
      report.inputs.basis == basis_at(exchange, report.inputs.month, report.inputs.as_of);
  return out;
}

std::string csv_cell(std::string_view text) {
  std::string out;
  if (!text.empty() && std::string_view("=+-@\t\r\n").find(text.front()) != std::string_view::npos)
    out = "'";
  out += text;
  if (out.find_first_of("\",\r\n") == std::string::npos) return out;
  std::string quoted = "\"";
  for (const char c : out) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

}  // namespace insight
