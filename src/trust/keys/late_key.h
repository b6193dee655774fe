// A key that is opened when it first signs.
#pragma once
#include <functional>
#include <memory>
#include <vector>

#include "base/result.h"
#include "trust/key.h"

namespace trust::keys {

struct KnownKey {
  KeyAlgorithm algorithm = KeyAlgorithm::rsa;
  int bits = 0;
  base::Bytes public_key;
  std::vector<base::Bytes> certificates;
};
using KeyOpener = std::function<base::Result<std::unique_ptr<SigningKey>>()>;

// What is known of it is told without opening it. Once opened it stays open; what `open` refuses
// (forbidden) is remembered and not tried again, anything else is tried again with the next call.
// trust.key_mismatch: what was opened is another key. Any thread.
std::unique_ptr<SigningKey> late_key(KnownKey known, KeyOpener open);

}  // namespace trust::keys
