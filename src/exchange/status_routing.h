// Status messages (edxml.md §7): which delivery they speak of, what they do to it, and whom they
// are delivered to.
#pragma once
#include <optional>
#include <vector>

#include "base/json.h"
#include "exchange/acceptance.h"
#include "exchange/records.h"

namespace exchange {

// Within the transaction that accepts the message.
class StatusRouting {
 public:
  StatusRouting(Exchange& exchange, const Submission& submission, const Addressees& addressees,
                base::Time now)
      : exchange_(exchange), submission_(submission), addressees_(addressees), now_(now) {}

  // Applies the message, delivers it, and adds what it did to `journal_body`. Gives the number of
  // deliveries made. exchange.not_the_sender when a 13 is for somebody else's document.
  base::Result<std::int64_t> record(store::Connection& connection, DocumentKey message,
                                    base::Json& journal_body);

 private:
  struct Target {
    records::DocumentRow document;
    records::DeliveryRow delivery;
  };
  // One, but for a 13 to somebody who has been succeeded: then each of them may have a copy.
  base::Result<std::vector<Target>> find_targets(store::Connection& connection,
                                                 const edxml::ResponseFor& about);
  base::Result<std::optional<Target>> find_by_id(store::Connection& connection,
                                                 std::string_view document_id,
                                                 OrganisationKey sender, OrganisationKey recipient,
                                                 bool& of_another_sender);
  base::Result<StatusEffect> apply(store::Connection& connection, DocumentKey message,
                                   const Target& target);
  base::Result<void> mark_if_wholly_recalled(store::Connection& connection, DocumentKey document);
  base::Result<void> answer_withdrawn(store::Connection& connection,
                                      const edxml::ResponseFor& about, const Target& target);
  bool is_recall() const { return submission_.document.status_code == "13"; }

  Exchange& exchange_;
  const Submission& submission_;
  const Addressees& addressees_;
  const base::Time now_;
};

}  // namespace exchange
