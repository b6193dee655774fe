// Keys in PKCS#11 tokens.
#include "trust/signing/token_key.h"

#include <openssl/x509.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>

#include "base/hash.h"
#include "trust/certificate.h"
#include "trust/key.h"
#include "trust/signing/der.h"
#include "trust/signing/public_key.h"
#include "trust/signing/token_module.h"

namespace trust {
namespace signing {
namespace {

constexpr auto kWaitForSession = std::chrono::seconds(30);
constexpr CK_MECHANISM_TYPE kEddsa = 0x1057;              // PKCS#11 v3.0
constexpr CK_MECHANISM_TYPE kEdwardsKeyPairGen = 0x1055;  // PKCS#11 v3.0
constexpr std::string_view kP256 = "1.2.840.10045.3.1.7", kP384 = "1.3.132.0.34",
                           kEd25519 = "1.3.101.112";

base::Error no_key(const std::string& label) {
  return {base::Code::unavailable, "trust.key_unavailable",
          "The token holds no key with the label \"" + label + "\".",
          "Thiết bị không có khóa nhãn \"" + label + "\"."};
}

base::Result<base::Bytes> public_key_of(TokenSession& session, const std::string& label) {
  const CK_OBJECT_HANDLE object = TRY(session.find(CKO_PUBLIC_KEY, label));
  if (object == 0) return no_key(label);
  const base::Bytes modulus = session.attribute(object, CKA_MODULUS);
  if (!modulus.empty()) {
    const auto number = [](base::Bytes bytes) {
      bytes.insert(bytes.begin(), '\0');  // positive
      while (bytes.size() > 1 && bytes[0] == 0 && static_cast<signed char>(bytes[1]) >= 0) {
        bytes.erase(0, 1);
      }
      return der::element(0x02, bytes);
    };
    const base::Bytes key =
        der::sequence({number(modulus), number(session.attribute(object, CKA_PUBLIC_EXPONENT))});
    return der::sequence({der::algorithm("1.2.840.113549.1.1.1", true), der::bits(key)});
  }
  const base::Bytes curve = session.attribute(object, CKA_EC_PARAMS);
  base::Bytes point = session.attribute(object, CKA_EC_POINT);
  // The point comes as an OCTET STRING, from some modules bare.
  if (point.size() > 2 && point[0] == 0x04 &&
      static_cast<unsigned char>(point[1]) == point.size() - 2) {
    point.erase(0, 2);
  }
  if (curve.empty() || point.empty()) return no_key(label);
  // Ed25519's curve is an OID or, as PKCS#11 v3.0 writes it, the PrintableString "edwards25519".
  const bool edwards = curve == der::oid(kEd25519) || curve.ends_with("edwards25519");
  if (edwards) return der::sequence({der::algorithm(kEd25519, false), der::bits(point)});
  return der::sequence({der::sequence({der::oid("1.2.840.10045.2.1"), curve}), der::bits(point)});
}

class Token : public SigningKey {
 public:
  Token(std::shared_ptr<TokenModule> module, TokenKey where)
      : module_(std::move(module)), where_(std::move(where)) {
    where_.sessions_max = std::clamp(where_.sessions_max, 1, 64);
  }

  base::Result<void> begin(std::vector<base::Bytes> certificates) {
    certificates_ = std::move(certificates);
    if (certificates_.empty()) TRY(read_from_token());
    if (!certificates_.empty()) public_key_ = TRY(SigningKey::public_key());
    const KeyKind kind = TRY(kind_of(public_key_));
    algorithm_ = kind.algorithm;
    bits_ = kind.bits;
    return base::done();
  }

  KeyAlgorithm algorithm() const override { return algorithm_; }
  int bits() const override { return bits_; }
  const std::vector<base::Bytes>& certificates() const override { return certificates_; }
  base::Result<base::Bytes> public_key() const override { return public_key_; }

  base::Result<std::vector<base::Bytes>> sign(const std::vector<base::Bytes>& digests) override {
    std::vector<base::Bytes> out;
    TRY(with_session([&](TokenSession& session) -> base::Result<void> {
      const CK_OBJECT_HANDLE key = TRY(session.find(CKO_PRIVATE_KEY, where_.label));
      if (key == 0) return no_key(where_.label);
      out.clear();
      for (const base::Bytes& digest : digests) out.push_back(TRY(sign_one(session, key, digest)));
      return base::done();
    }));
    return out;
  }

