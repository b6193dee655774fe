// On whose behalf a call is made: a connected system, which stands for what it serves, or certain
// organisations, whoever works for them.
#pragma once
#include <optional>
#include <utility>

#include "exchange/identifiers.h"
#include "identity/principal.h"

namespace exchange {

class Party {
 public:
  // As the national protocol has it: what a system sent, and what waits for it.
  Party(SystemKey system) : system_(system) {}  // NOLINT
  // As identity decides it. Takes no notice of which system serves an organisation, if any.
  Party(identity::Reach reach) : reach_(std::move(reach)) {}  // NOLINT

  // Whether it is the side that has this organisation and this system: the sender of a document
  // with the system it came from, or the recipient of a delivery with the system it waits for.
  bool is(SystemKey system, OrganisationKey organisation) const {
    return reach_ ? reach_->covers(organisation) : system == system_;
  }

 private:
  SystemKey system_ = 0;
  std::optional<identity::Reach> reach_;
};

}  // namespace exchange
