#include "exchange/rest/api.h"

#include <iterator>

#include "exchange/rest/resources.h"

namespace exchange::rest {

std::vector<Route> api(const ApiParts& parts, const ApiOptions& options) {
  Exchange& exchange = parts.exchange;
  std::vector<Route> all;
  const auto add = [&](std::vector<Route> rows) {
    all.insert(all.end(), std::make_move_iterator(rows.begin()),
               std::make_move_iterator(rows.end()));
  };
  add(me_rows(exchange, parts.identity));
  add(notification_rows(exchange, parts.identity));
  add(submission_rows(parts, options));
  add(upload_rows(parts));
  add(document_rows(exchange));
  add(document_file_rows(exchange, options));
  add(delivery_rows(exchange));
  add(trace_rows(exchange));
  add(event_rows(parts, options));
  add(webhook_rows(exchange, parts.webhooks));
  add(search_rows(exchange, parts.search));
  add(organisation_rows(exchange, options));
  add(calendar_rows(exchange));
  add(people_rows(exchange, parts.identity));
  add(delegation_rows(exchange, parts.identity));
  add(system_rows(exchange, parts.identity, parts.random));
  add(integration_rows(exchange, parts.identity));
  add(approval_rows(parts.identity));
  add(journal_rows(exchange, parts.chain));
  add(platform_rows(exchange, parts.identity, parts.platform));
  add(verify_rows(exchange, options));
  add(fingerprint_rows(exchange));
  add(session_rows(parts.identity));
  add(own_credential_rows(parts.identity));
  // Where the summary says it all.
  for (Route& row : all) {
    if (row.about.en.empty()) row.about = row.summary;
  }
  return all;
}

}  // namespace exchange::rest
