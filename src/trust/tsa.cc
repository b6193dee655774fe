// Judging RFC 3161 timestamps, and the signer of an XML signature.
#include <algorithm>

#include "trust/algorithms.h"
#include "trust/cms.h"
#include "trust/remembered.h"

namespace trust {
namespace {

constexpr std::string_view kTimestamps = "5.4 Time-stamp validation";
constexpr std::string_view kBasic = "5.3 Validation process for basic signatures";

void refuse(SignatureReport& report, SubIndication sub, std::string vi, std::string en) {
  const Conclusion out = conclude(sub);
  add_step(report, kTimestamps, out.verdict, std::move(vi), std::move(en));
  report.verdict = out.verdict;
  report.sub = out.sub;
}

// The digests that an algorithm's name speaks of: "RSA-SHA-256" of one.
std::vector<std::string> digests_in(std::string_view algorithm) {
  std::vector<std::string> out;
  for (const char* name : {"MD5", "SHA-1", "SHA-224", "SHA-256", "SHA-384", "SHA-512", "SHA3-256",
                           "SHA3-384", "SHA3-512"}) {
    if (algorithm.find(name) != std::string_view::npos) out.emplace_back(name);
  }
  if (out.empty() && !algorithm.empty() && !algorithm.starts_with("RSA") &&
      !algorithm.starts_with("ECDSA") && !algorithm.starts_with("Ed")) {
    out.emplace_back(algorithm);  // unknown ones are never good
  }
  return out;
}

SignatureReport malformed(base::Text why) {
  SignatureReport out = unreadable(Format::timestamp, std::move(why));
  out.profile = "RFC 3161";
  return out;
}

}  // namespace

SignatureReport judge_token(const CmsInput& token,
                            const std::function<base::Bytes(std::string_view)>& imprint,
                            const Context& context) {
  const ErrorQueue errors;
  const auto data = read_signed_data(token.der, context.limits);
  if (!data) return malformed(data.error().text());
  const auto info = data->content && data->content_type == oid::kTstInfo
                        ? read_tst_info(*data->content)
                        : std::nullopt;
  if (!info || data->signers.size() != 1) {
    return malformed(
        {"đây không phải dấu thời gian (RFC 3161)", "this is not a timestamp (RFC 3161)"});
  }
  ContentDigests digests;
  for (const std::string& name : digests_of(*data)) {
    digests.by_name.emplace(name, digest_of(name, *data->content));
  }
  CmsJob job{*data, digests, {}, {}, Purpose::timestamp, false, false, {}, {}};
  gather(*data, token, context, job);
  job.claimed_at = info->at;
  job.pdf = false;
  SignatureReport out = judge_signer_info(data->signers[0], job, context);
  out.claimed_at = info->at;
  out.proven_at.reset();
  if (out.verdict == Verdict::invalid) return out;
  const std::string_view name = digest_name(info->imprint_algorithm.oid);
  if (name.empty()) {
    refuse(out, SubIndication::crypto_constraints_failure,
           "không biết thuật toán băm " + info->imprint_algorithm.oid,
           "the digest " + info->imprint_algorithm.oid + " is not known");
    return out;
  }
  const base::Bytes expected = imprint(name);
  if (expected.empty()) {
    refuse(out, SubIndication::signed_data_not_found, "không có nội dung mà dấu thời gian bao trùm",
           "what the timestamp covers is not here");
  } else if (expected != info->imprint) {
    refuse(out, SubIndication::hash_failure, "dấu thời gian là của nội dung khác",
           "the timestamp is over something else");
  } else if (out.verdict != Verdict::valid) {
    return out;
  } else if (info->at > context.now + context.policy.clock_tolerance) {
    refuse(out, SubIndication::timestamp_order_failure,
           "dấu thời gian ở tương lai: " + time_text(info->at),
           "the timestamp is from the future: " + time_text(info->at));
  } else if (const auto until = context.policy.good_until(name, 0);
             until && std::min(token.proven_at.value_or(context.now), context.now) >= *until) {
    refuse(out, SubIndication::crypto_constraints_failure,
           "dấu thời gian dùng " + std::string(name) + ", không còn được chấp nhận",
           "the timestamp uses " + std::string(name) + ", which is not accepted");
  } else {
    add_step(out, kTimestamps, Verdict::valid,
             "chứng minh nội dung đã có lúc " + time_text(info->at),
             "it proves that its content existed at " + time_text(info->at));
    out.proven_at = info->at;
  }
  return out;
}

SignatureReport judge_timestamp(base::BytesView token, base::BytesView digest,
                                std::string_view algorithm,
                                const std::vector<base::Bytes>& certificates,
                                const Context& context) {
  CmsInput input;
  input.der = token;
  input.certificates = certificates;
  return judge_token(
      input,
      [&](std::string_view name) {
        return name == algorithm ? base::Bytes(digest) : base::Bytes();
      },
      context);
}

SignatureReport judge_timestamp(const CmsInput& input, const Context& context) {
  return judge_token(
      input,
      [&](std::string_view name) {
        if (!input.content) return base::Bytes();
        auto digests = digest_content(input, {std::string(name)}, context);
        return std::move(digests.by_name[std::string(name)]);
      },
      context);
}

void judge_signer(const SignerInput& input, const Context& context, SignatureReport& report) {
  const ErrorQueue errors;
  const Conclusion before{report.verdict, report.sub};
  Subject subject;
  subject.certificate = certificate_of(input.certificate, context.cache);
  Conclusion worst = before;
  const auto note = [&](const Conclusion& one) {
    if (worst.good()) worst = one;
  };
  if (!subject.certificate) {
    const Conclusion none = conclude(SubIndication::no_signing_certificate_found);
    add_step(report, "5.2.3 Identification of the signing certificate", none.verdict,
             "không đọc được chứng thư số của bên ký", "the signer's certificate cannot be read");
    note(none);
  } else {
    const std::size_t most = context.limits.certificates;
    for (const base::Bytes& der : input.certificates) {
      if (subject.others.size() >= most) break;
      if (auto one = certificate_of(der, context.cache)) subject.others.push_back(std::move(one));
    }
    for (const base::Bytes& der : input.crls) subject.material.crls.push_back(der);
    for (const base::Bytes& der : input.ocsp_responses) {
      subject.material.ocsp_responses.push_back(der);
    }
    subject.proven_at = input.proven_at;
    subject.not_older = report.claimed_at;
    subject.fetch = before.good();
    subject.digests = digests_in(input.digest);
    for (std::string& name : digests_in(input.signature))
      subject.digests.push_back(std::move(name));
    note(validate_certificate(subject, context, report));
    note(validate_algorithms(subject, context, report));
  }
  report.verdict = worst.verdict;
  report.sub = worst.sub;
  if (!report.proven_at) report.proven_at = input.proven_at;
  const auto verdict = text_of(worst.verdict);
  const std::string sub = worst.good() ? "" : ": " + std::string(name_of(worst.sub));
  add_step(report, kBasic, worst.verdict, verdict.vi + sub, verdict.en + sub);
}

}  // namespace trust
