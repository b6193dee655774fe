#include "cli/command_line.h"

namespace cli {

void CommandLine::declare_trust() {
  CLI::App* policy = app_.add_subcommand(
      "policy", words_("nơi nhận đòi hỏi gì ở chữ ký số", "what recipients ask of signatures"));
  policy->require_subcommand(1);
  CLI::App* list = add(*policy, "list", words_("liệt kê", "list the rules"));
  site_option(list, site_);
  runs(list, [this](const Terminal& t) { return cli::policy_list(t, site_); });
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
    runs(one, [this](const Terminal& t) { return cli::policy_change(t, policy_); });
  }
  declare_calendar();
  declare_search();
  declare_sign();
  declare_evidence();
  declare_demo();
}

void CommandLine::declare_calendar() {
  CLI::App* calendar = app_.add_subcommand(
      "calendar", words_("ngày làm việc, ngày nghỉ", "working days and days of rest"));
  calendar->require_subcommand(1);
  CLI::App* import = add(*calendar, "import",
                         words_("nhập thông báo của năm (CSV: day,kind,note)",
                                "import a year's announcement (CSV: day,kind,note)"));
  site_option(import, site_);
  import->add_option("file", file_, words_("tệp CSV", "the CSV file"))->required();
  runs(import, [this](const Terminal& t) { return cli::calendar_import(t, site_, file_); });
  CLI::App* show = add(*calendar, "show", words_("xem lịch của năm", "show a year"));
  site_option(show, site_);
  show->add_option("year", year_, words_("năm (mặc định: năm nay)", "year (default: this one)"))
      ->check(CLI::Range(2015, 2060));
  show->add_flag("--csv", csv_,
                 words_("in dạng CSV để sửa rồi nhập lại", "as CSV, to edit and import"));
  runs(show, [this](const Terminal& t) { return cli::calendar_show(t, site_, year_, csv_); });
  CLI::App* late =
      add(app_, "late",
          words_("văn bản quá hạn xác nhận đã nhận", "documents whose receipt is overdue"));
  site_option(late, site_);
  late->add_option("--count", count_, words_("số dòng tối đa", "rows at most"))
      ->check(CLI::Range(1, 100000));
  runs(late, [this](const Terminal& t) { return cli::late(t, site_, count_); });
}

void CommandLine::declare_evidence() {
  CLI::App* evidence = app_.add_subcommand(
      "evidence", words_("bằng chứng chuyển giao", "evidence of what was handed over"));
  evidence->require_subcommand(1);
  CLI::App* list =
      add(*evidence, "list", words_("bằng chứng về một văn bản", "what there is about a document"));
  CLI::App* bundle = add(*evidence, "export",
                         words_("xuất văn bản và mọi bằng chứng vào một tệp ASiC-E",
                                "the document and all evidences in one ASiC-E container"));
  for (CLI::App* command : {list, bundle}) {
    site_option(command, evidence_.site);
    command->add_option("id", evidence_.id, words_("mã văn bản", "id of the document"))->required();
  }
  bundle->add_option("-o,--output", evidence_.output, "FILE.asice")->required();
  runs(list, [this](const Terminal& t) { return cli::evidence_list(t, evidence_); });
  runs(bundle, [this](const Terminal& t) { return cli::evidence_export(t, evidence_); });

  CLI::App* log = app_.add_subcommand("log", words_("nhật ký minh bạch", "the transparency log"));
  log->require_subcommand(1);
  CLI::App* monitor = add(
      *log, "monitor", words_("xem nhật ký có giữ lời không", "look whether a log keeps its word"));
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
  monitor->add_option("--witness", monitor_.witnesses,
                      words_("khóa công khai của một nhân chứng (lặp lại được)",
                             "public key of a witness (repeatable)"));
  monitor->add_option("--quorum", monitor_.quorum,
                      words_("cần bao nhiêu nhân chứng (mặc định: tất cả)",
                             "how many of them are asked for (default: all)"));
  monitor->add_flag("--whole", monitor_.whole,
                    words_("xem lại mọi mục", "look at every entry again"));
  runs(monitor, [this](const Terminal& t) { return cli::log_monitor(t, monitor_); });
  CLI::App* key = add(*log, "key", words_("khóa công khai của nhật ký", "the log's public key"));
  site_option(key, site_);
  runs(key, [this](const Terminal& t) { return cli::log_key(t, site_); });
  CLI::App* resume =
      add(*log, "resume",
          words_("cho nhật ký đã phục hồi từ bản sao lưu chạy tiếp (khi máy chủ đang dừng)",
                 "let a log that came from a backup go on (while the site is not served)"));
  site_option(resume, resume_.site);
  resume->add_option("--from", resume_.from,
                     words_("nơi có bản mới nhất của nhật ký: thư mục log cũ, hoặc địa chỉ",
                            "where the newest copy is: the old log directory, or a URL"));
  resume->add_flag("--newest", resume_.newest,
                   words_("khẳng định không có bản nào mới hơn được công bố",
                          "you state that nothing newer was published"));
  resume->add_flag("--new-log", resume_.new_log,
                   words_("bỏ nhật ký này, mở nhật ký mới với tên và khóa mới",
                          "give this log up and begin a new one, with a new name and key"));
  runs(resume, [this](const Terminal& t) {
    if (static_cast<int>(!resume_.from.empty()) + static_cast<int>(resume_.newest) +
            static_cast<int>(resume_.new_log) !=
        1)
      throw CLI::RequiredError("--from | --newest | --new-log");
    return cli::log_resume(t, resume_);
  });
}

