#include "exchange/late_judging.h"

#include <vector>

#include "base/log.h"
#include "exchange/evidences.h"
#include "exchange/kept_document.h"
#include "exchange/malware_notice.h"
#include "exchange/own_status.h"
#include "exchange/records.h"
#include "store/journal.h"

namespace exchange {
namespace {

using store::Query;

const Query kIncomplete{
    "exchange.judgements_incomplete",
    "select document from judgement where complete = 0 order by document limit $1"};

base::Result<void> withdraw(Exchange& exchange, store::Connection& connection,
                            const records::DocumentRow& row, const edxml::Document& document,
                            const std::string& malware, base::Time now) {
  const auto sender = exchange.directory().by_key(row.sender);
  const edxml::ResponseFor about = reference_to(document);
  for (const records::DeliveryRow& delivery : TRY(records::deliveries_of(connection, row.id))) {
    const auto recipient = exchange.directory().by_key(delivery.recipient);
    if (!delivery.state.readable()) continue;
    TRY(records::update_delivery(connection, delivery.id, quarantined(delivery.state), "", now));
    TRY(evidences::of_delivery(exchange, connection,
                               trust::evidence::Event::content_consignment_failure, delivery.id,
                               delivery.recipient, now, "exchange.malware"));
    if (!sender || !recipient) continue;
    TRY(write_own_status(
        exchange, connection,
        {*recipient, *sender, about, "02", "Trục từ chối chuyển: phát hiện mã độc " + malware},
        now));
    if (!delivery.state.fetched) {
      TRY(write_malware_notice(exchange, connection, document, *sender, *recipient, malware, now));
      continue;
    }
    TRY(write_own_status(exchange, connection,
                         {*sender, *recipient, about, "13",
                          "Trục thu hồi: phát hiện mã độc " + malware + "; hãy hủy bản đã nhận"},
                         now));
  }
  return base::done();
}

base::Result<void> judge_again(Exchange& exchange, Judging& judging, DocumentKey key) {
  std::optional<records::DocumentRow> row;
  TRY(exchange.database().read([&](store::Connection& connection) -> base::Result<void> {
    row = TRY(records::document(connection, key));
    return base::done();
  }));
  if (!row) return base::done();
  const auto content = TRY(exchange.blobs().open(row->blob));
  const edxml::Document document = TRY(read_kept(*content));
  const trust::IntakeReport report = TRY(judging.judge_without_budget(document, row->blob));
  const base::Time now = exchange.clock().now();
  return exchange.database().write([&](store::Connection& connection) -> base::Result<void> {
    TRY(judgements::replace(connection, key, report, now));
    const auto malware = report.malware();
    base::Json body;
    body.add("signatures", judgements::word(report));
    if (malware) body.add("malware", *malware);
    TRY(store::journal::append(connection, now, "judged", document_id_text(exchange.site(), key),
                               body));
    if (malware) TRY(withdraw(exchange, connection, *row, document, *malware, now));
    return base::done();
  });
}

}  // namespace

base::Result<std::int64_t> judge_remaining(Exchange& exchange, Judging& judging,
                                           std::int64_t documents_max) {
  std::vector<DocumentKey> keys;
  TRY(exchange.database().read([&](store::Connection& connection) -> base::Result<void> {
    keys.clear();
    return connection.each(kIncomplete, {documents_max}, [&](const store::Row& row) {
      keys.push_back(row.integer(0));
      return true;
    });
  }));
  std::int64_t done = 0;
  for (const DocumentKey key : keys) {
    if (const auto judged = judge_again(exchange, judging, key); !judged) {
      base::log::warning("exchange.judging_failed",
                         {{"document", document_id_text(exchange.site(), key)},
                          {"reason", judged.error().reason()}});
      continue;
    }
    ++done;
  }
  return done;
}

}  // namespace exchange
