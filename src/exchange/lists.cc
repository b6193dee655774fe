// What waits, what was sent, and what is late.
#include <algorithm>
#include <map>

#include "exchange/exchange.h"
#include "exchange/receipts.h"
#include "exchange/records.h"

namespace exchange {
namespace {

using store::Query;

const Query kPending{
    "exchange.pending",
    "select d.id, d.recipient, d.state, d.rank, d.updated_at, m.sender, m.accepted_at, "
    "j.verdict, j.complete, d.visible_at, d.answered_at "
    "from delivery d join document m on m.id = d.id / 65536 left join judgement j on j.document = "
    "m.id "
    "where d.system = $1 and d.kind = $2 and d.state < 2 "
    "order by d.rank, d.id limit $3 offset $4"};
const Query kPendingWithin{
    "exchange.pending_within",
    "select d.id, d.recipient, d.state, d.rank, d.updated_at, m.sender, m.accepted_at, "
    "j.verdict, j.complete, d.visible_at, d.answered_at "
    "from delivery d join document m on m.id = d.id / 65536 left join judgement j on j.document = "
    "m.id "
    "where d.system = $1 and d.kind = $2 and d.state < 2 "
    "and m.accepted_at >= $5 and m.accepted_at <= $6 "
    "order by d.rank, d.id limit $3 offset $4"};
const Query kPendingCount{
    "exchange.pending_count",
    "select count(*) from delivery where system = $1 and kind = $2 and state < 2"};
const Query kSent{
    "exchange.sent",
    "select m.id, d.id, m.sender, d.recipient, m.kind, m.subject, m.code, m.accepted_at, "
    "d.state, d.recall, d.status_code, d.status_at, d.fetched_at, j.verdict, j.complete, "
    "d.system, d.visible_at, d.answered_at, d.recall_requested_at, d.recall_answered_at, "
    "d.updated_at, m.urgency, m.promulgated "
    "from document m join delivery d on d.id >= m.id * 65536 and d.id < (m.id + 1) * 65536 "
    "left join judgement j on j.document = m.id "
    "where m.system = $1 and m.id >= $2 and m.id <= $3 and m.kind >= $4 and m.kind <= $5 "
    "and m.accepted_at >= $6 and m.accepted_at <= $7 "
    "order by m.id desc, d.id limit $8 offset $9"};
const Query kUnanswered{
    "exchange.unanswered",
    "select m.id, d.id, m.sender, d.recipient, m.subject, m.code, m.accepted_at, d.system, "
    "d.visible_at, d.rank, d.state, d.updated_at "
    "from delivery d join document m on m.id = d.id / 65536 "
    "where d.state < 2 and d.kind = 0 and d.answered_at is null"};
const Query kUnserved{"exchange.unserved",
                      "select distinct recipient from delivery where state < 2 and system = 0"};

constexpr std::int64_t kNever = 9'000'000'000'000'000;  // microseconds: the year 2255
constexpr std::int64_t kUrgentRank = 4;

std::int64_t page_of(const Policy& policy, const ListFilter& filter) {
  if (filter.page_size <= 0 || filter.page_size > policy.list_items_max)
    return policy.list_items_max;
  return filter.page_size;
}

std::int64_t offset_of(const Policy& policy, const ListFilter& filter) {
  constexpr std::int64_t kPagesMax = 1'000'000;
  const std::int64_t index =
      filter.page_index > 0 && filter.page_index < kPagesMax ? filter.page_index : 0;
  return index * page_of(policy, filter);
}

// Those for which people work, of the recipients that no system serves, and since when.
base::Result<std::map<OrganisationKey, base::Time>> staffed(store::Connection& connection,
                                                            Receipts& receipts) {
  std::vector<OrganisationKey> unserved;
  TRY(connection.each(kUnserved, {}, [&](const store::Row& row) {
    unserved.push_back(row.integer(0));
    return true;
  }));
  std::map<OrganisationKey, base::Time> found;
  for (const OrganisationKey one : unserved) {
    if (const auto since = TRY(receipts.staffed(one))) found.emplace(one, *since);
  }
  return found;
}

// The clocks of a document's delivery; gives what they were computed from.
DeliveryFacts set_clocks(const identity::Calendar& calendar, const ClockOptions& options,
                         const store::Row& row, SentItem& item) {
  DeliveryFacts facts;
  facts.accepted_at = item.sent_at;
  facts.transport = item.state.transport;
  facts.recall = item.state.recall;
  facts.connected = row.integer(15) != 0;
  facts.visible_at = row.optional_time(16);
  facts.answered_at = row.optional_time(17);
  facts.recall_requested_at = row.optional_time(18);
  facts.recall_answered_at = row.optional_time(19);
  facts.updated_at = row.time(20);
  facts.urgency = static_cast<int>(row.integer(21));
  item.sending =
      send_clock(calendar, options,
                 {facts.urgency, base::parse_date(row.text(22)), std::nullopt, item.sent_at});
  item.receipt = receipt_clock(calendar, options, facts);
  item.recall = recall_clock(calendar, options, facts);
  return facts;
}

}  // namespace

base::Result<std::vector<PendingItem>> Exchange::pending(SystemKey system, edxml::Kind kind,
                                                         const ListFilter& filter) const {
  const auto days = calendar();
  std::vector<PendingItem> items;
  TRY(parts_.database.read([&](store::Connection& connection) -> base::Result<void> {
    items.clear();
    const auto keep = [&](const store::Row& row) {
      PendingItem item;
      const DeliveryKey delivery = row.integer(0);
      item.id = delivery_id_text(site_, delivery);
      item.document = document_of(delivery);
      item.recipient = row.integer(1);
      item.transport = static_cast<Transport>(row.integer(2));
      item.urgency = static_cast<int>(kUrgentRank - row.integer(3));
      item.updated_at = row.time(4);
      item.sender = row.integer(5);
      item.accepted_at = row.time(6);
      if (!row.is_null(7)) item.signatures = judgements::word(row.integer(7), row.integer(8) != 0);
      if (kind == edxml::Kind::document) {
        DeliveryFacts facts;
        facts.urgency = item.urgency;
        facts.accepted_at = item.accepted_at;
        facts.visible_at = row.optional_time(9);
        facts.answered_at = row.optional_time(10);
        item.due = receipt_clock(*days, parts_.policy.clocks, facts).due;
      }
      items.push_back(std::move(item));
      return true;
    };
    const std::int64_t page = page_of(parts_.policy, filter),
                       offset = offset_of(parts_.policy, filter);
    if (!filter.from && !filter.to) {
      return connection.each(kPending, {system, static_cast<int>(kind), page, offset}, keep);
    }
    const std::int64_t from = filter.from ? base::to_micros(*filter.from) : 0;
    const std::int64_t to = filter.to ? base::to_micros(*filter.to) : kNever;
    return connection.each(kPendingWithin, {system, static_cast<int>(kind), page, offset, from, to},
                           keep);
  }));
  return items;
}

base::Result<std::int64_t> Exchange::pending_count(SystemKey system, edxml::Kind kind) const {
  std::int64_t count = 0;
  TRY(parts_.database.read([&](store::Connection& connection) -> base::Result<void> {
    count = TRY(connection.integer(kPendingCount, {system, static_cast<int>(kind)})).value_or(0);
    return base::done();
  }));
  return count;
}

base::Result<std::vector<SentItem>> Exchange::sent(SystemKey system, std::string_view document,
                                                   std::optional<edxml::Kind> kind,
                                                   const ListFilter& filter) const {
  std::int64_t least = 0, most = (std::int64_t{1} << (63 - kOrdinalBits)) - 1;
  const auto days = calendar();
  std::vector<SentItem> items;
  TRY(parts_.database.read([&](store::Connection& connection) -> base::Result<void> {
    items.clear();
    std::vector<std::pair<std::size_t, DeliveryFacts>> paused;
    if (const auto named = parse_id(site_, document)) {
      const auto row = TRY(records::document(connection, named->document));
      if (row && row->system == system) least = most = row->id;
    }
    const std::int64_t kind_least = kind ? static_cast<int>(*kind) : 0;
    const std::int64_t kind_most = kind ? static_cast<int>(*kind) : 1;
    TRY(connection.each(kSent,
                        {system, least, most, kind_least, kind_most,
                         filter.from ? base::to_micros(*filter.from) : 0,
                         filter.to ? base::to_micros(*filter.to) : kNever,
                         page_of(parts_.policy, filter), offset_of(parts_.policy, filter)},
                        [&](const store::Row& row) {
                          SentItem item;
                          item.document_id = document_id_text(site_, row.integer(0));
                          item.delivery_id = delivery_id_text(site_, row.integer(1));
                          item.sender = row.integer(2);
                          item.recipient = row.integer(3);
                          item.kind =
                              row.integer(4) == 1 ? edxml::Kind::status : edxml::Kind::document;
                          item.subject = row.string(5);
                          item.code = row.string(6);
                          item.sent_at = row.time(7);
                          item.state.transport = static_cast<Transport>(row.integer(8));
                          item.state.recall = static_cast<Recall>(row.integer(9));
                          item.state.status_code = row.string(10);
                          item.state.status_at = row.optional_time(11);
                          item.fetched_at = row.optional_time(12);
                          item.state.fetched = item.fetched_at.has_value();
                          if (!row.is_null(13))
                            item.signatures =
                                judgements::word(row.integer(13), row.integer(14) != 0);
                          if (item.kind == edxml::Kind::document) {
                            const auto facts = set_clocks(*days, parts_.policy.clocks, row, item);
                            if (item.receipt.paused) paused.emplace_back(items.size(), facts);
                          }
                          items.push_back(std::move(item));
                          return true;
                        }));
    Receipts receipts(connection, directory_, *days, parts_.policy.clocks, parts_.clock.now());
    for (auto& [place, facts] : paused)
      items[place].receipt = TRY(receipts.clock(items[place].recipient, facts));
    return base::done();
  }));
  return items;
}

base::Result<LateList> Exchange::late(std::size_t count, const identity::Reach* reach) const {
  const auto days = calendar();
  const base::Time now = parts_.clock.now();
  LateList late;
  std::vector<LateItem>& items = late.items;
  const auto earlier = [](const LateItem& a, const LateItem& b) {
    return a.clock.due < b.clock.due;
  };
  TRY(parts_.database.read([&](store::Connection& connection) -> base::Result<void> {
    items.clear();
    late.total = 0;
    Receipts receipts(connection, directory_, *days, parts_.policy.clocks, now);
    const auto people = TRY(staffed(connection, receipts));
    return connection.each(kUnanswered, {}, [&](const store::Row& row) {
      const auto by_hand = people.find(row.integer(3));
      if (row.integer(7) == 0 && by_hand == people.end()) return true;
      if (reach && !reach->covers(row.integer(2)) && !reach->covers(row.integer(3))) return true;
      DeliveryFacts facts;
      facts.accepted_at = row.time(6);
      facts.visible_at = row.optional_time(8);
      facts.urgency = static_cast<int>(kUrgentRank - row.integer(9));
      facts.transport = static_cast<Transport>(row.integer(10));
      facts.updated_at = row.time(11);
      if (row.integer(7) == 0) staffed_since(facts, by_hand->second);
      LateItem item;
      item.clock = receipt_clock(*days, parts_.policy.clocks, facts);
      if (!item.clock.late(now)) return true;
      ++late.total;
      // Only the `count` that wait longest are kept, in a heap with the newest of them on top.
      if (items.size() == count && (count == 0 || !earlier(item, items.front()))) return true;
      item.document_id = document_id_text(site_, row.integer(0));
      item.delivery_id = delivery_id_text(site_, row.integer(1));
      item.sender = row.integer(2);
      item.recipient = row.integer(3);
      item.subject = row.string(4);
      item.code = row.string(5);
      if (items.size() == count) {
        std::pop_heap(items.begin(), items.end(), earlier);
        items.pop_back();
      }
      items.push_back(std::move(item));
      std::push_heap(items.begin(), items.end(), earlier);
      return true;
    });
  }));
  std::sort_heap(items.begin(), items.end(), earlier);
  for (LateItem& item : items) item.lateness = item.clock.lateness(*days, now);
  return late;
}

}  // namespace exchange
