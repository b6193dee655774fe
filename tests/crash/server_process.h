// The server under test as a child process: started on a site, killed, started again.
#pragma once
#include <sys/types.h>

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

namespace crash {

// Runs a command to its end; its exit status, -1 when it could not be started or was killed.
int run_command(const std::vector<std::string>& command);

class ServerProcess {
 public:
  ServerProcess(std::string truc, std::string site, std::string log);
  ~ServerProcess();
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  // Returns once the server said where it listens; false when it ended or stayed silent instead.
  bool start();
  void kill();       // SIGKILL, and waits for the end
  bool terminate();  // SIGTERM; whether it ended by itself with status 0 in time
  // 0 while there is no server.
  std::uint16_t port() const { return port_; }

 private:
  void join_reader();

  std::string truc_;
  std::string site_;
  std::string log_;
  pid_t child_ = -1;
  int output_ = -1;
  std::thread reader_;
  std::atomic<std::uint16_t> port_{0};
};

}  // namespace crash
