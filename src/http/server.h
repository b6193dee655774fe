// The HTTP/1.1 server: one or more network loops, workers that run handlers as plain blocking
// functions, bounded everything.
#pragma once
#include <cstdint>
#include <memory>
#include <string>

#include "base/metrics.h"
#include "base/random.h"
#include "base/result.h"
#include "http/router.h"

namespace http {

class Server {
 public:
  struct Options {
    std::string host = "127.0.0.1";
    std::uint16_t port = 0;  // 0: any free one
    // PEM files; both empty: plain HTTP, allowed on loopback addresses only unless
    // `plain_anywhere` (http.plain_refused).
    std::string certificate_file, key_file;
    bool plain_anywhere = false;
    // PEM: with TLS, clients may show a certificate of these authorities
    // (Head::client_certificate); a client without one is served too, one with another is not.
    // Empty: none is asked for.
    std::string client_ca_file;
    int loops = 1;
    int workers = 32;
    std::size_t waiting_max = 2048;       // requests waiting for a worker, per lane
    std::size_t connections_max = 12000;  // beyond it new ones are closed at once
    std::size_t head_bytes_max = 64 * 1024;
    std::size_t small_body_bytes = 256 * 1024;  // bodies up to this reach a sink in one write
    int head_timeout_ms = 15000;                // whole head, from the first byte
    int idle_timeout_ms = 75000;                // between requests
    int body_timeout_ms = 30000;                // without any progress
    std::size_t memory_for_bodies = 64 << 20;   // of bodies being gathered; beyond it: http.busy
    std::size_t waits_max = 4096;               // answers that come later, at one time
    std::size_t streams_max = 10000;            // streams of events, at one time
    int heartbeat_ms = 20000;                   // of a stream on which nothing happens
    int stall_timeout_ms = 30000;               // for a client to take one piece of its stream
    // Of pieces that clients are slow to take; beyond it those who would add to it are closed.
    std::size_t memory_for_streams = 32 << 20;
  };

  // Binds, listens and starts the threads. `router`, `metrics` and `random` outlive the server.
  // Errors: http.address_in_use, http.bad_address, http.certificate_unusable, http.plain_refused.
  static base::Result<std::unique_ptr<Server>> start(const Options& options, const Router& router,
                                                     base::Metrics& metrics, base::Random& random);
  virtual ~Server() = default;  // stop() at once
  virtual std::uint16_t port() const = 0;
  // Takes no new connection, lets requests under way finish for up to `grace_ms`, then closes.
  // Answers that were to come later are asked for at once; streams end.
  virtual void stop(int grace_ms) = 0;
  // Reads the certificate files again, those of clients' authorities too; new connections use them.
  virtual base::Result<void> reload_certificates() = 0;
};

}  // namespace http
