// What a PDF holds for the validation of its signatures: the Document Security Store
// (ETSI EN 319 142-1 §5.4.2). Untrusted until judged.
#pragma once
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "trust/judge.h"
#include "trust/pdf/file.h"

namespace trust::pdf {

struct SecurityStore {
  bool present = false;
  std::vector<base::Bytes> certificates, crls, ocsp_responses;  // DER
  std::size_t unread = 0;  // entries that could not be read, or were more than what is looked at
};
base::Result<SecurityStore> security_store(const File& file, const Limits& limits);

}  // namespace trust::pdf
