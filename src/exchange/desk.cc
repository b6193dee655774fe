#include "exchange/desk.h"

#include <algorithm>
#include <utility>

#include "base/hash.h"
#include "base/text.h"
#include "edxml/writer.h"
#include "exchange/desk_rows.h"

namespace exchange {
namespace {

using identity::Reach;

base::Error unknown_document(std::string_view id) {
  const std::string shown(base::cut_utf8(id, 64));
  return base::Error(base::Code::not_found, "exchange.unknown_document",
                     "no document of yours has the id " + shown,
                     "không có văn bản nào của đơn vị mang mã " + shown);
}

base::Error taken_back() {
  return fetched(DeliveryState{Transport::withdrawn, {}, {}, {}, {}}).error();
}

// Which of those that ask are asked about.
desk_rows::Askers askers_of(const Exchange& exchange, const Reach& reach,
                            const DeskFilter& filter) {
  desk_rows::Askers askers;
  if (!filter.organisation) {
    askers.organisations = reach.organisations;
  } else if (reach.covers(*filter.organisation)) {
    askers.organisations = {*filter.organisation};
  }
  for (const OrganisationKey key : askers.organisations) {
    const auto organisation = exchange.directory().by_key(key);
    if (organisation && organisation->system != 0) askers.systems.push_back(organisation->system);
  }
  std::sort(askers.systems.begin(), askers.systems.end());
  askers.systems.erase(std::unique(askers.systems.begin(), askers.systems.end()),
                       askers.systems.end());
  return askers;
}

desk_rows::Reading reading_of(const Exchange& exchange, const identity::Calendar& days) {
  return {exchange.site(), exchange.directory(), days, exchange.policy().clocks,
          exchange.clock().now()};
}

}  // namespace

base::Result<DeskPage> Desk::documents(const Reach& reach, Box box, const DeskFilter& filter,
                                       DocumentKey before, std::int64_t count) const {
  const desk_rows::Span span = desk_rows::span_of(filter, before);
  const desk_rows::Askers askers = askers_of(exchange_, reach, filter);
  desk_rows::Documents found;
  TRY(exchange_.database().read([&](store::Connection& connection) -> base::Result<void> {
    found = TRY(desk_rows::documents(connection, exchange_.site(), box, askers, span, count + 1));
    return base::done();
  }));
  DeskPage page{std::move(found.items), found.looked_to};
  if (std::cmp_greater(page.items.size(), count)) {
    page.items.pop_back();
    page.next_before = page.items.back().key;
  }
  return page;
}

base::Result<DeskDocument> Desk::document(const Reach& reach, std::string_view id) const {
  const auto named = parse_id(exchange_.site(), id);
  if (!named) return unknown_document(id);
  const auto days = exchange_.calendar();
  std::optional<DeskDocument> document;
  bool readable = false, recalled = false;
  TRY(exchange_.database().read([&](store::Connection& connection) -> base::Result<void> {
    readable = recalled = false;
    document = TRY(desk_rows::document(connection, exchange_.site(), named->document));
    if (!document) return base::done();
    document->sent = reach.covers(document->sender);
    for (const auto& one : TRY(desk_rows::deliveries(
             connection, reading_of(exchange_, *days),
             named->delivery.value_or(delivery_key(named->document, 0)),
             named->delivery.value_or(delivery_key(named->document, kRecipientsMax))))) {
      if (!reach.covers(one.recipient)) continue;
      (one.state.readable() ? readable : recalled) = true;
    }
    return base::done();
  }));
  if (!document) return unknown_document(id);
  if (document->sent || readable) return *std::move(document);
  if (recalled) return taken_back();
  return unknown_document(id);
}

base::Result<std::optional<DeskStanding>> Desk::standing(const Reach& reach,
                                                         DocumentKey document) const {
  std::optional<DeskStanding> found;
  TRY(exchange_.database().read([&](store::Connection& connection) -> base::Result<void> {
    found = TRY(desk_rows::standing(connection, reach, document));
    return base::done();
  }));
  return found;
}

base::Result<std::vector<DeskDelivery>> Desk::deliveries_of(const Reach& reach,
                                                            std::string_view id) const {
  const auto named = parse_id(exchange_.site(), id);
  if (!named) return unknown_document(id);
  const auto days = exchange_.calendar();
  std::vector<DeskDelivery> found;
  TRY(exchange_.database().read([&](store::Connection& connection) -> base::Result<void> {
    found = TRY(desk_rows::deliveries(connection, reading_of(exchange_, *days),
                                      delivery_key(named->document, 0),
                                      delivery_key(named->document, kRecipientsMax)));
    return base::done();
  }));
  std::erase_if(found, [&](const DeskDelivery& one) {
    return !reach.covers(one.sender) && !reach.covers(one.recipient);
  });
  if (found.empty()) return unknown_document(id);
  return found;
}

base::Result<std::vector<DeskDelivery>> Desk::inbox(const Reach& reach, const DeskFilter& filter,
                                                    const std::optional<InboxPlace>& after,
                                                    std::int64_t count) const {
  const auto days = exchange_.calendar();
  const desk_rows::Span span = desk_rows::span_of(filter, 0);
  const desk_rows::Askers askers = askers_of(exchange_, reach, filter);
  std::vector<DeskDelivery> all;
  TRY(exchange_.database().read([&](store::Connection& connection) -> base::Result<void> {
    all = TRY(desk_rows::inbox(connection, reading_of(exchange_, *days), askers, span,
                               after.value_or(InboxPlace{-1, 0}), count));
    return base::done();
  }));
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return a.urgency != b.urgency ? a.urgency > b.urgency : a.key < b.key;
  });
  if (std::cmp_greater(all.size(), count)) all.resize(static_cast<std::size_t>(count));
  return all;
}

