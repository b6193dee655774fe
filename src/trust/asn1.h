// Reads BER, and DER within it, as views of the given bytes: nothing is copied, nothing grows, and
// malformed input ends in false or nothing. For the structures around certificates (CMS, RFC 3161,
// ESS); certificates themselves are OpenSSL's.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"

namespace trust::asn1 {

enum Tag : unsigned char {
  kBoolean = 0x01,
  kInteger = 0x02,
  kBitString = 0x03,
  kOctetString = 0x04,
  kOid = 0x06,
  kEnumerated = 0x0a,
  kUtcTime = 0x17,
  kGeneralizedTime = 0x18,
  kSequence = 0x30,
  kSet = 0x31,
};
// Context-specific, constructed: [0] is 0xa0.
constexpr unsigned char context(unsigned char number) {
  return static_cast<unsigned char>(0xa0 | number);
}

struct Element {
  unsigned char tag = 0;
  base::BytesView content;  // without header and end-of-contents
  base::BytesView whole;
};

class Reader {
 public:
  explicit Reader(base::BytesView bytes) : rest_(bytes) {}
  // Nothing at the end and when malformed; then failed() tells which.
  std::optional<Element> next();
  // Only an element of this tag; another one stays unread.
  std::optional<Element> next(unsigned char tag);
  bool at_end() const { return rest_.empty(); }
  bool failed() const { return failed_; }
  unsigned char peek() const { return rest_.empty() ? 0 : static_cast<unsigned char>(rest_[0]); }
  base::BytesView rest() const { return rest_; }

 private:
  base::BytesView rest_;
  bool failed_ = false;
};

// The one element that `bytes` begin with, of this tag.
std::optional<Element> first(base::BytesView bytes, unsigned char tag);

// "1.2.840.113549.1.7.2"; empty when malformed.
std::string oid_text(base::BytesView content);
// Of an OCTET STRING in one piece or, in BER, in several.
std::optional<base::Bytes> octets(const Element& element);
std::optional<std::int64_t> integer(base::BytesView content);  // at most 64 bits
// UTCTime or GeneralizedTime in Zulu time, with a fraction of the second if there is one.
std::optional<base::Time> time(const Element& element);

struct Algorithm {
  std::string oid;
  base::BytesView parameters;  // whole element; empty when there is none
};
// Reads an AlgorithmIdentifier.
std::optional<Algorithm> algorithm(Reader& from);

}  // namespace trust::asn1
