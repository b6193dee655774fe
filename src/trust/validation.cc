#include "trust/validation.h"

#include <algorithm>

#include "trust/capacity.h"

namespace trust {
namespace {

constexpr std::string_view kFreshness = "5.2.5 Revocation freshness";
constexpr std::string_view kX509 = "5.2.6 X.509 certificate validation";
constexpr std::string_view kAcceptance = "5.2.8 Signature acceptance validation";

using Outcome = RevocationFinding::Outcome;

class Validation {
 public:
  Validation(const Subject& subject, const Context& context, SignatureReport& report)
      : subject_(subject),
        context_(context),
        report_(report),
        at_(std::min(subject.proven_at.value_or(context.now), context.now)) {}

  Conclusion run() {
    const Certificate& own = *subject_.certificate;
    report_.capacity = capacity_of(own, context_.policy);
    const Path& path = subject_.path;
    for (const CertificatePtr& one : *path.certificates) {
      report_.chain.push_back(one->summary);
      report_.chain.back().demonstration = path.demonstration;
    }
    if (!path.complete) return fail(path.sub, path.why);
    if (const auto why = wrong_use(own)) {
      return fail(SubIndication::chain_constraints_failure, *why);
    }
    // The anchor is trusted by decision, whatever its times.
    const auto& chain = *path.certificates;
    Conclusion out = own_validity(own, chain);
    if (!out.good()) return out;
    for (std::size_t i = 1; i + 1 < chain.size(); ++i) {
      out = authority_validity(*chain[i]);
      if (!out.good()) return out;
    }
    for (std::size_t i = 0; i + 1 < chain.size(); ++i) {
      out = revocation(*chain[i], *chain[i + 1], i == 0);
      if (!out.good()) return out;
    }
    const std::string& anchor = chain.back()->summary.name;
    add_step(report_, kX509, Verdict::valid,
             "chứng thư số dẫn về \"" + anchor + "\", có hiệu lực lúc " + time_text(at_),
             "the certificate leads to \"" + anchor + "\" and was in force at " + time_text(at_));
    return {};
  }

 private:
  Conclusion fail(SubIndication sub, base::Text why) {
    const Conclusion out = conclude(sub);
    add_step(report_, kX509, out.verdict, std::move(why.vi), std::move(why.en));
    return out;
  }

  std::optional<base::Text> wrong_use(const Certificate& own) const {
    const std::string& name = own.summary.name;
    if (subject_.purpose == Purpose::timestamp) {
      if (own.for_timestamps) return std::nullopt;
      return base::Text{
          "\"" + name + "\" không được cấp riêng cho dấu thời gian (timeStamping, critical)",
          "\"" + name + "\" was not issued for timestamps alone (timeStamping, critical)"};
    }
    if (!own.may_sign) {
      return base::Text{
          "\"" + name + "\" không được cấp để ký (digitalSignature, nonRepudiation)",
          "\"" + name + "\" was not issued for signing (digitalSignature, nonRepudiation)"};
    }
    if (own.for_services) {
      return base::Text{
          "\"" + name + "\" chỉ được cấp cho dịch vụ dấu thời gian hoặc OCSP, không để ký văn bản",
          "\"" + name + "\" was issued for timestamps or OCSP only, not for signing documents"};
    }
    return std::nullopt;
  }

  Conclusion own_validity(const Certificate& own, const std::vector<CertificatePtr>& chain) {
    const CertificateSummary& its = own.summary;
    if (at_ + context_.policy.clock_tolerance < its.not_before) {
      return fail(SubIndication::not_yet_valid,
                  {"\"" + its.name + "\" chỉ có hiệu lực từ " + time_text(its.not_before) +
                       ", nhưng chữ ký đã có lúc " + time_text(at_),
                   "\"" + its.name + "\" is in force from " + time_text(its.not_before) +
                       ", but the signature existed at " + time_text(at_)});
    }
    if (at_ <= its.not_after) return {};
    base::Text why{"\"" + its.name + "\" hết hạn lúc " + time_text(its.not_after),
                   "\"" + its.name + "\" expired at " + time_text(its.not_after)};
    if (subject_.not_older && *subject_.not_older > its.not_after) {
      why.vi += ", và được ký lúc " + time_text(*subject_.not_older);
      why.en += ", and it was signed at " + time_text(*subject_.not_older);
      return fail(SubIndication::expired, std::move(why));
    }
    why.vi += "; không có bằng chứng chữ ký có trước đó";
    why.en += "; nothing proves that the signature is older";
    bool unrevoked = false;
    if (chain.size() > 1) {
      const auto found = check_revocation(own, *chain[1], subject_.material, its.not_after,
                                          subject_.fetch, context_);
      if (found.outcome == Outcome::revoked) return revoked(found, true);
      unrevoked = found.outcome == Outcome::good;
    }
    return fail(
        unrevoked ? SubIndication::out_of_bounds_not_revoked : SubIndication::out_of_bounds_no_poe,
        std::move(why));
  }

  Conclusion authority_validity(const Certificate& one) {
    const CertificateSummary& its = one.summary;
    if (at_ + context_.policy.clock_tolerance >= its.not_before && at_ <= its.not_after) return {};
    return fail(SubIndication::out_of_bounds_no_poe,
                {"chứng thư của \"" + its.name + "\" chỉ có hiệu lực từ " +
                     time_text(its.not_before) + " đến " + time_text(its.not_after),
                 "the certificate of \"" + its.name + "\" is in force from " +
                     time_text(its.not_before) + " to " + time_text(its.not_after) + " only"});
  }

