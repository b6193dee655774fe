#include "trust/evidence/key_signer.h"

#include <openssl/evp.h>

#include "base/hash.h"
#include "trust/signing/cms_sign.h"

namespace trust::evidence {
namespace {

class KeySigner : public EvidenceSigner {
 public:
  explicit KeySigner(SigningKey& key) : key_(key) {}
  base::Bytes certificate() const override { return base::sha256(key_.certificates().front()); }
  base::Result<base::Bytes> sign(base::BytesView content, base::Time at,
                                 base::BytesView certificate) override {
    if (certificate != this->certificate()) {
      return base::Error(base::Code::unavailable, "trust.key_unavailable",
                         "the key of the certificate that these evidences name is not here",
                         "không có khóa của chứng thư nêu trong các bằng chứng này");
    }
    base::Bytes digest = base::sha256(content);
    if (signing::content_digest(key_.algorithm()) == signing::ContentDigest::sha512) {
      digest.assign(64, '\0');
      unsigned size = 0;
      EVP_Digest(content.data(), content.size(), reinterpret_cast<unsigned char*>(digest.data()),
                 &size, EVP_sha512(), nullptr);
    }
    return signing::sign_cms(key_, digest, at, nullptr, 0);
  }

 private:
  SigningKey& key_;
};

}  // namespace

base::Result<std::unique_ptr<EvidenceSigner>> key_signer(SigningKey& key) {
  if (key.certificates().empty()) {
    return base::Error(base::Code::invalid, "trust.no_certificate",
                       "the key that signs evidences has no certificate",
                       "Khóa ký bằng chứng không có chứng thư");
  }
  return std::unique_ptr<EvidenceSigner>(std::make_unique<KeySigner>(key));
}

}  // namespace trust::evidence
