#include "trust/bundle/contents.h"

#include <algorithm>
#include <cstdio>

#include "base/hash.h"
#include "base/json.h"
#include "trust/certificate.h"

namespace trust::bundle {
namespace {

constexpr std::string_view kFormat = "truc-revocation/1";
constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----\n";
constexpr std::string_view kEnd = "-----END CERTIFICATE-----\n";
constexpr std::size_t kPemLine = 64;

base::Error malformed(std::string_view name) {
  return {base::Code::invalid, "trust.bundle_malformed",
          "a file of the bundle is not as it was written: " + std::string(name),
          "tệp trong gói bằng chứng không còn đúng như lúc được lập: " + std::string(name)};
}

std::string numbered(std::size_t number, std::string_view rest, int digits) {
  char text[24];
  std::snprintf(text, sizeof text, "%0*zu", digits, number);
  return text + std::string(rest);
}

// A name as one line of text.
std::string one_line(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  return text;
}

base::Error not_kept(const std::string& url) {
  return {base::Code::unavailable, "trust.revocation_unavailable",
          "the bundle holds no answer of " + url + "; judge it with --online",
          "gói không kèm câu trả lời của " + url + "; hãy kiểm tra với --online"};
}

}  // namespace

std::string evidence_name(std::size_t number, evidence::Event event) {
  return std::string(kEvidenceFolder) + numbered(number, "-", 4) +
         std::string(evidence::name_of(event)) + ".json";
}

std::optional<std::string_view> media_type_of(std::string_view name) {
  constexpr std::pair<std::string_view, std::string_view> kTypes[] = {
      {kDocument, "application/xml"},
      {kReport, "application/pdf"},
      {kSignatures, "application/json"},
      {kCertificates, "application/x-pem-file"},
      {kRevocationIndex, "application/json"}};
  for (const auto& [known, type] : kTypes) {
    if (name == known) return type;
  }
  if (name.starts_with(kEvidenceFolder) && name.ends_with(".json")) return "application/json";
  if (!name.starts_with(kRevocationFolder)) return std::nullopt;
  if (name.ends_with(".crl")) return "application/pkix-crl";
  if (name.ends_with(".ocsp")) return "application/ocsp-response";
  return std::nullopt;
}

std::string certificates_text(const std::vector<base::Bytes>& ders) {
  std::string out;
  for (const base::Bytes& der : ders) {
    if (const auto certificate = read_certificate(der)) {
      const CertificateSummary summary = summary_of(certificate.get());
      out += "# " + one_line(summary.subject) + "\n# issued by " + one_line(summary.issuer) + "\n";
    }
    out += kBegin;
    const std::string text = base::base64(der);
    for (std::size_t at = 0; at < text.size(); at += kPemLine) {
      out += text.substr(at, kPemLine) + "\n";
    }
    out += kEnd;
  }
  return out;
}

base::Result<std::vector<base::Bytes>> read_certificates(std::string_view text) {
  std::vector<base::Bytes> ders;
  for (std::size_t at = text.find(kBegin); at != text.npos; at = text.find(kBegin, at)) {
    at += kBegin.size();
    const std::size_t end = text.find(kEnd, at);
    if (end == text.npos) return malformed(kCertificates);
    auto der = base::from_base64(text.substr(at, end - at));
    if (!der) return malformed(kCertificates);
    ders.push_back(std::move(*der));
    at = end;
  }
  if (certificates_text(ders) != text) return malformed(kCertificates);
  return ders;
}

std::map<std::string, base::Bytes> RevocationAnswers::files() const {
  std::map<std::string, base::Bytes> out;
  std::map<base::Bytes, std::string> named;  // an answer that two addresses gave is there once
  base::Json list{base::Json::Array{}};
  for (const auto& [key, answer] : answers_) {
    const auto [place, fresh] = named.try_emplace(answer);
    if (fresh) {
      place->second = std::string(kRevocationFolder) +
                      numbered(named.size(), key.second.empty() ? ".crl" : ".ocsp", 3);
      out[place->second] = answer;
    }
    base::Json one;
    one.add("url", key.first).add("request", key.second).add("file", place->second);
    list.push(std::move(one));
  }
  base::Json index;
  index.add("format", kFormat).add("answers", std::move(list));
  out[std::string(kRevocationIndex)] = index.dump(base::Json::Style::pretty) + "\n";
  return out;
}

base::Result<RevocationAnswers> RevocationAnswers::read(
    const std::map<std::string, base::Bytes>& files) {
  const auto index = files.find(std::string(kRevocationIndex));
  if (index == files.end()) return malformed(kRevocationIndex);
  const auto json = base::Json::parse(index->second);
  if (!json || (*json)["format"].text() != kFormat) return malformed(kRevocationIndex);
  RevocationAnswers out;
  for (const base::Json& one : (*json)["answers"].array()) {
    const auto file = files.find(std::string(one["file"].text()));
    if (file == files.end()) return malformed(kRevocationIndex);
    out.answers_[{std::string(one["url"].text()), std::string(one["request"].text())}] =
        file->second;
  }
  if (out.files() != files) return malformed(kRevocationIndex);
  return out;
}

void RevocationAnswers::add(const std::string& url, base::BytesView request, base::Bytes answer) {
  answers_[{url, request.empty() ? "" : base::hex(base::sha256(request))}] = std::move(answer);
}
void RevocationAnswers::remove(const std::string& url, base::BytesView request) {
  answers_.erase({url, request.empty() ? "" : base::hex(base::sha256(request))});
}
const base::Bytes* RevocationAnswers::find(const std::string& url, base::BytesView request) const {
  const auto found = answers_.find({url, request.empty() ? "" : base::hex(base::sha256(request))});
  return found == answers_.end() ? nullptr : &found->second;
}
bool RevocationAnswers::holds(base::BytesView answer) const {
  return std::any_of(answers_.begin(), answers_.end(),
                     [&](const auto& one) { return one.second == answer; });
}

base::Result<base::Bytes> RecordingSource::crl(const std::string& url, base::Time now,
                                               std::int64_t deadline_micros) {
  base::Bytes answer = TRY(asked_.crl(url, now, deadline_micros));
  answers_.add(url, {}, answer);
  return answer;
}
base::Result<base::Bytes> RecordingSource::ocsp(const std::string& url, base::BytesView request,
                                                base::Time now, std::int64_t deadline_micros) {
  base::Bytes answer = TRY(asked_.ocsp(url, request, now, deadline_micros));
  answers_.add(url, request, answer);
  return answer;
}
void RecordingSource::disbelieve(const std::string& url, base::BytesView request) {
  answers_.remove(url, request);
  asked_.disbelieve(url, request);
}

base::Result<base::Bytes> KeptSource::crl(const std::string& url, base::Time now,
                                          std::int64_t deadline_micros) {
  if (const base::Bytes* kept = kept_.find(url, {})) return *kept;
  if (online_ == nullptr) return not_kept(url);
  return online_->crl(url, now, deadline_micros);
}
base::Result<base::Bytes> KeptSource::ocsp(const std::string& url, base::BytesView request,
                                           base::Time now, std::int64_t deadline_micros) {
  if (const base::Bytes* kept = kept_.find(url, request)) return *kept;
  if (online_ == nullptr) return not_kept(url);
  return online_->ocsp(url, request, now, deadline_micros);
}

}  // namespace trust::bundle
