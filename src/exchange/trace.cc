#include "exchange/trace.h"

#include <algorithm>
#include <unordered_map>

#include "base/text.h"
#include "exchange/receipts.h"
#include "exchange/records.h"
#include "exchange/trace_words.h"
#include "store/journal.h"
#include "trust/evidence/trail.h"

namespace exchange {
namespace {

using store::Query;
namespace journal = store::journal;

constexpr std::int64_t kDeliveriesMax = 1000;
constexpr std::int64_t kRowsMax = 20000;  // entries, statuses and evidences of one trace

const Query kDocument{"exchange.trace_document",
                      "select sender, document_id, code, subject, urgency, recalled, accepted_at, "
                      "promulgated from document where id = $1 and kind = 0"};
const Query kDeliveries{
    "exchange.trace_deliveries",
    "select id, recipient, system, state, recall, status_code, status_at, fetched_at, visible_at, "
    "answered_at, recall_requested_at, recall_answered_at, updated_at "
    "from delivery where id >= $1 and id <= $2 order by id"};
const Query kStatuses{"exchange.trace_statuses",
                      "select delivery, code, received_at from status_event "
                      "where delivery >= $1 and delivery <= $2 order by delivery, id limit $3"};
const Query kByCode{"exchange.trace_by_code",
                    "select id from document where code = $1 and sender = $2 and kind = 0 "
                    "order by id desc limit 1"};

base::Error unknown_document(std::string_view id) {
  const std::string shown(base::cut_utf8(id, 64));
  return {base::Code::not_found, "exchange.unknown_document",
          "no document of yours has the id " + shown,
          "không có văn bản nào của đơn vị mang mã " + shown};
}

// Builds one trace within one read.
class Tracing {
 public:
  Tracing(const Exchange& exchange, store::Connection& connection, const identity::Reach& viewer,
          const TraceOptions& options)
      : exchange_(exchange),
        connection_(connection),
        viewer_(viewer),
        options_(options),
        calendar_(exchange.calendar()),
        receipts_(connection, exchange.directory(), *calendar_, exchange.policy().clocks,
                  exchange.clock().now()) {}

  base::Result<std::optional<Trace>> run(const Named& named) {
    trace_.as_of = exchange_.clock().now();
    if (!TRY(read_document(named.document))) return std::optional<Trace>();
    TRY(read_deliveries(named));
    if (!trace_.whole && rows_.empty()) return std::optional<Trace>();
    if (named.delivery && rows_.empty()) return std::optional<Trace>();
    TRY(read_journal());
    TRY(read_statuses());
    TRY(read_proofs());
    for (std::size_t i = 0; i < rows_.size(); ++i) TRY(finish(rows_[i], trace_.deliveries[i]));
    return std::optional(std::move(trace_));
  }

 private:
  struct Row {
    DeliveryKey key = 0;
    OrganisationKey recipient = 0;
    SystemKey system = 0;
    DeliveryFacts facts;
    std::optional<base::Time> fetched_at, acknowledged_at;
  };

  std::string code_of(OrganisationKey key) const {
    const auto organisation = exchange_.directory().by_key(key);
    return organisation ? organisation->code : std::string();
  }
  static void add(std::vector<Hop>& hops, base::Time at, std::string_view kind,
                  const std::string& by, std::string_view detail = {}, std::int64_t seq = 0) {
    hops.push_back({at, kind, by, std::string(detail), seq, words::of_hop(kind, detail)});
  }

