// Anchors as OpenSSL wants them.
#pragma once
#include "trust/anchors.h"
#include "trust/certificate.h"

namespace trust {

enum class Purpose : unsigned char { signature, timestamp };

struct AnchorsAccess {
  // For verifying on any thread.
  static x509_store_st* store(const Anchors& anchors, Purpose purpose);
  // The anchor's certificate that the store handed out, or null.
  static CertificatePtr certificate(const Anchors& anchors, const x509_st* x509);
  // The anchor that is this certificate, or null.
  static const Anchor* find(const Anchors& anchors, const Certificate& certificate);
  // The same for the same anchors with the same uses, different otherwise.
  static const base::Bytes& identity(const Anchors& anchors);
};

}  // namespace trust
