// The keys of a site in its directory `keys`: docs/formats/keys.md.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "base/result.h"
#include "base/time.h"
#include "trust/key.h"
#include "trust/keys/key_name.h"

namespace trust::keys {

// The one use that keys of a site have so far: signing evidences.
inline constexpr std::string_view kEvidence = "evidence";

struct Chain {
  base::Time imported;
  std::vector<base::Bytes> certificates;  // DER, the key's own first
};

struct KeyEntry {
  std::string name;
  KeyName::Kind kind = KeyName::Kind::own;  // own: the private key is in the directory
  std::string where;                        // of a token or a service: its name
  KeyAlgorithm algorithm = KeyAlgorithm::rsa;
  int bits = 0;
  base::Bytes public_key;       // DER of the SubjectPublicKeyInfo
  std::string passphrase_file;  // opens an own key; empty: the site's key does
  base::Time created;
  std::optional<base::Time> removed;  // the private key is gone, its certificates are kept
  std::vector<Chain> chains;          // in the order of their import

  // The last that was imported and has begun at `at`; the last of all when none has. Null without
  // any. Borrowed from the entry.
  const Chain* chain_at(base::Time at) const;
};

// Which key does what, from when. What was said is kept; what was planned and is replaced is not.
struct KeyUse {
  std::string use, key;
  base::Time from;
};
// The use in force at `at`, and the next after it; null when there is none. Borrowed from `uses`.
const KeyUse* use_at(const std::vector<KeyUse>& uses, std::string_view use, base::Time at);
const KeyUse* use_after(const std::vector<KeyUse>& uses, std::string_view use, base::Time at);

// Real files only. One process changes it at a time; reading beside that gives the state before or
// after a change. What has returned survives power loss.
class KeyDirectory {
 public:
  // `site_key` (32 bytes) protects private keys that have no passphrase. `clock` outlives it.
  KeyDirectory(std::string path, base::Bytes site_key, const base::Clock& clock)
      : path_(std::move(path)), site_key_(std::move(site_key)), clock_(clock) {}

  // By name; none where the directory is not there. trust.key_record_damaged.
  base::Result<std::vector<KeyEntry>> all() const;
  // trust.key_unknown.
  base::Result<KeyEntry> find(std::string_view name) const;

  // Errors of the four: trust.key_name_malformed, trust.key_exists (nothing is ever overwritten),
  // trust.key_password (an empty passphrase), and those of making or opening the key.
  base::Result<KeyEntry> create(const std::string& name, KeyAlgorithm algorithm, int bits,
                                const std::string& passphrase_file);
  base::Result<KeyEntry> create_in_token(const std::string& name, const KeyName& token,
                                         KeyAlgorithm algorithm, int bits,
                                         const std::string& pin_file);
  // A file is copied, protected anew; a token's or a service's key stays where it is. Its
  // certificates come with it: those of chain_of_key().
  base::Result<KeyEntry> import(const std::string& name, const KeyName& from,
                                const std::string& password_file,
                                const std::string& passphrase_file);

  // Adds a chain (any order) to a key: the errors of chain_of_key(), trust.certificate_known.
  base::Result<Chain> add_certificates(const std::string& name,
                                       const std::vector<base::Bytes>& certificates);

  // Destroys the private key where it is the site's own. Certificates are kept, since evidences
  // name them. trust.key_in_use: it signs now, or is to sign later.
  base::Result<void> remove(const std::string& name);

  base::Result<std::vector<KeyUse>> uses() const;
  // From then on `name` does `use`, in place of whatever was planned. trust.key_unused_name (no
  // such use), trust.no_certificate (none that is in force then), trust.key_use_past.
  base::Result<KeyUse> use(const std::string& name, std::string_view use,
                           std::optional<base::Time> from);

  // A key with that chain (null: bare). It is opened when it first signs, so that a token or
  // service that is away now may come back; a refusal is remembered and not tried again. Any
  // thread.
  base::Result<std::unique_ptr<SigningKey>> open(const KeyEntry& entry, const Chain* chain) const;

  // Whether the passphrase, or the site's key, opens an own key; nothing is asked of the others.
  base::Result<void> check(const KeyEntry& entry) const;

  // What changes when anything that is read here does: cheap enough for twice a second.
  base::Result<base::Bytes> state() const;

 private:
  std::string record_path(std::string_view name) const;
  std::string key_file_path(std::string_view name) const;
  base::Result<std::string> password_of(const KeyEntry& entry) const;
  base::Result<std::unique_ptr<SigningKey>> open_own(const KeyEntry& entry) const;
  base::Result<void> begin(const std::string& name) const;
  base::Result<void> write_private(const KeyEntry& entry, base::BytesView pem) const;
  base::Result<void> save(const KeyEntry& entry) const;
  base::Result<base::Bytes> protect(const KeyEntry& entry, const KeyName& from,
                                    const std::string& password_file) const;

  const std::string path_;
  const base::Bytes site_key_;
  const base::Clock& clock_;
};

}  // namespace trust::keys
