#include "exchange/feed/event.h"

#include <algorithm>

#include "exchange/records.h"

namespace exchange::feed {
namespace {

using store::Query;
using store::journal::Entry;

const Query kSender{"exchange.feed_sender", "select sender from document where id = $1"};
const Query kRecipients{
    "exchange.feed_recipients",
    "select id, recipient from delivery where id >= $1 and id <= $2 order by id"};

constexpr std::string_view kAccepted = "document.accepted", kAdded = "document.recipients_added",
                           kRefused = "submission.refused", kJudged = "document.judged",
                           kAvailable = "delivery.available", kFetched = "delivery.fetched",
                           kAcknowledged = "delivery.acknowledged", kDeclined = "delivery.refused",
                           kOverdue = "delivery.overdue", kStatus = "status.received",
                           kRecalled = "document.recalled", kRequested = "recall.requested",
                           kAnswered = "recall.answered";

void add_once(std::vector<OrganisationKey>& keys, OrganisationKey key) {
  if (key != 0 && std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
}

Event event_of(const Entry& entry, std::uint32_t sub, std::string_view type, std::string subject) {
  Event event;
  event.at = {entry.seq, sub};
  event.type = type;
  event.time = entry.at;
  event.subject = std::move(subject);
  event.data = base::Json(base::Json::Object{});
  return event;
}

void copy(base::Json& to, const base::Json& from, std::string_view name) {
  if (from.has(name)) to.add(std::string(name), from[name]);
}

}  // namespace

const std::vector<std::string_view>& event_types() {
  static const std::vector<std::string_view> kAll = {
      kAccepted, kAdded,   kRefused, kJudged,   kAvailable, kFetched, kAcknowledged,
      kDeclined, kOverdue, kStatus,  kRecalled, kRequested, kAnswered};
  return kAll;
}

std::string event_id(std::uint32_t site, const Cursor& at) {
  return std::to_string(site) + "-" + std::to_string(at.seq) + "-" + std::to_string(at.sub);
}

base::Json to_json(std::uint32_t site, const Event& event) {
  base::Json json;
  json.add("specversion", "1.0").add("id", event_id(site, event.at));
  json.add("source", "urn:truc:" + std::to_string(site)).add("type", event.type);
  json.add("time", base::iso_time_text(event.time)).add("subject", event.subject);
  json.add("datacontenttype", "application/json").add("data", event.data);
  return json;
}

base::Result<std::vector<Event>> Teller::all(const Entry& entry) {
  only_.reset();
  bare_ = false;
  return tell(entry);
}

base::Result<std::vector<Event>> Teller::whom(const Entry& entry) {
  only_.reset();
  bare_ = true;
  return tell(entry);
}

base::Result<std::vector<Event>> Teller::one(const Entry& entry, std::uint32_t sub) {
  only_ = sub;
  bare_ = false;
  Events events = TRY(tell(entry));
  std::erase_if(events, [sub](const Event& event) { return event.at.sub != sub; });
  return events;
}

base::Result<std::vector<Event>> Teller::tell(const Entry& entry) {
  // What concerns no organisation is most often told by its kind alone.
  constexpr std::string_view kTold[] = {"accepted",     "recipients_added", "refused", "judged",
                                        "acknowledged", "fetched",          "expired"};
  if (std::find(std::begin(kTold), std::end(kTold), entry.kind) == std::end(kTold)) return Events();
  const base::Json body = TRY(base::Json::parse(entry.body));
  if (entry.kind == "refused") return refused(entry, body);
  const auto named = parse_id(exchange_.site(), entry.subject);
  if (!named) return Events();
  if (named->delivery) return delivery(entry, body, *named->delivery);
  if (entry.kind == "judged") return judged(entry, body, named->document);
  if (entry.kind == "accepted" && body["kind"].text() == "status") {
    return status(entry, body, named->document);
  }
  return document(entry, body, named->document);
}

// Event 0 is the sender's; 1 and above belong to the recipients, by their place.
base::Result<std::vector<Event>> Teller::document(const Entry& entry, const base::Json& body,
                                                  DocumentKey key) {
  const auto count = static_cast<std::int64_t>(body["to"].array().size());
  Events events;
  if (!only_ || *only_ == 0) {
    const auto known = keys_of({body["from"]});
    const OrganisationKey sender = known.empty() ? TRY(sender_of(key)) : known[0];
    Event event = event_of(entry, 0, entry.kind == "accepted" ? kAccepted : kAdded, entry.subject);
    add_once(event.concerned, sender);
    if (!bare_) {
      event.data.add("document", entry.subject).add("sender", code_of(sender));
      event.data.add("recipients", count);
      for (const char* name : {"unknown", "urgency", "signatures"}) copy(event.data, body, name);
    }
    events.push_back(std::move(event));
  }
  for (Event& event : TRY(available(entry, body, key, body["first"].integer(), count))) {
    events.push_back(std::move(event));
  }
  return events;
}

base::Result<std::vector<Event>> Teller::available(const Entry& entry, const base::Json& body,
                                                   DocumentKey key, std::int64_t first,
                                                   std::int64_t count) {
  Events events;
  std::int64_t from = first, to = first + count - 1;
  if (only_) from = to = std::max<std::int64_t>(*only_, 1) - 1;
  if (from > to || (only_ && *only_ == 0)) return events;
  const std::string sender =
      body.has("from") ? std::string(body["from"].text()) : code_of(TRY(sender_of(key)));
  const auto add = [&](DeliveryKey delivery, OrganisationKey recipient) {
    const auto place = static_cast<std::uint32_t>(delivery - delivery_key(key, 0));
    Event event = event_of(entry, place + 1, kAvailable, "");
    add_once(event.concerned, recipient);
    if (bare_) return events.push_back(std::move(event));
    event.subject = delivery_id_text(exchange_.site(), delivery);
    event.data.add("document", entry.subject).add("delivery", event.subject);
    event.data.add("sender", sender).add("recipient", code_of(recipient));
    for (const char* name : {"urgency", "signatures"}) copy(event.data, body, name);
    events.push_back(std::move(event));
  };
  // The follower reads every acceptance: the entry names its recipients by place, and the directory
  // is in memory. The records decide where it does not know one of them.
  const auto named = only_ ? std::vector<OrganisationKey>() : keys_of(body["to"].array());
  for (std::size_t i = 0; i < named.size(); ++i) {
    add(delivery_key(key, first + static_cast<std::int64_t>(i)), named[i]);
  }
  if (!named.empty()) return events;
  TRY(connection_.each(kRecipients, {delivery_key(key, from), delivery_key(key, to)},
                       [&](const store::Row& row) {
                         add(row.integer(0), row.integer(1));
                         return true;
                       }));
  return events;
}

// None when the directory does not know one of them by exactly that code.
std::vector<OrganisationKey> Teller::keys_of(const base::Json::Array& codes) const {
  std::vector<OrganisationKey> keys;
  for (const base::Json& code : codes) {
    const auto organisation = exchange_.directory().find(code.text());
    if (!organisation || organisation->code != code.text()) return {};
    keys.push_back(organisation->key);
  }
  return keys;
}

base::Result<std::vector<Event>> Teller::status(const Entry& entry, const base::Json& body,
                                                DocumentKey message) {
  std::vector<OrganisationKey> readers;
  // What the exchange writes in somebody's name is no act of theirs.
  if (!body.has("by")) readers.push_back(TRY(sender_of(message)));
  TRY(connection_.each(kRecipients,
                       {delivery_key(message, 0), delivery_key(message, kRecipientsMax)},
                       [&](const store::Row& row) {
                         add_once(readers, row.integer(1));
                         return true;
                       }));
  Events events;
  // "delivery" and, for what it withdrew, "effect" after it, once for each delivery it speaks of.
  const base::Json::Object& members = body.object();
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (members[i].first != "delivery") continue;
    const bool withdrawn = i + 1 < members.size() && members[i + 1].first == "effect";
    TRY(add_status(events, entry, body, members[i].second.text(), withdrawn, readers));
  }
  if (events.empty()) TRY(add_status(events, entry, body, "", false, readers));
  return events;
}

base::Result<void> Teller::add_status(Events& out, const Entry& entry, const base::Json& body,
                                      std::string_view delivery, bool withdrawn,
                                      const std::vector<OrganisationKey>& readers) {
  const std::string_view code = body["code"].text();
  std::string_view type = kStatus;
  if (!delivery.empty() && code == "13") type = withdrawn ? kRecalled : kRequested;
  if (!delivery.empty() && (code == "15" || code == "16")) type = kAnswered;
  Event event = event_of(entry, static_cast<std::uint32_t>(out.size()), type,
                         std::string(delivery.empty() ? entry.subject : delivery));
  event.concerned = readers;
  event.data.add("message", entry.subject).add("code", code).add("from", body["from"]);
  copy(event.data, body, "by");
  if (type == kAnswered) event.data.add("agreed", code == "15");
  if (const auto named = parse_id(exchange_.site(), delivery); named && named->delivery) {
    const auto row = TRY(records::delivery(connection_, *named->delivery));
    const OrganisationKey sender = TRY(sender_of(named->document));
    event.data.add("document", document_text(named->document)).add("delivery", delivery);
    event.data.add("sender", code_of(sender)).add("recipient", code_of(row ? row->recipient : 0));
    add_once(event.concerned, sender);
    if (row) add_once(event.concerned, row->recipient);
  }
  out.push_back(std::move(event));
  return base::done();
}

base::Result<std::vector<Event>> Teller::delivery(const Entry& entry, const base::Json& body,
                                                  DeliveryKey key) {
  std::string_view type;
  if (entry.kind == "fetched") type = kFetched;
  if (entry.kind == "expired") type = kOverdue;
  if (entry.kind == "acknowledged" && body["word"].text() == "done") type = kAcknowledged;
  if (entry.kind == "acknowledged" && body["word"].text() == "fail") type = kDeclined;
  const auto row = TRY(records::delivery(connection_, key));
  if (type.empty() || !row) return Events();
  const OrganisationKey sender = TRY(sender_of(document_of(key)));
  Event event = event_of(entry, 0, type, entry.subject);
  event.data.add("document", document_text(document_of(key))).add("delivery", entry.subject);
  event.data.add("sender", code_of(sender)).add("recipient", code_of(row->recipient));
  if (type == kOverdue) {
    event.data.add("clock", body["evidence"].text() == "Expiry" ? "fetch" : "answer");
  }
  add_once(event.concerned, sender);
  add_once(event.concerned, row->recipient);
  return Events{std::move(event)};
}

base::Result<std::vector<Event>> Teller::judged(const Entry& entry, const base::Json& body,
                                                DocumentKey key) {
  Event event = event_of(entry, 0, kJudged, entry.subject);
  const OrganisationKey sender = TRY(sender_of(key));
  event.data.add("document", entry.subject).add("sender", code_of(sender));
  copy(event.data, body, "signatures");
  event.data.add("malware", body.has("malware"));
  add_once(event.concerned, sender);
  TRY(connection_.each(kRecipients, {delivery_key(key, 0), delivery_key(key, kRecipientsMax)},
                       [&](const store::Row& row) {
                         event.concerned.push_back(row.integer(1));
                         return true;
                       }));
  std::sort(event.concerned.begin(), event.concerned.end());
  event.concerned.erase(std::unique(event.concerned.begin(), event.concerned.end()),
                        event.concerned.end());
  return Events{std::move(event)};
}

base::Result<std::vector<Event>> Teller::refused(const Entry& entry, const base::Json& body) {
  const auto sender = exchange_.directory().find(body["from"].text());
  if (!sender) return Events();
  Event event = event_of(entry, 0, kRefused, entry.subject);
  event.data.add("hash", entry.subject).add("sender", sender->code).add("reason", body["reason"]);
  event.concerned = {sender->key};
  return Events{std::move(event)};
}

base::Result<OrganisationKey> Teller::sender_of(DocumentKey key) {
  return TRY(connection_.integer(kSender, {key})).value_or(0);
}

std::string Teller::code_of(OrganisationKey key) const {
  const auto organisation = exchange_.directory().by_key(key);
  return organisation ? organisation->code : std::string();
}

std::string Teller::document_text(DocumentKey key) const {
  return document_id_text(exchange_.site(), key);
}

}  // namespace exchange::feed
