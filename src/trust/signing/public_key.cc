#include <openssl/x509.h>

#include "trust/key.h"

namespace trust {

base::Result<base::Bytes> SigningKey::public_key() const {
  if (certificates().empty()) {
    return base::Error(base::Code::invalid, "trust.no_certificate",
                       "There is no certificate to take the public key from.",
                       "Không có chứng thư số để lấy khóa công khai.");
  }
  const base::Bytes& der = certificates().front();
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  X509* certificate = d2i_X509(nullptr, &at, static_cast<long>(der.size()));
  unsigned char* out = nullptr;
  const int size =
      certificate == nullptr ? -1 : i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &out);
  base::Bytes bytes;
  if (size > 0) bytes.assign(reinterpret_cast<const char*>(out), static_cast<std::size_t>(size));
  OPENSSL_free(out);
  X509_free(certificate);
  if (bytes.empty()) {
    return base::Error(base::Code::invalid, "trust.certificate_malformed",
                       "The certificate cannot be read.", "Không đọc được chứng thư số.");
  }
  return bytes;
}

}  // namespace trust
