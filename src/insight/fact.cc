#include "insight/fact.h"

#include <algorithm>

#include "base/json.h"
#include "exchange/delivery.h"
#include "store/journal.h"

namespace insight {
namespace {

using exchange::Recall;
using exchange::Transport;
using store::Query;

constexpr std::int64_t kDocumentsAtOnce = 4096;
constexpr std::int64_t kEntriesMax = 1000;  // of one delivery

const Query kDocuments{"insight.documents",
                       "select id, sender, urgency, accepted_at from document "
                       "where id >= $1 and id < $2 and kind = 0 order by id limit $3"};
const Query kDeliveries{
    "insight.deliveries",
    "select id, recipient, system, state, recall, status_code, fetched_at, visible_at, "
    "answered_at, recall_requested_at, recall_answered_at, updated_at "
    "from delivery where id >= $1 and id < $2 and kind = 0 order by id"};
const Query kStatuses{"insight.statuses",
                      "select code, stated_at, received_at from status_event where delivery = $1 "
                      "and received_at <= $2 order by id limit $3"};

Stage stage_of(const exchange::DeliveryState& state, bool arrived) {
  const std::string_view code = state.status_code;
  if (state.recall == Recall::agreed || code == "15") return Stage::recovered;
  if (state.transport == Transport::withdrawn) return Stage::refused;
  if (state.transport == Transport::fail || code == "02") return Stage::refused;
  if (code == "06") return Stage::completed;
  if (code == "05") return Stage::processing;
  if (code == "04") return Stage::assigned;
  if (code == "03") return Stage::received;
  return arrived ? Stage::arrived : Stage::waiting;
}

std::optional<base::Time> earlier(std::optional<base::Time> a, std::optional<base::Time> b) {
  if (!a || !b) return a ? a : b;
  return std::min(*a, *b);
}

}  // namespace

DeliveryFacts delivery_of(const store::Row& row) {
  DeliveryFacts out;
  out.key = row.integer(0);
  out.recipient = row.integer(1);
  out.system = row.integer(2);
  out.state.transport = static_cast<Transport>(row.integer(3));
  out.state.recall = static_cast<Recall>(row.integer(4));
  out.state.status_code = row.string(5);
  out.fetched_at = row.optional_time(6);
  out.state.fetched = out.fetched_at.has_value();
  out.visible_at = row.optional_time(7);
  out.answered_at = row.optional_time(8);
  out.recall_requested_at = row.optional_time(9);
  out.recall_answered_at = row.optional_time(10);
  out.updated_at = row.time(11);
  return out;
}

exchange::DeliveryFacts clocked(const DocumentFacts& document, const DeliveryFacts& delivery) {
  exchange::DeliveryFacts out;
  out.urgency = document.urgency;
  out.accepted_at = document.accepted_at;
  out.connected = delivery.system != 0;
  out.visible_at = delivery.visible_at;
  out.transport = delivery.state.transport;
  out.recall = delivery.state.recall;
  out.answered_at = delivery.answered_at;
  out.recall_requested_at = delivery.recall_requested_at;
  out.recall_answered_at = delivery.recall_answered_at;
  out.updated_at = delivery.updated_at;
  return out;
}

Fact fact_of(const identity::Calendar& calendar, const exchange::ClockOptions& options,
             const DocumentFacts& document, const DeliveryFacts& delivery) {
  const exchange::DeliveryState& state = delivery.state;
  Fact fact;
  const bool settled = state.transport == Transport::done || state.transport == Transport::fail;
  fact.answered = delivery.answered_at;
  if (settled && !fact.answered) fact.answered = delivery.updated_at;
  fact.arrived = earlier(delivery.fetched_at, fact.answered);
  if (state.transport == Transport::withdrawn)
    fact.ended = delivery.recall_answered_at.value_or(delivery.updated_at);
  fact.stage = stage_of(state, fact.arrived.has_value());
  fact.receipt = exchange::receipt_clock(calendar, options, clocked(document, delivery));
  return fact;
}

void count(Cell& cell, const DocumentFacts& document, const Fact& fact) {
  ++cell.deliveries;
  if (document.urgency > 0) ++cell.urgent_deliveries;
  ++cell.stages[static_cast<std::size_t>(fact.stage)];
  const base::Time from = document.accepted_at;
  const std::int64_t minute = base::to_micros(from) / 60'000'000;
  if (fact.arrived) {
    add_to(cell.arrival, class_of(*fact.arrived - from), 1);
    if (document.urgency > 0) ++cell.urgent_arrived;
  } else if (fact.ended) {
    add_to(cell.arrival_ended, class_of(*fact.ended - from), 1);
  } else {
    ++cell.unarrived[minute];
  }
  if (fact.answered) {
    add_to(cell.answer, class_of(*fact.answered - from), 1);
    if (fact.receipt.due && *fact.answered > *fact.receipt.due) ++cell.answered_late;
  } else if (fact.ended) {
    add_to(cell.answer_ended, class_of(*fact.ended - from), 1);
  } else {
    ++cell.unanswered[{minute, fact.receipt.due ? base::to_micros(*fact.receipt.due) : 0}];
  }
}

exchange::DocumentKey first_key_of(std::int64_t day) {
  return exchange::next_document_key(-1, start_of(day));
}

std::int64_t day_of_key(exchange::DocumentKey key) {
  constexpr int kCounterBits = 6;
  constexpr std::int64_t kEpochMillis = 1'704'067'200'000;
  return day_of(base::from_micros(((key >> kCounterBits) + kEpochMillis) * 1000));
}

base::Result<void> each_document(
    store::Connection& connection, exchange::DocumentKey first, exchange::DocumentKey last,
    const std::function<void(const DocumentFacts&)>& document,
    const std::function<base::Result<void>(const DocumentFacts&, const DeliveryFacts&)>& delivery) {
  std::vector<DocumentFacts> some;
  do {
    some.clear();
    TRY(connection.each(kDocuments, {first, last, kDocumentsAtOnce}, [&](const store::Row& row) {
      some.push_back(
          {row.integer(0), row.integer(1), static_cast<int>(row.integer(2)), row.time(3)});
      return true;
    }));
    if (some.empty()) break;
    first = some.back().key + 1;
    base::Result<void> failed;
    auto at = some.begin();
    for (const DocumentFacts& one : some) document(one);
    TRY(connection.each(
        kDeliveries,
        {exchange::delivery_key(some.front().key, 0), exchange::delivery_key(first, 0)},
        [&](const store::Row& row) {
          const DeliveryFacts one = delivery_of(row);
          const exchange::DocumentKey of = exchange::document_of(one.key);
          while (at != some.end() && at->key < of) ++at;
          if (at == some.end() || at->key != of) return true;
          failed = delivery(*at, one);
          return failed.ok();
        }));
    if (!failed) return failed.error();
  } while (static_cast<std::int64_t>(some.size()) == kDocumentsAtOnce);
  return base::done();
}

namespace {

// What was done to a delivery: an entry of the journal (its word, or none for a fetch) or a status.
struct Step {
  base::Time at;
  bool status = false;
  std::string word;  // or the code
  base::Time stated_at;
};

// The file came again after `time` and found recipients that it had not had.
base::Result<bool> added_later(store::Connection& connection, std::uint32_t site,
                               exchange::DeliveryKey delivery, base::Time time) {
  const exchange::DocumentKey document = exchange::document_of(delivery);
  const std::int64_t ordinal = delivery - exchange::delivery_key(document, 0);
  const std::string id = exchange::document_id_text(site, document);
  bool added = false;
  TRY(store::journal::about(connection, id, id, kEntriesMax,
                            [&](const store::journal::Entry& entry) {
                              if (entry.kind != "recipients_added" || entry.at <= time) return;
                              const auto body = base::Json::parse(entry.body);
                              if (body && ordinal >= (*body)["first"].integer()) added = true;
                            }));
  return added;
}

base::Result<std::vector<Step>> steps_until(store::Connection& connection, std::uint32_t site,
                                            exchange::DeliveryKey delivery, base::Time time) {
  std::vector<Step> steps;
  base::Result<void> failed;
  const std::string id = exchange::delivery_id_text(site, delivery);
  const auto take = [&](const store::journal::Entry& entry) {
    if (entry.at > time || !failed) return;
    if (entry.kind == "fetched") steps.push_back({entry.at, false, "", {}});
    if (entry.kind != "acknowledged") return;
    const auto body = base::Json::parse(entry.body);
    if (!body) failed = body.error();
    if (body) steps.push_back({entry.at, false, std::string((*body)["word"].text()), {}});
  };
  TRY(store::journal::about(connection, id, id, kEntriesMax, take));
  if (!failed) return failed.error();
  TRY(connection.each(kStatuses, {delivery, time, kEntriesMax}, [&](const store::Row& row) {
    steps.push_back({row.time(2), true, row.string(0), row.time(1)});
    return true;
  }));
  std::stable_sort(steps.begin(), steps.end(),
                   [](const Step& a, const Step& b) { return a.at < b.at; });
  return steps;
}

}  // namespace

base::Result<bool> turn_back(store::Connection& connection, std::uint32_t site,
                             DeliveryFacts& delivery, base::Time time) {
  if (delivery.visible_at && *delivery.visible_at > time) {
    delivery.visible_at.reset();
    delivery.system = 0;
  }
  if (delivery.updated_at <= time) return true;
  if (TRY(added_later(connection, site, delivery.key, time))) return false;
  for (auto* const at : {&delivery.fetched_at, &delivery.answered_at, &delivery.recall_requested_at,
                         &delivery.recall_answered_at})
    if (*at && **at > time) at->reset();
  exchange::DeliveryState state;
  delivery.updated_at = time;
  for (const Step& step : TRY(steps_until(connection, site, delivery.key, time))) {
    if (step.status) {
      state = exchange::reported(state, step.word, step.stated_at).state;
    } else if (step.word.empty()) {
      if (auto next = exchange::fetched(state)) state = *std::move(next);
    } else {
      state = exchange::acknowledged(state, step.word);
    }
    delivery.updated_at = step.at;
  }
  delivery.state = state;
  return true;
}

}  // namespace insight
