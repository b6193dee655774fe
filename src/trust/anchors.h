// The authorities that this site trusts, and what for.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace trust {

struct Anchor {
  base::Bytes certificate;     // DER
  std::string name;            // what the operator calls it
  bool signatures = true;      // may stand behind signatures
  bool timestamps = true;      // may stand behind timestamps
  bool demonstration = false;  // every report says so
};

// Fixed once filled; then any thread.
class Anchors {
 public:
  Anchors();
  ~Anchors();
  Anchors(Anchors&&) noexcept;
  Anchors& operator=(Anchors&&) noexcept;
  // trust.certificate_malformed (invalid).
  base::Result<void> add(Anchor anchor);
  // Every certificate of a PEM file with the same name and uses; trust.no_certificate.
  base::Result<void> add_pem(base::BytesView pem, const Anchor& like);
  const std::vector<Anchor>& all() const;

 private:
  friend struct AnchorsAccess;  // OpenSSL's view, for judge.cc
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace trust
