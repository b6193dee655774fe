// Signs batches with a key, wherever it is kept.
#pragma once
#include <memory>

#include "base/result.h"
#include "trust/evidence/batch.h"
#include "trust/key.h"

namespace trust::evidence {

// `key` outlives it. trust.no_certificate for a bare key.
base::Result<std::unique_ptr<EvidenceSigner>> key_signer(SigningKey& key);

}  // namespace trust::evidence
