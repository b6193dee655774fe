// For which organisation somebody sends: what the rows of uploads and of submissions share.
#pragma once
#include <string_view>
#include <vector>

#include "exchange/exchange.h"
#include "exchange/rest/route.h"
#include "exchange/uploads/uploads.h"
#include "identity/principal.h"

namespace exchange::rest {

// The organisation of that code; without one, the only one that `reach` covers.
// exchange.sender_unknown (forbidden: nobody, or not theirs), exchange.sender_missing (invalid:
// there are several, or none).
base::Result<Organisation> sender_named(const Exchange& exchange, const identity::Reach& reach,
                                        std::string_view code);
// Whose the upload is, while the caller may send for the organisation that it was begun for;
// exchange.upload_unknown otherwise.
base::Result<uploads::Owner> owner_of(uploads::Uploads& uploads, const identity::Principal& caller,
                                      std::string_view upload);
// What these, and what is done with an upload, may refuse.
std::vector<Refusal> sender_refusals();
std::vector<Refusal> upload_refusals();

Schema upload_id_schema();

}  // namespace exchange::rest
