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
  struct Files {
    std::string certificate, key;  // PEM; of a client: empty without one
    // PEM: of a server, the authorities of its clients' certificates (empty: none is asked for); of
    // a client, authorities to trust beside the machine's.
    std::string authorities;
  };
  // TLS 1.2 and 1.3. A client may have no certificate, but one that does not verify ends the
  // handshake. Error: http.certificate_unusable.
  static base::Result<std::shared_ptr<const TlsContext>> for_server(const Files& files);
  // Error: http.certificate_unusable.
  static base::Result<std::shared_ptr<const TlsContext>> for_client(const Files& files);
  virtual ~TlsContext() = default;

  virtual std::unique_ptr<Transport> accept(int socket) const = 0;
  // `host`, a name or an address, must be in the server's certificate.
  virtual std::unique_ptr<Transport> connect(int socket, const std::string& host) const = 0;
};

}  // namespace http
