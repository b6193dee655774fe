#include "cli/command_line.h"

namespace cli {

void CommandLine::declare_agent() {
  CLI::App* agent = add(app_, "agent",
                        words_("gửi và nhận văn bản qua một thư mục, cho phần mềm chỉ đọc ghi tệp",
                               "send and receive through a directory, for software that can only "
                               "read and write files"));
  agent->add_option("directory", agent_.directory,
                    words_("thư mục, tạo bằng truc agent init", "made with truc agent init"));
  agent->add_flag("--once", agent_.once,
                  words_("làm một lượt rồi kết thúc (cho cron)", "do everything once and end"));
  CLI::App* init = add(*agent, "init", words_("tạo thư mục", "make the directory"));
  init->add_option("directory", agent_.directory, words_("thư mục", "directory"))->required();
  init->add_option("--url", agent_.url, words_("địa chỉ máy chủ", "address of the server"))
      ->required();
  init->add_option("--api-key-file", agent_.api_key_file,
                   words_("tệp chứa khóa API", "file with an API key"));
  init->add_option("--client-id", agent_.client_id,
                   words_("thay cho khóa API: mã hệ thống", "instead: the id of the system"));
  init->add_option("--client-secret-file", agent_.client_secret_file,
                   words_("tệp chứa khóa bí mật của mã đó", "file with its secret"));
  init->add_option("--organisation", agent_.organisations,
                   words_("mã cơ quan được làm thay (lặp lại được)",
                          "code of an organisation that it acts for (repeatable)"));
  init->add_option("--trust", agent_.trust_file,
                   words_("chứng thư gốc bổ sung (PEM)", "extra authorities (PEM)"));
  runs(init, [this](const Terminal& t) { return cli::agent_init(t, agent_); });
  agent->callback([this, agent] {
    if (agent->get_subcommands().empty()) exit_code_ = cli::agent_run(shared_.terminal(), agent_);
  });
}

}  // namespace cli
