// A connected, non-blocking stream socket, plain or under TLS. It never waits: it says what to wait
// for. The socket belongs to the caller, who closes it after the transport is gone.
#pragma once
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace http {

struct ClientCertificate;

struct Io {
  enum class State : unsigned char {
    done,         // `bytes` were moved
    wants_read,   // again once the socket is readable
    wants_write,  // again once the socket is writable
    ended,        // the peer has finished its side
    failed,
  };
  State state;
  std::size_t bytes = 0;
  // After a read: more may be there, so that waiting for the socket would be wrong or slow.
  bool more = false;
};

class Transport {
 public:
  virtual ~Transport() = default;
  // Only a client needs to call it; otherwise the first read does it.
  virtual Io handshake() { return {Io::State::done}; }
  virtual Io read(char* to, std::size_t size) = 0;
  // Writes some of `first` followed by `second`, at best all in one call to the kernel. After
  // wants_…, the next call must offer the same bytes again, or more.
  virtual Io write(std::string_view first, std::string_view second) = 0;
  // Tells the peer that nothing more comes. Once.
  virtual void close_write() = 0;
  // After `failed`: was the peer's certificate the reason, and what was it?
  virtual bool certificate_refused() const { return false; }
  virtual std::string failure() const = 0;
  // After the handshake; nothing when the client showed none.
  virtual std::shared_ptr<const ClientCertificate> client_certificate() const { return nullptr; }
};

std::unique_ptr<Transport> plain_transport(int socket);

}  // namespace http
