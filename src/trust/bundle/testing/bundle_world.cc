#include "trust/bundle/testing/bundle_world.h"

#include "base/hash.h"
#include "trust/asice/zip.h"
#include "trust/evidence/key_signer.h"
#include "trust/log/testing/small_log.h"

namespace trust::bundle::testing {

using evidence::Event;
using evidence::Facts;

Files files_of(base::BytesView container) {
  const auto source = memory_source(container);
  const auto zip = ZipReader::open(*source);
  const Context context = trust::testing::DemoWorld::get().context();
  Files out;
  for (const ZipEntry& entry : zip->entries()) {
    out.push_back({entry.name, zip->read_all(entry, context, 1 << 24).value()});
  }
  return out;
}

base::Bytes zipped(const Files& files) {
  base::Bytes out;
  ZipWriter zip([&out](base::BytesView piece) {
    out += piece;
    return base::done();
  });
  for (const File& file : files) zip.add(file.name, base::BytesView(file.content)).value();
  zip.finish().value();
  return out;
}

BundleWorld::BundleWorld() : log_key(log::testing::key_of("exchange.example/truc", 4)) {
  store::Database::Options options;
  options.url = "sqlite:" + (directory_ / "evidence.db");
  database_ = store::Database::open(options).value();
  database_->migrate(evidence::migrations()).value();
  signer_ = evidence::key_signer(key).value();
  book_ = std::make_unique<evidence::EvidenceBook>(
      evidence::Identity{"Trục thử", signer_->certificate()}, random_);
  log_ = log::Log::open({base::real_files(), directory_ / "log", *log_key, clock_}).value();
  sealer_ = std::make_unique<evidence::Sealer>(evidence::Sealer::Parts{
      *database_, *book_, *signer_, &demo.timestamps(), log_.get(), "Trục thử", clock_});
}

void BundleWorld::write(const std::vector<Facts>& all, std::vector<std::string>& ids) {
  std::vector<std::string> written;
  database_
      ->write([&](store::Connection& connection) -> base::Result<void> {
        written.clear();
        for (const Facts& facts : all) {
          const auto one = TRY(book_->add(connection, clock_.now(), facts));
          written.push_back(one.id);
        }
        return base::done();
      })
      .value();
  sealer_->step().value();
  ids.insert(ids.end(), written.begin(), written.end());
}

std::vector<evidence::EvidenceProof> BundleWorld::story(
    const std::string& id, const std::string& document,
    const std::vector<std::string>& recipients) {
  Facts facts;
  facts.document_id = id;
  facts.document_hash = base::sha256(document);
  facts.document_size = static_cast<std::int64_t>(document.size());
  facts.sender = "H99.01";
  std::vector<Facts> all{facts};
  for (const std::string& recipient : recipients) {
    facts.event = Event::content_consignment;
    facts.recipient = recipient;
    facts.delivery = id + "-" + recipient;
    all.push_back(facts);
  }
  std::vector<std::string> ids;
  write(all, ids);
  facts = all[1];
  facts.event = Event::content_handover;
  std::vector<Facts> later{facts};
  facts.event = Event::consignment_acceptance;
  facts.reason = "03";
  later.push_back(facts);
  write(later, ids);

  std::vector<evidence::EvidenceProof> proofs;
  const auto source = log_->source();
  const evidence::LogReader reader{*source, log_->verifier()};
  database_
      ->read([&](store::Connection& connection) -> base::Result<void> {
        proofs.clear();
        for (const std::string& one : ids) {
          auto proof = TRY(evidence::proof_of(connection, one, &reader));
          proofs.push_back(std::move(proof));
        }
        return base::done();
      })
      .value();
  return proofs;
}

base::Bytes BundleWorld::bundle(const std::string& id, const std::string& document,
                                std::vector<evidence::EvidenceProof> proofs) {
  const auto source = memory_source(document);
  BundleParts parts{*source};
  parts.document_id = id;
  parts.proofs = std::move(proofs);
  parts.log_policy = policy().log_policy;
  parts.name_of = [](const std::string& code) { return "Cơ quan " + code; };
  const Context context = demo.context();
  base::Bytes out;
  make_bundle(parts, {key, &demo.timestamps(), context}, [&](base::BytesView piece) {
    out += piece;
    return base::done();
  }).value();
  return out;
}

BundlePolicy BundleWorld::policy() const { return {log::ProofPolicy{log_key->verifier(), {}, 0}}; }

BundleReport BundleWorld::judge(base::BytesView bundle) const {
  Context context = demo.context_without_revocation();
  context.cache = &cache_;
  return judge_bundle(*memory_source(bundle), context, policy());
}

}  // namespace trust::bundle::testing
