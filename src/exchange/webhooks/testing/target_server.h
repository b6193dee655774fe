// A small HTTP target for tests of webhooks, which behaves as badly as it is told.
#pragma once
#include <atomic>
#include <cstdint>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace exchange::testing {

class TargetServer {
 public:
  enum class Way { take, error, redirect, hang, close, flood, trickle };
  struct Got {
    std::string head, path, body;
    bool taken = false;
    std::string header(const std::string& name) const;
  };
  TargetServer();
  ~TargetServer();
  TargetServer(const TargetServer&) = delete;
  TargetServer& operator=(const TargetServer&) = delete;

  void behave(Way way, std::string location = "");
  std::uint16_t port() const { return port_; }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/hook"; }
  std::vector<Got> received() const;
  std::size_t count() const { return received().size(); }
  std::size_t taken() const;
  std::set<std::string> subjects() const;  // webhook-ids of what was taken

 private:
  void accept();
  void answer(int socket);
  int listener_ = -1;
  std::uint16_t port_ = 0;
  mutable std::mutex mutex_;
  Way way_ = Way::take;
  std::string location_;
  std::vector<Got> received_;
  std::atomic<bool> stop_ = false;
  std::vector<std::thread> threads_;
  std::thread thread_;
};

}  // namespace exchange::testing