  base::Result<bool> read_document(DocumentKey key) {
    OrganisationKey sender = 0;
    std::string promulgated;
    const bool known = TRY(connection_.first(kDocument, {key}, [&](const store::Row& row) {
      sender = row.integer(0);
      trace_.document_id = row.string(1);
      trace_.code = row.string(2);
      trace_.subject = row.string(3);
      trace_.urgency = static_cast<int>(row.integer(4));
      trace_.recalled = row.integer(5) != 0;
      trace_.accepted_at = row.time(6);
      promulgated = row.string(7);
    }));
    if (!known) return false;
    trace_.id = document_id_text(exchange_.site(), key);
    trace_.whole = viewer_.covers(sender);
    if (const auto organisation = exchange_.directory().by_key(sender)) {
      trace_.sender = organisation->code;
      trace_.sender_name = organisation->name;
    }
    trace_.sending = send_clock(
        *calendar_, exchange_.policy().clocks,
        {trace_.urgency, base::parse_date(promulgated), std::nullopt, trace_.accepted_at});
    if (const auto judged = TRY(judgements::of(connection_, key))) {
      trace_.signatures = word_of(*judged);
      if (judged->complete) add(trace_.hops, judged->judged_at, "judged", "", trace_.signatures);
    }
    return true;
  }

  base::Result<void> read_deliveries(const Named& named) {
    const DeliveryKey first = named.delivery.value_or(delivery_key(named.document, 0));
    const DeliveryKey last = named.delivery.value_or(delivery_key(named.document, kRecipientsMax));
    const std::int64_t most = std::clamp<std::int64_t>(options_.deliveries_max, 0, kDeliveriesMax);
    return connection_.each(kDeliveries, {first, last}, [&](const store::Row& row) {
      if (!trace_.whole && !viewer_.covers(row.integer(1))) return true;
      const std::int64_t place = trace_.deliveries_total++;
      if (place < options_.first || place >= options_.first + most) return true;
      keep(row);
      return true;
    });
  }

  void keep(const store::Row& row) {
    Row kept;
    TracedDelivery delivery;
    kept.key = row.integer(0);
    kept.recipient = row.integer(1);
    kept.system = row.integer(2);
    delivery.state.transport = static_cast<Transport>(row.integer(3));
    delivery.state.recall = static_cast<Recall>(row.integer(4));
    delivery.state.status_code = row.string(5);
    delivery.state.status_at = row.optional_time(6);
    kept.fetched_at = row.optional_time(7);
    delivery.state.fetched = kept.fetched_at.has_value();
    DeliveryFacts& facts = kept.facts;
    facts.urgency = trace_.urgency;
    facts.accepted_at = trace_.accepted_at;
    facts.connected = kept.system != 0;
    facts.visible_at = row.optional_time(8);
    facts.transport = delivery.state.transport;
    facts.recall = delivery.state.recall;
    facts.answered_at = row.optional_time(9);
    facts.recall_requested_at = row.optional_time(10);
    facts.recall_answered_at = row.optional_time(11);
    facts.updated_at = row.time(12);
    delivery.id = delivery_id_text(exchange_.site(), kept.key);
    if (const auto organisation = exchange_.directory().by_key(kept.recipient)) {
      delivery.recipient = organisation->code;
      delivery.recipient_name = organisation->name;
    }
    place_of_.emplace(kept.key, rows_.size());
    rows_.push_back(std::move(kept));
    trace_.deliveries.push_back(std::move(delivery));
  }

  // The place of a delivery among those that are shown.
  std::optional<std::size_t> place_of(DeliveryKey key) const {
    const auto found = place_of_.find(key);
    return found == place_of_.end() ? std::nullopt : std::optional(found->second);
  }

  base::Result<void> read_journal() {
    std::vector<journal::Entry> entries;
    const auto take = [&](const journal::Entry& entry) { entries.push_back(entry); };
    TRY(journal::about(connection_, trace_.id, trace_.id, kRowsMax, take));
    for (const journal::Entry& entry : entries) TRY(tell_document(entry));
    entries.clear();
    if (rows_.empty()) return base::done();
    TRY(journal::about(connection_, delivery_id_text(exchange_.site(), rows_.front().key),
                       delivery_id_text(exchange_.site(), rows_.back().key), kRowsMax, take));
    for (const journal::Entry& entry : entries) TRY(tell_delivery(entry));
    if (trace_.hops.empty()) add(trace_.hops, trace_.accepted_at, "received", trace_.sender);
    std::sort(trace_.hops.begin(), trace_.hops.end(),
              [](const Hop& a, const Hop& b) { return a.at < b.at; });
    return base::done();
  }

