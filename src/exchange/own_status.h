// Status messages that the exchange writes itself, on behalf of a party that cannot or need not.
#pragma once
#include <string>

#include "edxml/document.h"
#include "exchange/exchange.h"

namespace exchange {

struct OwnStatus {
  Organisation from, to;
  edxml::ResponseFor about;  // its organisation is set to `to`
  std::string code;          // "02", "13", "15"
  std::string description;   // Vietnamese; says that the exchange speaks
};
// Keeps and delivers the message within the transaction of `connection`, with its journal entry.
// Gives its delivery.
base::Result<DeliveryKey> write_own_status(Exchange& exchange, store::Connection& connection,
                                           const OwnStatus& status, base::Time now);

}  // namespace exchange
