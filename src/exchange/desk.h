// What certain organisations have sent and received, item by item, and what they say of it: for
// those whose people or programs work through the API, whether or not a system serves them.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "exchange/clocks.h"
#include "exchange/delivery.h"
#include "exchange/exchange.h"
#include "identity/principal.h"

namespace exchange {

// A document (never a status message) as one of its parties sees it.
struct DeskDocument {
  DocumentKey key = 0;
  std::string id;
  OrganisationKey sender = 0;
  std::string document_id, code, issued_on, subject;  // as the issuer wrote them
  int urgency = 0, operation = 0;
  bool recalled = false;
  base::Time accepted_at;
  std::int64_t size = 0;
  base::Bytes hash;
  std::string blob;
  std::string_view signatures;  // word_of(Judgement); empty when not judged
  bool sent = false;            // by one of the organisations that ask
};

struct DeskDelivery {
  DeliveryKey key = 0;
  std::string id, document_id;
  OrganisationKey sender = 0, recipient = 0;
  std::string code, issued_on, subject, business_id;
  int urgency = 0;
  DeliveryState state;
  base::Time accepted_at, updated_at;
  std::optional<base::Time> fetched_at;
  std::string_view signatures;
  Clock receipt;
  std::optional<Clock> recall;
};

enum class Box : unsigned char { sent, received };

struct DeskFilter {
  std::optional<base::Time> from, to;           // accepted at or after, and before
  std::optional<OrganisationKey> organisation;  // only this one of those that ask
};

struct DeskPage {
  std::vector<DeskDocument> items;
  // Where the next page begins; 0: there is none. A page may be short and yet have a next one.
  DocumentKey next_before = 0;
};

// A place in the inbox: urgent first, then the oldest.
struct InboxPlace {
  std::int64_t rank = 0;
  DeliveryKey delivery = 0;
};

// Who is asked to give a document back, and what came of asking.
struct Asked {
  OrganisationKey recipient = 0;
  std::optional<base::Error> error;
};

// What those that ask have of a document that is theirs.
struct DeskStanding {
  bool recalled = false;  // every copy was taken back
  bool held = false;      // they sent it, or have fetched a copy
};

// A word of a recipient on the work on a document.
struct Word {
  std::string_view code;         // 01–06, 15, 16
  std::string_view description;  // empty: what the code means
  std::string_view department, staff;
};

// Any thread. What is not `reach`'s is exchange.unknown_document, whether or not it exists.
class Desk {
 public:
  explicit Desk(Exchange& exchange) : exchange_(exchange) {}

  // Newest first, at most `count`, below `before` (0: from the newest).
  base::Result<DeskPage> documents(const identity::Reach& reach, Box box, const DeskFilter& filter,
                                   DocumentKey before, std::int64_t count) const;
  // Sent by, or delivered and not taken back from, one of them. exchange.recalled (gone) when it
  // was taken back from them.
  base::Result<DeskDocument> document(const identity::Reach& reach, std::string_view id) const;
  // Without its clocks and its words, for many in a row. Nothing for what document() refuses.
  base::Result<std::optional<DeskStanding>> standing(const identity::Reach& reach,
                                                     DocumentKey document) const;
  // The deliveries of a document: all for its sender, their own for the others.
  base::Result<std::vector<DeskDelivery>> deliveries_of(const identity::Reach& reach,
                                                        std::string_view id) const;

  // What waits for them, after `after`.
  base::Result<std::vector<DeskDelivery>> inbox(const identity::Reach& reach,
                                                const DeskFilter& filter,
                                                const std::optional<InboxPlace>& after,
                                                std::int64_t count) const;
  // For its recipient or its document's sender.
  base::Result<DeskDelivery> delivery(const identity::Reach& reach, std::string_view id) const;

  // The recipient reports what it does with a delivery: the same as a status message of edXML,
  // which the sender finds in its list. `id` must be a delivery to `reach`. exchange.not_asked_back
  // (conflict) for 15 and 16 when nobody asked. Gives the id of the message.
  base::Result<std::string> report(const identity::Reach& reach, std::string_view id,
                                   const Word& word);
  // The sender asks for its document back from `recipients` (empty: all who have it), as a status
  // message 13 to each. exchange.not_a_recipient names who never got it.
  base::Result<std::vector<Asked>> ask_back(const identity::Reach& reach, std::string_view id,
                                            const std::vector<OrganisationKey>& recipients,
                                            std::string_view reason);

 private:
  base::Result<std::string> say(const Organisation& from, const Organisation& to,
                                const DeskDelivery& about, const Word& word);
  Exchange& exchange_;
};

}  // namespace exchange
