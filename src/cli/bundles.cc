#include "cli/bundles.h"

#include "exchange/blob_source.h"
#include "trust/bundle/make_bundle.h"
#include "trust/revocation.h"

namespace cli {

base::Result<std::optional<OwnLog>> own_log(const std::string& directory) {
  base::FileSystem& files = base::real_files();
  if (!files.exists(log_key_path(directory))) return std::optional<OwnLog>();
  OwnLog log;
  log.signer = TRY(read_log_key(directory));
  log.source = trust::log::directory_source(files, log_path(directory));
  return std::optional(std::move(log));
}

namespace {

base::Result<std::vector<trust::evidence::EvidenceProof>> proofs_of(
    store::Database& database, const std::optional<OwnLog>& log,
    const std::vector<trust::evidence::Evidence>& evidences) {
  std::vector<trust::evidence::EvidenceProof> proofs;
  TRY(database.read([&](store::Connection& connection) -> base::Result<void> {
    proofs.clear();
    for (const trust::evidence::Evidence& evidence : evidences) {
      std::optional<trust::evidence::LogReader> reader;
      if (log) reader.emplace(trust::evidence::LogReader{*log->source, log->signer->verifier()});
      proofs.push_back(
          TRY(trust::evidence::proof_of(connection, evidence.id, reader ? &*reader : nullptr)));
    }
    return base::done();
  }));
  return proofs;
}

}  // namespace

base::Result<void> Bundles::make(const exchange::BundleOrder& order, const trust::Sink& out) {
  const auto blob = TRY(site_.blobs->open(order.blob));
  const exchange::BlobSource document(*blob);
  const auto log = TRY(own_log(site_.directory));
  trust::bundle::BundleParts parts{document};
  parts.document_id = order.document_id;
  parts.signatures = order.signatures;
  parts.proofs = TRY(proofs_of(*site_.database, log, order.evidences));
  parts.name_of = [this](const std::string& code) {
    const auto organisation = exchange_.directory().find(code);
    return organisation ? organisation->name : std::string();
  };
  if (log) parts.log_policy = trust::log::ProofPolicy{log->signer->verifier(), {}, 0};

  const auto key = TRY(key_());
  const auto timestamps = timestamps_of(site_.config, site_.clock);
  const trust::Anchors anchors = TRY(load_anchors(anchors_path(site_.directory)));
  const trust::Policy policy = trust::Policy::standard();
  const trust::Context context{anchors, policy, revocation_.get(), site_.clock.now(), 0,
                               {},      nullptr};
  return trust::bundle::make_bundle(parts, {*key, timestamps.get(), context}, out);
}

base::Result<std::unique_ptr<Bundles>> serving_bundles(Site& site, exchange::Exchange& exchange) {
  EvidenceOffice* const office = site.evidence();
  if (office == nullptr) return std::unique_ptr<Bundles>();
  const trust::Anchors anchors = TRY(load_anchors(anchors_path(site.directory)));
  return std::make_unique<Bundles>(
      site, exchange,
      [office]() -> base::Result<std::shared_ptr<trust::SigningKey>> {
        if (auto key = office->keys().current()) return key;
        return base::Error(base::Code::unavailable, "trust.key_unavailable",
                           "the key that signs evidences cannot be used now",
                           "hiện không dùng được khóa ký bằng chứng");
      },
      revocation_of(site.config, anchors));
}

}  // namespace cli
