// A real clamd (Debian's clamav-daemon) for a test, with a signature database that the test writes.
#pragma once
#include <sys/types.h>

#include <string>

namespace trust::testing {

class ClamdServer {
 public:
  // Starts clamd in `directory`; it finds files that contain `marker` and calls them `name`.
  // Streams longer than `stream_mib_max` are refused. Answers once this returns; false from
  // running() says that it did not start.
  ClamdServer(std::string directory, const std::string& marker, const std::string& name,
              int stream_mib_max = 4);
  ~ClamdServer();
  ClamdServer(const ClamdServer&) = delete;
  ClamdServer& operator=(const ClamdServer&) = delete;
  bool running() const { return pid_ > 0; }
  const std::string& socket() const { return socket_; }
  void stop();                    // as if it crashed
  void pause(bool paused) const;  // as if it hung

 private:
  const std::string directory_, socket_;
  pid_t pid_ = -1;
};

}  // namespace trust::testing
