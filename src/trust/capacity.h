// Whether a certificate is an organisation's or a person's: docs/operations/trust.md has the rules.
#pragma once
#include "trust/certificate.h"
#include "trust/policy.h"

namespace trust {

SignatureReport::Capacity capacity_of(const Certificate& certificate, const Policy& policy);

}  // namespace trust
