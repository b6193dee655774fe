#include "base/text.h"
#include "cli/commands.h"
#include "cli/evidence_office.h"
#include "cli/site.h"
#include "exchange/blob_source.h"
#include "exchange/evidences.h"
#include "exchange/records.h"
#include "trust/bundle/make_bundle.h"
#include "trust/log/monitor.h"
#include "trust/revocation.h"

namespace cli {
namespace {

using trust::evidence::Evidence;
using trust::evidence::EvidenceProof;

constexpr std::uint64_t kTextBytesMax = 16 << 20;

// What a site has of one document.
struct Found {
  exchange::records::DocumentRow document;
  std::optional<exchange::Judgement> judgement;
  std::vector<Evidence> evidences;
};

base::Result<Found> find(exchange::Exchange& exchange, const std::string& id) {
  const auto named = exchange::parse_id(exchange.site(), id);
  Found found;
  bool known = false;
  std::vector<base::Bytes> bodies;
  TRY(exchange.database().read([&](store::Connection& connection) -> base::Result<void> {
    bodies.clear();
    if (!named) return base::done();
    const auto row = TRY(exchange::records::document(connection, named->document));
    if (!row) return base::done();
    known = true;
    found.document = *row;
    found.judgement = TRY(exchange::judgements::of(connection, row->id));
    return trust::evidence::evidences_about(
        connection, exchange::document_id_text(exchange.site(), row->id),
        [&](const auto&, base::BytesView body) { bodies.emplace_back(body); });
  }));
  if (!known) {
    return base::Error(base::Code::not_found, "cli.unknown_document",
                       "this site has no document " + id, "máy chủ này không có văn bản " + id);
  }
  for (const base::Bytes& body : bodies) found.evidences.push_back(TRY(Evidence::parse(body)));
  return found;
}

// The log as it lies on the disk; nothing where the site never gave evidences.
struct OwnLog {
  std::unique_ptr<trust::log::LogSource> source;
  std::unique_ptr<trust::log::NoteSigner> signer;
};
base::Result<std::optional<OwnLog>> own_log(const std::string& directory) {
  base::FileSystem& files = base::real_files();
  if (!files.exists(log_key_path(directory))) return std::optional<OwnLog>();
  OwnLog log;
  log.signer = TRY(read_log_key(directory));
  log.source = trust::log::directory_source(files, log_path(directory));
  return std::optional(std::move(log));
}

base::Result<std::vector<EvidenceProof>> proofs_of(Site& site,
                                                   const std::vector<Evidence>& evidences) {
  const auto log = TRY(own_log(site.directory));
  std::vector<EvidenceProof> proofs;
  TRY(site.database->read([&](store::Connection& connection) -> base::Result<void> {
    proofs.clear();
    for (const Evidence& evidence : evidences) {
      std::optional<trust::evidence::LogReader> reader;
      if (log) reader.emplace(trust::evidence::LogReader{*log->source, log->signer->verifier()});
      proofs.push_back(
          TRY(trust::evidence::proof_of(connection, evidence.id, reader ? &*reader : nullptr)));
    }
    return base::done();
  }));
  return proofs;
}

base::Result<std::size_t> export_bundle(const EvidenceOptions& options) {
  const auto site = TRY(Site::open(options.site, false));
  exchange::Exchange& exchange = *TRY(site->exchange());
  const Found found = TRY(find(exchange, options.id));
  const auto blob = TRY(site->blobs->open(found.document.blob));
  const exchange::BlobSource document(*blob);
  trust::bundle::BundleParts parts{document};
  parts.document_id = exchange::document_id_text(exchange.site(), found.document.id);
  if (found.judgement) parts.signatures = found.judgement->report;
  parts.proofs = TRY(proofs_of(*site, found.evidences));
  parts.name_of = [&exchange](const std::string& code) {
    const auto organisation = exchange.directory().find(code);
    return organisation ? organisation->name : std::string();
  };
  const auto log = TRY(own_log(site->directory));
  if (log) parts.log_policy = trust::log::ProofPolicy{log->signer->verifier(), {}, 0};

  const auto keys = TRY(EvidenceKeys::open(site->directory, site->config, site->clock));
  const auto key = keys->current();
  const auto timestamps = timestamps_of(site->config, site->clock);
  const trust::Anchors anchors = TRY(load_anchors(anchors_path(site->directory)));
  const trust::Policy policy = trust::Policy::standard();
  // Whoever runs this command could ask there without it.
  const auto revocation = trust::fetching_revocation_source({.private_addresses = true});
  const trust::Context context{anchors, policy, revocation.get(), site->clock.now(),
                               0,       {},     nullptr};
  const auto output =
      TRY(base::real_files().open(options.output, base::FileSystem::Mode::create_new));
  std::uint64_t at = 0;
  const auto written = trust::bundle::make_bundle(parts, {*key, timestamps.get(), context},
                                                  [&](base::BytesView piece) -> base::Result<void> {
                                                    TRY(output->write_at(at, piece));
                                                    at += piece.size();
                                                    return base::done();
                                                  });
  if (!written) {
    static_cast<void>(base::real_files().remove(options.output));
    return written.error();
  }
  TRY(output->sync());
  return parts.proofs.size();
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
  const auto run = [&]() -> base::Result<Found> {
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
