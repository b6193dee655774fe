// Accepting one submission: who gets it, whether it came before, and the records that it leaves.
#pragma once
#include <string>
#include <vector>

#include "exchange/exchange.h"

namespace exchange {

// Whom a document goes to, each organisation once however often and by whatever code it is named.
struct Addressees {
  std::vector<Organisation> known;
  std::vector<std::string> unknown;  // as written, each once
  // Codes, as written, of those that others have taken over from, with the codes of these.
  std::vector<std::pair<std::string, std::string>> forwarded;
};

// vxp-protocol.md §3.6: the file's To decide; `header` narrows them where the two have
// organisations in common, and stands in for them when the file names none.
Addressees addressees(const Directory& directory, const edxml::Document& document,
                      const std::vector<std::string>& header, base::Time now);

// The canonical DocumentId (edxml.md §4.1) from its parts, for files without one.
std::string composed_id(std::string_view organisation, std::string_view date,
                        std::string_view code);

// Records one submission within a transaction. Built anew for each attempt.
class Acceptance {
 public:
  Acceptance(Exchange& exchange, const Submission& submission, const Addressees& addressees,
             base::Time now, const trust::IntakeReport* judged = nullptr,
             const std::vector<std::string>& objecting = {})
      : exchange_(exchange),
        submission_(submission),
        addressees_(addressees),
        now_(now),
        judged_(judged),
        objecting_(objecting) {}
  base::Result<Accepted> record(store::Connection& connection);

 private:
  base::Result<std::optional<DocumentKey>> earlier_submission(store::Connection& connection) const;
  base::Result<void> insert_document(store::Connection& connection, DocumentKey document) const;
  base::Result<std::int64_t> insert_deliveries(store::Connection& connection,
                                               DocumentKey document) const;
  base::Result<std::int64_t> deliver_to_new(store::Connection& connection,
                                            DocumentKey document) const;
  base::Result<void> link_earlier(store::Connection& connection, DocumentKey document) const;
  base::Result<void> say_non_deliveries(store::Connection& connection, DocumentKey document) const;
  base::Json journal_body() const;

  Exchange& exchange_;
  const Submission& submission_;
  const Addressees& addressees_;
  const base::Time now_;
  const trust::IntakeReport* const judged_;   // null: not judged
  const std::vector<std::string> objecting_;  // codes of those whose rule keeps it out
};

}  // namespace exchange
