#include "identity/sign_in/client_data.h"

#include <algorithm>
#include <array>

#include "base/hash.h"
#include "base/text.h"
#include "identity/sign_in/encoding.h"
#include "identity/sign_in/passkey_errors.h"

namespace identity {
namespace {

constexpr std::size_t kFieldBytesMax = 64 << 10;

bool names_are_unique(const base::Json& object) {
  const auto& members = object.object();
  return std::all_of(members.begin(), members.end(), [&](const base::Json::Member& member) {
    return std::count_if(members.begin(), members.end(), [&](const base::Json::Member& other) {
             return other.first == member.first;
           }) == 1;
  });
}

}  // namespace

base::Result<base::Bytes> answer_bytes(const base::Json& answer, std::string_view field) {
  const std::string_view text = answer["response"][field].text();
  if (text.empty() || text.size() > kFieldBytesMax * 4 / 3) return passkey_malformed(field);
  auto bytes = from_base64url(text);
  if (!bytes) return passkey_malformed(field);
  return std::move(*bytes);
}

base::Result<base::Bytes> check_client_data(const RelyingParty& party, std::string_view type,
                                            base::BytesView challenge, const base::Json& answer) {
  base::Bytes bytes = TRY(answer_bytes(answer, "clientDataJSON"));
  const auto parsed = base::is_utf8(bytes) ? base::Json::parse(bytes) : base::Json();
  if (!parsed || !parsed->is_object() || parsed->object().size() > 32 ||
      !names_are_unique(*parsed)) {
    return passkey_malformed("clientDataJSON");
  }
  const base::Json& data = *parsed;
  // WebAuthn §7.1 (7), §7.2 (10).
  if (data["type"].text() != type) return passkey_refused("type");
  // (8), (11)
  const auto given = from_base64url(data["challenge"].text());
  if (!given || challenge.empty() || !base::equal_constant_time(*given, challenge)) {
    return passkey_refused("challenge");
  }
  // (9), (12)
  const auto& origins = party.origins;
  if (std::find(origins.begin(), origins.end(), data["origin"].text()) == origins.end()) {
    return passkey_refused("origin");
  }
  // (10), (13): nobody frames the sign-in page.
  if (data["crossOrigin"].boolean() || data.has("topOrigin")) return passkey_refused("crossOrigin");
  if (data.has("crossOrigin") && data["crossOrigin"].dump() != "false") {
    return passkey_malformed("crossOrigin");
  }
  return bytes;
}

}  // namespace identity