  base::Result<void> tell_document(const journal::Entry& entry) {
    if (entry.kind != "accepted" && entry.kind != "recipients_added") return base::done();
    const base::Json body = TRY(base::Json::parse(entry.body));
    const bool received = entry.kind == "accepted";
    add(trace_.hops, entry.at, received ? "received" : "recipients_added", trace_.sender, {},
        entry.seq);
    for (const auto& code : body["to"].array()) trace_.addressees.emplace_back(code.text());
    for (const auto& code : body["unknown"].array()) trace_.unknown.emplace_back(code.text());
    for (const auto& one : body["forwarded"].array()) {
      for (TracedDelivery& delivery : trace_.deliveries) {
        if (delivery.recipient != one["to"].text()) continue;
        add(delivery.hops, entry.at, "forwarded", "", one["for"].text(), entry.seq);
      }
    }
    return base::done();
  }

  base::Result<void> tell_delivery(const journal::Entry& entry) {
    const auto named = parse_id(exchange_.site(), entry.subject);
    const auto place = named && named->delivery ? place_of(*named->delivery) : std::nullopt;
    if (!place) return base::done();
    TracedDelivery& delivery = trace_.deliveries[*place];
    if (entry.kind == "fetched") {
      add(delivery.hops, entry.at, "fetched", delivery.recipient, {}, entry.seq);
    } else if (entry.kind == "expired") {
      add(delivery.hops, entry.at, "overdue", "", {}, entry.seq);
    } else if (entry.kind == "acknowledged") {
      const base::Json body = TRY(base::Json::parse(entry.body));
      const std::string_view word = body["word"].text();
      if (word != "done" && word != "fail") return base::done();
      rows_[*place].acknowledged_at = entry.at;
      add(delivery.hops, entry.at, word == "done" ? "acknowledged" : "refused", delivery.recipient,
          {}, entry.seq);
    }
    return base::done();
  }

  base::Result<void> read_statuses() {
    if (rows_.empty()) return base::done();
    return connection_.each(
        kStatuses, {rows_.front().key, rows_.back().key, kRowsMax}, [&](const store::Row& row) {
          const auto place = place_of(row.integer(0));
          if (!place) return true;
          TracedDelivery& delivery = trace_.deliveries[*place];
          const std::string_view code = row.text(1);
          std::string_view kind = "status";
          if (code == "13") kind = "recall_requested";
          if (code == "15" || code == "16") kind = "recall_answered";
          const bool at_once = kind == "recall_requested" &&
                               delivery.state.transport == Transport::withdrawn &&
                               !delivery.state.fetched;
          add(delivery.hops, row.time(2), at_once ? "recalled" : kind,
              code == "13" ? trace_.sender : delivery.recipient, code);
          return true;
        });
  }

  base::Result<void> read_proofs() {
    std::unordered_map<std::string, std::vector<Proof>> proofs;
    TRY(trust::evidence::trail_of(
        connection_, trace_.id, kRowsMax, [&](const trust::evidence::TrailEntry& entry) {
          proofs[entry.delivery].push_back(
              {entry.id, entry.event, entry.at, entry.is_signed, entry.log_index});
        }));
    for (TracedDelivery& delivery : trace_.deliveries) {
      if (const auto found = proofs.find(delivery.id); found != proofs.end()) {
        delivery.proofs = std::move(found->second);
      }
    }
    trace_.proofs = std::move(proofs[""]);
    // Whom else the sender meant and did not reach is the sender's to know.
    if (!trace_.whole) {
      std::erase_if(trace_.proofs,
                    [](const Proof& proof) { return proof.event == "ContentConsignmentFailure"; });
    }
    return base::done();
  }

