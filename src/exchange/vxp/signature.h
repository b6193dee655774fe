// How the national SDK signs a call: every parameter is a header, and one header holds their JSON
// with an HMAC over it (vxp-protocol.md §3.2). Used by the server to verify and by the client to
// sign.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "http/message.h"

namespace exchange::vxp {

inline constexpr std::string_view kPrefix = "XroadVnpt-";
inline constexpr std::string_view kSignHeader = "XroadVnpt-sign-header";
inline constexpr std::string_view kSignHeaderKey = "XroadVnpt-sign-header-key";
inline constexpr std::string_view kHashHeader = "XroadVnpt-hash-header";
inline constexpr std::string_view kSystemId = "XroadVnpt-systemid";

// The parameters of a call, names without the prefix, exact case: docId and docid differ.
class Parameters {
 public:
  void add(std::string name, std::string value) {
    items_.emplace_back(std::move(name), std::move(value));
  }
  std::string_view operator[](std::string_view name) const;  // the first of that name, or empty
  bool has(std::string_view name) const;
  const std::vector<std::pair<std::string, std::string>>& all() const { return items_; }

 private:
  std::vector<std::pair<std::string, std::string>> items_;
};

// The parameters out of the verified JSON, and nothing from any other header. Reason vxp.signature
// (unauthenticated) whatever is wrong; takes the same time for every wrong signature.
base::Result<Parameters> verified_parameters(const http::Headers& headers, base::BytesView secret);

// All headers of a signed call, in the order of `parameters`.
http::Headers signed_headers(const Parameters& parameters, base::BytesView secret);

// ddMMyyyy'T'HHmmss+milliseconds (§3.3).
std::string timestamp_text(base::Time now);

// SHA-256 in hex as the SDK prints it: without the leading zero of a byte (§3.4).
std::string unpadded_hex(base::BytesView digest);
// `written` is the padded or the unpadded form of `digest`, in either case.
bool hash_matches(std::string_view written, base::BytesView digest);

}  // namespace exchange::vxp
