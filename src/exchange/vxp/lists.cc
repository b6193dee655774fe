#include "base/text.h"
#include "exchange/vxp/face.h"

namespace exchange::vxp {
namespace {

// §3.6: of all the parameters a list call may carry, only these count; the rest may be stale.
ListFilter filter_of(const Parameters& parameters) {
  ListFilter filter;
  filter.from = base::parse_vietnam_time(parameters["fromDate"]);
  filter.to = base::parse_vietnam_time(parameters["toDate"]);
  filter.page_size = base::parse_int(base::trim(parameters["pageSize"])).value_or(0);
  filter.page_index = base::parse_int(base::trim(parameters["pageIndex"])).value_or(0);
  return filter;
}

bool asks_for_status(const Parameters& parameters) {
  return base::equal_ignoring_case(base::trim(parameters["messagetype"]), "status");
}

std::string_view message_type(edxml::Kind kind) {
  return kind == edxml::Kind::status ? "status" : "edoc";
}

std::string code_of(const Directory& directory, OrganisationKey key) {
  const auto organisation = directory.by_key(key);
  return organisation ? organisation->code : std::string();
}

std::string time_text(base::Time time) { return base::vietnam_time_text(time, '-'); }

// Until when the recipient's word is due, and by how many minutes it is late (clocks.h).
void add_clocks(const Exchange& exchange, const SentItem& item, base::Json& row) {
  const base::Time now = exchange.clock().now();
  const auto minutes = [&](const Clock& late) {
    const auto by = late.lateness(*exchange.calendar(), now);
    return std::to_string(std::chrono::duration_cast<std::chrono::minutes>(by).count());
  };
  if (item.sending && item.sending->late(now)) row.add("sentLateMinutes", minutes(*item.sending));
  const Clock& clock = item.recall && !item.recall->stopped ? *item.recall : item.receipt;
  if (clock.paused) row.add("waitsFor", "connection");
  if (!clock.due) return;
  row.add("dueTime", time_text(*clock.due));
  if (clock.late(now)) row.add("lateMinutes", minutes(clock));
}

}  // namespace

base::Result<http::Response> Face::received_list(const Call& call) {
  const auto kind = asks_for_status(call.parameters) ? edxml::Kind::status : edxml::Kind::document;
  base::Json data{base::Json::Array{}};
  for (const PendingItem& item :
       TRY(exchange_.pending(call.system.key, kind, filter_of(call.parameters)))) {
    base::Json row;
    row.add("docId", item.id).add("serviceType", "eDoc").add("messageType", message_type(kind));
    row.add("created_time", time_text(item.accepted_at))
        .add("updated_time", time_text(item.updated_at));
    row.add("from", code_of(exchange_.directory(), item.sender));
    row.add("to", code_of(exchange_.directory(), item.recipient));
    row.add("status", word_of(item.transport)).add("status_desc", text_of(item.transport).vi);
    row.add("priority", std::to_string(item.urgency));
    if (!item.signatures.empty()) row.add("signatures", item.signatures);
    if (item.due) row.add("dueTime", time_text(*item.due));
    data.push(std::move(row));
  }
  base::Json members;
  members.add("data", std::move(data));
  return success(std::move(members));
}

base::Result<http::Response> Face::sent_list(const Call& call) {
  const Parameters& parameters = call.parameters;
  std::optional<edxml::Kind> kind;
  if (parameters.has("messagetype")) {
    kind = asks_for_status(parameters) ? edxml::Kind::status : edxml::Kind::document;
  }
  base::Json data{base::Json::Array{}};
  for (const SentItem& item :
       TRY(exchange_.sent(call.system.key, parameters["docId"], kind, filter_of(parameters)))) {
    base::Json row;
    row.add("senderDocId", item.document_id).add("receiverDocId", item.delivery_id);
    row.add("fromCode", code_of(exchange_.directory(), item.sender));
    row.add("toCode", code_of(exchange_.directory(), item.recipient));
    row.add("serviceType", "eDoc").add("messageType", message_type(item.kind));
    row.add("title", item.subject).add("notation", item.code);
    row.add("sentTime", time_text(item.sent_at));
    if (item.fetched_at) row.add("receivedTime", time_text(*item.fetched_at));
    row.add("sendStatus", "done").add("sendStatusDesc", "Truc da nhan va luu");
    row.add("receiveStatus", word_of(item.state.transport))
        .add("receiveStatusDesc", text_of(item.state.transport).vi);
    if (!item.state.status_code.empty()) {
      row.add("businessStatus", item.state.status_code);
      row.add("businessStatusDesc", text_of_status(item.state.status_code).vi);
      if (item.state.status_at) row.add("businessStatusTime", time_text(*item.state.status_at));
    }
    if (item.state.recall != Recall::none) {
      row.add("recallStatus", word_of(item.state.recall))
          .add("recallDesc", text_of(item.state.recall).vi);
    }
    if (!item.signatures.empty()) row.add("signatures", item.signatures);
    if (item.kind == edxml::Kind::document) add_clocks(exchange_, item, row);
    data.push(std::move(row));
  }
  base::Json members;
  members.add("data", std::move(data));
  return success(std::move(members));
}

base::Result<http::Response> Face::count(const Call& call, edxml::Kind kind) {
  base::Json members;
  const std::int64_t count = TRY(exchange_.pending_count(call.system.key, kind));
  members.add("count", count);
  return success(std::move(members));
}

}  // namespace exchange::vxp
