#include <cstdio>
#include <deque>

#include "base/hash.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/evidence_office.h"
#include "cli/site.h"
#include "exchange/records.h"
#include "trust/asice/container.h"
#include "trust/log/monitor.h"
#include "trust/revocation.h"
#include "trust/signing/validation_data.h"

namespace cli {
namespace {

using trust::evidence::Evidence;
using trust::evidence::EvidenceProof;

constexpr std::uint64_t kTextBytesMax = 16 << 20;

// A blob as trust reads it.
class BlobSource : public trust::Source {
 public:
  explicit BlobSource(std::unique_ptr<store::BlobReader> blob) : blob_(std::move(blob)) {}
  std::uint64_t size() const override { return blob_->size(); }
  base::Result<std::size_t> read_at(std::uint64_t offset, char* to,
                                    std::size_t size) const override {
    return blob_->read_at(offset, to, size);
  }

 private:
  const std::unique_ptr<store::BlobReader> blob_;
};

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
  const base::Bytes text = TRY(base::read_file(files, log_key_path(directory), 4096));
  OwnLog log;
  log.signer = TRY(trust::log::note_signer(base::trim(text)));
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

// One page for people, in both languages.
std::string summary(const exchange::Exchange& exchange, const Found& found) {
  std::string text = "VĂN BẢN / DOCUMENT " +
                     exchange::document_id_text(exchange.site(), found.document.id) + "\nSHA-256 " +
                     base::hex(found.document.hash) + "\n" + std::to_string(found.document.size) +
                     " byte\n";
  if (found.judgement) {
    const base::Text verdict = exchange::text_of(*found.judgement);
    text += "Kiểm tra chữ ký: " + verdict.vi + " / Signatures: " + verdict.en + "\n";
  }
  for (const Evidence& evidence : found.evidences) {
    const base::Text what = trust::evidence::text_of(evidence.facts.event);
    text += "\n" + base::iso_time_text(evidence.at) + "  " + what.vi + " / " + what.en;
    if (!evidence.facts.recipient.empty()) text += "  → " + evidence.facts.recipient;
    if (!evidence.facts.reason.empty()) text += "  (" + evidence.facts.reason + ")";
  }
  return text + "\n";
}

// Puts in what it takes to judge the bundle's signature later and offline. What the authorities do
// not give now is left out: the signature is good without it, and whoever judges it asks them.
void add_validation_data(const trust::SigningKey& key, trust::XadesOptions& how) {
  constexpr std::int64_t kBudgetMicros = 10'000'000;
  if (!how.timestamps) return;
  // The timestamp authority's certificates come with a token of its own.
  const auto stamp = how.timestamps->stamp(base::sha256("certificates"), how.timestamp_budget_ms);
  if (!stamp) return;
  std::vector<base::Bytes> signers = key.certificates();
  for (base::Bytes& certificate : trust::signing::certificates_in(stamp->token)) {
    signers.push_back(std::move(certificate));
  }
  // Whoever runs this command could ask there without it.
  const auto revocation = trust::fetching_revocation_source({.private_addresses = true});
  auto data = trust::signing::gather(signers, {}, *revocation, how.claimed_at,
                                     base::monotonic_micros() + kBudgetMicros);
  if (!data) {
    base::log::warning("cli.bundle_without_revocation", {{"detail", data.error().detail()}});
    return;
  }
  how.certificates = std::move(data->certificates);
  how.crls = std::move(data->crls);
  how.ocsp_responses = std::move(data->ocsp_responses);
}

base::Result<std::size_t> export_bundle(const EvidenceOptions& options) {
  const auto site = TRY(Site::open(options.site, false));
  exchange::Exchange& exchange = *TRY(site->exchange());
  const Found found = TRY(find(exchange, options.id));
  const auto proofs = TRY(proofs_of(*site, found.evidences));
  const auto key = TRY(read_signing_key(site->config.text("evidence.key"),
                                        site->config.text("evidence.password_file")));
  const BlobSource document(TRY(site->blobs->open(found.document.blob)));
  std::deque<std::string> texts;  // addresses stay as it grows
  std::deque<std::unique_ptr<trust::Source>> sources;
  trust::Container bundle;
  const auto add_text = [&](const std::string& name, const std::string& type,
                            std::string text) -> base::Result<void> {
    texts.push_back(std::move(text));
    sources.push_back(trust::memory_source(texts.back()));
    return bundle.add(name, type, *sources.back());
  };
  TRY(bundle.add("document.edxml", "application/xml", document));
  if (found.judgement)
    TRY(add_text("signatures.json", "application/json", found.judgement->report));
  TRY(add_text("summary.txt", "text/plain", summary(exchange, found)));
  for (std::size_t i = 0; i < proofs.size(); ++i) {
    char name[80];
    std::snprintf(name, sizeof name, "evidence/%03zu-%.40s.json", i + 1,
                  std::string(trust::evidence::name_of(found.evidences[i].facts.event)).c_str());
    TRY(add_text(name, "application/json", proofs[i].text()));
  }
  const auto timestamps = timestamps_of(site->config, site->clock);
  trust::XadesOptions how{site->clock.now()};
  how.timestamps = timestamps.get();
  add_validation_data(*key, how);
  TRY(bundle.sign(*key, how));
  const auto output =
      TRY(base::real_files().open(options.output, base::FileSystem::Mode::create_new));
  std::uint64_t at = 0;
  TRY(bundle.write([&](base::BytesView piece) -> base::Result<void> {
    TRY(output->write_at(at, piece));
    at += piece.size();
    return base::done();
  }));
  TRY(output->sync());
  return proofs.size();
}

base::Result<trust::log::MonitorReport> look(const LogMonitorOptions& options) {
  base::FileSystem& files = base::real_files();
  trust::log::MonitorOptions how{TRY(trust::log::NoteVerifier::parse(options.key)), {}};
  how.whole = options.whole;
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
    rows.push_back({base::iso_time_text(evidence.at), std::string(event),
                    trust::evidence::text_of(evidence.facts.event).in(terminal.language()),
                    evidence.facts.recipient, evidence.facts.reason});
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
  terminal.answer({"Đã xuất " + number + " bằng chứng cùng văn bản: " + options.output +
                       "\nKiểm tra: truc verify " + options.output,
                   number + " evidences with the document: " + options.output +
                       "\nTo check: truc verify " + options.output},
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
