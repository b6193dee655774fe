// For tests: a remote signing service after the Cloud Signature Consortium's API v2, with one
// credential. It really signs, and only digests that its SAD was given for.
#pragma once
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "http/testing/wire.h"
#include "trust/key.h"

namespace trust::testing {

class CscServer {
 public:
  // Borrows `key`.
  explicit CscServer(SigningKey& key);
  std::string url() const;  // "http://127.0.0.1:PORT/csc/v2"

  // What it expects.
  std::string credential = "cred-1", pin = "2468", user = "van-thu", password = "mật khẩu";
  std::string client_id = "truc", client_secret = "bí mật & khác";
  std::atomic<int> multisign = 50;
  std::atomic<bool> down = false;       // 503 to everything
  std::atomic<bool> lies = false;       // signs another digest
  std::atomic<bool> raw_ecdsa = false;  // r and s side by side
  std::atomic<int> authorisations = 0;  // that were tried
  std::atomic<int> logins = 0;
  void forget_tokens();  // every access token has run out

 private:
  std::vector<http::Route> routes();
  http::Response login(const http::Request& request);
  http::Response oauth(const http::Request& request);
  http::Response info(const http::Request& request);
  http::Response authorize(const http::Request& request);
  http::Response sign(const http::Request& request);
  bool known(const http::Request& request);
  http::Response new_token();

  SigningKey& key_;
  std::mutex mutex_;
  int next_ = 1;
  std::set<std::string> tokens_;
  std::map<std::string, std::vector<std::string>> authorised_;  // SAD → its hashes
  http::testing::RunningServer server_;
};

}  // namespace trust::testing
