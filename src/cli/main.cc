// truc: the command line. Every option is declared here; each command's work is in its own file.
#include <sys/stat.h>

#include <CLI/CLI.hpp>
#include <cstdlib>

#include "cli/commands.h"

namespace {

// The words of --help in the person's language.
class Words {
 public:
  explicit Words(base::Language language) : english_(language == base::Language::english) {}
  std::string operator()(const char* vi, const char* en) const { return english_ ? en : vi; }

 private:
  bool english_;
};

// --lang is looked for before parsing, since the help itself is in that language.
std::string language_flag(int argc, char** argv) {
  for (int i = 1; i + 1 < argc; ++i) {
    if (std::string(argv[i]) == "--lang") return argv[i + 1];
  }
  for (int i = 1; i < argc; ++i) {
    if (std::string(argv[i]).rfind("--lang=", 0) == 0) return std::string(argv[i]).substr(7);
  }
  return {};
}

struct Shared {
  std::string language;
  bool json = false;
  cli::Terminal terminal() const { return cli::Terminal(language, json); }
};

class Commands {
 public:
  Commands(CLI::App& app, Shared& shared, Words words)
      : app_(app), shared_(shared), words_(words) {}

  void declare() {
    declare_site();
    declare_directory();
    declare_client();
    declare_files();
    declare_trust();
    declare_operation();
  }
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

  void declare_site() {
    CLI::App* init = add(app_, "init", words_("tạo một máy chủ mới", "create a site"));
    init->add_option("directory", site_, words_("thư mục", "directory"))->required();
    runs(init, [this](const cli::Terminal& t) { return cli::init(t, site_); });
    CLI::App* serve = add(app_, "serve", words_("chạy trục", "run the exchange"));
    site_option(serve, serve_.site);
    serve->add_option(
        "--listen", serve_.listen,
        words_("MÁY:CỔNG (mặc định theo truc.toml)", "HOST:PORT (default: truc.toml)"));
    runs(serve, [this](const cli::Terminal& t) { return cli::serve(t, serve_); });
  }

  void declare_directory() {
    CLI::App* organisation =
        app_.add_subcommand("organisation", words_("các cơ quan", "organisations"));
    organisation->require_subcommand(1);
    CLI::App* import =
        add(*organisation, "import", words_("nhập từ tệp CSV", "import from a CSV file"));
    site_option(import, site_);
    import
        ->add_option("file", file_,
                     "CSV: code,name,parent,old_code,mail,effective_from,effective_to,successor")
        ->required();
    runs(import,
         [this](const cli::Terminal& t) { return cli::organisation_import(t, site_, file_); });
    CLI::App* list = add(*organisation, "list", words_("liệt kê", "list them"));
    site_option(list, site_);
    runs(list, [this](const cli::Terminal& t) { return cli::organisation_list(t, site_); });

    CLI::App* system =
        app_.add_subcommand("system", words_("các hệ thống kết nối", "connected systems"));
    system->require_subcommand(1);
    CLI::App* add_system =
        add(*system, "add",
            words_("kết nối một hệ thống, đổi khóa hoặc giao thêm cơ quan cho nó",
                   "connect a system, change its secret, or give it more organisations"));
    site_option(add_system, system_.site);
    add_system->add_option("id", system_.id, words_("mã, ví dụ 00.53.W00", "id, like 00.53.W00"))
        ->required();
    add_system->add_option("--secret-file", system_.secret_file,
                           words_("tệp chứa khóa bí mật (bắt buộc với hệ thống mới)",
                                  "file with the secret (needed for a new system)"));
    add_system->add_option("--organisation", system_.organisations,
                           words_("mã cơ quan được phục vụ (lặp lại được)",
                                  "code of an organisation that it serves (repeatable)"));
    add_system->add_option("--organisations-file", system_.organisations_file,
                           words_("tệp, mỗi dòng một mã cơ quan", "file, one code a line"));
    runs(add_system, [this](const cli::Terminal& t) { return cli::system_add(t, system_); });
    CLI::App* systems = add(*system, "list", words_("liệt kê", "list them"));
    site_option(systems, site_);
    runs(systems, [this](const cli::Terminal& t) { return cli::system_list(t, site_); });
    for (const bool enable : {false, true}) {
      CLI::App* able = add(*system, enable ? "enable" : "disable",
                           enable ? words_("cho hệ thống đã khóa hoạt động trở lại",
                                           "let a disabled system in again")
                                  : words_("khóa hệ thống", "shut a system out"));
      site_option(able, system_.site);
      able->add_option("id", system_.id, words_("mã hệ thống", "system id"))->required();
      if (enable) {
        able->add_option("--secret-file", system_.secret_file,
                         words_("tệp chứa khóa bí mật mới, thay khóa cũ",
                                "file with a new secret, in place of the old one"));
      }
      runs(able, [this, enable](const cli::Terminal& t) {
        return cli::system_enable(t, system_, enable);
      });
    }
  }

