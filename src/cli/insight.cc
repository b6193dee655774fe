#include "cli/commands.h"
#include "cli/evidence_office.h"
#include "cli/signing_keys.h"
#include "cli/site.h"
#include "insight/report.h"
#include "insight/rollup.h"
#include "trust/revocation.h"
#include "trust/signing/pdf_sign.h"

namespace cli {
namespace {

using insight::Report;

base::Result<insight::Rollup*> figures_of(const std::unique_ptr<Site>& site) {
  TRY(site->exchange());
  return site->insight();
}

// Seals with the key that signs evidences; with a timestamp, and what is known of revocation, where
// the site has an authority for timestamps.
base::Result<base::Bytes> sealed(Site& site, base::BytesView pdf) {
  if (!TRY(EvidenceKeys::wanted(site.directory, site.config, site.clock))) {
    return base::Error(base::Code::invalid, "cli.no_report_key",
                       "a report is sealed with the key for evidences, and the site has none; see "
                       "truc key create and truc key use",
                       "báo cáo được ký bằng khóa ký bằng chứng, mà máy chủ chưa có; xem truc key "
                       "create và truc key use");
  }
  const auto keys = TRY(EvidenceKeys::open(site.directory, site.config, site.clock));
  const auto key = keys->current();
  if (!key) {
    return base::Error(base::Code::unavailable, "trust.key_unavailable",
                       "the key that signs evidences cannot be used now",
                       "hiện không dùng được khóa ký bằng chứng");
  }
  const auto timestamps = timestamps_of(site.config, site.clock);
  trust::signing::PdfSigning how;
  how.timestamps = timestamps.get();
  // A report is looked at for years: it brings along what says that its key was good.
  const auto revocation = trust::fetching_revocation_source({.private_addresses = true});
  how.revocation = revocation.get();
  if (timestamps) how.level = trust::signing::PdfLevel::lt;
  trust::signing::PdfUpdate update;
  update.signature.emplace();
  update.signature->certify = true;
  const auto document = trust::memory_source(pdf);
  auto made = TRY(trust::signing::sign_pdf(*key, *document, update, how, site.clock));
  return std::move(made.appended);
}

base::Result<insight::Month> month_of(const std::string& text) {
  if (const auto month = insight::parse_month(text)) return *month;
  return base::Error(base::Code::invalid, "cli.bad_month",
                     "the month must be like 2026-10, not " + text,
                     "tháng phải có dạng 2026-10, không phải " + text);
}

base::Result<void> write_files(const Report& report, const std::string& directory) {
  base::FileSystem& files = base::real_files();
  TRY(base::make_directory_durably(files, directory));
  const std::string name = directory + "/truc-" + text_of(report.inputs.month);
  TRY(base::write_file_durably(files, name + ".csv", report.csv));
  return base::write_file_durably(files, name + ".pdf", report.pdf);
}

base::Json json_of(const Report& report) {
  base::Json json;
  json.add("report", report.id).add("month", text_of(report.inputs.month));
  json.add("as_of", base::iso_time_text(report.inputs.as_of));
  json.add("made_at", base::iso_time_text(report.made_at));
  json.add("assumptions", report.inputs.assumptions);
  return json;
}

base::Result<Report> make(const InsightOptions& options) {
  const auto site = TRY(Site::open(options.site, false));
  TRY(figures_of(site));
  const insight::Month month = TRY(month_of(options.month));
  Report made = TRY(insight::make_report(*TRY(site->exchange()), month,
                                         [&](base::BytesView pdf) { return sealed(*site, pdf); }));
  if (!options.output.empty()) TRY(write_files(made, options.output));
  return made;
}

struct Checked {
  Report report;
  insight::ReportVerdict verdict;
  bool same() const { return verdict.csv_same && verdict.pdf_same; }
};
base::Result<std::vector<Checked>> check(const InsightOptions& options) {
  const auto site = TRY(Site::open(options.site, false));
  TRY(figures_of(site));
  exchange::Exchange& exchange = *TRY(site->exchange());
  std::vector<std::int64_t> wanted;
  if (options.number > 0) wanted.push_back(options.number);
  if (options.number == 0)
    for (const Report& one : TRY(insight::reports(exchange))) wanted.push_back(one.id);
  std::vector<Checked> out;
  for (const std::int64_t id : wanted) {
    Checked one;
    one.report = TRY(insight::report(exchange, id));
    one.verdict = TRY(insight::verify_report(exchange, one.report));
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace

int insight_rebuild(const Terminal& terminal, const std::string& directory) {
  const auto run = [&]() -> base::Result<insight::Rollup::Rebuilt> {
    const auto site = TRY(Site::open(directory, false));
    insight::Rollup* const rollup = TRY(figures_of(site));
    for (;;) {
      auto rebuilt = rollup->rebuild();
      // A serving process beside this one does the same work.
      if (rebuilt || rebuilt.error().reason() != "insight.moved") return rebuilt;
    }
  };
  const auto done = run();
  if (!done) return terminal.fail(done.error());
  base::Json json;
  json.add("days", done->days).add("changed", done->changed).add("sha256", done->digest);
  const std::string days = std::to_string(done->days), changed = std::to_string(done->changed);
  terminal.answer(
      {"Đã tính lại " + days + " ngày từ hồ sơ; " + changed +
           " ngày trước đó không đúng.\nSHA-256 của mọi số đếm: " + done->digest,
       days + " days were computed anew from the records; " + changed +
           " of them had not been right.\nSHA-256 of all that is counted: " + done->digest},
      json);
  return 0;
}

int insight_report(const Terminal& terminal, const InsightOptions& options) {
  const auto made = make(options);
  if (!made) return terminal.fail(made.error());
  const std::string number = std::to_string(made->id);
  const std::string month = text_of(made->inputs.month);
  base::Text text{"Đã lập và ký báo cáo số " + number + " của tháng " + month + ".",
                  "Report " + number + " of " + month + " was made and sealed."};
  if (!options.output.empty()) {
    const std::string name = options.output + "/truc-" + month;
    text.vi += "\n" + name + ".pdf\n" + name + ".csv";
    text.en += "\n" + name + ".pdf\n" + name + ".csv";
  }
  terminal.answer(text, json_of(*made));
  return 0;
}

int insight_list(const Terminal& terminal, const std::string& directory) {
  const auto run = [&]() -> base::Result<std::vector<Report>> {
    const auto site = TRY(Site::open(directory, false));
    TRY(figures_of(site));
    return insight::reports(*TRY(site->exchange()));
  };
  const auto found = run();
  if (!found) return terminal.fail(found.error());
  base::Json items{base::Json::Array{}};
  std::vector<std::vector<std::string>> rows;
  const bool english = terminal.language() == base::Language::english;
  for (const Report& one : *found) {
    base::Json item = json_of(one);
    item.add("superseded", one.superseded);
    items.push(std::move(item));
    rows.push_back({std::to_string(one.id), text_of(one.inputs.month),
                    base::vietnam_time_text(one.made_at, '-'),
                    one.superseded ? (english ? "superseded" : "đã có bản mới") : ""});
  }
  terminal.give(items);
  if (rows.empty()) {
    terminal.say({"Chưa có báo cáo nào; lập bằng: truc insight report THÁNG",
                  "There is no report yet; make one with: truc insight report MONTH"});
    return 0;
  }
  terminal.table(english ? std::vector<std::string>{"No.", "Month", "Made at", ""}
                         : std::vector<std::string>{"Số", "Tháng", "Lập lúc", ""},
                 rows);
  return 0;
}

int insight_verify(const Terminal& terminal, const InsightOptions& options) {
  const auto checked = check(options);
  if (!checked) return terminal.fail(checked.error());
  base::Json items{base::Json::Array{}};
  int bad = 0;
  for (const Checked& one : *checked) {
    const std::string name =
        std::to_string(one.report.id) + " (" + text_of(one.report.inputs.month) + ")";
    base::Json item = json_of(one.report);
    item.add("csv_same", one.verdict.csv_same).add("pdf_same", one.verdict.pdf_same);
    item.add("basis_same", one.verdict.basis_same);
    items.push(std::move(item));
    if (!one.same()) ++bad;
    if (one.same()) {
      terminal.say({"✓ Báo cáo " + name + ": tính lại trùng từng byte.",
                    "✓ Report " + name + ": computed again to the same bytes."});
    } else if (!one.verdict.basis_same) {
      terminal.say(
          {"! Báo cáo " + name + ": tính lại khác, vì lịch làm việc hoặc định nghĩa đã đổi.",
           "! Report " + name +
               ": computed otherwise, since working days or definitions "
               "are not those of the time."});
    } else {
      terminal.say({"✗ Báo cáo " + name + ": không phải là điều hồ sơ cho biết.",
                    "✗ Report " + name + ": it is not what the records say."});
    }
  }
  terminal.give(items);
  if (checked->empty()) terminal.say({"Chưa có báo cáo nào.", "There is no report yet."});
  return bad == 0 ? 0 : 1;
}

}  // namespace cli
