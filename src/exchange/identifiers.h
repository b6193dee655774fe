// The numbers by which records are kept, and how clients see them.
//
// A document's number grows with time: milliseconds since 2024 in the upper bits, six bits to tell
// documents of one millisecond apart. A delivery's number is its document's with the place of the
// recipient in the lower sixteen bits, so that the deliveries of a document lie side by side and no
// index is needed to find them.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "identity/keys.h"

namespace exchange {

using DocumentKey = std::int64_t;
using DeliveryKey = std::int64_t;
using identity::OrganisationKey;
using identity::SystemKey;

inline constexpr int kOrdinalBits = 16;
inline constexpr std::int64_t kRecipientsMax = (1 << kOrdinalBits) - 1;
// No time, however far ahead, asks for a larger document number: its deliveries must have one too.
inline constexpr DocumentKey kDocumentsEnd = std::int64_t{1} << (63 - kOrdinalBits - 1);

// The next document number after `last`, never smaller than what `now` asks for; keeps growing when
// the clock jumps back.
DocumentKey next_document_key(DocumentKey last, base::Time now);
// When a number was given, to the millisecond; later than that after a clock jumped back.
base::Time time_of(DocumentKey document);
inline DeliveryKey delivery_key(DocumentKey document, std::int64_t ordinal) {
  return (document << kOrdinalBits) | ordinal;
}
inline DocumentKey document_of(DeliveryKey delivery) { return delivery >> kOrdinalBits; }

// As clients see them: a document as 24 hex digits (as the national platform's DocId), a delivery
// in UUID form (as its list items). `site` tells the exchanges of a federation apart.
std::string document_id_text(std::uint32_t site, DocumentKey document);
std::string delivery_id_text(std::uint32_t site, DeliveryKey delivery);

// What a client's id names; nothing when it is neither form or of another site.
struct Named {
  DocumentKey document = 0;
  std::optional<DeliveryKey> delivery;
};
std::optional<Named> parse_id(std::uint32_t site, std::string_view text);

}  // namespace exchange
