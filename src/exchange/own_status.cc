#include "exchange/own_status.h"

#include "base/hash.h"
#include "edxml/writer.h"
#include "exchange/records.h"
#include "store/journal.h"

namespace exchange {

base::Result<DeliveryKey> write_own_status(Exchange& exchange, store::Connection& connection,
                                           const OwnStatus& status, base::Time now) {
  edxml::Document message;
  message.kind = edxml::Kind::status;
  message.from.id = status.from.code;
  message.from.name = status.from.name;
  message.from.in_charge = "Trục liên thông văn bản";
  message.response_for = {status.about};
  message.response_for[0].organisation = status.to.code;
  message.status_code = status.code;
  message.status_description = status.description;
  message.status_timestamp = base::vietnam_time_text(now, '/');
  const std::string bytes = TRY(edxml::write_status(message));
  records::NewDocument row;
  row.id = TRY(records::new_document_key(connection, now));
  row.kind = edxml::Kind::status;
  row.sender = status.from.key;
  const base::Bytes hash = base::sha256(bytes);
  row.hash = hash;
  const store::BlobRef blob = TRY(exchange.blobs().put(bytes));
  row.blob = blob;
  row.size = bytes.size();
  row.subject = message.status_description;
  row.accepted_at = now;
  TRY(records::insert_document(connection, row));
  TRY(records::insert_delivery(connection, delivery_key(row.id, 0), status.to, edxml::Kind::status,
                               0, now));
  base::Json body;
  body.add("from", status.from.code).add("kind", "status").add("hash", base::hex(hash));
  body.add("size", static_cast<std::int64_t>(bytes.size())).add("urgency", 0);
  body.add("to", base::Json(base::Json::Array{status.to.code}))
      .add("code", status.code)
      .add("by", "exchange");
  TRY(store::journal::append(connection, now, "accepted", document_id_text(exchange.site(), row.id),
                             body));
  return delivery_key(row.id, 0);
}

}  // namespace exchange
