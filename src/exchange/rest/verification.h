// What files of strangers are judged by.
#pragma once
#include <optional>

#include "trust/anchors.h"
#include "trust/log/proof.h"

namespace exchange::rest {

struct Verification {
  trust::Anchors anchors;
  std::optional<trust::log::NoteVerifier> log_key;  // of the site's transparency log, if it has one
};

}  // namespace exchange::rest