void CommandLine::declare_keys() {
  CLI::App* key = app_.add_subcommand("key", words_("khóa ký của máy chủ", "keys of a site"));
  key->require_subcommand(1);
  const auto named = [&](const char* command, const std::string& help) {
    CLI::App* made = add(*key, command, help);
    site_option(made, key_.site);
    made->add_option("name", key_.name, words_("tên khóa", "the key's name"))->required();
    return made;
  };
  CLI::App* create = named("create", words_("tạo khóa mới", "make a key"));
  create->add_option("--type", key_.type, "rsa-3072 | rsa-4096 | ec-p256 | ec-p384 | ed25519")
      ->capture_default_str();
  create->add_option("--token", key_.token,
                     words_("tạo trong thiết bị: pkcs11:token=…;object=…?module-path=…",
                            "make it in a token: pkcs11:token=…;object=…?module-path=…"));
  CLI::App* import = named("import", words_("nhập khóa có sẵn", "take a key that is there"));
  import
      ->add_option("from", key_.from,
                   words_("tệp .pem hoặc .p12, pkcs11:… hoặc csc+https://…",
                          ".pem or .p12 file, pkcs11:… or csc+https://…"))
      ->required();
  import->add_option(
      "--password-file", key_.password_file,
      words_("tệp chứa mật khẩu hoặc mã PIN hiện nay", "file with its present password or PIN"));
  for (CLI::App* command : {create, import}) {
    command->add_option(
        "--passphrase-file", key_.passphrase_file,
        words_("tệp mật khẩu bảo vệ khóa trên đĩa, hoặc mã PIN (mặc định: secret.key)",
               "file with the passphrase that protects it on disk, or the PIN (default: "
               "secret.key)"));
  }
  CLI::App* use = named("use", words_("dùng khóa, ngay hoặc từ một thời điểm",
                                      "put a key to use, now or from a time"));
  use->add_option("--for", key_.use, "evidence")->capture_default_str();
  use->add_option("--from", key_.from,
                  words_("\"2026-12-01 08:00:00\" (giờ Việt Nam) hoặc 2026-12-01T01:00:00Z",
                         "\"2026-12-01 08:00:00\" (Viet Nam) or 2026-12-01T01:00:00Z"));
  CLI::App* remove = named("remove", words_("xóa khóa không còn dùng", "remove an unused key"));
  CLI::App* list = add(*key, "list", words_("liệt kê", "list them"));
  site_option(list, site_);
  runs(create, [this](const Terminal& t) { return cli::key_create(t, key_); });
  runs(import, [this](const Terminal& t) { return cli::key_import(t, key_); });
  runs(use, [this](const Terminal& t) { return cli::key_use(t, key_); });
  runs(remove, [this](const Terminal& t) { return cli::key_remove(t, key_); });
  runs(list, [this](const Terminal& t) { return cli::key_list(t, site_); });
}

