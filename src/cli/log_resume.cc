#include "base/text.h"
#include "cli/commands.h"
#include "cli/evidence_office.h"
#include "cli/site.h"
#include "trust/evidence/standing.h"
#include "trust/log/copy.h"

namespace cli {
namespace {

base::Result<void> take_newer(const std::string& directory, const std::string& where) {
  base::FileSystem& files = base::real_files();
  const auto signer = TRY(read_log_key(directory));
  std::unique_ptr<trust::log::LogSource> source;
  if (where.find("://") != std::string::npos) {
    source = TRY(trust::log::http_source(where));
  } else {
    source = trust::log::directory_source(files, where);
  }
  TRY(trust::log::copy_log(*source, signer->verifier(), files, log_path(directory)));
  return base::done();
}

// The old log and its key stay, under a name with a number. A crash on the way leaves the mark of a
// restored log, or a site that refuses to start without its log's key: this is then called again.
base::Result<void> begin_anew(Site& site) {
  base::FileSystem& files = base::real_files();
  const std::string& directory = site.directory;
  int number = 1;
  const auto old_path = [&](const std::string& end) {
    return directory + "/log.old-" + std::to_string(number) + end;
  };
  while (files.exists(old_path("")) || files.exists(old_path(".key"))) ++number;
  if (files.exists(log_path(directory))) TRY(files.rename(log_path(directory), old_path("")));
  if (files.exists(log_key_path(directory)))
    TRY(files.rename(log_key_path(directory), old_path(".key")));
  TRY(files.sync_directory(directory));
  TRY(site.database->migrate(trust::evidence::migrations()));
  TRY(site.database->write(
      [](store::Connection& connection) { return trust::evidence::forget_log(connection); }));
  const std::string name = site.config.text("evidence.name") + "/" + std::to_string(number + 1);
  const std::string key =
      TRY(trust::log::new_note_key(name, trust::log::NoteAlgorithm::ed25519, site.random));
  return base::write_secret_file(log_key_path(directory), key);
}

base::Result<void> resume(const LogResumeOptions& options) {
  base::FileSystem& files = base::real_files();
  const auto site = TRY(Site::open(options.site, false));
  const std::string log = log_path(options.site);
  TRY(base::make_directory_durably(files, log));
  const auto lock = files.lock(log + "/lock");
  if (!lock) {
    return base::Error(base::Code::conflict, "cli.log_served",
                       "the site is being served; stop it first",
                       "máy chủ đang chạy; hãy dừng trước");
  }
  if (!options.from.empty()) TRY(take_newer(options.site, options.from));
  if (options.new_log) TRY(begin_anew(*site));
  if (files.exists(log_restored_path(options.site))) {
    TRY(files.remove(log_restored_path(options.site)));
    TRY(files.sync_directory(options.site));
  }
  return base::done();
}

}  // namespace

int log_resume(const Terminal& terminal, const LogResumeOptions& options) {
  if (const auto done = resume(options); !done) return terminal.fail(done.error());
  const auto signer = read_log_key(options.site);
  if (!signer) return terminal.fail(signer.error());
  const std::string key = (*signer)->verifier().text();
  terminal.answer({"Nhật ký được chạy tiếp từ lần khởi động sau. Khóa công khai: " + key,
                   "The log goes on from the next start. Its public key: " + key},
                  base::Json().add("key", key));
  return 0;
}

}  // namespace cli
