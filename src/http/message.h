// Requests and answers as the rest of the house sees them. Boost stays behind head.cc (Beast) and
// server.cc, loop.h and connection.cc (Asio).
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/queue.h"
#include "base/result.h"
#include "http/waiting.h"

namespace http {

enum class Method : unsigned char { get, head, post, put, del, options, patch, other };

struct Header {
  std::string name;  // as sent
  std::string value;
};

// Names compare without case; order and repetitions are kept.
class Headers {
 public:
  void add(std::string name, std::string value) {
    items_.push_back({std::move(name), std::move(value)});
  }
  void set(std::string_view name, std::string value);  // replaces every one of that name
  // The first of that name, or empty.
  std::string_view operator[](std::string_view name) const;
  bool has(std::string_view name) const;
  const std::vector<Header>& all() const { return items_; }

 private:
  std::vector<Header> items_;
};

// A client's certificate that was verified in the TLS handshake.
struct ClientCertificate {
  std::string fingerprint;  // SHA-256 of its DER form, 64 hexadecimal digits in lower case
  std::string subject;      // as RFC 2253 writes it, UTF-8: "CN=H11,O=UBND tỉnh A"
};

// The head of a request, known before its body.
struct Head {
  Method method = Method::get;
  std::string target;  // as sent
  std::string path;    // percent-decoded, runs of '/' made one, without the query
  std::string query;   // after '?', as sent
  Headers headers;
  std::string remote;  // address of the peer, without the port
  bool tls = false;
  // Only with Server::Options::client_ca_file. Nothing that a header says becomes one.
  std::shared_ptr<const ClientCertificate> client_certificate;
  std::string id;                // of this request: in logs and in the answer's X-Request-Id
  std::int64_t body_bytes = -1;  // Content-Length, or -1 when chunked
  // What stands in the path for each {name} of the route's template, percent-decoded by itself: an
  // escaped '/' is part of the value. Names are the route's.
  std::vector<std::pair<std::string_view, std::string>> parameters;
  // The value for {name}; empty when the route's template has no such name.
  std::string_view parameter(std::string_view name) const;
};

// Takes a body as it comes. Calls are made one at a time, on worker threads.
class BodySink {
 public:
  // Before the handler has had it: the body did not come whole (see Route::keeps_partial_body).
  virtual ~BodySink() = default;
  // An error ends the request: the rest is not read; the handler gets the error.
  virtual base::Result<void> write(base::BytesView chunk) = 0;
};

struct Request : Head {
  base::Bytes body;                // whole, when the route keeps bodies in memory
  std::unique_ptr<BodySink> sink;  // otherwise: what the route opened, all of the body written
};

// Gives a body as it goes out. Calls are made one at a time, on worker threads.
class BodySource {
 public:
  virtual ~BodySource() = default;
  virtual std::uint64_t size() const = 0;  // exact; becomes Content-Length
  // Before the first read(): it begins at `offset`, at most size(), which stays what it was. False:
  // this one begins at its start and nowhere else.
  virtual base::Result<bool> start_at(std::uint64_t /*offset*/) { return false; }
  // Fills `to` with up to `size` bytes; 0 only at the end. An error closes the connection.
  virtual base::Result<std::size_t> read(char* to, std::size_t size) = 0;
};

struct Response {
  int status = 200;
  Headers
      headers;  // Content-Type and what the handler adds; Content-Length, Date come by themselves
  // One of these:
  std::string body;
  std::shared_ptr<const std::string> shared_body;  // one large answer kept for many clients
  std::unique_ptr<BodySource> source;
  std::shared_ptr<Waiter> waiter;    // status and headers come from the answer it gives
  std::shared_ptr<PushSource> push;  // sent in chunks, or until the connection closes (HTTP/1.0)
  int wait_ms = 0;                   // of `waiter`
  // `body` may go out as gzip (compress). Not for an answer that holds a secret beside something
  // that a stranger chose: its size would tell of it.
  bool compressible = false;

  static Response text(int status, std::string_view type, std::string body);
  static Response json(int status, std::string body) {
    return text(status, "application/json", std::move(body));
  }
  // Tells the client not to come again before (Retry-After).
  void retry_after(int seconds) { headers.set("Retry-After", std::to_string(seconds)); }
  // The answer that `waiter` gives once woken, at the latest after `wait_ms`. Holds no worker
  // meanwhile. Beyond Server::Options::waits_max the client is told http.busy.
  static Response later(std::shared_ptr<Waiter> waiter, int wait_ms);
  // A stream of server-sent events (text/event-stream). Beyond Server::Options::streams_max the
  // client is told http.busy.
  static Response events(std::shared_ptr<PushSource> source);
};

}  // namespace http
