#include "trust/cms.h"

#include <algorithm>
#include <map>

#include "trust/algorithms.h"
#include "trust/remembered.h"

namespace trust {
namespace {

constexpr std::size_t kOuterMax = 256;  // certificates and answers from outside
constexpr std::string_view kFormat = "5.2.2 Format checking";

void add_certificate(base::BytesView der, const Context& context, std::vector<CertificatePtr>& to) {
  auto one = certificate_of(der, context.cache);
  if (!one) return;
  const bool known = std::any_of(to.begin(), to.end(), [&](const CertificatePtr& other) {
    return other->summary.sha256 == one->summary.sha256;
  });
  if (!known) to.push_back(std::move(one));
}

// adbe.pkcs7.sha1: what is inside is the SHA-1 of the PDF's bytes.
ContentDigests digest_pdf_sha1(const SignedData& data, const Feed& content,
                               const Context& context) {
  ContentDigests outer = digest_content(content, {"SHA-1"}, context);
  if (outer.missing != SubIndication::none) return outer;
  if (outer.by_name["SHA-1"] != *data.content) {
    outer.missing = SubIndication::hash_failure;
    outer.why = {"nội dung tệp không khớp giá trị băm đã ký",
                 "the content is not what was signed: its digest differs"};
    return outer;
  }
  ContentDigests inner;
  for (const std::string& name : digests_of(data)) {
    inner.by_name.emplace(name, digest_of(name, *data.content));
  }
  return inner;
}

ContentDigests digests_for(const SignedData& data, const CmsInput& input, const Context& context) {
  if (input.pdf && data.content && input.content) {
    return digest_pdf_sha1(data, input.content, context);
  }
  if (input.content) return digest_content(input, digests_of(data), context);
  ContentDigests out;
  if (!data.content) {
    out.missing = SubIndication::signed_data_not_found;
    out.why = {"chữ ký tách rời, không có nội dung kèm theo",
               "the signature is detached, and the content is not here"};
    return out;
  }
  for (const std::string& name : digests_of(data)) {
    out.by_name.emplace(name, digest_of(name, *data.content));
  }
  return out;
}

}  // namespace

ContentDigests digest_content(const Feed& content, const std::vector<std::string>& names,
                              const Context& context) {
  ContentDigests out;
  std::vector<Digest> running;
  running.reserve(names.size());
  for (const std::string& name : names) running.emplace_back(name);
  bool late = false;
  const auto fed = content([&](base::BytesView piece) -> base::Result<void> {
    if (context.out_of_time()) {
      late = true;
      return base::Error(base::Code::unavailable, "trust.out_of_time",
                         "the time for judging this was up",
                         "hết thời gian dành cho việc kiểm tra");
    }
    for (Digest& one : running) one.update(piece);
    return base::done();
  });
  if (!fed) {
    out.missing = late ? SubIndication::try_later : SubIndication::signed_data_not_found;
    out.why = fed.error().text();
    return out;
  }
  for (std::size_t i = 0; i < names.size(); ++i) out.by_name.emplace(names[i], running[i].finish());
  return out;
}

ContentDigests digest_content(const CmsInput& input, const std::vector<std::string>& names,
                              const Context& context) {
  const bool known = input.content_sha256 && names.size() == 1 && names.front() == "SHA-256";
  if (!known) return digest_content(input.content, names, context);
  ContentDigests out;
  out.by_name.emplace(names.front(), *input.content_sha256);
  return out;
}

std::vector<std::string> digests_of(const SignedData& data) {
  std::vector<std::string> out;
  const auto add = [&](std::string_view name) {
    if (!name.empty() && std::find(out.begin(), out.end(), name) == out.end()) {
      out.emplace_back(name);
    }
  };
  for (const SignerInfo& signer : data.signers) {
    add(digest_name(signer.digest.oid));
    if (signer.signed_attributes_der.empty()) {
      const auto algorithm = signature_algorithm(signer.signature_algorithm);
      if (algorithm.kind != SignatureAlgorithm::Kind::unknown) add(algorithm.digest);
    }
  }
  return out;
}

void gather(const SignedData& data, const CmsInput& input, const Context& context, CmsJob& job) {
  for (const base::BytesView der : data.certificates) {
    add_certificate(der, context, job.certificates);
  }
  for (const base::Bytes& der : input.certificates) {
    if (job.certificates.size() >= context.limits.certificates + kOuterMax) break;
    add_certificate(der, context, job.certificates);
  }
  job.material.crls = data.crls;
  job.material.ocsp_responses = data.ocsp_responses;
  for (const base::Bytes& der : input.crls) {
    if (job.material.crls.size() < kOuterMax) job.material.crls.push_back(der);
  }
  for (const base::Bytes& der : input.ocsp_responses) {
    if (job.material.ocsp_responses.size() < kOuterMax) job.material.ocsp_responses.push_back(der);
  }
  job.outer_material = !input.crls.empty() || !input.ocsp_responses.empty();
  job.pdf = input.pdf;
  job.claimed_at = input.claimed_at;
  job.proven_at = input.proven_at;
}

SignatureReport unreadable(Format format, base::Text why) {
  SignatureReport out;
  out.format = format;
  out.verdict = Verdict::invalid;
  out.sub = SubIndication::format_failure;
  add_step(out, kFormat, Verdict::invalid, std::move(why.vi), std::move(why.en));
  return out;
}

std::vector<SignatureReport> judge_cms(const CmsInput& input, const Context& given) {
  const ErrorQueue errors;
  // Within one signature at least, nothing is read twice: signers and timestamps share issuers.
  ChainCache own(kOuterMax);
  Context context = given;
  if (context.cache == nullptr) context.cache = &own;
  std::vector<SignatureReport> out;
  const auto data = read_signed_data(input.der, context.limits);
  if (!data) {
    out.push_back(unreadable(input.pdf ? Format::pdf : Format::cms, data.error().text()));
    out.back().profile = input.pdf ? "adbe.pkcs7.detached" : "CMS";
    if (data.error().code() == base::Code::too_large) {
      // Too much to look at is not the same as wrong.
      out.back().verdict = out.back().steps.back().outcome = Verdict::undetermined;
    }
    return out;
  }
  const ContentDigests digests = digests_for(*data, input, context);
  CmsJob job{*data, digests, {}, {}, Purpose::signature, false, false, {}, {}};
  gather(*data, input, context, job);
  out.reserve(data->signers.size());
  for (const SignerInfo& signer : data->signers) {
    out.push_back(judge_signer_info(signer, job, context));
  }
  return out;
}

}  // namespace trust
