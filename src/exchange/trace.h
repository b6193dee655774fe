// Where is my document: every hop of it, each recipient's state, clocks and proofs, who holds it
// now, and for what waits why, until when, and who can act.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exchange/exchange.h"
#include "identity/principal.h"

namespace exchange {

// One step. `kind`: received, judged, recipients_added (of the document); available, forwarded,
// fetched, acknowledged, refused, status, recalled, recall_requested, recall_answered, overdue (of
// a delivery).
struct Hop {
  base::Time at;
  std::string_view kind;
  std::string by;      // code of the organisation that acted; empty: the exchange
  std::string detail;  // status code, verdict, or the code that was named instead of the recipient
  std::int64_t seq = 0;  // its entry in the journal, where one is kept under that id; else 0
  base::Text text;       // in words
};

struct Proof {
  std::string id, event;  // of the evidence: docs/formats/evidence.md
  base::Time at;
  bool is_signed = false;
  std::optional<std::int64_t> log_index;
};

enum class Holder : unsigned char { exchange, recipient, sender, nobody };
std::string_view word_of(Holder holder);  // "exchange", "recipient", "sender", "nobody"

// Why something has not gone on.
struct Waiting {
  // "not_connected", "not_fetched", "not_acknowledged", "not_accepted", "recall_not_answered"
  std::string_view why;
  base::Time since;
  std::optional<base::Time> until;  // by law or by rule; none: no deadline
  std::string organisation;         // code of who can act
  std::string system;               // its system; empty: none is connected
  bool by_hand = false;             // none is, and people work for it (identity/staffing.h)
  bool system_enabled = true;
  std::optional<base::Time> system_seen;  // when it last called; nothing: never, or not known
  base::Text text;
};

struct TracedDelivery {
  std::string id;
  std::string recipient, recipient_name;
  DeliveryState state;
  Holder holder = Holder::exchange;
  Clock receipt;
  std::optional<Clock> recall;
  std::vector<Hop> hops;
  std::vector<Proof> proofs;
  std::optional<Waiting> waiting;
};

struct Trace {
  std::string id, document_id, code;
  std::string subject;  // not for those who may read traces only
  std::string sender, sender_name;
  int urgency = 0;
  base::Time accepted_at;
  bool recalled = false;
  std::string_view signatures;  // word_of(Judgement); empty when not judged
  bool whole = false;           // the viewer sees every delivery, not only its own
  // To whom it went, by code, in order; and whom nobody knows.
  std::vector<std::string> addressees, unknown;
  std::optional<Clock> sending;
  std::vector<Hop> hops;
  std::vector<Proof> proofs;
  std::vector<TracedDelivery> deliveries;
  std::int64_t deliveries_total = 0;  // that the viewer may see
  base::Time as_of;
};

struct TraceOptions {
  std::int64_t first = 0;              // leaves out that many deliveries
  std::int64_t deliveries_max = 1000;  // at most 1000
};

// `viewer`: the organisations for which the caller may read traces. The sender sees every delivery,
// a recipient its own. `id` is a document's or a delivery's; a delivery's gives that one alone.
// exchange.unknown_document (not_found): also for what belongs to others. Any thread.
base::Result<Trace> trace(const Exchange& exchange, const identity::Reach& viewer,
                          std::string_view id, const TraceOptions& options = {});
// The newest document of `sender` (any of its codes) with this number and notation.
base::Result<Trace> trace_by_code(const Exchange& exchange, const identity::Reach& viewer,
                                  std::string_view code, std::string_view sender,
                                  const TraceOptions& options = {});

// For the API and `--json`. Without `subject` the subject line is left out.
base::Json to_json(const Exchange& exchange, const Trace& trace, bool subject);

}  // namespace exchange
