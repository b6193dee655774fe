// The evidences about a document as a list, without their contents: which there are, and how far
// each is proved.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "store/connection.h"

namespace trust::evidence {

struct TrailEntry {
  std::string id, event;  // as in the evidence: "ContentHandover"
  base::Time at;
  std::string delivery;  // id; empty for what is about the document as a whole
  bool is_signed = false;
  std::optional<std::int64_t> log_index;  // its entry in the transparency log
};

// In order, at most `entries_max`. Costs a row for each, and one look-up for each batch that they
// are in.
base::Result<void> trail_of(store::Connection& connection, std::string_view document_id,
                            std::int64_t entries_max,
                            const std::function<void(const TrailEntry&)>& each);

// Where the evidence of that id stands in the transparency log.
struct LoggedEvidence {
  base::Bytes hash;  // of its bytes: log_entry() of it is the entry
  std::optional<std::int64_t> log_index;
};
// Nothing when there is none of that id.
base::Result<std::optional<LoggedEvidence>> logged_evidence(store::Connection& connection,
                                                            std::string_view id);

}  // namespace trust::evidence
