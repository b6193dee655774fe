#include "crash/server_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace crash {
namespace {

constexpr std::chrono::seconds kPatience(60);

pid_t spawn(const std::vector<std::string>& command, int output, int errors) {
  std::vector<char*> arguments;
  for (const std::string& argument : command) {
    arguments.push_back(const_cast<char*>(argument.c_str()));
  }
  arguments.push_back(nullptr);
  const pid_t child = ::fork();
  if (child == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // nothing is left running when the test itself is ended
    if (output >= 0) {
      ::dup2(output, STDOUT_FILENO);
    }
    if (errors >= 0) {
      ::dup2(errors, STDERR_FILENO);
    }
    ::execv(arguments[0], arguments.data());
    ::_exit(127);
  }
  return child;
}

}  // namespace

int run_command(const std::vector<std::string>& command) {
  const pid_t child = spawn(command, STDERR_FILENO, -1);
  int status = 0;
  if (child < 0 || ::waitpid(child, &status, 0) != child || !WIFEXITED(status)) {
    return -1;
  }
  return WEXITSTATUS(status);
}

ServerProcess::ServerProcess(std::string truc, std::string site, std::string log)
    : truc_(std::move(truc)), site_(std::move(site)), log_(std::move(log)) {}

ServerProcess::~ServerProcess() { kill(); }

bool ServerProcess::start() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) {
    return false;
  }
  const int log = ::open(log_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  child_ = spawn({truc_, "serve", "-C", site_, "--listen", "127.0.0.1:0"}, ends[1], log);
  ::close(ends[1]);
  ::close(log);
  output_ = ends[0];
  const std::string wanted = "listening on http://127.0.0.1:";
  std::string said;
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (std::chrono::steady_clock::now() < end) {
    pollfd waiting{output_, POLLIN, 0};
    if (::poll(&waiting, 1, 100) <= 0) {
      continue;
    }
    char piece[512];
    const ssize_t got = ::read(output_, piece, sizeof(piece));
    if (got <= 0) {
      break;
    }
    said.append(piece, static_cast<std::size_t>(got));
    const std::size_t at = said.find(wanted);
    if (at != std::string::npos && said.find('\n', at) != std::string::npos) {
      port_ = static_cast<std::uint16_t>(std::atoi(said.c_str() + at + wanted.size()));
      reader_ = std::thread([output = output_] {  // so that the server never waits for a reader
        char ignored[4096];
        while (::read(output, ignored, sizeof(ignored)) > 0) {
        }
      });
      return true;
    }
  }
  std::fprintf(stderr, "truc serve did not start; its log is %s\n", log_.c_str());
  kill();
  return false;
}

void ServerProcess::join_reader() {
  if (reader_.joinable()) {
    reader_.join();
  }
  if (output_ >= 0) {
    ::close(output_);
    output_ = -1;
  }
}

void ServerProcess::kill() {
  port_ = 0;
  if (child_ > 0) {
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
    child_ = -1;
  }
  join_reader();
}

bool ServerProcess::terminate() {
  port_ = 0;
  ::kill(child_, SIGTERM);
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (std::chrono::steady_clock::now() < end) {
    int status = 0;
    if (::waitpid(child_, &status, WNOHANG) == child_) {
      child_ = -1;
      join_reader();
      return WIFEXITED(status) && WEXITSTATUS(status) == 0;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  kill();
  return false;
}

}  // namespace crash
