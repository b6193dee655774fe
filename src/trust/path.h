// The way from a certificate to an anchor (RFC 5280 §6, EN 319 102-1 §5.2.6), whatever the time:
// signatures, names, basic constraints, name constraints, key usage of authorities.
#pragma once
#include <memory>
#include <vector>

#include "trust/anchor_store.h"
#include "trust/certificate.h"
#include "trust/judge.h"

namespace trust {

struct Path {
  // The certificate first, the anchor last. Without an anchor: as far as it went.
  std::shared_ptr<const std::vector<CertificatePtr>> certificates;
  bool complete = false;
  bool demonstration = false;
  SubIndication sub = SubIndication::none;  // why it is not complete
  base::Text why;
};

Path find_path(const CertificatePtr& from, const std::vector<CertificatePtr>& others,
               Purpose purpose, const Context& context);

}  // namespace trust
