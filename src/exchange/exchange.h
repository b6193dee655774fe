// The exchange itself: accept a document once, deliver it to every addressee, keep track, take it
// back, and be able to prove each step. The faces (vxp, later rest) turn requests into these calls.
//
// Every call that changes something returns after the change is on disk. Any thread.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/metrics.h"
#include "base/queue.h"
#include "base/random.h"
#include "base/result.h"
#include "base/time.h"
#include "edxml/document.h"
#include "exchange/clocks.h"
#include "exchange/delivery.h"
#include "exchange/directory.h"
#include "exchange/identifiers.h"
#include "exchange/judging.h"
#include "exchange/party.h"
#include "exchange/system_calls.h"
#include "identity/calendar_book.h"
#include "store/blobs.h"
#include "store/database.h"
#include "trust/evidence/book.h"

namespace exchange {

// What the operator may choose.
struct Policy {
  // The same file from the same sender within this time is the same submission (vxp-protocol.md
  // §8).
  base::Duration resend_window = std::chrono::hours(24);
  // Items in one pending list; the client asks again for more.
  std::int64_t list_items_max = 500;
  ClockOptions clocks;
};

// One document handed in by a system, its bytes already kept.
struct Submission {
  SystemKey system = 0;
  OrganisationKey sender = 0;  // served by `system`; checked by the caller through check_sender()
  edxml::Document document;
  std::vector<std::string> to;  // receivers named in the request; narrows or replaces the file's To
  base::Bytes hash;             // SHA-256 of the bytes
  store::BlobRef blob;
  std::uint64_t size = 0;
};

struct Accepted {
  DocumentKey document = 0;
  std::string id;
  bool resent = false;               // the same submission was accepted before
  std::vector<std::string> unknown;  // recipients that nobody is; as written
  // Recipients whose rule on signatures keeps the document out, and why.
  std::vector<std::pair<std::string, base::Text>> objections;
  std::int64_t deliveries = 0;
};

struct ListFilter {
  std::optional<base::Time> from, to;  // by acceptance
  std::int64_t page_size = 0;          // 0: the policy's
  std::int64_t page_index = 0;         // from 0
};

struct PendingItem {
  std::string id;
  DocumentKey document = 0;
  OrganisationKey sender = 0, recipient = 0;
  Transport transport = Transport::initial;
  int urgency = 0;
  base::Time accepted_at, updated_at;
  std::string_view signatures;    // word_of(Judgement); empty when not judged
  std::optional<base::Time> due;  // of documents: until when the receipt is to be acknowledged
};

struct Fetched {
  std::string id;
  std::unique_ptr<store::BlobReader> content;
};

struct SentItem {
  std::string document_id, delivery_id;
  OrganisationKey sender = 0, recipient = 0;
  edxml::Kind kind = edxml::Kind::document;
  std::string subject, code;
  base::Time sent_at, updated_at;
  std::optional<base::Time> fetched_at;
  DeliveryState state;
  std::string_view signatures;  // word_of(Judgement); empty when not judged
  // Of documents; status messages have no clock.
  std::optional<Clock> sending;
  Clock receipt;
  std::optional<Clock> recall;
};

// A delivery whose recipient has let a deadline pass.
struct LateItem {
  std::string document_id, delivery_id, subject, code;
  OrganisationKey sender = 0, recipient = 0;
  Clock clock;
  base::Duration lateness{0};
};
struct LateList {
  std::vector<LateItem> items;  // the longest overdue first
  std::int64_t total = 0;       // also those beyond what was asked for
};

struct Addressees;

class Exchange {
 public:
  struct Parts {
    store::Database& database;
    store::Blobs& blobs;
    const base::Clock& clock;
    base::Random& random;
    base::Metrics& metrics;
    base::Bytes secrets_key;
    Policy policy;
    Judging* judging = nullptr;                         // null: signatures are not looked at
    trust::evidence::EvidenceBook* evidence = nullptr;  // null: no evidences are given
    // Working days for the clocks; null: those of the law, none announced.
    identity::CalendarBook* calendar = nullptr;
  };
  // Migrates the database, reads the directory, and checks the end of the journal. What `parts`
  // refers to outlives the exchange.
  static base::Result<std::unique_ptr<Exchange>> open(Parts parts);
  Exchange(Parts parts, std::uint32_t site);

