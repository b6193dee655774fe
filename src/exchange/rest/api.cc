#include "exchange/rest/api.h"

#include <iterator>

#include "exchange/rest/resources.h"

namespace exchange::rest {

std::vector<Route> api(Exchange& exchange, const ApiOptions& options) {
  std::vector<Route> all;
  const auto add = [&](std::vector<Route> rows) {
    all.insert(all.end(), std::make_move_iterator(rows.begin()),
               std::make_move_iterator(rows.end()));
  };
  add(me_rows(exchange));
  add(submission_rows(exchange, options));
  add(document_rows(exchange));
  add(document_file_rows(exchange, options));
  add(delivery_rows(exchange));
  add(organisation_rows(exchange, options));
  add(calendar_rows(exchange));
  return all;
}

}  // namespace exchange::rest
