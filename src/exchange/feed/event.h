// What happened that concerns an organisation, told from the journal. docs/formats/events.md lists
// the types, what each says, and who gets it.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/time.h"
#include "exchange/exchange.h"
#include "exchange/feed/cursor.h"
#include "store/journal.h"

namespace exchange::feed {

struct Event {
  Cursor at;              // entry of the journal, and which of its events
  std::string_view type;  // "delivery.available"; static storage
  base::Time time;
  std::string subject;  // id of the document or delivery, or the hash of what was refused
  base::Json data;      // ids and codes; no subject line, no text, no name of a person
  std::vector<OrganisationKey> concerned;  // who gets it; each once
};
using EventPointer = std::shared_ptr<const Event>;

// Every type, in the order of docs/formats/events.md.
const std::vector<std::string_view>& event_types();

// The same for ever: who has seen it before can tell.
std::string event_id(std::uint32_t site, const Cursor& at);
// With the member names of CloudEvents 1.0.
base::Json to_json(std::uint32_t site, const Event& event);

// Tells entries of the journal as events, within one read of the database.
class Teller {
 public:
  Teller(const Exchange& exchange, store::Connection& connection)
      : exchange_(exchange), connection_(connection) {}
  // Every event of an entry, in order of `sub`; none for what concerns no organisation. What an
  // entry tells never changes.
  base::Result<std::vector<Event>> all(const store::journal::Entry& entry);
  // The same for whoever needs `at` and `concerned` alone: the rest may be missing.
  base::Result<std::vector<Event>> whom(const store::journal::Entry& entry);
  // The one event `sub` of an entry, or nothing: for readers whom a broadcast to many does not
  // concern as a whole.
  base::Result<std::vector<Event>> one(const store::journal::Entry& entry, std::uint32_t sub);

 private:
  using Events = std::vector<Event>;
  base::Result<Events> tell(const store::journal::Entry& entry);
  base::Result<Events> document(const store::journal::Entry& entry, const base::Json& body,
                                DocumentKey key);
  base::Result<Events> available(const store::journal::Entry& entry, const base::Json& body,
                                 DocumentKey key, std::int64_t first, std::int64_t count);
  base::Result<Events> status(const store::journal::Entry& entry, const base::Json& body,
                              DocumentKey message);
  base::Result<Events> delivery(const store::journal::Entry& entry, const base::Json& body,
                                DeliveryKey key);
  base::Result<Events> judged(const store::journal::Entry& entry, const base::Json& body,
                              DocumentKey key);
  base::Result<Events> refused(const store::journal::Entry& entry, const base::Json& body);
  // What a status message says of one delivery; empty: of none that is known.
  base::Result<void> add_status(Events& out, const store::journal::Entry& entry,
                                const base::Json& body, std::string_view delivery, bool withdrawn,
                                const std::vector<OrganisationKey>& readers);
  base::Result<OrganisationKey> sender_of(DocumentKey key);
  std::string code_of(OrganisationKey key) const;
  std::vector<OrganisationKey> keys_of(const base::Json::Array& codes) const;
  std::string document_text(DocumentKey key) const;

  const Exchange& exchange_;
  store::Connection& connection_;
  std::optional<std::uint32_t> only_;
  bool bare_ = false;  // whom()
};

}  // namespace exchange::feed
