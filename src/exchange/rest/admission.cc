// Who is let in, and how often.
#include "base/text.h"
#include "exchange/rest/face.h"
#include "exchange/rest/request.h"
#include "identity/sign_in/attempts.h"

namespace exchange::rest {
namespace {

base::Error nobody_signs_in() {
  return base::Error(base::Code::unauthenticated, "rest.unauthenticated",
                     "this call needs a bearer token, a client certificate or a session",
                     "cần mã truy cập (bearer), chứng thư máy khách hoặc phiên đăng nhập");
}

}  // namespace

Face::Admission Face::admit(const Route& row, const http::Head& head) {
  Admission admission;
  const base::Time now = parts_.clock.now();
  const auto as_stranger = [&] {
    admission.limit = &options_.strangers;
    admission.rate =
        rates_.take("address:" + identity::network_of(head.remote), options_.strangers, now);
  };
  if (row.access.open_to_strangers()) {
    as_stranger();
  } else if (auto principal = parts_.authenticate
                                  ? parts_.authenticate(head)
                                  : base::Result<identity::Principal>(nobody_signs_in())) {
    admission.principal = *std::move(principal);
    admission.limit = &options_.callers;
    admission.rate = rates_.take(admission.principal.id, options_.callers, now);
  } else {
    as_stranger();
    unauthenticated_.add();
    admission.refusal = std::move(principal).error();
  }
  if (!admission.rate.allowed) {
    limited_.add();
    admission.refusal = too_many(admission.rate);
  }
  if (admission.refusal || row.access.kind() != Access::Kind::permitted) return admission;
  if (!identity::may(admission.principal, row.access.permission())) {
    auto missing =
        identity::require(admission.principal, row.access.permission(), identity::kPlatform);
    if (!missing) admission.refusal = std::move(missing).error();
  }
  return admission;
}

}  // namespace exchange::rest
