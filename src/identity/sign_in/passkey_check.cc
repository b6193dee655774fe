#include "identity/sign_in/passkey_check.h"

#include <fido.h>
#include <fido/eddsa.h>
#include <fido/es256.h>
#include <fido/rs256.h>

#include <array>
#include <memory>
#include <utility>

#include "base/hash.h"
#include "identity/sign_in/authenticator_data.h"
#include "identity/sign_in/client_data.h"
#include "identity/sign_in/encoding.h"
#include "identity/sign_in/passkey_errors.h"

namespace identity {
namespace {

constexpr std::array kAlgorithms = {COSE_ES256, COSE_EDDSA, COSE_RS256};

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* value) const {
    Free(&value);
  }
};
using Credential = std::unique_ptr<fido_cred_t, Freed<fido_cred_free>>;
using Assertion = std::unique_ptr<fido_assert_t, Freed<fido_assert_free>>;

const unsigned char* raw(base::BytesView bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

base::Bytes owned(const unsigned char* bytes, std::size_t size) {
  return base::Bytes(reinterpret_cast<const char*>(bytes), size);
}

void start_library() {
  static const bool started = (fido_init(0), true);
  static_cast<void>(started);
}

// Of both ceremonies: §7.1 (13)–(16), §7.2 (15)–(18).
base::Result<void> check_flags(const RelyingParty& party, const AuthenticatorData& data) {
  if (data.rp_id_hash != base::sha256(party.id)) return passkey_refused("rpIdHash");
  if (!data.user_present) return passkey_refused("UP");
  if (!data.user_verified) return passkey_refused("UV");
  if (data.backed_up && !data.backup_eligible) return passkey_refused("BS");
  return base::done();
}

// The credential as libfido2 reads it when its key has that algorithm; nothing when it is
// another's.
Credential read_credential(int algorithm, const RelyingParty& party,
                           const AttestationObject& object, base::BytesView client_data) {
  Credential credential(fido_cred_new());
  const base::Bytes hash = base::sha256(client_data);
  const base::Bytes& data = object.authenticator_data;
  if (!credential || fido_cred_set_type(credential.get(), algorithm) != FIDO_OK ||
      fido_cred_set_rp(credential.get(), party.id.c_str(), nullptr) != FIDO_OK ||
      fido_cred_set_uv(credential.get(), FIDO_OPT_TRUE) != FIDO_OK ||
      fido_cred_set_clientdata_hash(credential.get(), raw(hash), hash.size()) != FIDO_OK ||
      fido_cred_set_authdata_raw(credential.get(), raw(data), data.size()) != FIDO_OK) {
    return nullptr;
  }
  return credential;
}

// "none" has nothing to verify and must say nothing; "packed" must be by the credential's own key.
base::Result<void> check_statement(fido_cred_t* credential, const AttestationObject& object) {
  constexpr std::string_view kEmptyMap = "\xa0";
  const bool none = object.format == "none" && object.statement == kEmptyMap;
  if (none) return base::done();
  const bool same = statement_algorithm(object.statement) == fido_cred_type(credential);
  if (object.format != "packed" || !same || fido_cred_set_fmt(credential, "packed") != FIDO_OK ||
      fido_cred_set_attstmt(credential, raw(object.statement), object.statement.size()) !=
          FIDO_OK ||
      fido_cred_x5c_len(credential) != 0 || fido_cred_verify_self(credential) != FIDO_OK) {
    return passkey_refused("attStmt");
  }
  return base::done();
}

// `bytes` as the structure that libfido2 takes for the algorithm, and whether the signature is
// right.
int verify_signature(const fido_assert_t* assertion, const PasskeyKey& key) {
  switch (key.algorithm) {
    case COSE_ES256: {
      std::unique_ptr<es256_pk_t, Freed<es256_pk_free>> pk(es256_pk_new());
      const int read = es256_pk_from_ptr(pk.get(), key.bytes.data(), key.bytes.size());
      return read != FIDO_OK ? read : fido_assert_verify(assertion, 0, COSE_ES256, pk.get());
    }
    case COSE_RS256: {
      std::unique_ptr<rs256_pk_t, Freed<rs256_pk_free>> pk(rs256_pk_new());
      const int read = rs256_pk_from_ptr(pk.get(), key.bytes.data(), key.bytes.size());
      return read != FIDO_OK ? read : fido_assert_verify(assertion, 0, COSE_RS256, pk.get());
    }
    case COSE_EDDSA: {
      std::unique_ptr<eddsa_pk_t, Freed<eddsa_pk_free>> pk(eddsa_pk_new());
      const int read = eddsa_pk_from_ptr(pk.get(), key.bytes.data(), key.bytes.size());
      return read != FIDO_OK ? read : fido_assert_verify(assertion, 0, COSE_EDDSA, pk.get());
    }
    default:
      return FIDO_ERR_UNSUPPORTED_ALGORITHM;
  }
}

base::Result<void> check_signature(const RelyingParty& party, const PasskeyKey& key,
                                   base::BytesView authenticator_data, base::BytesView client_data,
                                   base::BytesView signature) {
  start_library();
  const Assertion assertion(fido_assert_new());
  const base::Bytes hash = base::sha256(client_data);
  if (!assertion || fido_assert_set_rp(assertion.get(), party.id.c_str()) != FIDO_OK ||
      fido_assert_set_count(assertion.get(), 1) != FIDO_OK ||
      fido_assert_set_up(assertion.get(), FIDO_OPT_TRUE) != FIDO_OK ||
      fido_assert_set_uv(assertion.get(), FIDO_OPT_TRUE) != FIDO_OK ||
      fido_assert_set_clientdata_hash(assertion.get(), raw(hash), hash.size()) != FIDO_OK ||
      fido_assert_set_sig(assertion.get(), 0, raw(signature), signature.size()) != FIDO_OK) {
    return passkey_malformed("signature");
  }
  if (fido_assert_set_authdata_raw(assertion.get(), 0, raw(authenticator_data),
                                   authenticator_data.size()) != FIDO_OK) {
    return passkey_malformed("authenticatorData");
  }
  if (verify_signature(assertion.get(), key) != FIDO_OK) return passkey_refused("signature");
  return base::done();
}

}  // namespace

