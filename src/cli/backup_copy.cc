#include "cli/backup_copy.h"

#include "base/text.h"
#include "cli/site.h"
#include "trust/log/copy.h"

namespace cli {
namespace {

base::Result<void> copy_folder(base::FileSystem& files, const std::string& from,
                               const std::string& to) {
  if (!files.exists(from)) return base::done();
  TRY(files.make_directory(to));
  const auto names = TRY(files.list(from));
  for (const std::string& name : names) {
    TRY(base::copy_file(files, from + "/" + name, to + "/" + name));
  }
  return files.sync_directory(to);
}

base::Result<void> copy_blobs(base::FileSystem& files, const std::string& from,
                              const std::string& to) {
  TRY(files.make_directory(to + "/file"));
  TRY(copy_folder(files, from + "/pack", to + "/pack"));
  std::vector<std::string> folders;
  if (files.exists(from + "/file")) folders = TRY(files.list(from + "/file"));
  for (const std::string& folder : folders) {
    const std::string path = "/file/" + folder;
    TRY(copy_folder(files, from + path, to + path));
  }
  TRY(files.sync_directory(to + "/file"));
  return files.sync_directory(to);
}

}  // namespace

base::Result<void> copy_log_files(base::FileSystem& files, const std::string& from,
                                  const std::string& to) {
  if (!files.exists(log_key_path(from))) return base::done();
  const base::Bytes key = TRY(base::read_file(files, log_key_path(from), 4096));
  const auto signer = TRY(trust::log::note_signer(base::trim(key)));
  // First: without it what follows could be taken for the newest log.
  TRY(base::write_file_durably(files, log_restored_path(to), ""));
  const auto source = trust::log::directory_source(files, log_path(from));
  TRY(trust::log::copy_log(*source, signer->verifier(), files, log_path(to)));
  if (files.exists(log_key_path(to))) TRY(files.remove(log_key_path(to)));
  return base::write_secret_file(log_key_path(to), key);
}

base::Result<void> copy_anchors(base::FileSystem& files, const std::string& from,
                                const std::string& to) {
  return copy_folder(files, anchors_path(from), anchors_path(to));
}

base::Result<void> copy_backup(base::FileSystem& files, const std::string& backup,
                               const std::string& site) {
  TRY(base::make_directory_durably(files, site));
  TRY(copy_blobs(files, blobs_path(backup), blobs_path(site)));
  // SQLite's log is there when somebody opened the backup itself; one that an interrupted call left
  // here belongs to other records.
  const std::string log = database_path(backup) + "-wal", new_log = database_path(site) + "-wal";
  if (files.exists(log)) {
    TRY(base::copy_file(files, log, new_log));
  } else if (files.exists(new_log)) {
    TRY(files.remove(new_log));
  }
  const std::string records = database_path(site), unnamed = records + ".tmp";
  TRY(base::copy_file(files, database_path(backup), unnamed));
  TRY(files.rename(unnamed, records));
  TRY(files.sync_directory(site));
  TRY(copy_log_files(files, backup, site));
  TRY(copy_anchors(files, backup, site));
  TRY(files.sync_directory(site));
  const base::Bytes config = TRY(base::read_file(files, config_path(backup), 1 << 20));
  return base::write_file_durably(files, config_path(site), config);
}

}  // namespace cli
