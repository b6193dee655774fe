#include "identity/sign_in/totp.h"

#include <array>

#include "base/hash.h"
#include "identity/sign_in/encoding.h"
#include "identity/sign_in/signature.h"
#include "identity/sign_in/url_text.h"

namespace identity {
namespace {

constexpr std::int64_t kStepSeconds = 30;

}  // namespace

std::int64_t totp_step(base::Time time) { return base::to_micros(time) / 1'000'000 / kStepSeconds; }

std::string totp_code(base::BytesView secret, std::int64_t step, int digits) {
  std::string counter(8, '\0');
  for (int i = 7; i >= 0; --i, step >>= 8) {
    counter[static_cast<std::size_t>(i)] = static_cast<char>(step & 0xFF);
  }
  const base::Bytes mac = hmac_sha1(secret, counter);
  const auto at = [&](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(mac[i]));
  };
  const std::size_t offset = at(19) & 0xF;  // RFC 4226 §5.3: dynamic truncation
  std::uint32_t value =
      (at(offset) & 0x7F) << 24 | at(offset + 1) << 16 | at(offset + 2) << 8 | at(offset + 3);
  std::string code(static_cast<std::size_t>(digits), '0');
  for (std::size_t i = code.size(); i-- > 0; value /= 10) {
    code[i] = static_cast<char>('0' + value % 10);
  }
  return code;
}

std::optional<std::int64_t> totp_match(base::BytesView secret, std::string_view code,
                                       base::Time now, std::int64_t last_used) {
  std::optional<std::int64_t> found;
  const std::int64_t current = totp_step(now);
  for (std::int64_t step = current - 1; step <= current + 1; ++step) {
    const bool same = base::equal_constant_time(totp_code(secret, step), code);
    if (same && step > last_used && !found) found = step;
  }
  return found;
}

std::string totp_uri(base::BytesView secret, std::string_view issuer, std::string_view login) {
  return "otpauth://totp/" + url_escaped(issuer) + ":" + url_escaped(login) +
         "?secret=" + base32(secret) + "&issuer=" + url_escaped(issuer) +
         "&algorithm=SHA1&digits=6&period=30";
}

}  // namespace identity