base::Result<base::Bytes> passkey_id(const base::Json& answer) {
  const std::string_view id = answer["id"].text();
  auto bytes = id.size() <= 2048 ? from_base64url(id) : std::nullopt;
  if (!bytes || bytes->empty() || answer["rawId"].text() != id) return passkey_malformed("id");
  if (answer["type"].text() != "public-key") return passkey_malformed("type");
  return std::move(*bytes);
}

base::Result<NewPasskey> check_registration(const RelyingParty& party, base::BytesView challenge,
                                            const base::Json& answer) {
  start_library();
  const base::Bytes id = TRY(passkey_id(answer));
  const base::Bytes client_data =
      TRY(check_client_data(party, "webauthn.create", challenge, answer));
  const base::Bytes bytes = TRY(answer_bytes(answer, "attestationObject"));
  const AttestationObject object = TRY(parse_attestation_object(bytes));
  const AuthenticatorData data = TRY(parse_authenticator_data(object.authenticator_data));
  TRY(check_flags(party, data));
  if (!data.attested || data.credential_id != id) return passkey_refused("credentialId");
  Credential credential;
  for (const int algorithm : kAlgorithms) {
    if (!credential) credential = read_credential(algorithm, party, object, client_data);
  }
  if (!credential) return passkey_malformed("attestationObject");
  TRY(check_statement(credential.get(), object));
  NewPasskey made;
  made.id = id;
  made.key.algorithm = fido_cred_type(credential.get());
  made.key.bytes =
      owned(fido_cred_pubkey_ptr(credential.get()), fido_cred_pubkey_len(credential.get()));
  made.counter = data.counter;
  made.backup_eligible = data.backup_eligible;
  made.backed_up = data.backed_up;
  made.aaguid = data.aaguid;
  return made;
}

base::Result<PasskeyUse> check_assertion(const RelyingParty& party, base::BytesView challenge,
                                         const KnownPasskey& known, const base::Json& answer) {
  const base::Bytes id = TRY(passkey_id(answer));
  if (id != known.id) return passkey_refused("id");
  const base::Bytes client_data = TRY(check_client_data(party, "webauthn.get", challenge, answer));
  const base::Bytes bytes = TRY(answer_bytes(answer, "authenticatorData"));
  const base::Bytes signature = TRY(answer_bytes(answer, "signature"));
  const AuthenticatorData data = TRY(parse_authenticator_data(bytes));
  TRY(check_flags(party, data));
  // §7.2 (19): whether a key can be copied never changes.
  if (data.backup_eligible != known.backup_eligible) return passkey_refused("BE");
  TRY(check_signature(party, known.key, bytes, client_data, signature));
  // §7.2 (22)
  if ((data.counter != 0 || known.counter != 0) && data.counter <= known.counter) {
    return base::Error(
        base::Code::unauthenticated, "identity.passkey_copied",
        "the passkey's counter did not grow: it may have been copied; remove it and add a new one",
        "bộ đếm của khóa truy cập không tăng: khóa có thể đã bị sao chép; hãy xóa và đăng ký khóa "
        "mới");
  }
  PasskeyUse use;
  use.counter = data.counter;
  use.backed_up = data.backed_up;
  if (answer["response"].has("userHandle") && !answer["response"]["userHandle"].is_null()) {
    use.user_handle = TRY(answer_bytes(answer, "userHandle"));
  }
  return use;
}

}  // namespace identity
