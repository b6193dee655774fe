// The files of a bundle of evidence: their names, and the forms of those that are only found there.
// docs/formats/evidence.md, "A bundle".
#pragma once
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "trust/evidence/event.h"
#include "trust/revocation.h"

namespace trust::bundle {

inline constexpr std::string_view kDocument = "document.edxml";
inline constexpr std::string_view kReport = "report.pdf";
inline constexpr std::string_view kSignatures = "signatures.json";
inline constexpr std::string_view kCertificates = "certificates.pem";
inline constexpr std::string_view kRevocationIndex = "revocation/index.json";
inline constexpr std::string_view kEvidenceFolder = "evidence/";
inline constexpr std::string_view kRevocationFolder = "revocation/";

// "evidence/0001-SubmissionAcceptance.json"; `number` from 1.
std::string evidence_name(std::size_t number, evidence::Event event);
// The type that a bundle's manifest gives for a file; nothing for what is in no bundle.
std::optional<std::string_view> media_type_of(std::string_view name);

// Certificates one after the other, each with its subject and issuer in front, as tools read them.
std::string certificates_text(const std::vector<base::Bytes>& ders);
// What certificates_text() wrote, and nothing else: trust.bundle_malformed (invalid).
base::Result<std::vector<base::Bytes>> read_certificates(std::string_view text);

// What authorities answered, by address and request.
class RevocationAnswers {
 public:
  // Files of the folder by name: NNN.crl, NNN.ocsp and the index, which says whose answer each is.
  std::map<std::string, base::Bytes> files() const;
  // What files() wrote: trust.bundle_malformed (invalid).
  static base::Result<RevocationAnswers> read(const std::map<std::string, base::Bytes>& files);

  void add(const std::string& url, base::BytesView request, base::Bytes answer);
  void remove(const std::string& url, base::BytesView request);
  const base::Bytes* find(const std::string& url, base::BytesView request) const;
  bool holds(base::BytesView answer) const;

 private:
  // By address, and SHA-256 of the request in hexadecimal; empty for a list.
  std::map<std::pair<std::string, std::string>, base::Bytes> answers_;
};

// Asks another source and keeps what it says. One thread at a time.
class RecordingSource : public RevocationSource {
 public:
  explicit RecordingSource(RevocationSource& asked) : asked_(asked) {}
  base::Result<base::Bytes> crl(const std::string& url, base::Time now,
                                std::int64_t deadline_micros) override;
  base::Result<base::Bytes> ocsp(const std::string& url, base::BytesView request, base::Time now,
                                 std::int64_t deadline_micros) override;
  void disbelieve(const std::string& url, base::BytesView request) override;
  const RevocationAnswers& answers() const { return answers_; }

 private:
  RevocationSource& asked_;
  RevocationAnswers answers_;
};

// Answers with what is kept, and asks `online`, which may be null, for what is not. One thread at a
// time; both outlive it.
class KeptSource : public RevocationSource {
 public:
  KeptSource(const RevocationAnswers& kept, RevocationSource* online)
      : kept_(kept), online_(online) {}
  base::Result<base::Bytes> crl(const std::string& url, base::Time now,
                                std::int64_t deadline_micros) override;
  base::Result<base::Bytes> ocsp(const std::string& url, base::BytesView request, base::Time now,
                                 std::int64_t deadline_micros) override;

 private:
  const RevocationAnswers& kept_;
  RevocationSource* const online_;
};

}  // namespace trust::bundle
