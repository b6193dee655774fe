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
    // An IP address that the caller has found and judged (addresses_of, is_public): connects to it
    // and to no other, and looks up no name; `url.host` is what Host, SNI and the certificate's
    // check go by. Empty: what the name leads to.
    std::string address;
    std::string certificate_file, key_file;  // PEM, for servers that ask for one; or empty
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
    // Where the answer's body goes, as soon as a part of it is here; an error ends the exchange
    // with it. Without one: into Response::body. With one, the answer may have no end (a stream of
    // events): `idle_timeout_ms` is then the time between two parts.
    BodySink* sink = nullptr;
    std::uint64_t answer_bytes_max = 64u << 20;  // for bodies kept in memory
    // base::monotonic_micros() at which to give up (http.timed_out), even on a server that keeps
    // trickling; 0: never.
    std::int64_t deadline_micros = 0;
    // Called now and then with bytes done and total (0 when unknown), sending or receiving.
    std::function<void(bool sending, std::uint64_t done, std::uint64_t total)> progress = nullptr;
    // Called with status and headers before any of the body; an error ends the exchange with it.
    std::function<base::Result<void>(const Response&)> head = nullptr;
  };

  static std::unique_ptr<Client> create(Options options);
  virtual ~Client() = default;
  // Sends and waits for the answer, whatever it is: a redirect is not followed. A kept connection
  // that turns out closed before any byte of the answer is opened again once. Errors:
  // http.connect_failed, http.address_refused (forbidden: not public), http.timed_out,
  // http.broken_off (Code::unavailable), http.certificate_refused, http.answer_malformed,
  // http.answer_too_large.
  virtual base::Result<Response> exchange(const Exchange& what) = 0;
};

}  // namespace http
