// The transparency log as anybody may ask about it. Its files are served beside the API
// (trust/log/serve.h); whoever reads them checks them without believing this server.
#pragma once
#include <optional>
#include <vector>

#include "exchange/exchange.h"
#include "exchange/rest/route.h"
#include "trust/log/note.h"

namespace exchange::rest {

// `key`: of the site's log; nothing when it has none. `witnesses`: whom it asks to cosign.
std::vector<Route> log_rows(Exchange& exchange, std::optional<trust::log::NoteVerifier> key,
                            std::vector<trust::log::NoteVerifier> witnesses);

}  // namespace exchange::rest
