#include "trust/demo/service.h"

#include <utility>

namespace trust::demo {
namespace {

constexpr std::uint64_t kRequestBytesMax = 64 * 1024;

http::Response answer(base::Result<base::Bytes> made, std::string_view type) {
  if (!made) return http::problem(made.error(), "");
  return http::Response::text(200, type, *std::move(made));
}

}  // namespace

Service::Service(Authority& authority, const base::Clock& clock, std::string prefix)
    : authority_(authority),
      clock_(clock),
      crl_(prefix + "/crl"),
      root_crl_(prefix + "/root-crl"),
      ocsp_(prefix + "/ocsp"),
      tsa_(prefix + "/tsa"),
      root_(prefix + "/root.cer") {}

std::vector<http::Route> Service::routes() {
  using http::Method, http::Permission, http::Request, http::Route;
  const auto locked = [this](auto make, std::string_view type) {
    return [this, make, type](Request& request) {
      const std::lock_guard lock(mutex_);
      return answer(make(request), type);
    };
  };
  using Bytes = base::Result<base::Bytes>;
  return {
      {Method::get, crl_, Permission::open, 0,
       locked([this](Request&) { return authority_.crl(clock_.now()); }, "application/pkix-crl"),
       "the issuing authority's revocation list"},
      {Method::get, root_crl_, Permission::open, 0,
       locked([this](Request&) { return authority_.root_crl(clock_.now()); },
              "application/pkix-crl"),
       "the root's revocation list"},
      {Method::get, root_, Permission::open, 0,
       locked([this](Request&) -> Bytes { return authority_.root(); }, "application/pkix-cert"),
       "the root's certificate"},
      {Method::post, ocsp_, Permission::open, kRequestBytesMax,
       locked([this](Request& request) { return authority_.ocsp(request.body, clock_.now()); },
              "application/ocsp-response"),
       "whether a certificate was revoked (RFC 6960)"},
      {Method::post, tsa_, Permission::open, kRequestBytesMax,
       locked([this](Request& request) { return authority_.timestamp(request.body, clock_.now()); },
              "application/timestamp-reply"),
       "a timestamp (RFC 3161)"},
  };
}

}  // namespace trust::demo
