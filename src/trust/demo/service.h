// The demonstration authority over HTTP, where its certificates say it answers: /root-crl, /crl,
// /ocsp and /tsa below a prefix. What it gives protects nothing and says so.
#pragma once
#include <mutex>
#include <string>
#include <vector>

#include "base/time.h"
#include "http/router.h"
#include "trust/demo/authority.h"

namespace trust::demo {

// Any thread. `authority` and `clock` outlive it.
class Service {
 public:
  // `prefix` is "/pki", as in Authority::Options::url.
  Service(Authority& authority, const base::Clock& clock, std::string prefix = "/pki");
  // Borrow this service.
  std::vector<http::Route> routes();

 private:
  Authority& authority_;
  const base::Clock& clock_;
  const std::string crl_, root_crl_, ocsp_, tsa_, root_;
  std::mutex mutex_;  // the authority is one thread's at a time
};

}  // namespace trust::demo
