// Signs batches with several keys over time: one now, and earlier ones for what still names them.
#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <set>

#include "base/result.h"
#include "trust/evidence/batch.h"
#include "trust/key.h"

namespace trust::evidence {

// Any thread.
class RollingSigner : public EvidenceSigner {
 public:
  // Knows the key from now on, by its certificate; gives that certificate's SHA-256. A key that is
  // known by its certificate already takes the earlier one's place. trust.no_certificate.
  base::Result<base::Bytes> add(std::shared_ptr<SigningKey> key);
  // From now on evidences name this one, which was added.
  void speak_as(const base::Bytes& certificate);

  // Forgets all but these.
  void retain(const std::set<base::Bytes>& certificates);

  // Empty before the first speak_as().
  base::Bytes certificate() const override;
  base::Result<base::Bytes> sign(base::BytesView content, base::Time at,
                                 base::BytesView certificate) override;
  // The key of a certificate; null when it is not known.
  std::shared_ptr<SigningKey> key(const base::Bytes& certificate) const;

 private:
  mutable std::mutex mutex_;
  std::map<base::Bytes, std::shared_ptr<SigningKey>> keys_;
  base::Bytes current_;
};

}  // namespace trust::evidence