void CommandLine::declare_certificates() {
  CLI::App* certificate =
      app_.add_subcommand("certificate", words_("chứng thư số", "certificates"));
  certificate->require_subcommand(1);
  CLI::App* request = add(*certificate, "request",
                          words_("lập yêu cầu cấp chứng thư (PKCS#10)", "ask for one (PKCS#10)"));
  CLI::App* import =
      add(*certificate, "import", words_("nhập chứng thư được cấp", "take what was issued"));
  for (CLI::App* command : {request, import}) {
    site_option(command, certificate_.site);
    command->add_option("name", certificate_.name, words_("tên khóa", "the key's name"))
        ->required();
  }
  request
      ->add_option("--subject", certificate_.subject,
                   words_("\"CN=TÊN,O=CƠ QUAN,UID=MST:…\" (C, ST, L, O, OU, CN, UID, E)",
                          "\"CN=NAME,O=ORGANISATION,UID=MST:…\" (C, ST, L, O, OU, CN, UID, E)"))
      ->required();
  request->add_option("-o,--output", certificate_.file, "FILE.csr")->required();
  import->add_option("file", certificate_.file, words_("PEM hoặc DER", "PEM or DER"))->required();
  CLI::App* list = add(*certificate, "list", words_("liệt kê", "list them"));
  site_option(list, site_);
  CLI::App* show = add(*certificate, "show", words_("xem một tệp", "what a file holds"));
  show->add_option("file", file_, words_("PEM hoặc DER", "PEM or DER"))->required();
  runs(request, [this](const Terminal& t) { return cli::certificate_request(t, certificate_); });
  runs(import, [this](const Terminal& t) { return cli::certificate_import(t, certificate_); });
  runs(list, [this](const Terminal& t) { return cli::certificate_list(t, site_); });
  runs(show, [this](const Terminal& t) { return cli::certificate_show(t, file_); });
}

void CommandLine::declare_sign() {
  CLI::App* sign = add(app_, "sign", words_("ký số một tệp PDF", "sign a PDF"));
  sign->add_option("file", sign_.file, "FILE.pdf")->required();
  sign->add_option("-o,--output", sign_.output, words_("tệp đích", "target file"))->required();
  sign->add_option(
          "--key", sign_.key,
          words_("tệp .p12 hoặc .pem, pkcs11:…, csc+https://…, hoặc tên khóa của máy chủ (-C)",
                 ".p12 or .pem file, pkcs11:…, csc+https://…, or a key of the site (-C)"))
      ->required();
  site_option(sign, sign_.site, false);
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
  runs(sign, [this](const Terminal& t) { return cli::sign(t, sign_); });
}

void CommandLine::declare_demo() {
  CLI::App* demo = app_.add_subcommand("demo", words_("PKI trình diễn: CA, CRL, OCSP, TSA",
                                                      "demonstration PKI: CA, CRL, OCSP, TSA"));
  demo->require_subcommand(1);
  CLI::App* serve =
      add(*demo, "serve", words_("chạy, tạo mới nếu chưa có", "run it, made when missing"));
  serve->add_option("directory", demo_.directory, words_("thư mục của PKI", "the PKI's directory"))
      ->required();
  serve->add_option("--listen", demo_.listen, words_("MÁY:CỔNG", "HOST:PORT"))
      ->capture_default_str();
  runs(serve, [this](const Terminal& t) { return cli::demo(t, demo_); });
  CLI::App* issue = add(*demo, "issue", words_("cấp chứng thư trình diễn", "issue a certificate"));
  issue->add_option("directory", issue_.directory, words_("thư mục của PKI", "the PKI's directory"))
      ->required();
  issue->add_option("--name", issue_.name,
                    words_("tên người hoặc cơ quan", "name of a person or organisation"));
  issue->add_option("--request", issue_.request,
                    words_("yêu cầu PKCS#10: cấp cho khóa và tên trong đó",
                           "PKCS#10 request: for its key and its names"));
  issue->add_option("--days", issue_.days,
                    words_("số ngày hiệu lực (mặc định: hai năm; số âm: đã hết hạn)",
                           "days from now (default: two years; negative: already expired)"));
  issue->add_option("--organisation", issue_.organisation,
                    words_("cơ quan của người đó; bỏ trống: con dấu cơ quan",
                           "the person's organisation; without it: an organisation's seal"));
  issue
      ->add_option("-o,--output", issue_.output, words_("tệp .p12 hoặc .pem", "file, .p12 or .pem"))
      ->required();
  issue->add_option("--password", issue_.password,
                    words_("mật khẩu của .p12", "password of the .p12"));
  runs(issue, [this](const Terminal& t) {
    if (issue_.name.empty() && issue_.request.empty()) {
      throw CLI::RequiredError("--name, --request");
    }
    return cli::demo_issue(t, issue_);
  });
}

}  // namespace cli
