// The rows of each resource, each in a file of its own. What is passed in outlives the rows.
#pragma once
#include <vector>

#include "exchange/exchange.h"
#include "exchange/rest/api.h"
#include "exchange/rest/route.h"

namespace exchange::rest {

std::vector<Route> me_rows(Exchange& exchange, identity::Identity& identity);
std::vector<Route> notification_rows(Exchange& exchange, const identity::Identity& identity);
std::vector<Route> submission_rows(const ApiParts& parts, const ApiOptions& options);
std::vector<Route> upload_rows(const ApiParts& parts);
std::vector<Route> document_rows(Exchange& exchange);
std::vector<Route> document_file_rows(Exchange& exchange, const ApiOptions& options);
std::vector<Route> delivery_rows(Exchange& exchange);
std::vector<Route> trace_rows(Exchange& exchange);
std::vector<Route> organisation_rows(Exchange& exchange, const ApiOptions& options);
std::vector<Route> calendar_rows(Exchange& exchange);
std::vector<Route> people_rows(Exchange& exchange, identity::Identity& identity);
std::vector<Route> delegation_rows(Exchange& exchange, identity::Identity& identity);
std::vector<Route> system_rows(Exchange& exchange, identity::Identity& identity,
                               base::Random& random);
std::vector<Route> integration_rows(Exchange& exchange, identity::Identity& identity);
std::vector<Route> approval_rows(identity::Identity& identity);
std::vector<Route> journal_rows(Exchange& exchange, const store::journal::ChainWatch* chain);
std::vector<Route> session_rows(identity::Identity& identity);
std::vector<Route> own_credential_rows(identity::Identity& identity);
std::vector<Route> event_rows(const ApiParts& parts, const ApiOptions& options);
std::vector<Route> webhook_rows(Exchange& exchange, webhooks::Subscriptions& webhooks);
std::vector<Route> search_rows(Exchange& exchange, search::Index* index);
std::vector<Route> platform_rows(Exchange& exchange, identity::Identity& identity,
                                 Platform* platform);
std::vector<Route> verify_rows(Exchange& exchange, const ApiOptions& options);
std::vector<Route> fingerprint_rows(Exchange& exchange);
// How much the callers of `face` ask.
std::vector<Route> quota_rows(const Face& face);

// What reading and checking edXML may refuse.
std::vector<Refusal> edxml_refusals();

}  // namespace exchange::rest
