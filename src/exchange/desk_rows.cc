#include "exchange/desk_rows.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "exchange/receipts.h"

namespace exchange::desk_rows {
namespace {

using store::Query;

#define DOCUMENT_COLUMNS                                                                   \
  "m.id, m.sender, m.document_id, m.code, m.promulgated, m.subject, m.urgency, "           \
  "m.operation, m.recalled, m.accepted_at, m.size, m.hash, m.blob, j.verdict, j.complete " \
  "from document m left join judgement j on j.document = m.id "
#define DELIVERY_COLUMNS                                                                    \
  "d.id, m.sender, d.recipient, m.code, m.promulgated, m.subject, m.document_id, "          \
  "m.urgency, d.state, d.recall, d.status_code, d.status_at, d.fetched_at, m.accepted_at, " \
  "d.updated_at, j.verdict, j.complete, d.system, d.visible_at, d.answered_at, "            \
  "d.recall_requested_at, d.recall_answered_at "                                            \
  "from delivery d join document m on m.id = d.id / 65536 "                                 \
  "left join judgement j on j.document = m.id "

const Query kSentBySystem{"exchange.desk_sent_by_system",
                          "select " DOCUMENT_COLUMNS
                          "where m.system = $1 and m.kind = 0 and m.id >= $2 and m.id < $3 "
                          "order by m.id desc limit $4"};
const Query kSentUnserved{
    "exchange.desk_sent_unserved",
    "select " DOCUMENT_COLUMNS
    "where m.sender = $1 and m.system = 0 and m.kind = 0 and m.id >= $2 and m.id < $3 "
    "order by m.id desc limit $4"};
const Query kWaitingForSystem{
    "exchange.desk_waiting_for_system",
    "select d.id, d.recipient from delivery d where d.system = $1 and d.kind = 0 and d.state < 2 "
    "and d.recall <> 2 and d.id >= $2 and d.id < $3 order by d.id desc limit $4"};
const Query kWaitingUnserved{
    "exchange.desk_waiting_unserved",
    "select d.id, d.recipient from delivery d where d.recipient = $1 and d.system = 0 "
    "and d.kind = 0 and d.state < 2 and d.recall <> 2 and d.id >= $2 and d.id < $3 "
    "order by d.id desc limit $4"};
const Query kSettled{
    "exchange.desk_settled",
    "select d.id, d.recipient from delivery d where d.recipient = $1 and d.kind = 0 "
    "and d.state >= 2 and d.state <> 4 and d.recall <> 2 and d.id >= $2 and d.id < $3 "
    "order by d.id desc limit $4"};
const Query kDocument{"exchange.desk_document",
                      "select " DOCUMENT_COLUMNS "where m.id = $1 and m.kind = 0"};
const Query kInboxOfSystem{"exchange.desk_inbox_of_system",
                           "select " DELIVERY_COLUMNS
                           "where d.system = $1 and d.kind = 0 and d.state < 2 and d.recall <> 2 "
                           "and (d.rank, d.id) > ($2, $3) and d.id >= $4 and d.id < $5 "
                           "order by d.rank, d.id limit $6"};
const Query kInboxUnserved{
    "exchange.desk_inbox_unserved",
    "select " DELIVERY_COLUMNS
    "where d.recipient = $1 and d.system = 0 and d.kind = 0 and d.state < 2 and d.recall <> 2 "
    "and (d.rank, d.id) > ($2, $3) and d.id >= $4 and d.id < $5 "
    "order by d.rank, d.id limit $6"};
const Query kDeliveries{"exchange.desk_deliveries",
                        "select " DELIVERY_COLUMNS
                        "where d.id >= $1 and d.id <= $2 and d.kind = 0 order by d.id"};
const Query kStanding{"exchange.desk_standing",
                      "select sender, recalled from document where id = $1 and kind = 0"};
const Query kCopies{"exchange.desk_copies",
                    "select recipient, state, recall, fetched_at from delivery "
                    "where id >= $1 and id <= $2 and kind = 0"};
#undef DOCUMENT_COLUMNS
#undef DELIVERY_COLUMNS

// How many rows of a system are looked through for some of its organisations: at a time, and for
// one page.
constexpr std::int64_t kRowsAtOnce = 500, kRowsMax = 20'000;
constexpr std::int64_t kMostUrgent = 4;

DeskDocument document_of(const store::Row& row, std::uint32_t site) {
  DeskDocument out;
  out.key = row.integer(0);
  out.id = document_id_text(site, out.key);
  out.sender = row.integer(1);
  out.document_id = row.string(2);
  out.code = row.string(3);
  out.issued_on = row.string(4);
  out.subject = row.string(5);
  out.urgency = static_cast<int>(row.integer(6));
  out.operation = static_cast<int>(row.integer(7));
  out.recalled = row.integer(8) != 0;
  out.accepted_at = row.time(9);
  out.size = row.integer(10);
  out.hash = row.bytes(11);
  out.blob = row.string(12);
  if (!row.is_null(13)) out.signatures = judgements::word(row.integer(13), row.integer(14) != 0);
  return out;
}

// A delivery whose clocks are still to be set.
struct Found {
  DeskDelivery item;
  DeliveryFacts facts;
};

Found delivery_of(const store::Row& row, const Reading& reading) {
  DeskDelivery out;
  out.key = row.integer(0);
  out.id = delivery_id_text(reading.site, out.key);
  out.document_id = document_id_text(reading.site, exchange::document_of(out.key));
  out.sender = row.integer(1);
  out.recipient = row.integer(2);
  out.code = row.string(3);
  out.issued_on = row.string(4);
  out.subject = row.string(5);
  out.business_id = row.string(6);
  out.urgency = static_cast<int>(row.integer(7));
  out.state.transport = static_cast<Transport>(row.integer(8));
  out.state.recall = static_cast<Recall>(row.integer(9));
  out.state.status_code = row.string(10);
  out.state.status_at = row.optional_time(11);
  out.fetched_at = row.optional_time(12);
  out.state.fetched = out.fetched_at.has_value();
  out.accepted_at = row.time(13);
  out.updated_at = row.time(14);
  if (!row.is_null(15)) out.signatures = judgements::word(row.integer(15), row.integer(16) != 0);
  DeliveryFacts facts;
  facts.urgency = out.urgency;
  facts.accepted_at = out.accepted_at;
  facts.connected = row.integer(17) != 0;
  facts.visible_at = row.optional_time(18);
  facts.transport = out.state.transport;
  facts.recall = out.state.recall;
  facts.answered_at = row.optional_time(19);
  facts.recall_requested_at = row.optional_time(20);
  facts.recall_answered_at = row.optional_time(21);
  facts.updated_at = out.updated_at;
  return {std::move(out), facts};
}

base::Result<std::vector<DeskDelivery>> with_clocks(store::Connection& connection,
                                                    const Reading& reading,
                                                    std::vector<Found> found) {
  Receipts receipts(connection, reading.directory, reading.calendar, reading.clocks, reading.now);
  std::vector<DeskDelivery> all;
  for (Found& one : found) {
    one.item.receipt = TRY(receipts.clock(one.item.recipient, one.facts));
    one.item.recall = recall_clock(reading.calendar, reading.clocks, one.facts);
    all.push_back(std::move(one.item));
  }
  return all;
}

}  // namespace

// A document's number is made from the time of its acceptance (identifiers.h).
Span span_of(const DeskFilter& filter, DocumentKey before) {
  Span span{0, before > 0 ? before : kDocumentsEnd};
  if (filter.from) span.least = next_document_key(0, *filter.from);  // at most kDocumentsEnd
  if (filter.to) span.end = std::min(span.end, next_document_key(0, *filter.to));
  return span;
}

base::Result<std::optional<DeskDocument>> document(store::Connection& connection,
                                                   std::uint32_t site, DocumentKey key) {
  std::optional<DeskDocument> found;
  TRY(connection.first(kDocument, {key},
                       [&](const store::Row& row) { found = document_of(row, site); }));
  return found;
}

base::Result<std::optional<DeskStanding>> standing(store::Connection& connection,
                                                   const identity::Reach& reach, DocumentKey key) {
  std::optional<DeskStanding> found;
  OrganisationKey sender = 0;
  TRY(connection.first(kStanding, {key}, [&](const store::Row& row) {
    sender = row.integer(0);
    found = DeskStanding{row.integer(1) != 0, false};
  }));
  if (!found) return found;
  found->held = reach.covers(sender);
  if (found->held) return found;
  bool readable = false;
  TRY(connection.each(kCopies, {delivery_key(key, 0), delivery_key(key, kRecipientsMax)},
                      [&](const store::Row& row) {
                        DeliveryState state;
                        state.transport = static_cast<Transport>(row.integer(1));
                        state.recall = static_cast<Recall>(row.integer(2));
                        if (!reach.covers(row.integer(0)) || !state.readable()) return true;
                        readable = true;
                        found->held = found->held || !row.is_null(3);
                        return !found->held;
                      }));
  if (!readable) found.reset();
  return found;
}

bool Askers::covers(OrganisationKey organisation) const {
  return std::binary_search(organisations.begin(), organisations.end(), organisation);
}

namespace {

// Goes down from `end` through the rows of a system, whose first column is their number, until
// `count` of them are wanted. Gives where it stopped, 0 at the end.
base::Result<std::int64_t> look_through(store::Connection& connection, const Query& query,
                                        SystemKey system, std::int64_t least, std::int64_t end,
                                        std::int64_t count,
                                        const std::function<bool(const store::Row&)>& take) {
  std::int64_t taken = 0;
  for (std::int64_t looked = 0; looked < kRowsMax;) {
    std::int64_t seen = 0;
    TRY(connection.each(query, {system, least, end, kRowsAtOnce}, [&](const store::Row& row) {
      ++seen;
      end = row.integer(0);
      taken += take(row) ? 1 : 0;
      return taken < count;
    }));
    if (taken >= count || seen < kRowsAtOnce) return 0;
    looked += seen;
  }
  return end;
}

base::Result<Documents> sent(store::Connection& connection, std::uint32_t site,
                             const Askers& askers, const Span& span, std::int64_t count) {
  Documents found;
  const auto keep = [&](const store::Row& row) {
    if (!askers.covers(row.integer(1))) return false;
    found.items.push_back(document_of(row, site));
    found.items.back().sent = true;
    return true;
  };
  for (const SystemKey system : askers.systems) {
    const auto stopped =
        TRY(look_through(connection, kSentBySystem, system, span.least, span.end, count, keep));
    found.looked_to = std::max(found.looked_to, stopped);
  }
  // Also those that a system serves now: they may have sent before it did.
  for (const OrganisationKey one : askers.organisations) {
    TRY(connection.each(kSentUnserved, {one, span.least, span.end, count},
                        [&](const store::Row& row) { return keep(row), true; }));
  }
  return found;
}

base::Result<Documents> received(store::Connection& connection, std::uint32_t site,
                                 const Askers& askers, const Span& span, std::int64_t count) {
  const std::int64_t least = delivery_key(span.least, 0), end = delivery_key(span.end, 0);
  Documents found;
  std::vector<DocumentKey> keys;
  const auto keep = [&](const store::Row& row) {
    if (!askers.covers(row.integer(1))) return false;
    // Several of them may have got the same one; its deliveries lie side by side.
    const DocumentKey key = exchange::document_of(row.integer(0));
    const bool another = keys.empty() || keys.back() != key;
    if (another) keys.push_back(key);
    return another;
  };
  for (const SystemKey system : askers.systems) {
    const auto stopped =
        TRY(look_through(connection, kWaitingForSystem, system, least, end, count, keep));
    // Of the document where it stopped, there may be another delivery.
    if (stopped > 0)
      found.looked_to = std::max(found.looked_to, exchange::document_of(stopped) + 1);
  }
  for (const OrganisationKey one : askers.organisations) {
    for (const Query* query : {&kWaitingUnserved, &kSettled}) {
      TRY(connection.each(*query, {one, least, end, count},
                          [&](const store::Row& row) { return keep(row), true; }));
    }
  }
  std::sort(keys.begin(), keys.end(), std::greater<>());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  if (std::cmp_greater(keys.size(), count)) keys.resize(static_cast<std::size_t>(count));
  for (const DocumentKey key : keys) {
    if (auto one = TRY(document(connection, site, key))) found.items.push_back(*std::move(one));
  }
  return found;
}

}  // namespace

base::Result<Documents> documents(store::Connection& connection, std::uint32_t site, Box box,
                                  const Askers& askers, const Span& span, std::int64_t count) {
  const auto ask = box == Box::sent ? sent : received;
  Documents found = TRY(ask(connection, site, askers, span, count));
  auto& items = found.items;
  std::sort(items.begin(), items.end(), [](const auto& a, const auto& b) { return a.key > b.key; });
  std::erase_if(items, [&](const auto& one) { return one.key < found.looked_to; });
  if (std::cmp_greater(items.size(), count)) items.resize(static_cast<std::size_t>(count));
  return found;
}

base::Result<std::vector<DeskDelivery>> inbox(store::Connection& connection, const Reading& reading,
                                              const Askers& askers, const Span& span,
                                              const InboxPlace& after, std::int64_t count) {
  const std::int64_t least = delivery_key(span.least, 0), end = delivery_key(span.end, 0);
  std::vector<Found> found;
  for (const SystemKey system : askers.systems) {
    InboxPlace place = after;
    std::int64_t taken = 0, seen = kRowsAtOnce;
    while (taken < count && seen == kRowsAtOnce) {
      seen = 0;
      TRY(connection.each(kInboxOfSystem,
                          {system, place.rank, place.delivery, least, end, kRowsAtOnce},
                          [&](const store::Row& row) {
                            ++seen;
                            place = {kMostUrgent - row.integer(7), row.integer(0)};
                            if (!askers.covers(row.integer(2))) return true;
                            found.push_back(delivery_of(row, reading));
                            return ++taken < count;
                          }));
    }
  }
  for (const OrganisationKey one : askers.organisations) {
    TRY(connection.each(kInboxUnserved, {one, after.rank, after.delivery, least, end, count},
                        [&](const store::Row& row) {
                          found.push_back(delivery_of(row, reading));
                          return true;
                        }));
  }
  return with_clocks(connection, reading, std::move(found));
}

base::Result<std::vector<DeskDelivery>> deliveries(store::Connection& connection,
                                                   const Reading& reading, DeliveryKey least,
                                                   DeliveryKey most) {
  std::vector<Found> found;
  TRY(connection.each(kDeliveries, {least, most}, [&](const store::Row& row) {
    found.push_back(delivery_of(row, reading));
    return true;
  }));
  return with_clocks(connection, reading, std::move(found));
}

}  // namespace exchange::desk_rows