  void declare_client() {
    CLI::App* send = add(app_, "send", words_("gửi một tệp edXML", "send an edXML file"));
    client_options(send);
    send->add_option("file", file_, "FILE.edxml")->required();
    send->add_option(
        "--from", from_,
        words_("mã cơ quan gửi (mặc định theo tệp)", "sender's code (default: the file's)"));
    runs(send, [this](const cli::Terminal& t) { return cli::send(t, client_, file_, from_); });
    CLI::App* inbox = add(app_, "inbox", words_("văn bản chờ nhận", "what waits to be fetched"));
    client_options(inbox);
    inbox->add_flag(
        "--status", statuses_,
        words_("bản tin trạng thái thay vì văn bản", "status messages instead of documents"));
    runs(inbox, [this](const cli::Terminal& t) { return cli::inbox(t, client_, statuses_); });
    CLI::App* fetch = add(app_, "fetch", words_("lấy một văn bản về", "fetch a document"));
    client_options(fetch);
    fetch->add_option("id", id_, words_("mã", "id"))->required();
    fetch->add_option("-o,--output", output_,
                      words_("tệp đích (mặc định MÃ.edxml)", "target file (default ID.edxml)"));
    runs(fetch, [this](const cli::Terminal& t) { return cli::fetch(t, client_, id_, output_); });
    CLI::App* acknowledge = add(
        app_, "acknowledge",
        words_("xác nhận đã nhận (done) hoặc không nhận được (fail)", "acknowledge: done or fail"));
    client_options(acknowledge);
    acknowledge->add_option("id", id_, words_("mã", "id"))->required();
    acknowledge->add_option("word", word_, "done | fail")
        ->required()
        ->check(CLI::IsMember({"done", "fail"}));
    runs(acknowledge,
         [this](const cli::Terminal& t) { return cli::acknowledge(t, client_, id_, word_); });
    CLI::App* status =
        add(app_, "status",
            words_("báo trạng thái xử lý (01–06, 15, 16)", "report a status (01–06, 15, 16)"));
    client_options(status);
    status->add_option("id", status_.id, words_("mã", "id"))->required();
    status->add_option("code", status_.code, "01 02 03 04 05 06 15 16")->required();
    status->add_option("--reason", status_.reason, words_("nội dung, lý do", "text, reason"));
    status->add_option("--from", status_.from,
                       words_("mã cơ quan báo, khi có nhiều nơi nhận",
                              "who reports, when there are several recipients"));
    runs(status, [this](const cli::Terminal& t) { return cli::status(t, client_, status_); });
    CLI::App* recall =
        add(app_, "recall", words_("lấy lại văn bản đã gửi", "take a sent document back"));
    client_options(recall);
    recall->add_option("id", recall_.id, words_("mã văn bản đã gửi", "id of the sent document"))
        ->required();
    recall->add_option("--reason", recall_.reason, words_("lý do", "reason"))->required();
    recall->add_option(
        "--to", recall_.to,
        words_("chỉ từ nơi nhận này (lặp lại được)", "only from this recipient (repeatable)"));
    runs(recall, [this](const cli::Terminal& t) { return cli::recall(t, client_, recall_); });
    CLI::App* track =
        add(app_, "track", words_("văn bản đã gửi đang ở đâu", "where a sent document is"));
    client_options(track);
    track->add_option("id", id_, words_("mã văn bản đã gửi", "id of the sent document"))
        ->required();
    runs(track, [this](const cli::Terminal& t) { return cli::track(t, client_, id_); });
  }

