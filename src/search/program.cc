#include "search/program.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <optional>

#include "base/text.h"
#include "base/time.h"

namespace search {
namespace {

constexpr std::string_view kPath = "/usr/local/bin:/usr/bin:/bin";

base::Error failed(const std::string& program, const std::string& how) {
  return base::Error(base::Code::unavailable, "search.program_failed", program + " " + how,
                     "Chương trình " + program + " không xử lý được tệp (" + how + ")");
}

void limit(__rlimit_resource what, std::uint64_t most) {
  const rlimit both{most, most};
  ::setrlimit(what, &both);
}

// In the child of a process with threads: system calls only.
[[noreturn]] void become(const char* program, char* const* argv, char* const* envp, int output,
                         const ProgramLimits& limits, pid_t parent) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(127);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  limit(RLIMIT_AS, limits.memory_bytes);
  limit(RLIMIT_CPU, static_cast<std::uint64_t>(limits.time.count() / 1000 + 1));
  limit(RLIMIT_FSIZE, limits.file_bytes);
  limit(RLIMIT_CORE, 0);
  ::setpriority(PRIO_PROCESS, 0, 10);
  const int nothing = ::open("/dev/null", O_RDWR);
  ::dup2(nothing, 0);
  ::dup2(output, 1);
  ::dup2(nothing, 2);
  ::close_range(3, ~0U, 0);
  ::execve(program, argv, envp);
  ::_exit(127);
}

// Reads until the end, the limit or the time is up; false when the time was.
bool read_output(int from, const ProgramLimits& limits, std::string& output) {
  const std::int64_t end = base::monotonic_micros() + limits.time.count() * 1000;
  std::array<char, 16384> piece{};
  while (output.size() < limits.output_bytes) {
    const std::int64_t left = end - base::monotonic_micros();
    if (left <= 0) return false;
    pollfd waiting{from, POLLIN, 0};
    const int ready = ::poll(&waiting, 1, static_cast<int>(left / 1000 + 1));
    if (ready < 0 && errno != EINTR) return true;
    if (ready <= 0) continue;
    const ssize_t got = ::read(from, piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return true;
    output.append(piece.data(), static_cast<std::size_t>(got));
  }
  output.resize(limits.output_bytes);
  return true;
}

// Waits for the end of a child whose output has ended; nothing when that takes too long.
std::optional<int> wait_for(pid_t child, std::int64_t micros) {
  const std::int64_t end = base::monotonic_micros() + micros;
  int status = 0;
  for (;;) {
    const pid_t done = ::waitpid(child, &status, WNOHANG);
    if (done == child) return status;
    if (done < 0 && errno != EINTR) return std::nullopt;
    if (base::monotonic_micros() > end) return std::nullopt;
    ::usleep(2000);
  }
}

}  // namespace

std::string find_program(const std::string& name) {
  if (name.find('/') != std::string::npos) return name;
  for (const std::string_view directory : base::split(kPath, ':')) {
    const std::string path = std::string(directory) + "/" + name;
    if (::access(path.c_str(), X_OK) == 0) return path;
  }
  return {};
}

base::Result<std::string> run_limited(const std::vector<std::string>& arguments,
                                      const ProgramLimits& limits) {
  const std::string& name = arguments.at(0);
  const std::string program = find_program(name);
  if (program.empty()) {
    return base::Error(base::Code::unavailable, "search.program_missing",
                       "the program " + name + " is not installed",
                       "Máy chưa cài chương trình " + name);
  }
  std::vector<std::string> words = arguments;
  std::vector<std::string> lines = {"PATH=" + std::string(kPath), "LC_ALL=C.UTF-8",
                                    "OMP_THREAD_LIMIT=1"};
  std::vector<char*> argv, envp;
  for (std::string& word : words) argv.push_back(word.data());
  for (std::string& line : lines) envp.push_back(line.data());
  argv.push_back(nullptr);
  envp.push_back(nullptr);
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return failed(name, "cannot be started");
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child == 0) become(program.c_str(), argv.data(), envp.data(), ends[1], limits, parent);
  ::close(ends[1]);
  if (child < 0) {
    ::close(ends[0]);
    return failed(name, "cannot be started");
  }
  std::string output;
  const bool in_time = read_output(ends[0], limits, output);
  ::close(ends[0]);
  const bool cut = output.size() == limits.output_bytes;
  std::optional<int> status;
  if (in_time && !cut) status = wait_for(child, 1'000'000);
  if (!status) {
    ::kill(-child, SIGKILL);
    ::kill(child, SIGKILL);
    int ignored = 0;
    while (::waitpid(child, &ignored, 0) < 0 && errno == EINTR) {
    }
  }
  if (cut) return output;
  if (!status)
    return failed(name, "took longer than " + std::to_string(limits.time.count()) + " ms");
  if (WIFSIGNALED(*status))
    return failed(name, "was ended by signal " + std::to_string(WTERMSIG(*status)));
  if (WEXITSTATUS(*status) != 0 && output.empty()) return failed(name, "cannot read the file");
  return output;
}

}  // namespace search
