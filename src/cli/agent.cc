// The agent of a directory, from the command line.
#include "agent/agent.h"

#include <csignal>
#include <filesystem>

#include "cli/commands.h"

namespace cli {
namespace {

std::atomic<bool> stopping{false};

// The second signal ends the process at once; that harms nothing.
void stop_on_signals() {
  struct sigaction action {};
  action.sa_handler = [](int) { stopping = true; };
  action.sa_flags = SA_RESETHAND;
  for (const int signal : {SIGTERM, SIGINT}) sigaction(signal, &action, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);  // a limit of file sizes is an error like a full disk
}

// In agent.toml names start at the directory; here, where the command was given.
std::string absolute(const std::string& path) {
  return path.empty() ? path : std::filesystem::absolute(path).lexically_normal().string();
}

int give_sum(const Terminal& terminal, const agent::Agent::Sum& sum) {
  base::Json json;
  json.add("sent", sum.sent).add("received", sum.received).add("reported", sum.reported);
  json.add("failed", sum.failed).add("waiting", sum.waiting);
  const auto text = [](int count) { return std::to_string(count); };
  base::Text said{"Đã gửi " + text(sum.sent) + ", đã nhận " + text(sum.received) +
                      ", đã báo trạng thái " + text(sum.reported) + ", bị từ chối " +
                      text(sum.failed) + ", còn chờ " + text(sum.waiting) + ".",
                  "Sent " + text(sum.sent) + ", received " + text(sum.received) + ", reported " +
                      text(sum.reported) + ", refused " + text(sum.failed) + ", waiting " +
                      text(sum.waiting) + "."};
  if (sum.failed + sum.waiting > 0) {
    said.vi += "\nLý do: trong các tệp .error.json và .waiting.json, và trên nhật ký ở stderr.";
    said.en += "\nWhy: in the files .error.json and .waiting.json, and in the log on stderr.";
  }
  terminal.answer(said, json);
  return sum.failed == 0 && sum.waiting == 0 ? 0 : 1;
}

}  // namespace

int agent_init(const Terminal& terminal, const AgentOptions& options) {
  agent::NewDirectory wanted{
      options.url,       absolute(options.trust_file),         absolute(options.api_key_file),
      options.client_id, absolute(options.client_secret_file), options.organisations};
  const auto made = agent::make_directory(base::real_files(), options.directory, wanted);
  if (!made) return terminal.fail(made.error());
  base::Json json;
  json.add("directory", options.directory);
  terminal.answer(
      {"Đã tạo " + options.directory + ". Xem lại agent.toml, rồi chạy: truc agent " +
           options.directory,
       "Made " + options.directory + ". Look at agent.toml, then: truc agent " + options.directory},
      json);
  return 0;
}

int agent_run(const Terminal& terminal, const AgentOptions& options) {
  if (options.directory.empty()) {
    terminal.fail(base::Error(base::Code::invalid, "cli.no_directory",
                              "name the directory: truc agent DIR",
                              "hãy nêu thư mục: truc agent THƯ_MỤC"));
    return 2;
  }
  stop_on_signals();
  base::SystemClock clock;
  const auto agent = agent::Agent::open(base::real_files(), options.directory, clock, stopping);
  if (!agent) {
    if (agent.error().reason() != "base.file_locked") return terminal.fail(agent.error());
    return terminal.fail(base::Error(
        base::Code::conflict, "cli.agent_runs",
        "another agent works in " + options.directory + "; stop it first",
        "một chương trình khác đang làm việc trong " + options.directory + "; hãy dừng nó trước"));
  }
  if (options.once) {
    const auto sum = (*agent)->once();
    return sum ? give_sum(terminal, *sum) : terminal.fail(sum.error());
  }
  terminal.say({"Đang làm việc trong " + options.directory + " với " + (*agent)->settings().url,
                "At work in " + options.directory + " with " + (*agent)->settings().url});
  (*agent)->run();
  return 0;
}

}  // namespace cli
