// What the operator's tools ask: /healthz, /readyz, /metrics.
#pragma once
#include <mutex>
#include <string>
#include <vector>

#include "cli/site.h"
#include "http/router.h"

namespace cli {

// Whether documents can be accepted now; looked at most once a second. Any thread.
class Health {
 public:
  explicit Health(Site& site) : site_(site) {}
  // Empty when well; otherwise each trouble with its remedy.
  std::vector<base::Text> troubles();
  // What is not as it should be although documents can be accepted.
  std::vector<base::Text> degradations();

 private:
  std::vector<base::Text> look();
  Site& site_;
  std::mutex mutex_;
  std::int64_t looked_at_ = 0;
  std::vector<base::Text> last_;
};

// Borrow what is passed.
std::vector<http::Route> operation_routes(Site& site, Health& health);

}  // namespace cli
