#include "identity/sign_in/testing/authenticator.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>

#include <array>
#include <utility>

#include "base/hash.h"
#include "base/random.h"
#include "identity/sign_in/encoding.h"

namespace identity::testing {
namespace {

constexpr unsigned kAttested = 0x40;

base::Bytes big_endian(std::uint32_t value, int bytes) {
  base::Bytes out;
  while (bytes-- > 0) out.push_back(static_cast<char>(value >> (8 * bytes) & 0xFF));
  return out;
}

base::Json client_data_answer(const std::string& type, const base::Json& options,
                              const std::string& origin, base::Bytes& client_data) {
  base::Json data;
  data.add("type", type)
      .add("challenge", options["challenge"].text())
      .add("origin", origin)
      .add("crossOrigin", false);
  client_data = data.dump();
  base::Json response;
  response.add("clientDataJSON", base64url(client_data));
  return response;
}

base::Json credential(const base::Bytes& id, base::Json response) {
  base::Json answer;
  answer.add("id", base64url(id))
      .add("rawId", base64url(id))
      .add("type", "public-key")
      .add("response", std::move(response));
  return answer;
}

}  // namespace

struct Authenticator::Key {
  EVP_PKEY* pkey = EVP_EC_gen("P-256");
  ~Key() { EVP_PKEY_free(pkey); }
  // COSE (RFC 9053 §7.1.1)
  base::Bytes cose() const {
    std::array<unsigned char, 65> point{};
    std::size_t size = 0;
    EVP_PKEY_get_octet_string_param(pkey, OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size(),
                                    &size);
    const base::Bytes bytes(reinterpret_cast<const char*>(point.data()), size);
    return base::Bytes("\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20") + bytes.substr(1, 32) +
           base::Bytes("\x22\x58\x20") + bytes.substr(33, 32);
  }
  base::Bytes sign(base::BytesView bytes) const {
    std::array<unsigned char, 128> out{};
    std::size_t size = out.size();
    EVP_MD_CTX* const context = EVP_MD_CTX_new();
    EVP_DigestSignInit(context, nullptr, EVP_sha256(), nullptr, pkey);
    EVP_DigestSign(context, out.data(), &size, reinterpret_cast<const unsigned char*>(bytes.data()),
                   bytes.size());
    EVP_MD_CTX_free(context);
    return base::Bytes(reinterpret_cast<const char*>(out.data()), size);
  }
};

Authenticator::Authenticator(std::string from)
    : origin(std::move(from)), key_(std::make_unique<Key>()), id_(base::SystemRandom().bytes(20)) {}
Authenticator::~Authenticator() = default;

base::Bytes Authenticator::data(const std::string& party, unsigned more) {
  return base::sha256(party) + base::Bytes(1, static_cast<char>(flags | more)) +
         big_endian(counter++, 4);
}

base::Json Authenticator::create(const base::Json& options) {
  user_ = from_base64url(options["user"]["id"].text()).value_or("");
  const base::Bytes auth =
      data(std::string(options["rp"]["id"].text()), kAttested) + base::Bytes(16, '\0') +
      big_endian(static_cast<std::uint32_t>(id_.size()), 2) + id_ + key_->cose();
  base::Bytes object = base::Bytes("\xa3\x63") + "fmt" + "\x64none\x67" + "attStmt" + "\xa0\x68" +
                       "authData" + "\x58" +
                       big_endian(static_cast<std::uint32_t>(auth.size()), 1) + auth;
  base::Bytes client_data;
  base::Json response = client_data_answer("webauthn.create", options, origin, client_data);
  response.add("attestationObject", base64url(object));
  return credential(id_, std::move(response));
}

base::Json Authenticator::get(const base::Json& options) {
  const base::Bytes auth = data(std::string(options["rpId"].text()), 0);
  base::Bytes client_data;
  base::Json response = client_data_answer("webauthn.get", options, origin, client_data);
  response.add("authenticatorData", base64url(auth))
      .add("signature", base64url(key_->sign(auth + base::sha256(client_data))));
  if (says_user) response.add("userHandle", base64url(user_));
  return credential(id_, std::move(response));
}

}  // namespace identity::testing