 private:
  // Runs `work` in a session, and once more in a new one when the token seems to have been away,
  // and once more with the module started anew.
  template <class F>
  base::Result<void> with_session(F&& work) {
    const Turn turn(*this);
    if (!turn.mine) {
      return base::Error(base::Code::unavailable, "trust.key_unavailable",
                         "The token is busy; try again later.",
                         "Thiết bị chứa khóa đang bận; hãy thử lại sau.");
    }
    base::Result<void> last = base::done();
    for (int attempt = 0; attempt < 3; ++attempt) {
      std::uint64_t generation = 0;
      {
        if (auto refused = refusal()) return *refused;
        // Both are closed after `held` is let go.
        std::unique_ptr<TokenSession> session = attempt == 0 ? take() : nullptr, old;
        const auto held = module_->use();
        generation = module_->generation();
        if (session && session->generation() != generation) old = std::move(session);
        last = base::done();
        if (!session) {
          // One at a time, so that a wrong PIN is tried once.
          const std::lock_guard lock(login_);
          if (auto refused = refusal()) return *refused;
          auto opened = TokenSession::open(module_, where_, false);
          if (opened.ok()) {
            session = std::move(opened).value();
          } else {
            last = std::move(opened).error();
            if (last.error().code() == base::Code::forbidden) note_refusal(last.error());
          }
        }
        if (session) {
          last = work(*session);
          if (last.ok()) {
            give_back(std::move(session));
            return last;
          }
        }
      }
      close_idle();
      if (last.error().code() != base::Code::unavailable) return last;
      if (attempt == 1) module_->restart(generation);
    }
    return last;
  }

  base::Result<void> read_from_token() {
    return with_session([&](TokenSession& session) -> base::Result<void> {
      const CK_OBJECT_HANDLE object = TRY(session.find(CKO_CERTIFICATE, where_.label));
      if (object != 0) {
        const base::Bytes der = session.attribute(object, CKA_VALUE);
        if (read_certificate(der)) {
          certificates_ = {der};
          return base::done();
        }
      }
      public_key_ = TRY(public_key_of(session, where_.label));
      return base::done();
    });
  }

  base::Result<base::Bytes> sign_one(TokenSession& session, CK_OBJECT_HANDLE key,
                                     const base::Bytes& digest) {
    CK_MECHANISM mechanism{CKM_ECDSA, nullptr, 0};
    base::Bytes message = digest;
    if (algorithm_ == KeyAlgorithm::rsa) {
      mechanism.mechanism = CKM_RSA_PKCS;
      message =
          der::sequence({der::algorithm("2.16.840.1.101.3.4.2.1", true), der::octets(digest)});
    } else if (algorithm_ == KeyAlgorithm::ed25519) {
      mechanism.mechanism = kEddsa;
    }
    CK_FUNCTION_LIST& api = session.api();
    const bool asks = session.attribute(key, CKA_ALWAYS_AUTHENTICATE) == base::Bytes(1, '\1');
    CK_RV rv = api.C_SignInit(session.handle(), &mechanism, key);
    if (rv == CKR_OK && asks) {
      std::string pin = where_.pin;
      rv = api.C_Login(session.handle(), CKU_CONTEXT_SPECIFIC,
                       reinterpret_cast<CK_UTF8CHAR*>(pin.data()),
                       static_cast<CK_ULONG>(pin.size()));
      if (is_refusal(rv)) note_refusal(token_error(rv, "signing"));
    }
    if (rv != CKR_OK) return token_error(rv, "signing");
    base::Bytes signature(1024, '\0');
    CK_ULONG size = static_cast<CK_ULONG>(signature.size());
    rv = api.C_Sign(session.handle(), unsigned_of(message), static_cast<CK_ULONG>(message.size()),
                    unsigned_of(signature), &size);
    if (rv != CKR_OK) return token_error(rv, "signing");
    signature.resize(size);
    const bool pair =
        algorithm_ == KeyAlgorithm::ecdsa_p256 || algorithm_ == KeyAlgorithm::ecdsa_p384;
    return pair ? ecdsa_der(signature) : signature;
  }

