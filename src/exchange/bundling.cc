#include "exchange/bundling.h"

#include <algorithm>

#include "base/text.h"
#include "exchange/judging.h"
#include "exchange/records.h"
#include "trust/evidence/book.h"

namespace exchange {

base::Result<BundleOrder> bundle_order(Exchange& exchange, std::string_view id) {
  const auto named = parse_id(exchange.site(), id);
  BundleOrder order;
  std::vector<base::Bytes> bodies;
  TRY(exchange.database().read([&](store::Connection& connection) -> base::Result<void> {
    order = {};
    bodies.clear();
    if (!named) return base::done();
    const auto row = TRY(records::document(connection, named->document));
    if (!row) return base::done();
    order.document_id = document_id_text(exchange.site(), row->id);
    order.blob = row->blob;
    if (const auto judgement = TRY(judgements::of(connection, row->id)))
      order.signatures = judgement->report;
    return trust::evidence::evidences_about(
        connection, order.document_id,
        [&](const auto&, base::BytesView body) { bodies.emplace_back(body); });
  }));
  if (order.document_id.empty()) {
    const std::string shown(base::cut_utf8(id, 64));
    return base::Error(base::Code::not_found, "exchange.unknown_document",
                       "this site has no document " + shown,
                       "máy chủ này không có văn bản " + shown);
  }
  for (const base::Bytes& body : bodies)
    order.evidences.push_back(TRY(trust::evidence::Evidence::parse(body)));
  return order;
}

bool concerns(const trust::evidence::Evidence& evidence, const std::vector<DeskDelivery>& mine) {
  return evidence.facts.delivery.empty() ||
         std::any_of(mine.begin(), mine.end(), [&](const DeskDelivery& delivery) {
           return delivery.id == evidence.facts.delivery;
         });
}

}  // namespace exchange