  void declare_files() {
    CLI::App* edxml = app_.add_subcommand("edxml", words_("tệp edXML", "edXML files"));
    edxml->require_subcommand(1);
    CLI::App* check = add(*edxml, "check", words_("kiểm tra và giải thích", "check and explain"));
    check->add_option("file", file_, "FILE.edxml")->required();
    runs(check, [this](const cli::Terminal& t) { return cli::edxml_check(t, file_); });
    CLI::App* pack = add(*edxml, "pack",
                         words_("đóng gói thư mục có document.json thành edXML",
                                "make edXML from a directory with document.json"));
    pack->add_option("directory", site_, words_("thư mục", "directory"))->required();
    pack->add_option("-o,--output", output_, words_("tệp đích", "target file"))->required();
    runs(pack, [this](const cli::Terminal& t) { return cli::edxml_pack(t, site_, output_); });
    CLI::App* unpack =
        add(*edxml, "unpack", words_("mở tệp edXML ra thư mục", "take an edXML file apart"));
    unpack->add_option("file", file_, "FILE.edxml")->required();
    unpack->add_option("directory", site_, words_("thư mục đích", "target directory"))->required();
    runs(unpack, [this](const cli::Terminal& t) { return cli::edxml_unpack(t, file_, site_); });
  }

  void declare_operation() {
    CLI::App* doctor =
        add(app_, "doctor",
            words_("khám máy chủ và nói cách chữa", "look the site over and say what to mend"));
    site_option(doctor, site_);
    runs(doctor, [this](const cli::Terminal& t) { return cli::doctor(t, site_); });
    CLI::App* backup =
        add(app_, "backup", words_("sao lưu trong khi đang chạy", "back up, while serving"));
    site_option(backup, site_);
    backup
        ->add_option("directory", output_,
                     words_("thư mục đích, phải trống", "target directory, must be empty"))
        ->required();
    runs(backup, [this](const cli::Terminal& t) { return cli::backup(t, site_, output_); });
    CLI::App* restore = add(
        app_, "restore",
        words_("phục hồi từ bản sao lưu vào thư mục mới", "restore a backup into a new directory"));
    site_option(restore, site_);
    restore->add_option("directory", output_, words_("bản sao lưu", "the backup"))->required();
    runs(restore, [this](const cli::Terminal& t) { return cli::restore(t, site_, output_); });
    CLI::App* verify =
        add(app_, "verify",
            words_("kiểm tra chữ ký của một tệp, hoặc cả máy chủ (nhật ký, hồ sơ, nội dung)",
                   "judge a file's signatures, or check a site (journal, records, bytes)"));
    site_option(verify, verify_.site, false);
    verify->add_option("file", verify_.file,
                       words_("edXML, PDF, ASiC, XML, CMS; không có: cả máy chủ",
                              "edXML, PDF, ASiC, XML, CMS; without it: the site"));
    verify->add_option(
        "--anchor", verify_.anchors,
        words_("chứng thư gốc tin cậy (PEM, lặp lại được)", "trusted authority (PEM, repeatable)"));
    verify->add_flag(
        "--online", verify_.online,
        words_("hỏi CRL, OCSP của tổ chức chứng thực", "ask the authorities' CRL and OCSP"));
    verify->add_option(
        "--log-key", verify_.log_key,
        words_("khóa công khai của nhật ký, để kiểm tra gói bằng chứng (truc log key)",
               "public key of the log, to check a bundle of evidence (truc log key)"));
    verify->add_flag("--quick", quick_,
                     words_("không đọc nội dung văn bản", "without reading the documents' bytes"));
    runs(verify, [this](const cli::Terminal& t) {
      if (!verify_.file.empty()) return cli::verify_file(t, verify_);
      if (verify_.site.empty()) throw CLI::RequiredError("FILE, -C");
      return cli::verify(t, verify_.site, quick_);
    });
  }

  void declare_trust() {
    CLI::App* policy = app_.add_subcommand(
        "policy", words_("nơi nhận đòi hỏi gì ở chữ ký số", "what recipients ask of signatures"));
    policy->require_subcommand(1);
    CLI::App* list = add(*policy, "list", words_("liệt kê", "list the rules"));
    site_option(list, site_);
    runs(list, [this](const cli::Terminal& t) { return cli::policy_list(t, site_); });
    for (const bool set : {true, false}) {
      CLI::App* one =
          add(*policy, set ? "set" : "remove",
              set ? words_("đặt quy tắc", "set a rule") : words_("bỏ quy tắc", "remove a rule"));
      site_option(one, policy_.site);
      one->add_option(
          "--organisation", policy_.organisation,
          words_("mã nơi nhận (mặc định: mọi cơ quan)", "the recipient's code (default: all)"));
      one->add_option("--type", policy_.type,
                      words_("loại văn bản như ghi trong edXML (mặc định: mọi loại)",
                             "document type as the edXML says (default: all)"));
      if (set) {
        one->add_option("rule", policy_.rule, "label | refuse-invalid | require-both")
            ->required()
            ->check(CLI::IsMember({"label", "refuse-invalid", "require-both"}));
      }
      runs(one, [this](const cli::Terminal& t) { return cli::policy_change(t, policy_); });
    }
    declare_calendar();
    declare_sign();
    declare_evidence();
    declare_demo();
  }

