// Writing DER, as much as signing needs. Everything returns a whole element with its header.
#pragma once
#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"

namespace trust::signing::der {

base::Bytes element(unsigned char tag, base::BytesView content);
base::Bytes sequence(std::initializer_list<base::BytesView> parts);
base::Bytes set(std::initializer_list<base::BytesView> parts);  // in the order given
base::Bytes set_of(std::vector<base::Bytes> members);           // sorted, as DER asks
base::Bytes integer(std::uint64_t value);
base::Bytes oid(std::string_view dotted);  // "1.2.840.113549.1.7.2"; a literal
base::Bytes octets(base::BytesView content);
base::Bytes bits(base::BytesView content);  // a BIT STRING of whole bytes
base::Bytes utf8(std::string_view text);
base::Bytes null();
base::Bytes time(base::Time at);  // UTCTime until 2049, then GeneralizedTime
// [number] around whole elements (constructed).
base::Bytes context(int number, base::BytesView content);
// AlgorithmIdentifier; `with_null` writes the absent parameters as NULL (RSA, SHA-2 in older use).
base::Bytes algorithm(std::string_view dotted, bool with_null);

}  // namespace trust::signing::der