  Conclusion revoked(const RevocationFinding& found, bool own) {
    base::Text why = found.message;
    if (own && subject_.not_older && *subject_.not_older >= found.revoked_at) {
      why.vi += ", và được ký lúc " + time_text(*subject_.not_older);
      why.en += ", and it was signed at " + time_text(*subject_.not_older);
      return fail(SubIndication::revoked, std::move(why));
    }
    why.vi += "; không có bằng chứng chữ ký có trước đó";
    why.en += "; nothing proves that the signature is older";
    return fail(own ? SubIndication::revoked_no_poe : SubIndication::revoked_ca_no_poe,
                std::move(why));
  }

  Conclusion revocation(const Certificate& one, const Certificate& issuer, bool own) {
    if (context_.out_of_time()) {
      return fail(SubIndication::try_later,
                  {"hết thời gian dành cho việc kiểm tra", "the time for judging this was up"});
    }
    const auto found =
        check_revocation(one, issuer, subject_.material, at_, subject_.fetch, context_);
    switch (found.outcome) {
      case Outcome::good:
        add_step(report_, kFreshness, Verdict::valid, found.message.vi, found.message.en);
        return {};
      case Outcome::revoked:
        if (subject_.proven_at && found.revoked_at > at_) {
          add_step(report_, kFreshness, Verdict::valid,
                   found.message.vi + ", sau khi chữ ký đã có lúc " + time_text(at_),
                   found.message.en + ", after the signature existed at " + time_text(at_));
          return {};
        }
        return revoked(found, own);
      case Outcome::on_hold:
        if (subject_.proven_at && found.revoked_at > at_) return {};
        return fail(SubIndication::try_later, found.message);
      case Outcome::out_of_bounds:
        if (!context_.policy.require_revocation) return {};
        return fail(SubIndication::revocation_out_of_bounds_no_poe, found.message);
      case Outcome::unknown:
        break;
    }
    const Verdict outcome =
        context_.policy.require_revocation ? Verdict::undetermined : Verdict::valid;
    add_step(report_, kFreshness, outcome, found.message.vi, found.message.en);
    if (!context_.policy.require_revocation) return {};
    return fail(SubIndication::try_later,
                {"chưa biết \"" + one.summary.name + "\" có bị thu hồi hay không",
                 "whether \"" + one.summary.name + "\" was revoked is not known"});
  }

  const Subject& subject_;
  const Context& context_;
  SignatureReport& report_;
  const base::Time at_;
};

struct Used {
  std::string name;
  int bits;
  std::string text;
};

}  // namespace

Conclusion conclude(SubIndication sub) {
  if (sub == SubIndication::none) return {};
  return {sub <= SubIndication::not_yet_valid ? Verdict::invalid : Verdict::undetermined, sub};
}

void add_step(SignatureReport& report, std::string_view block, Verdict outcome, std::string vi,
              std::string en) {
  report.steps.push_back({block, outcome, {std::move(vi), std::move(en)}});
}

std::string time_text(base::Time time) { return base::vietnam_time_text(time, '/') + " (UTC+7)"; }

Conclusion validate_certificate(Subject& subject, const Context& context, SignatureReport& report) {
  subject.path = find_path(subject.certificate, subject.others, subject.purpose, context);
  return Validation(subject, context, report).run();
}

Conclusion validate_algorithms(const Subject& subject, const Context& context,
                               SignatureReport& report) {
  const base::Time at = std::min(subject.proven_at.value_or(context.now), context.now);
  std::vector<Used> used;
  for (const std::string& digest : subject.digests) used.push_back({digest, 0, digest});
  const auto add_key = [&](const Certificate& one) {
    std::string text = one.key_name;
    if (text == "RSA" || text == "DSA") text += "-" + std::to_string(one.key_bits);
    used.push_back({one.key_name, one.key_bits, std::move(text)});
  };
  add_key(*subject.certificate);
  const auto& chain = *subject.path.certificates;
  for (std::size_t i = 0; i + 1 < chain.size(); ++i) {
    if (!chain[i]->digest.empty()) {
      used.push_back({chain[i]->digest, 0, chain[i]->digest});
    }
    add_key(*chain[i + 1]);
  }
  for (const Used& one : used) {
    const auto until = context.policy.good_until(one.name, one.bits);
    if (!until || at < *until) continue;
    const bool never = *until == base::Time{};
    const Conclusion out =
        conclude(never || subject.proven_at ? SubIndication::crypto_constraints_failure
                                            : SubIndication::crypto_constraints_failure_no_poe);
    if (never) {
      add_step(report, kAcceptance, out.verdict, one.text + " không được chấp nhận",
               one.text + " is not accepted");
    } else {
      const std::string day = base::date_text(base::vietnam_date(*until - std::chrono::hours(24)));
      add_step(report, kAcceptance, out.verdict, one.text + " chỉ còn an toàn đến hết ngày " + day,
               one.text + " was good until " + day + " only");
    }
    return out;
  }
  std::string all;
  std::vector<std::string> seen;
  for (const Used& one : used) {
    if (std::find(seen.begin(), seen.end(), one.text) != seen.end()) continue;
    seen.push_back(one.text);
    all += (all.empty() ? "" : ", ") + one.text;
  }
  add_step(report, kAcceptance, Verdict::valid, "thuật toán được chấp nhận: " + all,
           "accepted algorithms: " + all);
  return {};
}

}  // namespace trust