  // At most sessions_max callers at a time; the others wait.
  struct Turn {
    explicit Turn(Token& token) : of(token) {
      std::unique_lock lock(of.mutex_);
      mine = of.free_.wait_for(lock, kWaitForSession,
                               [&] { return of.busy_ < of.where_.sessions_max; });
      if (mine) ++of.busy_;
    }
    ~Turn() {
      if (!mine) return;
      const std::lock_guard lock(of.mutex_);
      --of.busy_;
      of.free_.notify_one();
    }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    Token& of;
    bool mine = false;
  };

  std::unique_ptr<TokenSession> take() {
    const std::lock_guard lock(mutex_);
    if (idle_.empty()) return nullptr;
    auto session = std::move(idle_.back());
    idle_.pop_back();
    return session;
  }
  void give_back(std::unique_ptr<TokenSession> session) {
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(session));
  }
  void close_idle() {
    std::vector<std::unique_ptr<TokenSession>> gone;
    const std::lock_guard lock(mutex_);
    gone.swap(idle_);
  }
  std::optional<base::Error> refusal() {
    const std::lock_guard lock(mutex_);
    return refused_;
  }
  void note_refusal(const base::Error& error) {
    const std::lock_guard lock(mutex_);
    refused_.emplace(error);
  }

  const std::shared_ptr<TokenModule> module_;
  TokenKey where_;
  KeyAlgorithm algorithm_ = KeyAlgorithm::rsa;
  int bits_ = 0;
  std::vector<base::Bytes> certificates_;
  base::Bytes public_key_;
  std::mutex mutex_, login_;
  std::condition_variable free_;
  int busy_ = 0;
  std::vector<std::unique_ptr<TokenSession>> idle_;
  std::optional<base::Error> refused_;
};

}  // namespace

base::Result<void> create_token_key(const TokenKey& where, KeyAlgorithm algorithm, int bits) {
  const auto module = TRY(TokenModule::load(where.module));
  std::unique_ptr<TokenSession> session;  // closed after `held` is let go
  const auto held = module->use();
  session = TRY(TokenSession::open(module, where, true));
  if (TRY(session->find(CKO_PRIVATE_KEY, where.label)) != 0) {
    return base::Error(base::Code::conflict, "trust.key_exists",
                       "The token already holds a key with the label \"" + where.label + "\".",
                       "Thiết bị đã có khóa nhãn \"" + where.label + "\".");
  }
  CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
  std::string label = where.label;
  base::Bytes id = base::sha256(where.label).substr(0, 8);
  CK_ULONG modulus_bits = static_cast<CK_ULONG>(bits);
  CK_BYTE exponent[] = {1, 0, 1};
  base::Bytes curve = der::oid(algorithm == KeyAlgorithm::ecdsa_p256   ? kP256
                               : algorithm == KeyAlgorithm::ecdsa_p384 ? kP384
                                                                       : kEd25519);
  const auto text = [](CK_ATTRIBUTE_TYPE type, std::string& value) {
    return CK_ATTRIBUTE{type, value.data(), static_cast<CK_ULONG>(value.size())};
  };
  std::vector<CK_ATTRIBUTE> open = {
      {CKA_TOKEN, &yes, 1}, {CKA_VERIFY, &yes, 1}, text(CKA_LABEL, label), text(CKA_ID, id)};
  CK_MECHANISM mechanism{CKM_EC_KEY_PAIR_GEN, nullptr, 0};
  if (algorithm == KeyAlgorithm::rsa) {
    mechanism.mechanism = CKM_RSA_PKCS_KEY_PAIR_GEN;
    open.push_back({CKA_MODULUS_BITS, &modulus_bits, sizeof modulus_bits});
    open.push_back({CKA_PUBLIC_EXPONENT, exponent, sizeof exponent});
  } else {
    if (algorithm == KeyAlgorithm::ed25519) mechanism.mechanism = kEdwardsKeyPairGen;
    open.push_back(text(CKA_EC_PARAMS, curve));
  }
  std::vector<CK_ATTRIBUTE> secret = {{CKA_TOKEN, &yes, 1},     {CKA_PRIVATE, &yes, 1},
                                      {CKA_SENSITIVE, &yes, 1}, {CKA_EXTRACTABLE, &no, 1},
                                      {CKA_SIGN, &yes, 1},      text(CKA_LABEL, label),
                                      text(CKA_ID, id)};
  CK_OBJECT_HANDLE public_key = 0, private_key = 0;
  const CK_RV rv = session->api().C_GenerateKeyPair(
      session->handle(), &mechanism, open.data(), static_cast<CK_ULONG>(open.size()), secret.data(),
      static_cast<CK_ULONG>(secret.size()), &public_key, &private_key);
  if (rv != CKR_OK) return token_error(rv, "making a key");
  return base::done();
}

base::Result<void> store_token_certificate(const TokenKey& where, base::BytesView certificate) {
  const Handle<X509> parsed = read_certificate(certificate);
  if (!parsed) {
    return base::Error(base::Code::invalid, "trust.certificate_malformed",
                       "The certificate cannot be read.", "Không đọc được chứng thư số.");
  }
  const auto encoded = [](const auto* value, auto* i2d) {
    base::Bytes out(static_cast<std::size_t>(i2d(value, nullptr)), '\0');
    unsigned char* to = unsigned_of(out);
    i2d(value, &to);
    return out;
  };
  base::Bytes subject = encoded(X509_get_subject_name(parsed.get()), i2d_X509_NAME);
  base::Bytes issuer = encoded(X509_get_issuer_name(parsed.get()), i2d_X509_NAME);
  base::Bytes serial = encoded(X509_get0_serialNumber(parsed.get()), i2d_ASN1_INTEGER);
  const base::Bytes own = encoded(X509_get_X509_PUBKEY(parsed.get()), i2d_X509_PUBKEY);

  const auto module = TRY(TokenModule::load(where.module));
  std::unique_ptr<TokenSession> session;
  const auto held = module->use();
  session = TRY(TokenSession::open(module, where, true));
  if (TRY(public_key_of(*session, where.label)) != own) {
    return base::Error(base::Code::invalid, "trust.key_mismatch",
                       "The certificate does not belong to the key \"" + where.label + "\".",
                       "Chứng thư số không khớp với khóa \"" + where.label + "\".");
  }
  CK_OBJECT_CLASS kind = CKO_CERTIFICATE;
  CK_CERTIFICATE_TYPE type = CKC_X_509;
  CK_BBOOL yes = CK_TRUE;
  std::string label = where.label;
  base::Bytes id = base::sha256(where.label).substr(0, 8), value(certificate);
  const auto text = [](CK_ATTRIBUTE_TYPE which, std::string& bytes) {
    return CK_ATTRIBUTE{which, bytes.data(), static_cast<CK_ULONG>(bytes.size())};
  };
  std::vector<CK_ATTRIBUTE> attributes = {{CKA_CLASS, &kind, sizeof kind},
                                          {CKA_CERTIFICATE_TYPE, &type, sizeof type},
                                          {CKA_TOKEN, &yes, 1},
                                          text(CKA_LABEL, label),
                                          text(CKA_ID, id),
                                          text(CKA_SUBJECT, subject),
                                          text(CKA_ISSUER, issuer),
                                          text(CKA_SERIAL_NUMBER, serial),
                                          text(CKA_VALUE, value)};
  // A renewed certificate takes the place of the old one.
  const CK_OBJECT_HANDLE old = TRY(session->find(CKO_CERTIFICATE, where.label));
  CK_OBJECT_HANDLE made = 0;
  const CK_RV rv = session->api().C_CreateObject(session->handle(), attributes.data(),
                                                 static_cast<CK_ULONG>(attributes.size()), &made);
  if (rv != CKR_OK) return token_error(rv, "storing the certificate");
  if (old != 0) session->api().C_DestroyObject(session->handle(), old);
  return base::done();
}

}  // namespace signing

base::Result<std::unique_ptr<SigningKey>> key_from_token(const TokenKey& where,
                                                         std::vector<base::Bytes> certificates) {
  auto module = TRY(signing::TokenModule::load(where.module));
  auto key = std::make_unique<signing::Token>(std::move(module), where);
  TRY(key->begin(std::move(certificates)));
  return std::unique_ptr<SigningKey>(std::move(key));
}

}  // namespace trust