  Directory& directory() { return directory_; }
  const Directory& directory() const { return directory_; }
  // Through a const exchange one reads only.
  store::Database& database() const { return parts_.database; }
  SystemCalls& calls() { return calls_; }
  const SystemCalls& calls() const { return calls_; }
  store::Blobs& blobs() { return parts_.blobs; }
  const base::Clock& clock() const { return parts_.clock; }
  std::uint32_t site() const { return site_; }
  const Policy& policy() const { return parts_.policy; }
  // Working days as of now; never null.
  std::shared_ptr<const identity::Calendar> calendar() const {
    return parts_.calendar ? parts_.calendar->calendar() : lawful_;
  }
  trust::evidence::EvidenceBook* evidence() const { return parts_.evidence; }

  // The organisation `code` if `system` serves it; exchange.sender_unknown (Code::forbidden).
  base::Result<Organisation> check_sender(const ConnectedSystem& system,
                                          std::string_view code) const;

  // Records the document, a delivery for each recipient, and the journal entry in one transaction.
  // A status message is also applied to the delivery that it speaks of. Errors:
  // exchange.recipients_unknown (not_found; names them), exchange.not_the_sender (forbidden),
  // exchange.too_many_recipients, exchange.malware, exchange.signatures_refused (every recipient's
  // rule objects), and those of the store (unavailable): no document is kept then. The signatures
  // are judged first, within the budget of Judging.
  base::Result<Accepted> accept(const Submission& submission);
  // What was found of the signatures of a document, for its sender or a recipient; nothing when it
  // was not judged. exchange.unknown_document.
  base::Result<std::optional<Judgement>> judgement(const Party& party, std::string_view id) const;

  // What the organisation with this code asks of signatures: name_of(SignatureRule).
  std::string_view signature_rule(std::string_view code) const {
    return name_of(parts_.judging ? parts_.judging->rule_of(code) : SignatureRule::label);
  }

  // Deliveries that wait for any organisation of `system`: urgent first, then oldest first.
  base::Result<std::vector<PendingItem>> pending(SystemKey system, edxml::Kind kind,
                                                 const ListFilter& filter) const;
  base::Result<std::int64_t> pending_count(SystemKey system, edxml::Kind kind) const;

  // The bytes exactly as they were handed in, for the recipient or the sender. The first
  // fetch by a recipient is recorded before it returns. exchange.unknown_document (not_found; also
  // for what belongs to others), exchange.recalled (gone).
  base::Result<Fetched> fetch(const Party& party, std::string_view id);

  // The recipient has (done) or cannot take (fail) a delivery; idempotent. A document's id stands
  // for all its deliveries to that party. exchange.unknown_document.
  base::Result<void> acknowledge(const Party& party, std::string_view id, std::string_view word,
                                 std::string_view description);

  // What became of what `system` sent, newest first, one item for each recipient. A `document` that
  // this system did not send is ignored.
  base::Result<std::vector<SentItem>> sent(SystemKey system, std::string_view document,
                                           std::optional<edxml::Kind> kind,
                                           const ListFilter& filter) const;

  // Deliveries of documents that wait for their recipient's word beyond its time, be it a system's
  // or of people who work for it, the longest
  // waiting first, at most `count`; with a `reach`, those that its organisations sent or are to
  // receive. Reads every delivery that waits: for a person or a timer, not for each request.
  base::Result<LateList> late(std::size_t count, const identity::Reach* reach = nullptr) const;

  // Removes files of bytes that no record names: left behind by a crash or a refused upload. For
  // the serving process only, once it has started. Gives the number removed.
  base::Result<std::uint64_t> sweep();

 private:
  base::Result<trust::IntakeReport> judge(const Submission& submission, Addressees& to,
                                          Accepted& accepted);
  friend class Acceptance;
  friend class StatusRouting;
  Parts parts_;
  std::uint32_t site_;
  Directory directory_;
  const std::shared_ptr<const identity::Calendar> lawful_;
  SystemCalls calls_;
  base::Counter& accepted_;
  base::Counter& resent_;
  base::Counter& deliveries_;
  base::Counter& fetches_;
  base::Counter& acknowledgements_;
};

}  // namespace exchange
