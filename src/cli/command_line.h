// The options of every command: what main.cc declares, by noun in command_line*.cc. Each command's
// work is in its own file.
#pragma once
#include <CLI/CLI.hpp>
#include <string>

#include "cli/commands.h"

namespace cli {

// The words of --help in the person's language.
class Words {
 public:
  explicit Words(base::Language language) : english_(language == base::Language::english) {}
  std::string operator()(const char* vi, const char* en) const { return english_ ? en : vi; }

 private:
  bool english_;
};

struct Shared {
  std::string language;
  bool json = false;
  cli::Terminal terminal() const { return cli::Terminal(language, json); }
};

class CommandLine {
 public:
  CommandLine(CLI::App& app, Shared& shared, Words words)
      : app_(app), shared_(shared), words_(words) {}

  void declare();
  int exit_code() const { return exit_code_; }

 private:
  CLI::App* add(CLI::App& parent, const char* name, const std::string& help) {
    CLI::App* made = parent.add_subcommand(name, help);
    made->add_flag("--json", shared_.json,
                   words_("in kết quả dạng JSON", "print the result as JSON"));
    made->add_option("--lang", shared_.language, words_("vi hoặc en", "vi or en"));
    return made;
  }
  void site_option(CLI::App* command, std::string& site, bool required = true) {
    auto* option = command->add_option("-C,--site", site,
                                       words_("thư mục của máy chủ", "the site's directory"));
    if (required) option->required();
  }
  void client_options(CLI::App* command) {
    site_option(command, client_.site, false);
    command->add_option("--url", client_.url, words_("địa chỉ máy chủ", "address of the server"));
    command->add_option("--system", client_.system,
                        words_("mã hệ thống", "id of the connected system"));
    command->add_option("--secret-file", client_.secret_file,
                        words_("tệp chứa khóa bí mật", "file with its secret"));
    command->add_option("--trust", client_.trust_file,
                        words_("chứng thư gốc bổ sung (PEM)", "extra authorities (PEM)"));
  }
  template <class Work>
  void runs(CLI::App* command, Work work) {
    command->callback([this, work] { exit_code_ = work(shared_.terminal()); });
  }
  void declare_site();
  void declare_directory();
  void declare_people();
  void declare_credentials();
  void declare_client();
  void declare_files();
  void declare_operation();
  void declare_trust();
  void declare_calendar();
  void declare_search();
  void declare_insight();
  void declare_evidence();
  void declare_keys();
  void declare_certificates();
  void declare_sign();
  void declare_demo();
  void declare_agent();

  CLI::App& app_;
  Shared& shared_;
  const Words words_;
  int exit_code_ = 0;
  std::string site_, file_, id_, output_, word_, from_;
  bool statuses_ = false, quick_ = false;
  ClientOptions client_;
  ServeOptions serve_;
  SystemAddOptions system_;
  CredentialOptions credential_;
  PersonOptions person_;
  StatusOptions status_;
  RecallOptions recall_;
  PolicyOptions policy_;
  int year_ = 0, count_ = 100;
  bool csv_ = false;
  SignOptions sign_;
  KeyOptions key_;
  CertificateOptions certificate_;
  EvidenceOptions evidence_;
  LogMonitorOptions monitor_;
  LogResumeOptions resume_;
  DemoOptions demo_;
  DemoIssueOptions issue_;
  AgentOptions agent_;
  VerifyFileOptions verify_;
  InsightOptions insight_;
};

}  // namespace cli
