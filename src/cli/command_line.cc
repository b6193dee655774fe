#include "cli/command_line.h"

namespace cli {

void CommandLine::declare() {
  declare_site();
  declare_directory();
  declare_people();
  declare_credentials();
  declare_client();
  declare_agent();
  declare_files();
  declare_trust();
  declare_keys();
  declare_certificates();
  declare_insight();
  declare_operation();
}

void CommandLine::declare_site() {
  CLI::App* init = add(app_, "init", words_("tạo một máy chủ mới", "create a site"));
  init->add_option("directory", site_, words_("thư mục", "directory"))->required();
  runs(init, [this](const Terminal& t) { return cli::init(t, site_); });
  CLI::App* serve = add(app_, "serve", words_("chạy trục", "run the exchange"));
  site_option(serve, serve_.site);
  serve->add_option("--listen", serve_.listen,
                    words_("MÁY:CỔNG (mặc định theo truc.toml)", "HOST:PORT (default: truc.toml)"));
  runs(serve, [this](const Terminal& t) { return cli::serve(t, serve_); });
}

void CommandLine::declare_directory() {
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
  runs(import, [this](const Terminal& t) { return cli::organisation_import(t, site_, file_); });
  CLI::App* list = add(*organisation, "list", words_("liệt kê", "list them"));
  site_option(list, site_);
  runs(list, [this](const Terminal& t) { return cli::organisation_list(t, site_); });

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
  runs(add_system, [this](const Terminal& t) { return cli::system_add(t, system_); });
  CLI::App* systems = add(*system, "list", words_("liệt kê", "list them"));
  site_option(systems, site_);
  runs(systems, [this](const Terminal& t) { return cli::system_list(t, site_); });
  for (const bool enable : {false, true}) {
    CLI::App* able = add(
        *system, enable ? "enable" : "disable",
        enable ? words_("cho hệ thống đã khóa hoạt động trở lại", "let a disabled system in again")
               : words_("khóa hệ thống", "shut a system out"));
    site_option(able, system_.site);
    able->add_option("id", system_.id, words_("mã hệ thống", "system id"))->required();
    if (enable) {
      able->add_option("--secret-file", system_.secret_file,
                       words_("tệp chứa khóa bí mật mới, thay khóa cũ",
                              "file with a new secret, in place of the old one"));
    }
    runs(able,
         [this, enable](const Terminal& t) { return cli::system_enable(t, system_, enable); });
  }
}

void CommandLine::declare_client() {
  CLI::App* send = add(app_, "send", words_("gửi một tệp edXML", "send an edXML file"));
  client_options(send);
  send->add_option("file", file_, "FILE.edxml")->required();
  send->add_option(
      "--from", from_,
      words_("mã cơ quan gửi (mặc định theo tệp)", "sender's code (default: the file's)"));
  runs(send, [this](const Terminal& t) { return cli::send(t, client_, file_, from_); });
  CLI::App* inbox = add(app_, "inbox", words_("văn bản chờ nhận", "what waits to be fetched"));
  client_options(inbox);
  inbox->add_flag(
      "--status", statuses_,
      words_("bản tin trạng thái thay vì văn bản", "status messages instead of documents"));
  runs(inbox, [this](const Terminal& t) { return cli::inbox(t, client_, statuses_); });
  CLI::App* fetch = add(app_, "fetch", words_("lấy một văn bản về", "fetch a document"));
  client_options(fetch);
  fetch->add_option("id", id_, words_("mã", "id"))->required();
  fetch->add_option("-o,--output", output_,
                    words_("tệp đích (mặc định MÃ.edxml)", "target file (default ID.edxml)"));
  runs(fetch, [this](const Terminal& t) { return cli::fetch(t, client_, id_, output_); });
  CLI::App* acknowledge = add(
      app_, "acknowledge",
      words_("xác nhận đã nhận (done) hoặc không nhận được (fail)", "acknowledge: done or fail"));
  client_options(acknowledge);
  acknowledge->add_option("id", id_, words_("mã", "id"))->required();
  acknowledge->add_option("word", word_, "done | fail")
      ->required()
      ->check(CLI::IsMember({"done", "fail"}));
  runs(acknowledge, [this](const Terminal& t) { return cli::acknowledge(t, client_, id_, word_); });
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
  runs(status, [this](const Terminal& t) { return cli::status(t, client_, status_); });
  CLI::App* recall =
      add(app_, "recall", words_("lấy lại văn bản đã gửi", "take a sent document back"));
  client_options(recall);
  recall->add_option("id", recall_.id, words_("mã văn bản đã gửi", "id of the sent document"))
      ->required();
  recall->add_option("--reason", recall_.reason, words_("lý do", "reason"))->required();
  recall->add_option(
      "--to", recall_.to,
      words_("chỉ từ nơi nhận này (lặp lại được)", "only from this recipient (repeatable)"));
  runs(recall, [this](const Terminal& t) { return cli::recall(t, client_, recall_); });
  CLI::App* track =
      add(app_, "track", words_("văn bản đã gửi đang ở đâu", "where a sent document is"));
  client_options(track);
  track->add_option("id", id_, words_("mã văn bản đã gửi", "id of the sent document"))->required();
  runs(track, [this](const Terminal& t) { return cli::track(t, client_, id_); });
}

void CommandLine::declare_files() {
  CLI::App* edxml = app_.add_subcommand("edxml", words_("tệp edXML", "edXML files"));
  edxml->require_subcommand(1);
  CLI::App* check = add(*edxml, "check", words_("kiểm tra và giải thích", "check and explain"));
  check->add_option("file", file_, "FILE.edxml")->required();
  runs(check, [this](const Terminal& t) { return cli::edxml_check(t, file_); });
  CLI::App* pack = add(*edxml, "pack",
                       words_("đóng gói thư mục có document.json thành edXML",
                              "make edXML from a directory with document.json"));
  pack->add_option("directory", site_, words_("thư mục", "directory"))->required();
  pack->add_option("-o,--output", output_, words_("tệp đích", "target file"))->required();
  runs(pack, [this](const Terminal& t) { return cli::edxml_pack(t, site_, output_); });
  CLI::App* unpack =
      add(*edxml, "unpack", words_("mở tệp edXML ra thư mục", "take an edXML file apart"));
  unpack->add_option("file", file_, "FILE.edxml")->required();
  unpack->add_option("directory", site_, words_("thư mục đích", "target directory"))->required();
  runs(unpack, [this](const Terminal& t) { return cli::edxml_unpack(t, file_, site_); });
}

void CommandLine::declare_operation() {
  CLI::App* doctor =
      add(app_, "doctor",
          words_("khám máy chủ và nói cách chữa", "look the site over and say what to mend"));
  site_option(doctor, site_);
  runs(doctor, [this](const Terminal& t) { return cli::doctor(t, site_); });
  CLI::App* backup =
      add(app_, "backup", words_("sao lưu trong khi đang chạy", "back up, while serving"));
  site_option(backup, site_);
  backup
      ->add_option("directory", output_,
                   words_("thư mục đích, phải trống", "target directory, must be empty"))
      ->required();
  runs(backup, [this](const Terminal& t) { return cli::backup(t, site_, output_); });
  CLI::App* restore = add(
      app_, "restore",
      words_("phục hồi từ bản sao lưu vào thư mục mới", "restore a backup into a new directory"));
  site_option(restore, site_);
  restore->add_option("directory", output_, words_("bản sao lưu", "the backup"))->required();
  runs(restore, [this](const Terminal& t) { return cli::restore(t, site_, output_); });
  CLI::App* verify =
      add(app_, "verify",
          words_("kiểm tra chữ ký của một tệp, hoặc cả máy chủ (nhật ký, hồ sơ, nội dung)",
                 "judge a file's signatures, or check a site (journal, records, bytes)"));
  site_option(verify, verify_.site, false);
  verify->add_option("file", verify_.file,
                     words_("edXML, PDF, ASiC, XML, CMS, dấu thời gian; không có: cả máy chủ",
                            "edXML, PDF, ASiC, XML, CMS, timestamp; without it: the site"));
  verify->add_option(
      "--anchor", verify_.anchors,
      words_("chứng thư gốc tin cậy (PEM, lặp lại được)", "trusted authority (PEM, repeatable)"));
  verify->add_option("--content", verify_.content,
                     words_("nội dung của chữ ký CMS tách rời hoặc của dấu thời gian",
                            "what a detached CMS signature or a timestamp covers"));
  verify->add_flag(
      "--online", verify_.online,
      words_("hỏi CRL, OCSP của tổ chức chứng thực", "ask the authorities' CRL and OCSP"));
  verify->add_option("--log-key", verify_.log_key,
                     words_("khóa công khai của nhật ký, để kiểm tra gói bằng chứng (truc log key)",
                            "public key of the log, to check a bundle of evidence (truc log key)"));
  verify->add_flag("--quick", quick_,
                   words_("không đọc nội dung văn bản", "without reading the documents' bytes"));
  runs(verify, [this](const Terminal& t) {
    if (!verify_.file.empty()) return cli::verify_file(t, verify_);
    if (verify_.site.empty()) throw CLI::RequiredError("FILE, -C");
    return cli::verify(t, verify_.site, quick_);
  });
}

}  // namespace cli
