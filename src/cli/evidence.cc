#include "base/text.h"
#include "cli/bundles.h"
#include "cli/commands.h"
#include "cli/evidence_office.h"
#include "cli/site.h"
#include "exchange/evidences.h"
#include "trust/log/monitor.h"
#include "trust/revocation.h"

namespace cli {
namespace {

using trust::evidence::Evidence;

constexpr std::uint64_t kTextBytesMax = 16 << 20;

base::Result<exchange::BundleOrder> find(exchange::Exchange& exchange, const std::string& id) {
  auto found = exchange::bundle_order(exchange, id);
  if (found || found.error().code() != base::Code::not_found) return found;
  return base::Error(base::Code::not_found, "cli.unknown_document",
                     "this site has no document " + id, "máy chủ này không có văn bản " + id);
}

base::Result<std::size_t> export_bundle(const EvidenceOptions& options) {
  const auto site = TRY(Site::open(options.site, false));
  exchange::Exchange& exchange = *TRY(site->exchange());
  const auto order = TRY(find(exchange, options.id));
  const auto keys = TRY(EvidenceKeys::open(site->directory, site->config, site->clock));
  // Whoever runs this command could ask there without it.
  Bundles bundles(
      *site, exchange,
      [&]() -> base::Result<std::shared_ptr<trust::SigningKey>> { return keys->current(); },
      trust::fetching_revocation_source({.private_addresses = true}));
  const auto output =
      TRY(base::real_files().open(options.output, base::FileSystem::Mode::create_new));
  std::uint64_t at = 0;
  const auto written = bundles.make(order, [&](base::BytesView piece) -> base::Result<void> {
    TRY(output->write_at(at, piece));
    at += piece.size();
    return base::done();
  });
  if (!written) {
    static_cast<void>(base::real_files().remove(options.output));
    return written.error();
  }
  TRY(output->sync());
  return order.evidences.size();
}

base::Result<trust::log::MonitorReport> look(const LogMonitorOptions& options) {
  base::FileSystem& files = base::real_files();
  trust::log::MonitorOptions how{TRY(trust::log::NoteVerifier::parse(options.key)), {}};
  how.whole = options.whole;
  for (const std::string& key : options.witnesses)
    how.witnesses.push_back(TRY(trust::log::NoteVerifier::parse(key)));
  how.quorum = options.quorum == 0 ? options.witnesses.size() : options.quorum;
  how.now = base::SystemClock().now();
  trust::log::MonitorState state;
  if (files.exists(options.state)) {
    const base::Bytes text = TRY(base::read_file(files, options.state, kTextBytesMax));
    state = TRY(trust::log::MonitorState::parse(text));
  }
  const bool remote = options.log.find("://") != std::string::npos;
  std::unique_ptr<trust::log::LogSource> source;
  if (remote) {
    source = TRY(trust::log::http_source(options.log));
  } else {
    source = trust::log::directory_source(files, options.log);
  }
  trust::log::MonitorReport report = trust::log::monitor(state, *source, how);
  if (report.findings.empty()) {
    TRY(base::write_file_durably(files, options.state, report.state.text()));
  }
  return report;
}

}  // namespace

int evidence_list(const Terminal& terminal, const EvidenceOptions& options) {
  const auto run = [&]() -> base::Result<exchange::BundleOrder> {
    const auto site = TRY(Site::open(options.site, false));
    exchange::Exchange* const exchange = TRY(site->exchange());
    return find(*exchange, options.id);
  };
  const auto found = run();
  if (!found) return terminal.fail(found.error());
  std::vector<std::vector<std::string>> rows;
  base::Json list{base::Json::Array{}};
  for (const Evidence& evidence : found->evidences) {
    const std::string_view event = trust::evidence::name_of(evidence.facts.event);
    base::Json one;
    one.add("id", evidence.id).add("event", event).add("time", base::iso_time_text(evidence.at));
    one.add("recipient", evidence.facts.recipient).add("reason", evidence.facts.reason);
    list.push(std::move(one));
    rows.push_back(
        {base::iso_time_text(evidence.at), std::string(event),
         trust::evidence::text_of(evidence.facts.event).in(terminal.language()),
         evidence.facts.recipient,
         exchange::evidences::text_of_reason(evidence.facts.reason).in(terminal.language())});
  }
  terminal.give(list);
  if (terminal.language() == base::Language::english) {
    terminal.table({"Time", "Evidence", "Meaning", "Recipient", "Reason"}, rows);
  } else {
    terminal.table({"Lúc", "Bằng chứng", "Nghĩa là", "Nơi nhận", "Lý do"}, rows);
  }
  return 0;
}

int evidence_export(const Terminal& terminal, const EvidenceOptions& options) {
  const auto count = export_bundle(options);
  if (!count) return terminal.fail(count.error());
  const std::string number = std::to_string(*count);
  base::Json json;
  json.add("file", options.output).add("evidences", static_cast<std::int64_t>(*count));
  terminal.answer(
      {"Đã xuất " + number + " bằng chứng cùng văn bản: " + options.output +
           "\nKiểm tra: truc verify " + options.output +
           " --anchor GỐC.pem --log-key KHÓA (khóa: truc log key)",
       number + " evidences with the document: " + options.output + "\nTo check: truc verify " +
           options.output + " --anchor ROOT.pem --log-key KEY (the key: truc log key)"},
      json);
  return 0;
}

int log_monitor(const Terminal& terminal, const LogMonitorOptions& options) {
  const auto report = look(options);
  if (!report) return terminal.fail(report.error());
  base::Json findings{base::Json::Array{}};
  for (const auto& finding : report->findings) {
    base::Json one;
    one.add("reason", finding.reason).add("vi", finding.text.vi).add("en", finding.text.en);
    findings.push(std::move(one));
    terminal.say({"✗ " + finding.text.vi, "✗ " + finding.text.en});
  }
  base::Json json;
  json.add("ok", report->findings.empty())
      .add("size", static_cast<std::int64_t>(report->head.size));
  json.add("entries", static_cast<std::int64_t>(report->entries))
      .add("findings", std::move(findings));
  base::Json witnesses{base::Json::Array{}};
  for (const auto& cosignature : report->cosignatures) witnesses.push(cosignature.witness);
  json.add("witnesses", std::move(witnesses));
  const std::string size = std::to_string(report->head.size),
                    seen = std::to_string(report->entries);
  if (report->findings.empty()) {
    terminal.answer({"✓ Nhật ký giữ lời: " + size + " mục, đã xem " + seen + ".",
                     "✓ The log keeps its word: " + size + " entries, " + seen + " looked at."},
                    json);
    return 0;
  }
  terminal.give(json);
  return 1;
}

int log_key(const Terminal& terminal, const std::string& directory) {
  const auto log = own_log(directory);
  if (!log) return terminal.fail(log.error());
  if (!*log) {
    return terminal.fail(
        base::Error(base::Code::not_found, "cli.no_log",
                    "this site has no log yet; set evidence.key and start it",
                    "máy chủ chưa có nhật ký minh bạch; hãy đặt evidence.key rồi chạy"));
  }
  const std::string key = (*log)->signer->verifier().text();
  terminal.answer({key, key}, base::Json().add("key", key));
  return 0;
}

}  // namespace cli
