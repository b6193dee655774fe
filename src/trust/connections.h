// A few kept connections to one service, for callers on any thread.
#pragma once
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/result.h"
#include "http/client.h"

namespace trust {

class Connections {
 public:
  // `address` as http::Url wants it; a bad one fails with each exchange.
  Connections(const std::string& address, std::string trust_file, int timeout_ms);
  // One exchange over a kept or a new connection, within `timeout_ms` as a whole. Errors:
  // http::Client's.
  base::Result<http::Response> exchange(http::Client::Exchange what, int timeout_ms);
  void close();  // the kept ones

 private:
  std::unique_ptr<http::Client> take();
  const base::Result<http::Url> url_;
  const std::string trust_file_;
  const int timeout_ms_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<http::Client>> idle_;
};

}  // namespace trust
