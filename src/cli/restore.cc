#include "cli/backup_copy.h"
#include "cli/commands.h"
#include "cli/site.h"

namespace cli {
namespace {

base::Result<void> restore_site(base::FileSystem& files, const std::string& site,
                                const std::string& backup) {
  if (!files.exists(backup + "/truc.db")) {
    if (files.exists(backup + "/truc.pgdump")) {
      return base::Error(base::Code::invalid, "cli.restore_postgresql",
                         "records of PostgreSQL are restored with: pg_restore -d DATABASE " +
                             backup +
                             "/truc.pgdump; "
                             "then copy " +
                             backup + "/blobs, anchors, log, log.key, log.restored and truc.toml",
                         "hồ sơ PostgreSQL phục hồi bằng: pg_restore -d CƠ_SỞ_DỮ_LIỆU " + backup +
                             "/truc.pgdump; "
                             "sau đó chép " +
                             backup + "/blobs, anchors, log, log.key, log.restored và truc.toml");
    }
    return base::Error(base::Code::not_found, "cli.no_backup", backup + " holds no backup of Trúc",
                       backup + " không có bản sao lưu của Trúc");
  }
  if (!files.exists(config_path(backup))) {
    return base::Error(
        base::Code::invalid, "cli.backup_unfinished",
        backup + " has no truc.toml: the backup was interrupted; take another one",
        backup + " không có truc.toml: sao lưu bị ngắt giữa chừng; hãy dùng bản khác");
  }
  if (files.exists(database_path(site)) || files.exists(config_path(site))) {
    return base::Error(base::Code::conflict, "cli.site_exists",
                       site + " already holds a site; restore into a new directory, then move it",
                       site + " đã là máy chủ; hãy phục hồi vào thư mục mới rồi đổi tên");
  }
  return copy_backup(files, backup, site);
}

}  // namespace

int restore(const Terminal& terminal, const std::string& site, const std::string& directory) {
  if (const auto done = restore_site(base::real_files(), site, directory); !done)
    return terminal.fail(done.error());
  base::Json json;
  json.add("site", site);
  const bool has_log = base::real_files().exists(log_restored_path(site));
  json.add("log_held", has_log);
  terminal.answer({"Đã phục hồi vào " + site + ".\nHãy đặt tệp khóa đã cất vào " + key_path(site) +
                       ", rồi: truc verify -C " + site +
                       (has_log ? "\nNhật ký minh bạch có thể cũ hơn phần đã công bố và đang dừng: "
                                  "truc log resume -C " +
                                      site + " --from THƯ_MỤC_LOG_CŨ"
                                : ""),
                   "Restored into " + site + ".\nPut the key that you kept at " + key_path(site) +
                       ", then: truc verify -C " + site +
                       (has_log ? "\nThe transparency log may be older than what was published "
                                  "and stands still: truc log resume -C " +
                                      site + " --from OLD_LOG_DIRECTORY"
                                : "")},
                  json);
  return 0;
}

}  // namespace cli
