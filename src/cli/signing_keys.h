// The keys of a site, and those that a command names.
#pragma once
#include <memory>
#include <string>

#include "base/config.h"
#include "base/time.h"
#include "trust/evidence/rolling_signer.h"
#include "trust/keys/key_directory.h"

namespace cli {

// DIR/keys, protected by DIR/secret.key. cli.bad_key. `clock` outlives it.
base::Result<trust::keys::KeyDirectory> key_directory(const std::string& site,
                                                      const base::Clock& clock);

// The key of any name (trust/keys/key_name.h), one of the site's with the certificates in force
// now. `site` may be empty where no key of a site is named.
base::Result<std::unique_ptr<trust::SigningKey>> open_named_key(const std::string& site,
                                                                const std::string& name,
                                                                const std::string& password_file,
                                                                const base::Clock& clock);

// The keys that sign a site's evidences over time: `truc key use`, and before that the setting
// evidence.key. Its signer may be used on any thread, the rest on one.
class EvidenceKeys {
 public:
  // Whether there is a key for evidences now. The errors of reading.
  static base::Result<bool> wanted(const std::string& site, const base::Config& config,
                                   const base::Clock& clock);
  // trust.no_certificate, and the errors of opening; a token or a service that is away is none.
  static base::Result<std::unique_ptr<EvidenceKeys>> open(const std::string& site,
                                                          const base::Config& config,
                                                          const base::Clock& clock);
  // Sees what changed in the directory and what the time has brought; true when another certificate
  // is in force than before. After an error all is as before.
  base::Result<bool> refresh();

  trust::evidence::RollingSigner& signer() { return signer_; }
  // The one in force, with its certificates, and what it is called.
  std::shared_ptr<trust::SigningKey> current() const { return signer_.key(signer_.certificate()); }
  const std::string& current_name() const { return current_name_; }

 private:
  EvidenceKeys(trust::keys::KeyDirectory directory, const base::Clock& clock)
      : directory_(std::move(directory)), clock_(clock) {}
  base::Result<void> read();
  base::Result<void> add(const std::string& name);

  const trust::keys::KeyDirectory directory_;
  const base::Clock& clock_;
  trust::evidence::RollingSigner signer_;
  base::Bytes state_;
  std::vector<trust::keys::KeyUse> uses_;
  std::vector<trust::keys::KeyEntry> entries_;  // of those uses
  std::string configured_name_, current_name_;
  base::Bytes configured_;  // certificate of evidence.key where that is no key of the site
};

}  // namespace cli