  base::Result<void> finish(Row& row, TracedDelivery& delivery) {
    delivery.receipt = TRY(receipts_.clock(row.recipient, row.facts));
    delivery.recall = recall_clock(*calendar_, exchange_.policy().clocks, row.facts);
    if (row.facts.connected || row.facts.visible_at) {
      std::vector<Hop> first;
      add(first, row.facts.visible_at.value_or(trace_.accepted_at), "available", "");
      delivery.hops.insert(delivery.hops.begin(), std::move(first.front()));
    }
    std::stable_sort(delivery.hops.begin(), delivery.hops.end(),
                     [](const Hop& a, const Hop& b) { return a.at < b.at; });
    const DeliveryState& state = delivery.state;
    if (state.transport == Transport::withdrawn || state.recall == Recall::agreed) {
      delivery.holder = state.recall == Recall::agreed ? Holder::sender : Holder::nobody;
    } else if (state.fetched && state.transport != Transport::fail) {
      delivery.holder = Holder::recipient;
    }
    const words::Facts facts{state,
                             row.facts.visible_at.value_or(trace_.accepted_at),
                             row.fetched_at,
                             row.acknowledged_at,
                             row.facts.recall_requested_at,
                             row.facts.connected};
    auto waiting = words::waiting_for(facts, delivery.receipt, delivery.recall);
    if (!waiting) return base::done();
    waiting->organisation = delivery.recipient;
    if (const auto system = exchange_.directory().system_by_key(row.system)) {
      waiting->system = system->id;
      waiting->system_enabled = system->enabled;
      waiting->system_seen = TRY(last_seen(row.system));
    } else {
      waiting->by_hand = TRY(receipts_.staffed(row.recipient)).has_value();
    }
    waiting->text = words::text_of(*waiting, trace_.as_of);
    delivery.waiting = std::move(waiting);
    return base::done();
  }

  base::Result<std::optional<base::Time>> last_seen(SystemKey system) {
    const auto known = seen_.find(system);
    if (known != seen_.end()) return known->second;
    const auto seen = TRY(exchange_.calls().last(connection_, system));
    seen_.emplace(system, seen);
    return seen;
  }

  const Exchange& exchange_;
  store::Connection& connection_;
  const identity::Reach& viewer_;
  const TraceOptions& options_;
  const std::shared_ptr<const identity::Calendar> calendar_;
  Receipts receipts_;
  Trace trace_;
  std::vector<Row> rows_;  // of trace_.deliveries, in the same order
  std::unordered_map<DeliveryKey, std::size_t> place_of_;
  std::unordered_map<SystemKey, std::optional<base::Time>> seen_;
};

}  // namespace

base::Result<Trace> trace(const Exchange& exchange, const identity::Reach& viewer,
                          std::string_view id, const TraceOptions& options) {
  const auto named = parse_id(exchange.site(), id);
  if (!named) return unknown_document(id);
  std::optional<Trace> found;
  TRY(exchange.database().read([&](store::Connection& connection) -> base::Result<void> {
    found = TRY(Tracing(exchange, connection, viewer, options).run(*named));
    return base::done();
  }));
  if (!found) return unknown_document(id);
  return *std::move(found);
}

base::Result<Trace> trace_by_code(const Exchange& exchange, const identity::Reach& viewer,
                                  std::string_view code, std::string_view sender,
                                  const TraceOptions& options) {
  const auto organisation = exchange.directory().find(sender);
  if (!organisation) return unknown_document(code);
  std::optional<std::int64_t> key;
  TRY(exchange.database().read([&](store::Connection& connection) -> base::Result<void> {
    key = TRY(connection.integer(kByCode, {code, organisation->key}));
    return base::done();
  }));
  if (!key) return unknown_document(code);
  auto found = trace(exchange, viewer, document_id_text(exchange.site(), *key), options);
  if (!found && found.error().reason() == "exchange.unknown_document") {
    return unknown_document(code);
  }
  return found;
}

}  // namespace exchange
