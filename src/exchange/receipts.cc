#include "exchange/receipts.h"

namespace exchange {

void staffed_since(DeliveryFacts& facts, base::Time since) {
  facts.connected = true;
  if (since > facts.visible_at.value_or(facts.accepted_at)) facts.visible_at = since;
}

base::Result<Clock> Receipts::clock(identity::OrganisationKey recipient, DeliveryFacts& facts) {
  Clock clock = receipt_clock(calendar_, options_, facts);
  if (!clock.paused) return clock;
  const auto since = TRY(staffing_.since(recipient));
  if (!since) return clock;
  staffed_since(facts, *since);
  return receipt_clock(calendar_, options_, facts);
}

}  // namespace exchange
