#include "exchange/notifications/telling.h"

#include <algorithm>
#include <charconv>

#include "exchange/feed/places.h"
#include "store/journal.h"
#include "trust/evidence/evidence.h"

namespace exchange::notifications {
namespace {

using feed::Cursor;
using feed::Event;
using identity::Permission;
using store::journal::Entry;

const store::Query kAbout{"exchange.notification_account",
                          "select seq, at, kind, body from journal "
                          "where subject = $1 and seq > $2 and seq < $3 "
                          "order by seq desc limit $4"};

constexpr std::size_t kPlacesAtOnce = 64;
constexpr std::int64_t kAccountEntriesMax = 500;  // most are sign-ins, of which nobody is told

// Whom an event is news for: what one's own side did is not.
struct Rule {
  std::string_view type;
  bool for_sender;
  Kind kind;
  std::string_view event;
};
constexpr Rule kRules[] = {
    {"delivery.available", false, Kind::received, "received"},
    {"delivery.overdue", true, Kind::recipient_late, "not_answered"},
    {"delivery.refused", true, Kind::refused, "delivery_refused"},
    {"status.received", true, Kind::status, "status"},
    {"document.recalled", false, Kind::recall, "recalled"},
    {"recall.requested", false, Kind::recall, "recall_requested"},
    {"recall.answered", true, Kind::recall, "recall_refused"},
};

// Most entries are news for nobody; their kind says so before they are told.
bool may_be_news(const Entry& entry) {
  if (entry.kind == "fetched") return false;
  return entry.kind != "acknowledged" || entry.body.find("\"fail\"") != std::string::npos;
}

// What software says by itself on arrival (01) is on the board of the document; the rest are words
// of people.
bool is_told(std::string_view status) {
  return status == "02" || status == "03" || status == "04" || status == "05" || status == "06";
}

std::string id_of(const Cursor& at) {
  return "e" + std::to_string(at.seq) + "-" + std::to_string(at.sub);
}

// As own_organisations() of something else, but for what may be read of a document.
identity::Reach own_reach(const identity::Principal& who, Permission permission) {
  return {false, own_organisations(who, permission)};
}

}  // namespace

identity::PersonKey person_named(std::string_view id) {
  constexpr std::string_view kPerson = "person:";
  identity::PersonKey key = 0;
  if (id.starts_with(kPerson)) {
    id.remove_prefix(kPerson.size());
    std::from_chars(id.data(), id.data() + id.size(), key);
  }
  return key;
}

std::vector<OrganisationKey> own_organisations(const identity::Principal& who,
                                               Permission permission) {
  std::vector<OrganisationKey> all = identity::reach(who, permission).organisations;
  std::erase(all, identity::kPlatform);
  return all;
}

Telling::Telling(const Exchange& exchange, const identity::Calendar& days,
                 const identity::Principal& who, store::Connection& connection)
    : exchange_(exchange),
      reading_{exchange.site(), exchange.directory(), days, exchange.policy().clocks,
               exchange.clock().now()},
      who_(who),
      connection_(connection),
      teller_(exchange, connection),
      organisations_(own_organisations(who, Permission::traces_read)),
      documents_(own_reach(who, Permission::documents_read)) {}

bool Telling::covers(OrganisationKey key) const {
  return std::binary_search(organisations_.begin(), organisations_.end(), key);
}

// Of all their organisations, each place once, the newest first; fewer than kPlacesAtOnce: there
// are no more.
base::Result<std::vector<Cursor>> Telling::places(Cursor before, std::int64_t floor) {
  std::vector<Cursor> found;
  for (const OrganisationKey key : organisations_) {
    const auto of_one = TRY(feed::places_before(connection_, key, before, kPlacesAtOnce));
    found.insert(found.end(), of_one.begin(), of_one.end());
  }
  std::sort(found.begin(), found.end(), std::greater<>());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  if (found.size() > kPlacesAtOnce) found.resize(kPlacesAtOnce);
  while (!found.empty() && found.back().seq <= floor) found.pop_back();
  return found;
}

base::Result<std::optional<Telling::Stop>> Telling::tell(
    Cursor before, std::int64_t floor, int looks,
    const std::function<bool(const Cursor&, Notification)>& take) {
  std::vector<Entry> account;
  TRY(connection_.each(kAbout, {who_.id, floor, before.seq, kAccountEntriesMax},
                       [&](const store::Row& row) {
                         Entry& entry = account.emplace_back();
                         entry.seq = row.integer(0);
                         entry.at = row.time(1);
                         entry.kind = row.string(2);
                         entry.body = row.string(3);
                         return true;
                       }));
  auto own = account.begin();
  for (;;) {
    std::vector<Cursor> chunk = TRY(places(before, floor));
    const bool last = chunk.size() < kPlacesAtOnce;
    if (last) chunk.push_back({floor, 0});
    for (const Cursor& place : chunk) {
      for (; own != account.end() && own->seq >= place.seq; ++own) {
        auto told = of_account(*own);
        if (told && !take({own->seq, 0}, *std::move(told)))
          return std::optional(Stop{{own->seq, 0}, own->at});
      }
      if (last && place == chunk.back()) return std::optional<Stop>();
      Entry entry;
      TRY(store::journal::after(connection_, place.seq - 1, 1,
                                [&](const Entry& found) { entry = found; }));
      const Stop here{place, entry.at};
      if (may_be_news(entry)) {
        for (const Event& event : TRY(teller_.one(entry, place.sub))) {
          auto told = TRY(of_event(entry, event));
          if (told && !take(place, *std::move(told))) return std::optional(here);
        }
      }
      if (--looks <= 0) return std::optional(here);
      before = place;
    }
  }
}

base::Result<Telling::Told> Telling::of_event(const Entry& entry, const Event& event) {
  Told told;
  if (event.type == "submission.refused") told = TRY(of_refused(event));
  if (event.type == "document.judged") told = TRY(of_malware(event));
  if (event.data.has("delivery")) told = TRY(of_delivery(event));
  if (!told) return told;
  told->id = id_of(event.at);
  told->at = entry.at;
  return told;
}

base::Result<Telling::Told> Telling::of_delivery(const Event& event) {
  const auto* rule = std::find_if(std::begin(kRules), std::end(kRules),
                                  [&](const Rule& one) { return one.type == event.type; });
  const auto named = parse_id(exchange_.site(), event.data["delivery"].text());
  // What the exchange says in somebody's name is no news: the step that it answers is.
  if (rule == std::end(kRules) || !named || !named->delivery || event.data.has("by")) return Told();
  const auto rows =
      TRY(desk_rows::deliveries(connection_, reading_, *named->delivery, *named->delivery));
  if (rows.empty()) return Told();
  const DeskDelivery& row = rows[0];
  Notification made;
  made.own = rule->for_sender ? row.sender : row.recipient;
  made.organisation = rule->for_sender ? row.recipient : row.sender;
  if (!covers(made.own)) return Told();
  const bool there = rule->for_sender || row.state.readable();
  if (rule->kind == Kind::received && !there) return Told();
  made.kind = rule->kind;
  made.event = rule->event;
  made.document = row.document_id;
  made.delivery = row.id;
  made.code = row.code;
  made.urgency = row.urgency;
  made.readable = there && documents_.covers(made.own);
  if (made.readable) made.subject = row.subject;
  if (made.kind == Kind::received && row.urgency > 0) made.kind = Kind::received_urgent;
  if (event.data["clock"].text() == "fetch") made.event = "not_fetched";
  if (event.data["agreed"].boolean()) made.event = "recall_agreed";
  if (made.kind == Kind::status) {
    const std::string_view code = event.data["code"].text();
    if (!is_told(code)) return Told();
    made.status = code;
    if (code == "02") made.kind = Kind::refused;
    if (code == "02") made.event = "status_refused";
  }
  return std::optional(std::move(made));
}

base::Result<Telling::Told> Telling::of_refused(const Event& event) const {
  const auto sender = exchange_.directory().find(event.data["sender"].text());
  if (!sender || !covers(sender->key)) return Told();
  Notification made;
  made.kind = Kind::refused;
  made.event = "submission_refused";
  made.own = sender->key;
  made.reason = event.data["reason"].text();
  return std::optional(std::move(made));
}

base::Result<Telling::Told> Telling::of_malware(const Event& event) {
  const auto named = parse_id(exchange_.site(), event.subject);
  if (!named || !event.data["malware"].boolean()) return Told();
  const auto own = std::find_if(event.concerned.begin(), event.concerned.end(),
                                [&](OrganisationKey key) { return covers(key); });
  const auto document = TRY(desk_rows::document(connection_, exchange_.site(), named->document));
  if (own == event.concerned.end() || !document) return Told();
  Notification made;
  made.kind = Kind::malware;
  made.event = "malware";
  made.document = document->id;
  made.code = document->code;
  made.urgency = document->urgency;
  made.own = *own;
  made.organisation = document->sender == *own ? 0 : document->sender;
  // Nobody gets it any more, but its sender has it.
  made.readable = documents_.covers(document->sender);
  if (made.readable) made.subject = document->subject;
  return std::optional(std::move(made));
}

Telling::Told Telling::of_account(const Entry& entry) const {
  const auto& events = event_names();
  const auto first = std::find(events.begin(), events.end(), "passkey_added");
  const auto event = std::find(first, events.end(), entry.kind);
  const auto body = base::Json::parse(entry.body);
  if (event == events.end() || !body) return std::nullopt;
  Notification made;
  made.id = id_of({entry.seq, 0});
  made.kind = Kind::account;
  made.event = *event;
  made.at = entry.at;
  const std::string_view by = (*body)["by"].text();
  made.by_person = person_named(by);
  made.own_act = by == who_.id;
  // What one changes of oneself, or ends, is no news; a new way to sign in always is.
  if (made.own_act && (entry.kind == "person_changed" || entry.kind == "sessions_ended" ||
                       entry.kind == "delegation_ended")) {
    return std::nullopt;
  }
  made.post_key = (*body)["post"].integer();
  if (body->has("until")) made.until = trust::evidence::parse_time((*body)["until"].text());
  return made;
}

}  // namespace exchange::notifications
