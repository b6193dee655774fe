#include "cli/signing_keys.h"

#include <algorithm>

#include "base/hash.h"
#include "base/log.h"
#include "cli/site.h"

namespace cli {

using trust::keys::KeyEntry;
using trust::keys::KeyName;
using trust::keys::KeyUse;

base::Result<trust::keys::KeyDirectory> key_directory(const std::string& site,
                                                      const base::Clock& clock) {
  base::Bytes key = TRY(read_site_key(site));
  return trust::keys::KeyDirectory(keys_path(site), std::move(key), clock);
}

base::Result<std::unique_ptr<trust::SigningKey>> open_named_key(const std::string& site,
                                                                const std::string& name,
                                                                const std::string& password_file,
                                                                const base::Clock& clock) {
  const KeyName parsed = TRY(trust::keys::parse_key_name(name));
  if (parsed.kind != KeyName::Kind::own || site.empty()) {
    return trust::keys::open_key(base::real_files(), parsed, password_file);
  }
  const auto directory = TRY(key_directory(site, clock));
  const KeyEntry entry = TRY(directory.find(name));
  return directory.open(entry, entry.chain_at(clock.now()));
}

base::Result<bool> EvidenceKeys::wanted(const std::string& site, const base::Config& config,
                                        const base::Clock& clock) {
  if (!config.text("evidence.key").empty()) return true;
  const auto directory = TRY(key_directory(site, clock));
  const auto uses = TRY(directory.uses());
  return trust::keys::use_at(uses, trust::keys::kEvidence, clock.now()) != nullptr;
}

base::Result<std::unique_ptr<EvidenceKeys>> EvidenceKeys::open(const std::string& site,
                                                               const base::Config& config,
                                                               const base::Clock& clock) {
  auto directory = TRY(key_directory(site, clock));
  std::unique_ptr<EvidenceKeys> keys(new EvidenceKeys(std::move(directory), clock));
  if (const std::string& name = config.text("evidence.key"); !name.empty()) {
    const KeyName parsed = TRY(trust::keys::parse_key_name(name));
    keys->configured_name_ = name;
    if (parsed.kind != KeyName::Kind::own) {
      std::shared_ptr<trust::SigningKey> key = TRY(
          trust::keys::open_key(base::real_files(), parsed, config.text("evidence.password_file")));
      keys->configured_ = TRY(keys->signer_.add(std::move(key)));
    }
  }
  TRY(keys->refresh());
  return keys;
}

// Knows every certificate of a key: evidences that wait may name an earlier one.
base::Result<void> EvidenceKeys::add(const std::string& name) {
  KeyEntry entry = TRY(directory_.find(name));
  for (const auto& chain : entry.chains) {
    if (entry.removed || signer_.key(base::sha256(chain.certificates.front()))) continue;
    std::shared_ptr<trust::SigningKey> key = TRY(directory_.open(entry, &chain));
    TRY(signer_.add(std::move(key)));
  }
  entries_.push_back(std::move(entry));
  return base::done();
}

base::Result<void> EvidenceKeys::read() {
  auto uses = TRY(directory_.uses());
  const bool own = !configured_name_.empty() && configured_.empty();
  if (own) {
    uses.insert(uses.begin(),
                KeyUse{std::string(trust::keys::kEvidence), configured_name_, base::Time{}});
  }
  const std::vector<KeyEntry> before = std::exchange(entries_, {});
  for (const KeyUse& use : uses) {
    const bool known = std::any_of(entries_.begin(), entries_.end(),
                                   [&](const KeyEntry& one) { return one.name == use.key; });
    if (known) continue;
    const KeyUse* const current = trust::keys::use_at(uses, trust::keys::kEvidence, clock_.now());
    const bool past = use.from <= clock_.now() && (current == nullptr || current->key != use.key);
    const auto added = add(use.key);
    if (added) continue;
    if (past) {
      base::log::warning("evidence.earlier_key_unreadable",
                         {{"key", use.key}, {"detail", added.error().detail()}});
      continue;
    }
    entries_ = before;
    return added;
  }
  uses_ = std::move(uses);
  return base::done();
}

base::Result<bool> EvidenceKeys::refresh() {
  const base::Bytes state = TRY(directory_.state());
  if (state != state_ || state_.empty()) {
    TRY(read());
    state_ = state;
  }
  const base::Time now = clock_.now();
  const KeyUse* use = trust::keys::use_at(uses_, trust::keys::kEvidence, now);
  base::Bytes certificate = configured_;
  std::string name = configured_name_;
  for (const KeyEntry& entry : entries_) {
    if (use == nullptr || entry.name != use->key) continue;
    const auto* chain = entry.removed ? nullptr : entry.chain_at(now);
    certificate = chain == nullptr ? "" : base::sha256(chain->certificates.front());
    name = entry.name;
  }
  if (certificate.empty()) {
    return base::Error(base::Code::conflict, "trust.no_certificate",
                       "the key " + name +
                           " that signs evidences has no certificate; import one: "
                           "truc certificate import " +
                           name + " FILE",
                       "khóa " + name +
                           " ký bằng chứng chưa có chứng thư; hãy nhập: "
                           "truc certificate import " +
                           name + " TỆP");
  }
  std::set<base::Bytes> known{certificate, configured_};
  for (const KeyEntry& entry : entries_) {
    if (entry.removed) continue;
    for (const auto& chain : entry.chains) known.insert(base::sha256(chain.certificates.front()));
  }
  const bool changed = signer_.certificate() != certificate;
  signer_.speak_as(certificate);
  signer_.retain(known);
  current_name_ = name;
  return changed;
}

}  // namespace cli
