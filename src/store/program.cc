#include "store/program.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

#include "base/text.h"

namespace store {
namespace {

constexpr std::size_t kOutputMax = 2000;

base::Error program_error(const std::string& program, std::string_view said) {
  return base::Error(base::Code::unavailable, "store.program_failed",
                     program + " failed: " + std::string(base::trim(said)),
                     "Chương trình " + program + " báo lỗi");
}

std::vector<std::string> environment(
    const std::vector<std::pair<std::string, std::string>>& settings) {
  std::vector<std::string> lines;
  for (char** line = environ; *line != nullptr; ++line) {
    const std::string_view name = std::string_view(*line).substr(0, std::strcspn(*line, "="));
    const bool ours = std::any_of(settings.begin(), settings.end(),
                                  [&](const auto& setting) { return setting.first == name; });
    if (!ours) lines.emplace_back(*line);
  }
  for (const auto& [name, value] : settings) lines.push_back(name + "=" + value);
  return lines;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (std::string& text : texts) all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

std::string read_all(int from) {
  std::string text;
  std::array<char, 512> piece{};
  while (true) {
    const ssize_t got = ::read(from, piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return text;
    if (text.size() < kOutputMax) text.append(piece.data(), static_cast<std::size_t>(got));
  }
}

}  // namespace

base::Result<void> run_program(const std::vector<std::string>& arguments,
                               const std::vector<std::pair<std::string, std::string>>& settings) {
  std::vector<std::string> words = arguments;
  std::vector<std::string> lines = environment(settings);
  std::vector<char*> argv = pointers(words);
  std::vector<char*> envp = pointers(lines);
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0)
    return program_error(arguments[0], std::strerror(errno));
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 2);
  pid_t child = 0;
  const int failed = ::posix_spawnp(&child, argv[0], &actions, nullptr, argv.data(), envp.data());
  posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  const std::string said = failed == 0 ? read_all(ends[0]) : std::strerror(failed);
  ::close(ends[0]);
  if (failed != 0) return program_error(arguments[0], said);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return program_error(arguments[0], std::strerror(errno));
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) return program_error(arguments[0], said);
  return base::done();
}

}  // namespace store
