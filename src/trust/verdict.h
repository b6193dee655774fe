// What is said of a signature, in the words of ETSI EN 319 102-1 (V1.3.1), and of a whole document.
// Values only: judging is in judge.h, pdf/, xml/ and asice/. Format of the report as JSON and text:
// docs/formats/signature-report.md.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/json.h"
#include "base/result.h"
#include "base/time.h"

namespace trust {

// The verdict that people see. TOTAL-PASSED is valid, TOTAL-FAILED invalid, INDETERMINATE
// undetermined (EN 319 102-1 §5.1.3).
enum class Verdict : unsigned char { valid, undetermined, invalid };

// EN 319 102-1 §5.1.3, tables 5 and 6. `none` goes with valid.
enum class SubIndication : unsigned char {
  none,
  // TOTAL-FAILED
  format_failure,
  hash_failure,
  sig_crypto_failure,
  revoked,
  expired,
  not_yet_valid,
  // INDETERMINATE (the first three are also used with TOTAL-FAILED by the building blocks)
  sig_constraints_failure,
  chain_constraints_failure,
  certificate_chain_general_failure,
  crypto_constraints_failure,
  crypto_constraints_failure_no_poe,
  timestamp_order_failure,
  no_signing_certificate_found,
  no_certificate_chain_found,
  no_certificate_chain_found_no_poe,
  revoked_no_poe,
  revoked_ca_no_poe,
  out_of_bounds_no_poe,
  out_of_bounds_not_revoked,
  revocation_out_of_bounds_no_poe,
  no_poe,
  try_later,
  signed_data_not_found,
};

// One building block that was run, in order (EN 319 102-1 §5.2 and §5.3).
struct Step {
  std::string_view block;  // a literal: "5.2.3 Identification of the signing certificate"
  Verdict outcome = Verdict::valid;
  base::Text message;  // what was found; why it failed
};

enum class Format : unsigned char { pdf, cms, xml, timestamp };  // of a signature

struct CertificateSummary {
  std::string subject, issuer, serial;  // names as RFC 4514 text; serial in hexadecimal
  std::string name, organisation;       // CN and O of the subject
  base::Time not_before, not_after;
  base::Bytes sha256;          // of the DER
  bool demonstration = false;  // leads to an anchor that is marked as a demonstration's
  base::Bytes der = {};        // itself; not in the JSON
};

struct SignatureReport {
  Format format = Format::cms;
  std::string profile;  // "PAdES-B-LT", "adbe.pkcs7.detached", "XAdES-B-T", "XML-DSig", "CAdES-B-B"
  std::string where;    // field name, element path or file name within the container
  Verdict verdict = Verdict::undetermined;
  SubIndication sub = SubIndication::none;
  std::vector<Step> steps;
  std::vector<CertificateSummary> chain;  // the signing certificate first, the anchor last
  // In what capacity: the organisation's seal or a person's signature, judged by the certificate
  // (regulations: Decree 30/2020 art. 5 asks for both).
  enum class Capacity : unsigned char {
    unknown,
    person,
    organisation
  } capacity = Capacity::unknown;
  std::optional<base::Time> claimed_at;  // written by the signer, proves nothing
  std::optional<base::Time> proven_at;   // by the earliest valid timestamp
  std::string digest, signature;         // algorithms: "SHA-256", "RSA-2048 PKCS#1 v1.5"
  // What the document gained after this signature (PDF updates): nothing, what is allowed, or what
  // is not; empty when it covers the whole.
  std::vector<base::Text> later_changes;
  bool covers_whole = true;
  // What it covers by name: members of a container, elements of an XML document ("/edXML/…").
  // Empty where the format has no such names.
  std::vector<std::string> covers;
  std::vector<SignatureReport> timestamps;
};

// What the malware scanner said of a file.
struct Scan {
  enum class Outcome : unsigned char { not_scanned, clean, infected };
  Outcome outcome = Outcome::not_scanned;
  std::string malware;  // its name in the scanner's database, when infected
  base::Text remark;    // why it was not scanned
};

// A file's signatures together. The verdict is the worst of them; a file without any signature has
// none.
struct DocumentReport {
  std::string name, media_type;
  base::Bytes sha256;  // of the bytes judged
  std::uint64_t size = 0;
  base::Time judged_at;
  std::vector<SignatureReport> signatures;
  std::vector<base::Text> remarks;  // about the file itself: encrypted, damaged, budget spent
  std::optional<Scan> scan;         // nothing when no scanner is configured
  bool incomplete = false;          // judging ended before everything was looked at

  bool is_signed() const { return !signatures.empty(); }
  Verdict verdict() const;
};

std::string_view name_of(Verdict verdict);        // "valid"
std::string_view indication_of(Verdict verdict);  // "TOTAL-PASSED"
std::string_view name_of(SubIndication sub);      // "HASH_FAILURE"
base::Text text_of(Verdict verdict);              // "hợp lệ", "valid"
base::Text text_of(SubIndication sub);            // a sentence with the remedy
base::Json to_json(const SignatureReport& report);
base::Json to_json(const DocumentReport& report);
// Lines for a terminal, every step explained.
std::string to_text(const DocumentReport& report, base::Language language);

}  // namespace trust
