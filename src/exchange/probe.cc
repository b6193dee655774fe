#include "exchange/probe.h"

#include "exchange/own_status.h"
#include "store/journal.h"

namespace exchange {
namespace {

using store::Query;

constexpr const char* kDescription =
    "THÔNG ĐIỆP THỬ KẾT NỐI của trục, không phải trạng thái của văn bản nào: hãy lấy và xác nhận "
    "rồi bỏ qua.";

const Query kProbe{"exchange.probe",
                   "select p.delivery, p.organisation, p.sent_at, p.sent_by, d.state, "
                   "d.fetched_at, d.updated_at from system_probe p join delivery d on d.id = "
                   "p.delivery where p.system = $1"};
const Query kKeep{"exchange.probe_keep",
                  "insert into system_probe (system, delivery, organisation, sent_at, sent_by) "
                  "values ($1, $2, $3, $4, $5) on conflict (system) do update set "
                  "delivery = excluded.delivery, organisation = excluded.organisation, "
                  "sent_at = excluded.sent_at, sent_by = excluded.sent_by"};

std::optional<Organisation> first_served(const Exchange& exchange, SystemKey system,
                                         base::Time now) {
  std::optional<Organisation> first;
  exchange.directory().each([&](const Organisation& one) {
    if (one.system == system && one.effective(now) && (!first || one.code < first->code))
      first = one;
  });
  return first;
}

}  // namespace

base::Result<std::optional<Probe>> probe_of(const Exchange& exchange, store::Connection& connection,
                                            SystemKey system) {
  std::optional<Probe> probe;
  TRY(connection.first(kProbe, {system}, [&](const store::Row& row) {
    probe.emplace();
    probe->id = delivery_id_text(exchange.site(), row.integer(0));
    probe->organisation = row.integer(1);
    probe->sent_at = row.time(2);
    probe->sent_by = row.string(3);
    probe->state = static_cast<Transport>(row.integer(4));
    probe->fetched_at = row.optional_time(5);
    if (probe->state != Transport::initial && probe->state != Transport::processing)
      probe->acknowledged_at = row.time(6);
  }));
  return probe;
}

base::Result<SentProbe> send_probe(Exchange& exchange, const ConnectedSystem& system,
                                   std::string_view by) {
  const base::Time now = exchange.clock().now();
  if (!system.enabled) {
    return base::Error(base::Code::conflict, "identity.system_disabled",
                       "the system is disabled: enable it first",
                       "hệ thống đang bị khóa: hãy mở trước");
  }
  const auto to = first_served(exchange, system.key, now);
  if (!to) {
    return base::Error(base::Code::conflict, "exchange.nobody_served",
                       "the system serves no organisation yet: a probe has nobody to go to; give "
                       "it an organisation first",
                       "hệ thống chưa phục vụ cơ quan nào nên không có nơi nhận thông điệp thử; "
                       "hãy giao cơ quan cho hệ thống trước");
  }
  SentProbe sent;
  TRY(exchange.database().write([&](store::Connection& connection) -> base::Result<void> {
    sent = {};
    const auto earlier = TRY(probe_of(exchange, connection, system.key));
    if (earlier && !earlier->acknowledged_at) {
      sent = {*earlier, true};
      return base::done();
    }
    edxml::ResponseFor about;
    about.code = "TRUC-PROBE";
    about.document_id = "TRUC-PROBE," + base::iso_time_text(now);
    const OwnStatus message{*to, *to, about, "01", kDescription};
    const DeliveryKey delivery = TRY(write_own_status(exchange, connection, message, now));
    TRY(connection.run(kKeep, {system.key, delivery, to->key, now, by}));
    base::Json body;
    body.add("by", by).add("organisation", to->code);
    TRY(store::journal::append(connection, now, "probe_sent", system.id, body));
    sent.probe.id = delivery_id_text(exchange.site(), delivery);
    sent.probe.organisation = to->key;
    sent.probe.sent_at = now;
    sent.probe.sent_by = by;
    return base::done();
  }));
  exchange.calls().changed(system.key);
  return sent;
}

}  // namespace exchange