base::Result<DeskDelivery> Desk::delivery(const Reach& reach, std::string_view id) const {
  const auto named = parse_id(exchange_.site(), id);
  if (!named || !named->delivery) return unknown_document(id);
  const auto days = exchange_.calendar();
  std::vector<DeskDelivery> found;
  TRY(exchange_.database().read([&](store::Connection& connection) -> base::Result<void> {
    found = TRY(desk_rows::deliveries(connection, reading_of(exchange_, *days), *named->delivery,
                                      *named->delivery));
    return base::done();
  }));
  if (found.empty()) return unknown_document(id);
  if (!reach.covers(found[0].sender) && !reach.covers(found[0].recipient))
    return unknown_document(id);
  return std::move(found[0]);
}

// The same bytes and the same way as a status message that came as edXML.
base::Result<std::string> Desk::say(const Organisation& from, const Organisation& to,
                                    const DeskDelivery& about, const Word& word) {
  Submission submission;
  edxml::Document& message = submission.document;
  message.kind = edxml::Kind::status;
  message.from.id = from.code;
  message.from.name = from.name.empty() ? from.code : from.name;
  edxml::ResponseFor document;
  document.organisation = to.code;
  document.code = about.code;
  document.document_id = about.business_id;
  document.promulgation = {about.issued_on, base::parse_date(about.issued_on)};
  message.response_for.push_back(std::move(document));
  message.status_code = word.code;
  message.status_description =
      word.description.empty() ? text_of_status(word.code).vi : std::string(word.description);
  const base::Time now = exchange_.clock().now();
  message.status_timestamp = base::vietnam_time_text(now, '/');
  message.status_time = now;
  if (!word.department.empty() || !word.staff.empty()) {
    edxml::Staff staff;
    staff.department = word.department;
    staff.staff = word.staff;
    message.staff.push_back(std::move(staff));
  }
  const std::string bytes = TRY(edxml::write_status(message));
  submission.system = from.system;
  submission.sender = from.key;
  submission.hash = base::sha256(bytes);
  submission.size = bytes.size();
  submission.blob = TRY(exchange_.blobs().put(bytes));
  const Accepted accepted = TRY(exchange_.accept(submission));
  return accepted.id;
}

base::Result<std::string> Desk::report(const Reach& reach, std::string_view id, const Word& word) {
  const DeskDelivery about = TRY(delivery(reach, id));
  if (!reach.covers(about.recipient)) return unknown_document(id);
  const auto from = exchange_.directory().by_key(about.recipient);
  const auto to = exchange_.directory().by_key(about.sender);
  if (!from || !to) return unknown_document(id);
  if ((word.code == "15" || word.code == "16") && about.state.recall != Recall::requested) {
    return base::Error(base::Code::conflict, "exchange.not_asked_back",
                       "the sender has not asked for this document back",
                       "bên gửi không yêu cầu lấy lại văn bản này");
  }
  return say(*from, *to, about, word);
}

base::Result<std::vector<Asked>> Desk::ask_back(const Reach& reach, std::string_view id,
                                                const std::vector<OrganisationKey>& recipients,
                                                std::string_view reason) {
  const DeskDocument document = TRY(this->document(reach, id));
  const auto from = exchange_.directory().by_key(document.sender);
  if (!document.sent || !from) return unknown_document(id);
  std::vector<DeskDelivery> wanted = TRY(deliveries_of(reach, document.id));
  for (const OrganisationKey one : recipients) {
    if (std::any_of(wanted.begin(), wanted.end(),
                    [&](const auto& delivery) { return delivery.recipient == one; }))
      continue;
    const auto organisation = exchange_.directory().by_key(one);
    const std::string code = organisation ? organisation->code : std::string();
    return base::Error(base::Code::invalid, "exchange.not_a_recipient",
                       code + " did not get this document", code + " không nhận văn bản này");
  }
  std::erase_if(wanted, [&](const DeskDelivery& delivery) {
    if (recipients.empty()) return !delivery.state.readable();
    return std::find(recipients.begin(), recipients.end(), delivery.recipient) == recipients.end();
  });
  std::vector<Asked> asked;
  for (const DeskDelivery& delivery : wanted) {
    const auto to = exchange_.directory().by_key(delivery.recipient);
    if (!to) continue;
    auto said = say(*from, *to, delivery, {"13", reason, {}, {}});
    asked.push_back({delivery.recipient, said ? std::nullopt : std::optional(said.error())});
  }
  return asked;
}

}  // namespace exchange
