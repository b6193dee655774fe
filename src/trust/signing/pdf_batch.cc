// Many PDFs under one authorisation of the key.
#include "trust/signing/joined_source.h"
#include "trust/signing/pdf_sign.h"

namespace trust::signing {
namespace {

struct Work {
  PreparedPdf prepared;
  CmsSignature cms;
};

base::Result<Work> begin(const CmsSigner& signer, ContentDigest digest, const PdfJob& job,
                         base::Time now, std::size_t cms_bytes) {
  PreparedPdf prepared = TRY(prepare_pdf(job.document, job.update, now, cms_bytes, digest));
  CmsSignature cms(signer, prepared.digest, std::nullopt);
  return Work{std::move(prepared), std::move(cms)};
}

base::Result<SignedPdf> finish(Work work, base::Bytes signature, const Source& document,
                               const PdfSigning& how, const base::Clock& clock) {
  const std::int64_t began = base::monotonic_micros();
  TRY(work.cms.set_signature(std::move(signature)));
  SignedPdf out;
  if (how.level >= PdfLevel::t) {
    if (how.timestamps == nullptr) {
      out.shortfall =
          base::Error(base::Code::unavailable, "trust.timestamp_unavailable",
                      "No timestamp authority is set.", "Chưa cấu hình dịch vụ cấp dấu thời gian.");
    } else if (auto stamp = how.timestamps->stamp(work.cms.imprint(), how.budget_ms)) {
      work.cms.set_timestamp(std::move(stamp).value().token);
      out.level = PdfLevel::t;
    } else {
      out.shortfall = std::move(stamp).error();
    }
  }
  out.appended = TRY(complete_pdf(std::move(work.prepared), work.cms.encode()));
  if (how.level >= PdfLevel::lt && !out.shortfall) {
    PdfSigning rest = how;
    rest.budget_ms -= static_cast<int>((base::monotonic_micros() - began) / 1000);
    auto more = raise_pdf(JoinedSource(document, out.appended), rest, clock);
    if (more.ok()) {
      out.appended += *more;
      out.level = how.level;
    } else {
      out.shortfall = std::move(more).error();
    }
  }
  return out;
}

}  // namespace

base::Result<std::vector<base::Result<SignedPdf>>> sign_pdfs(SigningKey& key,
                                                             const std::vector<PdfJob>& jobs,
                                                             const PdfSigning& how,
                                                             const base::Clock& clock) {
  const CmsSigner signer = TRY(CmsSigner::of(key));
  const ContentDigest digest = content_digest(key.algorithm());
  const std::size_t cms_bytes = cms_size_max(key, how.level >= PdfLevel::t);
  const base::Time now = clock.now();
  std::vector<base::Result<Work>> works;
  std::vector<base::Bytes> to_sign;
  works.reserve(jobs.size());
  for (const PdfJob& job : jobs) {
    works.push_back(begin(signer, digest, job, now, cms_bytes));
    if (works.back().ok()) to_sign.push_back(works.back()->cms.to_sign());
  }
  std::vector<base::Bytes> signatures;
  if (!to_sign.empty()) signatures = TRY(key.sign(to_sign));
  if (signatures.size() != to_sign.size()) {
    return base::Error(base::Code::unavailable, "trust.key_unavailable",
                       "The key gave fewer signatures than were asked for.",
                       "Khóa trả về thiếu chữ ký so với yêu cầu.");
  }
  std::vector<base::Result<SignedPdf>> out;
  out.reserve(jobs.size());
  std::size_t next = 0;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    if (!works[i].ok()) {
      out.emplace_back(std::move(works[i]).error());
    } else {
      out.push_back(finish(std::move(works[i]).value(), std::move(signatures[next++]),
                           jobs[i].document, how, clock));
    }
  }
  return out;
}

base::Result<SignedPdf> sign_pdf(SigningKey& key, const Source& document, const PdfUpdate& update,
                                 const PdfSigning& how, const base::Clock& clock) {
  auto all = TRY(sign_pdfs(key, {{document, update}}, how, clock));
  return std::move(all.front());
}

}  // namespace trust::signing
