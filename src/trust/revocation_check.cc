#include "trust/revocation_check.h"

#include <algorithm>

#include "trust/remembered.h"
#include "trust/revocation_answer.h"
#include "trust/validation.h"

namespace trust {
namespace {

using Outcome = RevocationFinding::Outcome;

class Check {
 public:
  Check(const Certificate& of, const Certificate& issuer, base::Time at, const Context& context)
      : of_(of), issuer_(issuer), at_(at), context_(context) {}

  void add(const std::optional<RevocationAnswer>& answer) {
    if (!answer || answer->this_update > context_.now + context_.policy.clock_tolerance) return;
    if (answer->standing == Standing::revoked &&
        (!revoked_ || *answer->revoked_at < *revoked_->revoked_at)) {
      revoked_ = answer;
    }
    if (answer->standing != Standing::revoked &&
        (!latest_ || answer->this_update >= latest_->this_update)) {
      // The latest word on a hold counts: it may have been lifted.
      if (answer->standing == Standing::on_hold || is_current(*answer)) latest_ = answer;
    }
  }

  // Nothing that could be fetched would be newer than the time asked for.
  bool settled() const {
    return revoked_ || (latest_ && latest_->this_update + context_.policy.clock_tolerance >= at_);
  }
  bool answered() const { return revoked_ || latest_; }

  void fetch() {
    const base::Bytes request = of_.ocsp_urls.empty() ? base::Bytes() : request_for_ocsp();
    for (const std::string& url : of_.ocsp_urls) {
      if (stop()) return;
      const auto answer =
          context_.revocation->ocsp(url, request, context_.now, context_.deadline_micros);
      note(answer);
      if (answer && use(url, request, read_ocsp(*answer, of_, issuer_, context_.cache))) return;
    }
    for (const std::string& url : of_.crl_urls) {
      if (stop()) return;
      const auto answer = context_.revocation->crl(url, context_.now, context_.deadline_micros);
      note(answer);
      if (answer && use(url, {}, read_crl(*answer, of_, issuer_, context_.cache))) return;
    }
  }

  RevocationFinding finding() const {
    const std::string& name = of_.summary.name;
    if (revoked_) {
      const std::string when = time_text(*revoked_->revoked_at);
      return {
          Outcome::revoked,
          *revoked_->revoked_at,
          {"\"" + name + "\" bị thu hồi lúc " + when, "\"" + name + "\" was revoked at " + when}};
    }
    if (latest_ && latest_->standing == Standing::on_hold) {
      const std::string when = time_text(*latest_->revoked_at);
      return {Outcome::on_hold,
              *latest_->revoked_at,
              {"\"" + name + "\" đang bị tạm dừng từ " + when,
               "\"" + name + "\" is on hold since " + when}};
    }
    if (latest_) {
      const std::string source = latest_->from_ocsp ? "OCSP" : "CRL";
      const std::string when = time_text(latest_->this_update);
      return {Outcome::good,
              {},
              {"\"" + name + "\" không bị thu hồi, theo " + source + " lúc " + when,
               "\"" + name + "\" was not revoked, by " + source + " of " + when}};
    }
    if (too_late_) {
      return {Outcome::out_of_bounds,
              {},
              {"thông tin thu hồi của \"" + name + "\" chỉ có từ sau khi nó hết hạn",
               "what says that \"" + name + "\" was not revoked is from after it expired"}};
    }
    return {Outcome::unknown, {}, nothing(name)};
  }

 private:
  base::Bytes request_for_ocsp() const {
    if (context_.cache == nullptr) return ocsp_request(of_, issuer_);
    auto& known = context_.cache->impl().requests;
    std::string key = of_.summary.sha256 + issuer_.summary.sha256;
    if (auto request = known.find(key)) return *std::move(request);
    base::Bytes request = ocsp_request(of_, issuer_);
    known.keep(std::move(key), request);
    return request;
  }

  bool is_current(const RevocationAnswer& answer) {
    const base::Time until =
        answer.next_update.value_or(answer.this_update + context_.policy.revocation_max_age);
    if (answer.standing == Standing::good && answer.this_update > of_.summary.not_after &&
        !(answer.keeps_expired_since && *answer.keeps_expired_since <= of_.summary.not_after)) {
      too_late_ = true;
      return false;
    }
    if (until >= at_) return true;
    stale_ = true;
    return false;
  }

  bool stop() {
    out_of_time_ = out_of_time_ || context_.out_of_time();
    return out_of_time_;
  }
  void note(const base::Result<base::Bytes>& answer) {
    if (!answer) failure_ = answer.error().text();
  }
  bool use(const std::string& url, base::BytesView request,
           const std::optional<RevocationAnswer>& answer) {
    if (!answer) {
      unusable_ = true;
      context_.revocation->disbelieve(url, request);
    }
    add(answer);
    return answer && answered();
  }

  base::Text nothing(const std::string& name) const {
    if (out_of_time_) {
      return {"hết thời gian khi hỏi thông tin thu hồi của \"" + name + "\"",
              "out of time while asking whether \"" + name + "\" was revoked"};
    }
    if (failure_) {
      return {"chưa có thông tin thu hồi của \"" + name + "\": " + failure_->vi,
              "no word yet on whether \"" + name + "\" was revoked: " + failure_->en};
    }
    if (unusable_) {
      return {
          "câu trả lời về \"" + name +
              "\" không dùng được: không nói về chứng thư này, hoặc không do nơi có thẩm quyền ký",
          "the answer about \"" + name +
              "\" is of no use: it does not know the certificate, or was not signed by whoever "
              "may give it"};
    }
    if (stale_) {
      return {"thông tin thu hồi của \"" + name + "\" đã cũ",
              "what says whether \"" + name + "\" was revoked is too old"};
    }
    if (of_.crl_urls.empty() && of_.ocsp_urls.empty()) {
      return {"\"" + name + "\" không ghi nơi hỏi thông tin thu hồi, và tệp không kèm",
              "\"" + name +
                  "\" names no place to ask whether it was revoked, and nothing came with it"};
    }
    return {"chưa có thông tin thu hồi của \"" + name + "\"",
            "no word yet on whether \"" + name + "\" was revoked"};
  }

  const Certificate& of_;
  const Certificate& issuer_;
  const base::Time at_;
  const Context& context_;
  std::optional<RevocationAnswer> revoked_, latest_;
  std::optional<base::Text> failure_;
  bool too_late_ = false, stale_ = false, unusable_ = false, out_of_time_ = false;
};

}  // namespace

RevocationFinding check_revocation(const Certificate& of, const Certificate& issuer,
                                   const RevocationMaterial& material, base::Time at, bool fetch,
                                   const Context& context) {
  Check check(of, issuer, at, context);
  for (const base::BytesView der : material.ocsp_responses) {
    check.add(read_ocsp(der, of, issuer, context.cache));
  }
  for (const base::BytesView der : material.crls) {
    check.add(read_crl(der, of, issuer, context.cache));
  }
  if (fetch && context.revocation != nullptr && !check.settled()) check.fetch();
  return check.finding();
}

}  // namespace trust
