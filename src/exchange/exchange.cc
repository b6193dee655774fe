#include "exchange/exchange.h"

#include <set>

#include "base/hash.h"
#include "base/log.h"
#include "base/text.h"
#include "exchange/acceptance.h"
#include "exchange/evidences.h"
#include "exchange/malware_notice.h"
#include "exchange/migrations.h"
#include "exchange/records.h"
#include "store/journal.h"

namespace exchange {
namespace {

using store::Query;
using trust::evidence::Event;

constexpr std::int64_t kJournalTail = 10000;

const Query kSite{"exchange.site", "select value from meta where name = 'site'"};
const Query kSetSite{
    "exchange.set_site",
    "insert into meta (name, value) values ('site', $1) on conflict (name) do nothing"};
// Within the partial index: only blobs above that size have files of their own
// (docs/formats/blobs.md).
const Query kNamesFile{"exchange.names_file",
                       "select id from document where blob = $1 and size > 60000"};

base::Error unknown_document(std::string_view id) {
  const std::string shown(base::cut_utf8(id, 64));
  return base::Error(base::Code::not_found, "exchange.unknown_document",
                     "no document of yours has the id " + shown,
                     "không có văn bản nào của đơn vị mang mã " + shown);
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
      directory_(parts_.database, parts_.clock, parts_.random, parts_.secrets_key,
                 [this](store::Connection& connection, OrganisationKey organisation,
                        SystemKey before, SystemKey now) {
                   return records::hand_over(connection, organisation, before, now,
                                             parts_.clock.now());
                 }),
      lawful_(std::make_shared<const identity::Calendar>()),
      calls_(parts_.database, parts_.clock),
      accepted_(parts_.metrics.counter("truc_documents_accepted_total",
                                       "Documents and status messages accepted")),
      resent_(parts_.metrics.counter("truc_documents_resent_total",
                                     "Submissions recognised as sent before")),
      deliveries_(parts_.metrics.counter("truc_deliveries_total", "Deliveries made")),
      fetches_(parts_.metrics.counter("truc_fetches_total", "Documents handed out")),
      acknowledgements_(
          parts_.metrics.counter("truc_acknowledgements_total", "Deliveries acknowledged")) {}

base::Result<std::unique_ptr<Exchange>> Exchange::open(Parts parts) {
  TRY(migrate(parts.database));
  const std::uint32_t site = TRY(site_tag(parts.database, parts.random));
  auto exchange = std::make_unique<Exchange>(std::move(parts), site);
  TRY(exchange->directory_.refresh());
  if (exchange->parts_.calendar) TRY(exchange->parts_.calendar->refresh());
  store::journal::Verdict verdict;
  TRY(exchange->database().read([&](store::Connection& connection) -> base::Result<void> {
    const std::int64_t last = TRY(store::journal::last_seq(connection));
    verdict = TRY(store::journal::verify(connection, std::max<std::int64_t>(1, last - kJournalTail),
                                         nullptr));
    return base::done();
  }));
  if (verdict.broken_at) {
    return base::Error(base::Code::data_loss, "store.journal_damaged",
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
  std::vector<std::string> objecting;
  for (const auto& [code, why] : judged.objections) objecting.push_back(code);
  Accepted accepted;
  const base::Lane lane =
      submission.document.urgency() > 0 ? base::Lane::urgent : base::Lane::normal;
  TRY(parts_.database.write(
      [&](store::Connection& connection) -> base::Result<void> {
        Acceptance acceptance(*this, submission, to, now, report ? &*report : nullptr, objecting);
        accepted = TRY(acceptance.record(connection));
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
    return store::journal::append(connection, now, "refused", base::hex(submission.hash), body);
  }));
  if (const auto malware = report.malware()) {
    TRY(tell_of_malware(*this, submission, to.known, *malware));
  }
  return *std::move(refused);
}

base::Result<std::optional<Judgement>> Exchange::judgement(const Party& party,
                                                           std::string_view id) const {
  const auto named = parse_id(site_, id);
  if (!named) return unknown_document(id);
  std::optional<Judgement> found;
  bool visible = false;
  TRY(parts_.database.read([&](store::Connection& connection) -> base::Result<void> {
    const auto document = TRY(records::document(connection, named->document));
    if (!document) return base::done();
    visible = party.is(document->system, document->sender);
    for (const auto& delivery : TRY(records::deliveries_named(connection, *named))) {
      visible =
          visible || (party.is(delivery.system, delivery.recipient) && delivery.state.readable());
    }
    found = TRY(judgements::of(connection, named->document));
    return base::done();
  }));
  if (!visible) return unknown_document(id);
  return found;
}

base::Result<Fetched> Exchange::fetch(const Party& party, std::string_view id) {
  const auto named = parse_id(site_, id);
  if (!named) return unknown_document(id);
  std::optional<records::DocumentRow> document;
  std::vector<records::DeliveryRow> first_fetches;
  bool readable = false, recalled = false;
  TRY(parts_.database.read([&](store::Connection& connection) -> base::Result<void> {
    document = TRY(records::document(connection, named->document));
    if (!document) return base::done();
    readable = party.is(document->system, document->sender);
    for (auto& delivery : TRY(records::deliveries_named(connection, *named))) {
      if (!party.is(delivery.system, delivery.recipient)) continue;
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
        TRY(store::journal::append(connection, now, "fetched",
                                   delivery_id_text(site_, delivery->id), {}));
      }
      return base::done();
    }));
    for (const records::DeliveryRow& one : first_fetches) calls_.changed(one.system);
  }
  fetches_.add();
  return out;
}

base::Result<void> Exchange::acknowledge(const Party& party, std::string_view id,
                                         std::string_view word, std::string_view description) {
  const auto named = parse_id(site_, id);
  if (!named) return unknown_document(id);
  const base::Time now = parts_.clock.now();
  std::set<SystemKey> systems;
  TRY(parts_.database.write([&](store::Connection& connection) -> base::Result<void> {
    bool any = false;
    systems.clear();
    for (const auto& delivery : TRY(records::deliveries_named(connection, *named))) {
      if (!party.is(delivery.system, delivery.recipient)) continue;
      any = true;
      systems.insert(delivery.system);
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
      TRY(store::journal::append(connection, now, "acknowledged",
                                 delivery_id_text(site_, delivery.id), body));
    }
    if (!any) return unknown_document(id);
    return base::done();
  }));
  for (const SystemKey system : systems) calls_.changed(system);
  acknowledgements_.add();
  return base::done();
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
