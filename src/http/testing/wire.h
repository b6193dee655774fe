// For tests: a server that runs with short time-outs, and a bare socket that sends whatever a test
// likes, right or wrong.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/metrics.h"
#include "base/random.h"
#include "http/server.h"

namespace http::testing {

// A TCP connection to 127.0.0.1; every wait is bounded.
class Wire {
 public:
  explicit Wire(std::uint16_t port);
  ~Wire();
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  bool connected() const { return socket_ >= 0; }
  // False when the server no longer takes it.
  bool send(std::string_view bytes);
  void finish_sending();
  struct Answer {
    int status = 0;  // 0: the connection closed or nothing came in time
    std::string head;
    std::string body;
    std::string header(std::string_view name) const;
  };
  // One answer with Content-Length; `has_body` is false after HEAD.
  Answer receive(int timeout_ms = 5000, bool has_body = true);
  // What comes up to and with `mark`; empty when it does not come in time.
  std::string until(std::string_view mark, int timeout_ms = 5000);
  // True when the server closes (or has reset) the connection in time.
  bool closes(int timeout_ms = 5000);
  // True when nothing comes and the connection stays for that long.
  bool stays_quiet(int for_ms);

 private:
  // False at the end or when the time is over.
  bool read_more(std::int64_t deadline_ms);
  int socket_ = -1;
  std::string in_;
};

// A server on a free port of 127.0.0.1 with metrics of its own. Stops with the object.
struct RunningServer {
  explicit RunningServer(std::vector<Route> routes, Server::Options options = quick());
  static Server::Options quick();  // two workers, short time-outs
  std::uint64_t refused(std::string_view reason);

  Router router;
  base::Metrics metrics;
  base::SystemRandom random;
  std::unique_ptr<Server> server;
  std::uint16_t port = 0;
};

// "POST /path HTTP/1.1" with Host, Content-Length and the body.
std::string post(std::string_view path, std::string_view body, std::string_view more_headers = "");
std::string get(std::string_view path, std::string_view more_headers = "");

// Waits until it holds, at most so long.
bool eventually(const std::function<bool()>& holds, int timeout_ms = 5000);
// Raises the limit of open files as far as `wanted` and gives what it is now.
std::size_t allow_sockets(std::size_t wanted);

std::int64_t resident_bytes();  // of this process, now

}  // namespace http::testing
