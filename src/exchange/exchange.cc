#include "exchange/exchange.h"

#include "base/hash.h"
#include "base/log.h"
#include "base/text.h"
#include "exchange/acceptance.h"
#include "exchange/evidences.h"
#include "exchange/journal.h"
#include "exchange/migrations.h"
#include "exchange/records.h"

namespace exchange {
namespace {

using store::Query;
using trust::evidence::Event;

constexpr std::int64_t kJournalTail = 10000;

const Query kSite{"exchange.site", "select value from meta where name = 'site'"};
const Query kSetSite{
    "exchange.set_site",
    "insert into meta (name, value) values ('site', $1) on conflict (name) do nothing"};
const Query kPending{
    "exchange.pending",
    "select d.id, d.recipient, d.state, d.rank, d.updated_at, m.sender, m.accepted_at, "
    "j.verdict, j.complete "
    "from delivery d join document m on m.id = d.id / 65536 left join judgement j on j.document = "
    "m.id "
    "where d.system = $1 and d.kind = $2 and d.state < 2 "
    "order by d.rank, d.id limit $3 offset $4"};
const Query kPendingWithin{
    "exchange.pending_within",
    "select d.id, d.recipient, d.state, d.rank, d.updated_at, m.sender, m.accepted_at, "
    "j.verdict, j.complete "
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
    "d.state, d.recall, d.status_code, d.status_at, d.fetched_at, j.verdict, j.complete "
    "from document m join delivery d on d.id >= m.id * 65536 and d.id < (m.id + 1) * 65536 "
    "left join judgement j on j.document = m.id "
    "where m.system = $1 and m.id >= $2 and m.id <= $3 and m.kind >= $4 and m.kind <= $5 "
    "and m.accepted_at >= $6 and m.accepted_at <= $7 "
    "order by m.id desc, d.id limit $8 offset $9"};

// Within the partial index: only blobs above that size have files of their own
// (docs/formats/blobs.md).
const Query kNamesFile{"exchange.names_file",
                       "select id from document where blob = $1 and size > 60000"};

constexpr std::int64_t kNever = 9'000'000'000'000'000;  // microseconds: the year 2255
constexpr std::int64_t kUrgentRank = 4;

base::Error unknown_document(std::string_view id) {
  const std::string shown(base::cut_utf8(id, 64));
  return base::Error(base::Code::not_found, "exchange.unknown_document",
                     "no document of yours has the id " + shown,
                     "không có văn bản nào của đơn vị mang mã " + shown);
}

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

// Reads the site's tag, made once when the site is new.
base::Result<std::uint32_t> site_tag(store::Database& database, base::Random& random) {
  std::string text;
  const std::string fresh = std::to_string(static_cast<std::uint32_t>(random.number()));
  const auto read = [&](store::Connection& connection) -> base::Result<void> {
    TRY(connection.first(kSite, {}, [&](const store::Row& row) { text = row.string(0); }));
    return base::done();
  };
  TRY(database.read(read));
  if (text.empty()) {
    TRY(database.write([&](store::Connection& connection) -> base::Result<void> {
      TRY(connection.run(kSetSite, {fresh}));
      return read(connection);
    }));
  }
  return static_cast<std::uint32_t>(base::parse_int(text).value_or(0));
}

}  // namespace

Exchange::Exchange(Parts parts, std::uint32_t site)
    : parts_(std::move(parts)),
      site_(site),
      directory_(parts_.database, parts_.clock, parts_.random, parts_.secrets_key),
      accepted_(parts_.metrics.counter("truc_documents_accepted_total",
                                       "Documents and status messages accepted")),
      resent_(parts_.metrics.counter("truc_documents_resent_total",
                                     "Submissions recognised as sent before")),
      deliveries_(parts_.metrics.counter("truc_deliveries_total", "Deliveries made")),
      fetches_(parts_.metrics.counter("truc_fetches_total", "Documents handed out")),
      acknowledgements_(
          parts_.metrics.counter("truc_acknowledgements_total", "Deliveries acknowledged")) {}

base::Result<std::unique_ptr<Exchange>> Exchange::open(Parts parts) {
  TRY(parts.database.migrate(migrations()));
  TRY(parts.database.migrate(trust::evidence::migrations()));
  const std::uint32_t site = TRY(site_tag(parts.database, parts.random));
  auto exchange = std::make_unique<Exchange>(std::move(parts), site);
  TRY(exchange->directory_.refresh());
  journal::Verdict verdict;
  TRY(exchange->database().read([&](store::Connection& connection) -> base::Result<void> {
    const std::int64_t last = TRY(journal::last_seq(connection));
    verdict =
        TRY(journal::verify(connection, std::max<std::int64_t>(1, last - kJournalTail), nullptr));
    return base::done();
  }));
  if (verdict.broken_at) {
    return base::Error(base::Code::data_loss, "exchange.journal_damaged",
                       "the journal is damaged at entry " + std::to_string(*verdict.broken_at) +
                           ": " + verdict.why + "; run truc verify, then restore a backup",
                       "nhật ký hỏng ở mục " + std::to_string(*verdict.broken_at) +
                           "; hãy chạy truc verify rồi phục hồi từ bản sao lưu");
  }
  return exchange;
}

base::Result<Organisation> Exchange::check_sender(const ConnectedSystem& system,
                                                  std::string_view code) const {
  auto organisation = directory_.find(code);
  if (organisation && organisation->system == system.key && !organisation->deleted)
    return *std::move(organisation);
  const std::string shown(base::cut_utf8(base::trim(code), 60));
  return base::Error(base::Code::forbidden, "exchange.sender_unknown",
                     "organisation " + shown + " is not served by system " + system.id,
                     "Đơn vị gửi " + shown + " không đúng với mã đã đăng ký: " + system.id);
}

base::Result<Accepted> Exchange::accept(const Submission& submission) {
  const base::Time now = parts_.clock.now();
  Addressees to = addressees(directory_, submission.document, submission.to, now);
  if (to.known.empty()) {
    std::string names;
    for (const std::string& code : to.unknown) names += (names.empty() ? "" : ", ") + code;
    names = base::cut_utf8(names, 500);
    return base::Error(base::Code::not_found, "exchange.recipients_unknown",
                       names.empty() ? "no recipient is named" : "unknown recipients: " + names,
                       names.empty() ? "không nêu nơi nhận" : "Nơi nhận không tồn tại: " + names);
  }
  if (static_cast<std::int64_t>(to.known.size()) > kRecipientsMax) {
    return base::Error(base::Code::invalid, "exchange.too_many_recipients",
                       "at most " + std::to_string(kRecipientsMax) + " recipients",
                       "tối đa " + std::to_string(kRecipientsMax) + " nơi nhận");
  }
  Accepted judged;  // what judging adds to the answer
  std::optional<trust::IntakeReport> report;
  if (parts_.judging && !submission.document.attachments.empty()) {
    report = TRY(judge(submission, to, judged));
  }
  Accepted accepted;
  const base::Lane lane =
      submission.document.urgency() > 0 ? base::Lane::urgent : base::Lane::normal;
  TRY(parts_.database.write(
      [&](store::Connection& connection) -> base::Result<void> {
        accepted = TRY(
            Acceptance(*this, submission, to, now, report ? &*report : nullptr).record(connection));
        return base::done();
      },
      lane));
  accepted.objections = std::move(judged.objections);
  (accepted.resent ? resent_ : accepted_).add();
  deliveries_.add(static_cast<std::uint64_t>(accepted.deliveries));
  return accepted;
}

// Judges a submission and takes the recipients out of `to` whose rule objects.
base::Result<trust::IntakeReport> Exchange::judge(const Submission& submission, Addressees& to,
                                                  Accepted& accepted) {
  trust::IntakeReport report = TRY(parts_.judging->judge(submission.document, submission.blob));
  std::optional<base::Error> refused;
  if (const auto malware = report.malware()) {
    refused.emplace(base::Code::invalid, "exchange.malware", "malware was found: " + *malware,
                    "Phát hiện mã độc: " + *malware);
  } else {
    std::erase_if(to.known, [&](const Organisation& recipient) {
      auto objection = parts_.judging->objection(recipient, submission.document.type, report);
      if (objection) accepted.objections.emplace_back(recipient.code, *std::move(objection));
      return objection.has_value();
    });
    if (!to.known.empty()) return report;
    const auto& [code, why] = accepted.objections.front();
    refused.emplace(base::Code::invalid, "exchange.signatures_refused",
                    "no recipient takes the document; " + code + ": " + why.en,
                    "Không nơi nhận nào tiếp nhận văn bản; " + code + ": " + why.vi);
  }
  base::Json body;
  body.add("reason", refused->reason()).add("detail", base::cut_utf8(refused->detail(), 500));
  body.add("hash", base::hex(submission.hash))
      .add("size", static_cast<std::int64_t>(submission.size));
  const auto sender = directory_.by_key(submission.sender);
  body.add("from", sender ? sender->code : std::string());
  const base::Time now = parts_.clock.now();
  TRY(parts_.database.write([&](store::Connection& connection) -> base::Result<void> {
    TRY(evidences::of_refusal(*this, connection, submission, refused->reason(), now));
    return journal::append(connection, now, "refused", base::hex(submission.hash), body);
  }));
  return *std::move(refused);
}

base::Result<std::optional<Judgement>> Exchange::judgement(SystemKey system,
                                                           std::string_view id) const {
  const auto named = parse_id(site_, id);
  if (!named) return unknown_document(id);
  std::optional<Judgement> found;
  bool visible = false;
  TRY(parts_.database.read([&](store::Connection& connection) -> base::Result<void> {
    const auto document = TRY(records::document(connection, named->document));
    if (!document) return base::done();
    visible = document->system == system;
    for (const auto& delivery : TRY(records::deliveries_named(connection, *named))) {
      visible = visible || (delivery.system == system && delivery.state.readable());
    }
    found = TRY(judgements::of(connection, named->document));
    return base::done();
  }));
  if (!visible) return unknown_document(id);
  return found;
}

base::Result<std::vector<PendingItem>> Exchange::pending(SystemKey system, edxml::Kind kind,
                                                         const ListFilter& filter) const {
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

base::Result<Fetched> Exchange::fetch(SystemKey system, std::string_view id) {
  const auto named = parse_id(site_, id);
  if (!named) return unknown_document(id);
  std::optional<records::DocumentRow> document;
  std::vector<records::DeliveryRow> first_fetches;
  bool readable = false, recalled = false;
  TRY(parts_.database.read([&](store::Connection& connection) -> base::Result<void> {
    document = TRY(records::document(connection, named->document));
    if (!document) return base::done();
    readable = document->system == system;
    for (auto& delivery : TRY(records::deliveries_named(connection, *named))) {
      if (delivery.system != system) continue;
      if (!delivery.state.readable()) {
        recalled = true;
        continue;
      }
      readable = true;
      if (!delivery.state.fetched) first_fetches.push_back(std::move(delivery));
    }
    return base::done();
  }));
  if (recalled && !readable)
    return fetched(DeliveryState{Transport::withdrawn, {}, {}, {}, {}}).error();
  if (!document || !readable) return unknown_document(id);
  Fetched out;
  out.id = document_id_text(site_, document->id);
  out.content = TRY(parts_.blobs.open(document->blob));
  if (!first_fetches.empty()) {
    const base::Time now = parts_.clock.now();
    TRY(parts_.database.write([&](store::Connection& connection) -> base::Result<void> {
      for (const records::DeliveryRow& seen : first_fetches) {
        const auto delivery = TRY(records::delivery(connection, seen.id));
        if (!delivery || delivery->state.fetched) continue;
        // The recall may have come between the look and this step: the transaction decides.
        const DeliveryState state = TRY(fetched(delivery->state));
        TRY(records::update_delivery(connection, delivery->id, state, "", now));
        TRY(evidences::of_delivery(*this, connection, Event::content_handover, delivery->id,
                                   delivery->recipient, now));
        TRY(journal::append(connection, now, "fetched", delivery_id_text(site_, delivery->id), {}));
      }
      return base::done();
    }));
  }
  fetches_.add();
  return out;
}

base::Result<void> Exchange::acknowledge(SystemKey system, std::string_view id,
                                         std::string_view word, std::string_view description) {
  const auto named = parse_id(site_, id);
  if (!named) return unknown_document(id);
  const base::Time now = parts_.clock.now();
  TRY(parts_.database.write([&](store::Connection& connection) -> base::Result<void> {
    bool any = false;
    for (const auto& delivery : TRY(records::deliveries_named(connection, *named))) {
      if (delivery.system != system) continue;
      any = true;
      const DeliveryState state = acknowledged(delivery.state, word);
      if (state == delivery.state && !delivery.state.pending()) continue;
      TRY(records::update_delivery(connection, delivery.id, state, word, now));
      if (state.transport == Transport::fail && delivery.state.transport != Transport::fail) {
        TRY(evidences::of_delivery(*this, connection, Event::content_handover_failure, delivery.id,
                                   delivery.recipient, now));
      }
      base::Json body;
      body.add("word", base::cut_utf8(word, 200));
      if (!description.empty())
        body.add("description_bytes", static_cast<std::int64_t>(description.size()));
      TRY(journal::append(connection, now, "acknowledged", delivery_id_text(site_, delivery.id),
                          body));
    }
    if (!any) return unknown_document(id);
    return base::done();
  }));
  acknowledgements_.add();
  return base::done();
}

base::Result<std::vector<SentItem>> Exchange::sent(SystemKey system, std::string_view document,
                                                   std::optional<edxml::Kind> kind,
                                                   const ListFilter& filter) const {
  std::int64_t least = 0, most = (std::int64_t{1} << (63 - kOrdinalBits)) - 1;
  std::vector<SentItem> items;
  TRY(parts_.database.read([&](store::Connection& connection) -> base::Result<void> {
    items.clear();
    if (const auto named = parse_id(site_, document)) {
      const auto row = TRY(records::document(connection, named->document));
      if (row && row->system == system) least = most = row->id;
    }
    const std::int64_t kind_least = kind ? static_cast<int>(*kind) : 0;
    const std::int64_t kind_most = kind ? static_cast<int>(*kind) : 1;
    return connection.each(
        kSent,
        {system, least, most, kind_least, kind_most,
         filter.from ? base::to_micros(*filter.from) : 0,
         filter.to ? base::to_micros(*filter.to) : kNever, page_of(parts_.policy, filter),
         offset_of(parts_.policy, filter)},
        [&](const store::Row& row) {
          SentItem item;
          item.document_id = document_id_text(site_, row.integer(0));
          item.delivery_id = delivery_id_text(site_, row.integer(1));
          item.sender = row.integer(2);
          item.recipient = row.integer(3);
          item.kind = row.integer(4) == 1 ? edxml::Kind::status : edxml::Kind::document;
          item.subject = row.string(5);
          item.code = row.string(6);
          item.sent_at = row.time(7);
          item.state.transport = static_cast<Transport>(row.integer(8));
          item.state.recall = static_cast<Recall>(row.integer(9));
          item.state.status_code = row.string(10);
          if (!row.is_null(11)) item.state.status_at = row.time(11);
          if (!row.is_null(12)) item.fetched_at = row.time(12);
          item.state.fetched = item.fetched_at.has_value();
          if (!row.is_null(13))
            item.signatures = judgements::word(row.integer(13), row.integer(14) != 0);
          items.push_back(std::move(item));
          return true;
        });
  }));
  return items;
}

base::Result<std::uint64_t> Exchange::sweep() {
  std::uint64_t removed = 0;
  TRY(parts_.database.read([&](store::Connection& connection) -> base::Result<void> {
    base::Result<void> failed;
    removed = TRY(parts_.blobs.sweep([&](const store::BlobRef& ref) {
      // Packs hold many documents and are kept.
      if (!ref.starts_with("file/") || !failed) return true;
      const auto named = connection.integer(kNamesFile, {ref});
      if (!named) failed = named.error();
      return !named || named->has_value();
    }));
    return failed;
  }));
  return removed;
}

}  // namespace exchange
