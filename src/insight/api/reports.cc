// Monthly reports as files. They are made by `truc insight report`, where the key is.
#include "base/hash.h"
#include "exchange/rest/administration.h"
#include "exchange/rest/request.h"
#include "exchange/rest/views.h"
#include "insight/api/asked.h"
#include "insight/report.h"

namespace insight::api {
namespace {

using namespace exchange::rest;  // NOLINT: the words of a row
using identity::Permission;

base::Json report_json(const Report& one) {
  base::Json json;
  json.add("id", one.id).add("month", insight::text_of(one.inputs.month));
  json.add("as_of", base::iso_time_text(one.inputs.as_of));
  json.add("made_at", base::iso_time_text(one.made_at));
  json.add("assumptions", one.inputs.assumptions).add("superseded", one.superseded);
  return json;
}

base::Result<http::Response> all(const Rollup& rollup, const Call& call) {
  TRY(require_platform(call, Permission::statistics_read));
  base::Json json, items{base::Json::Array{}};
  for (const Report& one : TRY(reports(rollup.exchange()))) items.push(report_json(one));
  json.add("items", std::move(items));
  return http::Response::json(200, json.dump());
}

base::Result<http::Response> file(const Rollup& rollup, const Call& call, bool pdf) {
  TRY(require_platform(call, Permission::statistics_read));
  const Report found = TRY(report(rollup.exchange(), call.integer("number")));
  const base::Bytes& bytes = pdf ? found.pdf : found.csv;
  http::Response response =
      http::Response::text(200, pdf ? "application/pdf" : "text/csv; charset=utf-8", bytes);
  response.headers.add("Content-Disposition",
                       "attachment; filename=\"truc-" + insight::text_of(found.inputs.month) + "-" +
                           std::to_string(found.id) + (pdf ? ".pdf\"" : ".csv\""));
  return response;
}

// Computes it again, which takes as long as making it.
base::Result<http::Response> check(const Rollup& rollup, const Call& call) {
  TRY(require_platform(call, Permission::statistics_read));
  const Report found = TRY(report(rollup.exchange(), call.integer("number")));
  const ReportVerdict verdict = TRY(verify_report(rollup.exchange(), found));
  base::Json json;
  json.add("csv_same", verdict.csv_same).add("pdf_same", verdict.pdf_same);
  json.add("basis_same", verdict.basis_same);
  json.add("csv_sha256", base::hex(base::sha256(found.csv)));
  json.add("pdf_sha256", base::hex(base::sha256(found.pdf)));
  return http::Response::json(200, json.dump());
}

Schema reports_schema() {
  Schema item = object(
      "MonthlyReport", {"Một báo cáo tháng.", "A monthly report."},
      {required("id", integer(1, kCountMax, {"Số báo cáo.", "Its number."}, 12)),
       required("month", text(7, {"Tháng.", "The month."}, "2026-10", 7)),
       required("as_of", time({"Tính từ hồ sơ như lúc này.", "From the records as of then."})),
       required("made_at", time({"Lúc lập.", "When it was made."})),
       required("assumptions",
                integer(0, kCountMax, {"Phiên bản giả định.", "Version of the assumptions."}, 3)),
       required("superseded",
                boolean({"Đã có bản mới hơn của tháng này.", "There is a later one of this month."},
                        false))});
  return object("MonthlyReports", {"Các báo cáo, mới trước.", "Reports, the newest first."},
                {required("items", list(std::move(item), 1000))});
}

Schema verdict_schema() {
  const Schema digest =
      text(64, {"SHA-256.", "SHA-256."},
           "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", 64);
  return object(
      "ReportVerdict", {"Tính lại từ hồ sơ.", "Computed again from the records."},
      {required("csv_same", boolean({"CSV trùng từng byte.", "The same CSV."})),
       required("pdf_same", boolean({"PDF (trước chữ ký) trùng từng byte.",
                                     "The same PDF, but for its seal."})),
       required("basis_same", boolean({"Lịch làm việc và định nghĩa vẫn như khi lập.",
                                       "Working days and definitions are those of the time."})),
       required("csv_sha256", digest), required("pdf_sha256", digest)});
}

Refusal unknown_report() {
  return {"insight.unknown_report",
          base::Code::not_found,
          {"Không có báo cáo này.", "There is no such report."}};
}

}  // namespace

std::vector<Route> report_rows(Rollup& rollup) {
  const Parameter number = number_parameter("number", {"Số báo cáo.", "The report's number."});
  std::vector<Route> rows;
  rows.push_back({
      .path = "/api/v1/insight/reports",
      .access = Permission::statistics_read,
      .name = "listReports",
      .tag = kTag,
      .summary = {"Báo cáo tháng đã ký số", "Sealed monthly reports"},
      .answers = {{200, {"Danh sách.", "The list."}, reports_schema()}},
      .refusals = {platform_only()},
      .handler = [&rollup](Call& call) { return all(rollup, call); },
  });
  rows.push_back({
      .path = "/api/v1/insight/reports/{number}/csv",
      .access = Permission::statistics_read,
      .name = "getReportCsv",
      .tag = kTag,
      .summary = {"Báo cáo dạng CSV", "A report as CSV"},
      .parameters = {number},
      .answers = {{.status = 200, .about = {"CSV.", "The CSV."}, .type = "text/csv"}},
      .refusals = {unknown_report(), platform_only()},
      .handler = [&rollup](Call& call) { return file(rollup, call, false); },
  });
  rows.push_back({
      .path = "/api/v1/insight/reports/{number}/pdf",
      .access = Permission::statistics_read,
      .name = "getReportPdf",
      .tag = kTag,
      .summary = {"Báo cáo dạng PDF đã ký số", "A report as a sealed PDF"},
      .parameters = {number},
      .answers = {{.status = 200, .about = {"PDF.", "The PDF."}, .type = "application/pdf"}},
      .refusals = {unknown_report(), platform_only()},
      .handler = [&rollup](Call& call) { return file(rollup, call, true); },
  });
  rows.push_back({
      .path = "/api/v1/insight/reports/{number}/verification",
      .access = Permission::statistics_read,
      .name = "verifyReport",
      .tag = kTag,
      .summary = {"Tính lại báo cáo từ hồ sơ", "Compute a report again from the records"},
      .parameters = {number},
      .answers = {{200, {"Kết quả.", "What came of it."}, verdict_schema()}},
      .refusals = {unknown_report(), platform_only()},
      .handler = [&rollup](Call& call) { return check(rollup, call); },
  });
  return rows;
}

}  // namespace insight::api
