#include <openssl/x509.h>

#include "trust/certificate.h"
#include "trust/key.h"

namespace trust {

base::Result<base::Bytes> SigningKey::public_key() const {
  if (certificates().empty()) {
    return base::Error(base::Code::invalid, "trust.no_certificate",
                       "There is no certificate to take the public key from.",
                       "Không có chứng thư số để lấy khóa công khai.");
  }
  const Handle<X509> certificate = read_certificate(certificates().front());
  if (!certificate) {
    return base::Error(base::Code::invalid, "trust.certificate_malformed",
                       "The certificate cannot be read.", "Không đọc được chứng thư số.");
  }
  const X509_PUBKEY* key = X509_get_X509_PUBKEY(certificate.get());
  base::Bytes out(static_cast<std::size_t>(i2d_X509_PUBKEY(key, nullptr)), '\0');
  unsigned char* to = unsigned_of(out);
  i2d_X509_PUBKEY(key, &to);
  return out;
}

}  // namespace trust
