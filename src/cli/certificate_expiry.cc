#include "cli/certificate_expiry.h"

#include <chrono>

#include "cli/signing_keys.h"
#include "trust/certificate.h"
#include "trust/evidence/book.h"
#include "trust/keys/chain.h"
#include "trust/signing/validation_data.h"

namespace cli {
namespace {

constexpr std::int64_t kLookEveryMicros = 60'000'000;
constexpr std::uint64_t kFileBytesMax = 1 << 20;

void add(std::vector<trust::DatedCertificate>& to, std::string use, std::string name,
         base::BytesView der, bool demonstration = false) {
  const auto certificate = trust::make_certificate(der);
  if (!certificate) return;
  const trust::CertificateSummary& summary = certificate->summary;
  to.push_back({std::move(use), name.empty() ? summary.name : std::move(name), summary.subject,
                summary.issuer, certificate->key_id, summary.sha256, summary.not_before,
                summary.not_after, demonstration});
}

// evidence.key: as the serving site has it open, else opened for this.
base::Result<void> add_configured(Site& site, std::vector<trust::DatedCertificate>& to) {
  std::unique_ptr<EvidenceKeys> opened;
  if (site.evidence() == nullptr) {
    opened = TRY(EvidenceKeys::open(site.directory, site.config, site.clock));
  }
  const auto key = (opened ? *opened : site.evidence()->keys()).current();
  const std::string& name = site.config.text("evidence.key");
  if (key) add(to, "evidence", name, key->certificates().front());
  return base::done();
}

base::Result<void> add_keys(Site& site, std::vector<trust::DatedCertificate>& to) {
  const base::Time now = site.clock.now();
  const auto directory = TRY(key_directory(site.directory, site.clock));
  const auto uses = TRY(directory.uses());
  const auto add_key = [&](const char* use, const std::string& key,
                           base::Time at) -> base::Result<void> {
    const auto entry = TRY(directory.find(key));
    if (const auto* chain = entry.chain_at(at)) add(to, use, key, chain->certificates.front());
    return base::done();
  };
  const std::string& configured = site.config.text("evidence.key");
  if (const auto* use = trust::keys::use_at(uses, trust::keys::kEvidence, now)) {
    TRY(add_key("evidence", use->key, now));
  } else if (trust::keys::is_own_name(configured)) {
    TRY(add_key("evidence", configured, now));
  } else if (!configured.empty()) {
    TRY(add_configured(site, to));
  }
  if (const auto* next = trust::keys::use_after(uses, trust::keys::kEvidence, now)) {
    TRY(add_key("evidence_next", next->key, next->from));
  }
  return base::done();
}

base::Result<void> add_tls(Site& site, std::vector<trust::DatedCertificate>& to) {
  const std::string& file = site.config.text("server.certificate");
  if (file.empty()) return base::done();
  const base::Bytes pem = TRY(base::read_file(base::real_files(), file, kFileBytesMax));
  const auto certificates = TRY(trust::keys::read_certificates(pem));
  add(to, "tls", file, certificates.front());
  return base::done();
}

base::Result<void> add_anchors(Site& site, std::vector<trust::DatedCertificate>& to) {
  const trust::Anchors anchors = TRY(load_anchors(anchors_path(site.directory)));
  for (const trust::Anchor& anchor : anchors.all()) {
    add(to, "anchor", anchor.name, anchor.certificate, anchor.demonstration);
  }
  return base::done();
}

// The authority of the newest timestamp, which brought its certificate.
base::Result<void> add_timestamps(Site& site, std::vector<trust::DatedCertificate>& to) {
  base::Bytes stamp;
  TRY(site.database->read([&](store::Connection& connection) -> base::Result<void> {
    stamp = TRY(trust::evidence::last_stamp(connection));
    return base::done();
  }));
  for (const base::Bytes& der : trust::signing::certificates_in(stamp)) {
    const auto certificate = trust::make_certificate(der);
    if (certificate && certificate->for_timestamps) add(to, "timestamp", "", der);
  }
  return base::done();
}

}  // namespace

Expiries expiries(Site& site) {
  Expiries found;
  for (const auto part : {add_keys, add_tls, add_anchors, add_timestamps}) {
    if (auto done = part(site, found.all); !done) found.troubles.push_back(done.error());
  }
  return found;
}

Expiries ExpiryWatch::now() {
  std::lock_guard lock(mutex_);
  const std::int64_t monotonic = base::monotonic_micros();
  if (looked_at_ == 0 || monotonic - looked_at_ >= kLookEveryMicros) {
    last_ = expiries(site_);
    looked_at_ = monotonic;
  }
  return last_;
}

std::vector<base::Metrics::Reading> ExpiryWatch::readings() {
  const Expiries found = this->now();
  std::vector<base::Metrics::Reading> readings;
  const base::Time now = site_.clock.now();
  for (const trust::DatedCertificate& one : found.all) {
    const auto left = std::chrono::floor<std::chrono::seconds>(one.until - now);
    readings.push_back({{{"use", one.use}, {"name", one.name}}, static_cast<double>(left.count())});
  }
  return readings;
}

}  // namespace cli
