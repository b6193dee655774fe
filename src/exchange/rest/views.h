// Documents, deliveries and organisations as the API shows them: the schema of each, and its JSON.
#pragma once
#include "exchange/desk.h"
#include "exchange/rest/route.h"

namespace exchange::rest {

// {"code": …, "name": …}
Schema party_schema(base::Text about);
base::Json party_json(const Exchange& exchange, OrganisationKey key);

// As names are looked for: in lower case and without marks.
std::string plain(std::string_view text);
// Its code or name has these words, which are plain().
bool is_named(const Organisation& organisation, std::string_view words);

// {"vi": …, "en": …}
Schema words_schema(base::Text about);
base::Json words_json(const base::Text& text);

Schema document_schema();
base::Json document_json(const Exchange& exchange, const DeskDocument& document);

Schema delivery_schema();
base::Json delivery_json(const Exchange& exchange, const DeskDelivery& delivery);

Schema clock_schema();

// "2026/11/22" as documents write it into "2026-11-22"; empty when it is no date.
std::string day_text(std::string_view written);
std::string day_text(const base::Date& day);

// "id" in the path.
Parameter id_parameter(base::Text about, std::string_view example);
inline constexpr std::string_view kDocumentExample = "5f1c0a3b0003a1b2c3d4e5f6";
inline constexpr std::string_view kDeliveryExample = "01935c2e-8a40-8000-8000-5f1c0a3b0000";
Parameter organisation_parameter();  // ?organisation=CODE: only that one of mine
// accepted_from, accepted_to
std::vector<Parameter> time_parameters();
// What organisation_parameter() and time_parameters() say. An organisation that is not the caller's
// is one that nothing is found for.
DeskFilter filter_of(const Exchange& exchange, const Call& call);

// Refusals that several rows share.
const Refusal& unknown_document();
const Refusal& recalled();

std::vector<Parameter> joined(std::vector<Parameter> a, std::vector<Parameter> b);

}  // namespace exchange::rest