  void declare_calendar() {
    CLI::App* calendar = app_.add_subcommand(
        "calendar", words_("ngày làm việc, ngày nghỉ", "working days and days of rest"));
    calendar->require_subcommand(1);
    CLI::App* import = add(*calendar, "import",
                           words_("nhập thông báo của năm (CSV: day,kind,note)",
                                  "import a year's announcement (CSV: day,kind,note)"));
    site_option(import, site_);
    import->add_option("file", file_, words_("tệp CSV", "the CSV file"))->required();
    runs(import, [this](const cli::Terminal& t) { return cli::calendar_import(t, site_, file_); });
    CLI::App* show = add(*calendar, "show", words_("xem lịch của năm", "show a year"));
    site_option(show, site_);
    show->add_option("year", year_, words_("năm (mặc định: năm nay)", "year (default: this one)"))
        ->check(CLI::Range(2015, 2060));
    show->add_flag("--csv", csv_,
                   words_("in dạng CSV để sửa rồi nhập lại", "as CSV, to edit and import"));
    runs(show,
         [this](const cli::Terminal& t) { return cli::calendar_show(t, site_, year_, csv_); });
    CLI::App* late =
        add(app_, "late",
            words_("văn bản quá hạn xác nhận đã nhận", "documents whose receipt is overdue"));
    site_option(late, site_);
    late->add_option("--count", count_, words_("số dòng tối đa", "rows at most"))
        ->check(CLI::Range(1, 100000));
    runs(late, [this](const cli::Terminal& t) { return cli::late(t, site_, count_); });
  }

  void declare_evidence() {
    CLI::App* evidence = app_.add_subcommand(
        "evidence", words_("bằng chứng chuyển giao", "evidence of what was handed over"));
    evidence->require_subcommand(1);
    CLI::App* list = add(*evidence, "list",
                         words_("bằng chứng về một văn bản", "what there is about a document"));
    CLI::App* bundle = add(*evidence, "export",
                           words_("xuất văn bản và mọi bằng chứng vào một tệp ASiC-E",
                                  "the document and all evidences in one ASiC-E container"));
    for (CLI::App* command : {list, bundle}) {
      site_option(command, evidence_.site);
      command->add_option("id", evidence_.id, words_("mã văn bản", "id of the document"))
          ->required();
    }
    bundle->add_option("-o,--output", evidence_.output, "FILE.asice")->required();
    runs(list, [this](const cli::Terminal& t) { return cli::evidence_list(t, evidence_); });
    runs(bundle, [this](const cli::Terminal& t) { return cli::evidence_export(t, evidence_); });

    CLI::App* log = app_.add_subcommand("log", words_("nhật ký minh bạch", "the transparency log"));
    log->require_subcommand(1);
    CLI::App* monitor =
        add(*log, "monitor",
            words_("xem nhật ký có giữ lời không", "look whether a log keeps its word"));
    monitor->add_option("log", monitor_.log, words_("địa chỉ hoặc thư mục", "URL or directory"))
        ->required();
    monitor
        ->add_option("--key", monitor_.key,
                     words_("khóa công khai của nhật ký", "the log's public key"))
        ->required();
    monitor
        ->add_option("--state", monitor_.state,
                     words_("tệp nhớ lần xem trước", "file that remembers the last look"))
        ->capture_default_str();
    monitor->add_flag("--whole", monitor_.whole,
                      words_("xem lại mọi mục", "look at every entry again"));
    runs(monitor, [this](const cli::Terminal& t) { return cli::log_monitor(t, monitor_); });
    CLI::App* key = add(*log, "key", words_("khóa công khai của nhật ký", "the log's public key"));
    site_option(key, site_);
    runs(key, [this](const cli::Terminal& t) { return cli::log_key(t, site_); });
  }

