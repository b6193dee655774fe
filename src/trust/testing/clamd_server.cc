#include "trust/testing/clamd_server.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "base/hash.h"
#include "base/time.h"
#include "trust/scan/scanner.h"

namespace trust::testing {

ClamdServer::ClamdServer(std::string directory, const std::string& marker, const std::string& name,
                         int stream_mib_max)
    : directory_(std::move(directory)), socket_(directory_ + "/clamd.sock") {
  std::filesystem::create_directories(directory_ + "/db");
  // Extended signatures: name, any file, anywhere, the bytes.
  std::ofstream(directory_ + "/db/test.ndb") << name << ":0:*:" << base::hex(marker) << "\n";
  std::ofstream(directory_ + "/clamd.conf")
      << "LocalSocket " << socket_ << "\nDatabaseDirectory " << directory_
      << "/db\nForeground yes\n"
      << "LogFile " << directory_ << "/clamd.log\nStreamMaxLength " << stream_mib_max << "M\n"
      << "User root\nConcurrentDatabaseReload no\nMaxThreads 2\n";
  pid_ = ::fork();
  if (pid_ == 0) {
    const int quiet = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    ::dup2(quiet, 0);
    ::dup2(quiet, 1);
    ::dup2(quiet, 2);
    const std::string config = "--config-file=" + directory_ + "/clamd.conf";
    ::execl("/usr/sbin/clamd", "clamd", config.c_str(), nullptr);
    ::_exit(127);
  }
  const auto scanner = clamd_scanner(socket_);
  for (int i = 0; i < 200; ++i) {
    if (::waitpid(pid_, nullptr, WNOHANG) != 0) break;
    if (std::filesystem::exists(socket_) &&
        scanner->scan(*memory_source("hello"), base::monotonic_micros() + 1'000'000).outcome ==
            Scan::Outcome::clean) {
      return;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  stop();
}

ClamdServer::~ClamdServer() { stop(); }

void ClamdServer::stop() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

void ClamdServer::pause(bool paused) const { ::kill(pid_, paused ? SIGSTOP : SIGCONT); }

}  // namespace trust::testing
