// Canonical form, digests and signature values of XML signatures: xmlsec's transforms, chained by
// hand, so that nothing in a document decides which of them run. xmlsec stays behind the .cc.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "trust/xml/dom.h"

namespace trust::xml {

enum class Canonical : unsigned char { inclusive, inclusive_11, exclusive };

// Nothing for what is not a canonicalisation. The forms with comments count as their plain ones:
// references never select comments (XML-DSig §4.4.3.2), and SignedInfo with a comment is refused.
std::optional<Canonical> canonical_by_uri(std::string_view uri);

struct SignatureMethod {
  std::string_view uri;
  std::string_view key;     // "RSA", "ECDSA"
  std::string_view digest;  // "SHA-256"
};
// Only methods with a public key. Nothing for others: HMAC would let everyone who can check a
// signature make one.
const SignatureMethod* signature_method(std::string_view uri);
bool is_hmac(std::string_view uri);
// "SHA-256" for its URI; empty for what is unknown.
std::string_view digest_by_uri(std::string_view uri);
std::string_view uri_of_digest(std::string_view name);

// What is put into canonical form: `top` and what is below it, without comments, without
// `left_out`.
struct Part {
  Node* top = nullptr;
  Node* left_out = nullptr;  // null: nothing
  Canonical canonical = Canonical::inclusive;
  Node* parameters = nullptr;  // the element with InclusiveNamespaces, if there may be one
};
// Errors: trust.xml_transform (invalid).
base::Result<base::Bytes> canonical_form(const Part& part);
base::Result<base::Bytes> digest_of(const Part& part, std::string_view digest);

// Whether `value` is the signature of `key` (of `certificate`, DER) over the canonical form of
// `signed_info`. An error where it cannot be told: trust.xml_key (invalid): the key does not fit
// the method; trust.xml_transform.
base::Result<bool> verify(const Part& signed_info, const SignatureMethod& method,
                          base::BytesView certificate, base::BytesView value);

// The algorithm with its key, for the report: "RSA-2048 PKCS#1 v1.5".
std::string signature_words(const SignatureMethod& method, base::BytesView certificate);

}  // namespace trust::xml
