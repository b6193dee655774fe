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
                             backup + "/blobs and truc.toml",
                         "hồ sơ PostgreSQL phục hồi bằng: pg_restore -d CƠ_SỞ_DỮ_LIỆU " + backup +
                             "/truc.pgdump; "
                             "sau đó chép " +
                             backup + "/blobs và truc.toml");
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
  terminal.answer({"Đã phục hồi vào " + site + ".\nHãy đặt tệp khóa đã cất vào " + key_path(site) +
                       ", rồi: truc verify -C " + site,
                   "Restored into " + site + ".\nPut the key that you kept at " + key_path(site) +
                       ", then: truc verify -C " + site},
                  json);
  return 0;
}

}  // namespace cli
