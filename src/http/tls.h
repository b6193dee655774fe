// TLS over a connected socket. OpenSSL stays behind tls.cc.
#pragma once
#include <memory>
#include <string>

#include "base/result.h"
#include "http/transport.h"

namespace http {

// One side's certificates and rules; transports made from it keep what they need of it alive. Any
// thread.
class TlsContext {
 public:
  // TLS 1.2 and 1.3 with the PEM chain and key given. Error: http.certificate_unusable.
  static base::Result<std::shared_ptr<const TlsContext>> for_server(
      const std::string& certificate_file, const std::string& key_file);
  // Trusts the machine's authorities and those in `trust_file`. Error: http.certificate_unusable.
  static base::Result<std::shared_ptr<const TlsContext>> for_client(const std::string& trust_file);
  virtual ~TlsContext() = default;

  virtual std::unique_ptr<Transport> accept(int socket) const = 0;
  // `host`, a name or an address, must be in the server's certificate.
  virtual std::unique_ptr<Transport> connect(int socket, const std::string& host) const = 0;
};

}  // namespace http
