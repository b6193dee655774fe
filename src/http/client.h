// A blocking HTTP/1.1 client over TLS or plain TCP; keeps its connection. One thread at a time.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "http/message.h"

namespace http {

struct Url {
  bool tls = false;
  std::string host;
  std::uint16_t port = 80;
  std::string path;  // with a leading '/', without a trailing one; may be empty
  static base::Result<Url> parse(std::string_view text);  // http.bad_url
};

class Client {
 public:
  struct Options {
    Url url;
    std::string trust_file;  // PEM with extra authorities; empty: the machine's
    int connect_timeout_ms = 10000;
    int idle_timeout_ms = 60000;  // without any progress
    // Connects to nobody on this machine or in a private network, whatever names lead there: for
    // addresses that others have chosen.
    bool public_only = false;
  };
  struct Exchange {
    Method method = Method::get;
    std::string path;  // appended to the URL's
    Headers headers;
    base::BytesView body;          // either this
    BodySource* source = nullptr;  // or this
    BodySink* sink = nullptr;      // where the answer's body goes; without one: into Response::body
    std::uint64_t answer_bytes_max = 64u << 20;  // for bodies kept in memory
    // base::monotonic_micros() at which to give up (http.timed_out), even on a server that keeps
    // trickling; 0: never.
    std::int64_t deadline_micros = 0;
    // Called now and then with bytes done and total (0 when unknown), sending or receiving.
    std::function<void(bool sending, std::uint64_t done, std::uint64_t total)> progress = nullptr;
  };

  static std::unique_ptr<Client> create(Options options);
  virtual ~Client() = default;
  // Sends and waits for the answer. A kept connection that turns out closed before any byte of the
  // answer is opened again once. Errors: http.connect_failed, http.address_refused
  // (forbidden: not public), http.timed_out, http.broken_off
  // (Code::unavailable), http.certificate_refused, http.answer_malformed, http.answer_too_large.
  virtual base::Result<Response> exchange(const Exchange& what) = 0;
};

}  // namespace http
