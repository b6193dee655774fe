// For tests: an agency's key, an authority behind it, and everything that judging wants, without a
// network. Made once for a program, since keys take time.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "trust/demo/authority.h"
#include "trust/judge.h"
#include "trust/timestamp.h"

namespace trust::testing {

class DemoWorld {
 public:
  static DemoWorld& get();

  const base::Time now;
  demo::Authority& authority() { return *authority_; }
  // For kinds "rsa", "ecdsa", "ecdsa384", "ed25519", "expired" (ended a month ago), "revoked".
  SigningKey& key(const std::string& kind);
  // Judging at `now` with the authority's root as the only anchor and its lists at hand.
  Context context() const;
  Context context_without_revocation() const;
  // At `now`.
  TimestampClient& timestamps() { return *timestamps_; }

 private:
  DemoWorld();
  struct Lists;
  std::unique_ptr<demo::Authority> authority_;
  std::unique_ptr<Anchors> anchors_;
  Policy policy_;
  std::unique_ptr<TimestampClient> timestamps_;
  std::unique_ptr<RevocationSource> lists_;
  std::vector<std::pair<std::string, std::unique_ptr<SigningKey>>> keys_;
};

}  // namespace trust::testing
