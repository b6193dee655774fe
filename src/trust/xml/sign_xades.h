// Makes XAdES signatures over separate files (ETSI EN 319 132-1, levels B-B, B-T and B-LT), as they
// stand in a container. What is written: docs/formats/xml-signatures.md.
#pragma once
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "trust/key.h"
#include "trust/timestamp.h"

namespace trust {

struct SignedFile {
  std::string name;  // the path within the container, UTF-8
  std::string media_type;
  base::Bytes sha256;
};

struct XadesOptions {
  base::Time claimed_at;                  // written into the signature; proves nothing
  TimestampClient* timestamps = nullptr;  // null: B-B
  int timestamp_budget_ms = 10'000;
  // DER, for B-LT: what a reader needs to judge the signature later. With a timestamp only.
  std::vector<base::Bytes> certificates = {}, crls = {}, ocsp_responses = {};
};

// An XML file, UTF-8, that holds one signature over all of `files`. Errors: trust.key_unsuited
// (invalid): an Ed25519 key, or one without a certificate; trust.key_mismatch (invalid): what the
// key signed does not hold under its certificate; trust.too_many_files (invalid), or none; what the
// key and the timestamp authority say.
base::Result<base::Bytes> sign_xades(const std::vector<SignedFile>& files, SigningKey& key,
                                     const XadesOptions& options);

// What stands in such a file and is not signed by it: material to judge it with.
struct XadesContents {
  base::Bytes token;                                            // empty without a timestamp
  std::vector<base::Bytes> certificates, crls, ocsp_responses;  // DER, may repeat themselves
};
// Of a file that is, to the byte, what sign_xades() writes over files of these names and types:
// nothing is added, left out or written otherwise. Their digests, and whether the signature is
// right, are for judging to say. trust.signature_form (invalid).
base::Result<XadesContents> read_own_xades(base::BytesView text,
                                           const std::vector<SignedFile>& files);

// The name of a file as the URI of a reference, and back; nothing for what is no such URI.
std::string uri_of_name(std::string_view name);
std::optional<std::string> name_of_uri(std::string_view uri);

}  // namespace trust