  void declare_sign() {
    CLI::App* sign = add(app_, "sign", words_("ký số một tệp PDF", "sign a PDF"));
    sign->add_option("file", sign_.file, "FILE.pdf")->required();
    sign->add_option("-o,--output", sign_.output, words_("tệp đích", "target file"))->required();
    sign->add_option(
            "--key", sign_.key,
            words_("khóa và chứng thư: .p12 hoặc .pem", "key and certificates: .p12 or .pem"))
        ->required();
    sign->add_option("--password-file", sign_.password_file,
                     words_("tệp chứa mật khẩu của khóa", "file with the key's password"));
    sign->add_option("--level", sign_.level,
                     words_("b; t: có dấu thời gian; lt, lta: kiểm tra được lâu dài",
                            "b; t: with a timestamp; lt, lta: can be judged in years"))
        ->capture_default_str();
    sign->add_option(
        "--tsa", sign_.timestamps,
        words_("địa chỉ cấp dấu thời gian (lặp lại được)", "timestamp authority (repeatable)"));
    sign->add_option("--field", sign_.field,
                     words_("tên trường chữ ký", "name of the signature field"))
        ->capture_default_str();
    sign->add_option("--page", sign_.page, words_("trang hiển thị", "page to show it on"))
        ->capture_default_str();
    sign->add_flag("--show", sign_.show,
                   words_("hiển thị thời gian ký ở góc trên bên phải",
                          "show the signing time at the top right"));
    runs(sign, [this](const cli::Terminal& t) { return cli::sign(t, sign_); });
  }

  void declare_demo() {
    CLI::App* demo = app_.add_subcommand("demo", words_("PKI trình diễn: CA, CRL, OCSP, TSA",
                                                        "demonstration PKI: CA, CRL, OCSP, TSA"));
    demo->require_subcommand(1);
    CLI::App* serve =
        add(*demo, "serve", words_("chạy, tạo mới nếu chưa có", "run it, made when missing"));
    serve
        ->add_option("directory", demo_.directory, words_("thư mục của PKI", "the PKI's directory"))
        ->required();
    serve->add_option("--listen", demo_.listen, words_("MÁY:CỔNG", "HOST:PORT"))
        ->capture_default_str();
    runs(serve, [this](const cli::Terminal& t) { return cli::demo(t, demo_); });
    CLI::App* issue =
        add(*demo, "issue", words_("cấp chứng thư trình diễn", "issue a certificate"));
    issue
        ->add_option("directory", issue_.directory,
                     words_("thư mục của PKI", "the PKI's directory"))
        ->required();
    issue
        ->add_option("--name", issue_.name,
                     words_("tên người hoặc cơ quan", "name of a person or organisation"))
        ->required();
    issue->add_option("--organisation", issue_.organisation,
                      words_("cơ quan của người đó; bỏ trống: con dấu cơ quan",
                             "the person's organisation; without it: an organisation's seal"));
    issue
        ->add_option("-o,--output", issue_.output,
                     words_("tệp .p12 hoặc .pem", "file, .p12 or .pem"))
        ->required();
    issue->add_option("--password", issue_.password,
                      words_("mật khẩu của .p12", "password of the .p12"));
    runs(issue, [this](const cli::Terminal& t) { return cli::demo_issue(t, issue_); });
  }

  CLI::App& app_;
  Shared& shared_;
  const Words words_;
  int exit_code_ = 0;
  std::string site_, file_, id_, output_, word_, from_;
  bool statuses_ = false, quick_ = false;
  cli::ClientOptions client_;
  cli::ServeOptions serve_;
  cli::SystemAddOptions system_;
  cli::StatusOptions status_;
  cli::RecallOptions recall_;
  cli::PolicyOptions policy_;
  int year_ = 0, count_ = 100;
  bool csv_ = false;
  cli::SignOptions sign_;
  cli::EvidenceOptions evidence_;
  cli::LogMonitorOptions monitor_;
  cli::DemoOptions demo_;
  cli::DemoIssueOptions issue_;
  cli::VerifyFileOptions verify_;
};

}  // namespace

int main(int argc, char** argv) {
  // What a site keeps is nobody else's to read.
  ::umask(027);
  Shared shared;
  shared.language = language_flag(argc, argv);
  const Words words(cli::Terminal(shared.language, false).language());
  CLI::App app(words("Trúc: trục liên thông văn bản điện tử giữa các cơ quan nhà nước.",
                     "Trúc: the exchange of signed e-documents between State agencies."),
               "truc");
  app.set_version_flag("--version", "truc " TRUC_VERSION);
  app.require_subcommand(1);
  app.footer(words("Trợ giúp của một lệnh: truc LỆNH --help   Tiếng Anh: --lang en",
                   "Help for a command: truc COMMAND --help   Vietnamese: --lang vi"));
  Commands commands(app, shared, words);
  commands.declare();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  return commands.exit_code();
}
