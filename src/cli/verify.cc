#include "exchange/verify.h"

#include <unistd.h>

#include <cstdio>

#include "cli/commands.h"
#include "cli/site.h"
#include "exchange/migrations.h"

namespace cli {
namespace {

// Without building the exchange: that refuses a damaged journal, which is what this is for.
base::Result<exchange::VerifyReport> run(const Terminal& terminal, const std::string& directory,
                                         bool quick) {
  const auto site = TRY(Site::open(directory, false));
  TRY(exchange::migrate(*site->database));
  const std::uint32_t tag = TRY(exchange::site_of(*site->database));
  std::function<void(std::int64_t, std::int64_t)> progress;
  if (!terminal.json() && ::isatty(STDERR_FILENO) != 0) {
    progress = [](std::int64_t done, std::int64_t total) {
      std::fprintf(stderr, "\r%lld / %lld ", static_cast<long long>(done),
                   static_cast<long long>(total));
    };
  }
  return exchange::verify(*site->database, *site->blobs, tag, !quick, progress);
}

}  // namespace

int verify(const Terminal& terminal, const std::string& directory, bool quick) {
  const auto report = run(terminal, directory, quick);
  terminal.end_progress();
  if (!report) return terminal.fail(report.error());
  base::Json findings{base::Json::Array{}};
  for (const base::Text& finding : report->findings) {
    base::Json one;
    one.add("vi", finding.vi).add("en", finding.en);
    findings.push(std::move(one));
    terminal.say({"✗ " + finding.vi, "✗ " + finding.en});
  }
  base::Json json;
  json.add("ok", report->findings.empty()).add("journal_entries", report->journal_entries);
  json.add("journal_head", report->journal_head).add("documents", report->documents);
  json.add("deliveries", report->deliveries).add("findings", std::move(findings));
  const std::string counts_vi = std::to_string(report->journal_entries) + " mục nhật ký, " +
                                std::to_string(report->documents) + " văn bản, " +
                                std::to_string(report->deliveries) + " lượt chuyển";
  const std::string counts_en = std::to_string(report->journal_entries) + " journal entries, " +
                                std::to_string(report->documents) + " documents, " +
                                std::to_string(report->deliveries) + " deliveries";
  const std::string head = report->journal_head.substr(0, 16);
  if (report->findings.empty()) {
    terminal.answer({"✓ Nguyên vẹn: " + counts_vi + ". Đầu chuỗi " + head,
                     "✓ Intact: " + counts_en + ". Head of the chain " + head},
                    json);
    return 0;
  }
  const std::string number = std::to_string(report->findings.size());
  terminal.answer({"Phát hiện " + number + " sai lệch trong " + counts_vi + ".",
                   number + " findings in " + counts_en + "."},
                  json);
  return 1;
}

}  // namespace cli
