#include <cstdio>

#include "base/hash.h"
#include "cli/backup_copy.h"
#include "cli/backup_record.h"
#include "cli/commands.h"
#include "cli/site.h"
#include "exchange/migrations.h"

namespace cli {
namespace {

const store::Query kBlobs{"cli.backup_blobs",
                          "select blob from document where id > $1 order by id limit 10000"};
const store::Query kIds{
    "cli.backup_ids",
    "select max(id) from (select id from document where id > $1 order by id limit 10000) page"};

struct Copied {
  std::int64_t documents = 0;
};

// The records first, then every byte that they name: what is accepted meanwhile is not in this
// backup, and what is in it is whole.
base::Result<Copied> copy_site(const std::string& directory, const std::string& target) {
  const auto site = TRY(Site::open(directory, false));
  base::FileSystem& files = base::real_files();
  std::vector<std::string> there;
  if (files.exists(target)) there = TRY(files.list(target));
  if (!there.empty()) {
    return base::Error(base::Code::conflict, "cli.backup_exists",
                       target + " is not empty; name a new directory",
                       target + " không trống; hãy nêu thư mục mới");
  }
  TRY(base::make_directory_durably(files, target));
  const bool sqlite = site->database->engine() == "sqlite";
  const std::string records = target + (sqlite ? "/truc.db" : "/truc.pgdump");
  TRY(site->database->backup(records));
  store::Database::Options options;
  options.url = sqlite ? "sqlite:" + records : site->config.text("database.url");
  options.own_writer_thread = false;
  const auto copy = TRY(store::Database::open(std::move(options)));
  Copied copied;
  for (std::int64_t last = 0;;) {
    std::optional<std::int64_t> next;
    std::vector<store::BlobRef> refs;
    TRY(copy->read([&](store::Connection& connection) -> base::Result<void> {
      next = TRY(connection.integer(kIds, {last}));
      return connection.each(kBlobs, {last}, [&](const store::Row& row) {
        refs.push_back(row.string(0));
        return true;
      });
    }));
    for (const auto& ref : refs) TRY(site->blobs->copy_to(ref, target + "/blobs"));
    copied.documents += static_cast<std::int64_t>(refs.size());
    if (!next) break;
    last = *next;
  }
  // After the records: the log has at least what they say that it has.
  TRY(copy_log_files(files, directory, target));
  TRY(copy_anchors(files, directory, target));
  // Last: restoring takes a directory without it for a backup that was interrupted.
  const base::Bytes config = TRY(base::read_file(files, config_path(directory), 1 << 20));
  TRY(base::write_file_durably(files, config_path(target), config));
  return copied;
}

// For `truc doctor` and operators at a screen. A site that cannot be opened has nowhere to note it.
void note(const Terminal& terminal, const std::string& directory,
          const base::Result<Copied>& copied) {
  const auto site = Site::open(directory, false);
  const auto noted =
      !site    ? base::Result<void>(site.error())
      : copied ? note_backup(*(*site)->database, (*site)->clock.now(), copied->documents)
               : note_failed_backup(*(*site)->database, (*site)->clock.now(), copied.error());
  if (noted || !copied) return;
  terminal.say({"! Không ghi lại được lần sao lưu này: " +
                    noted.error().text().in(base::Language::vietnamese),
                "! this backup could not be noted: " + noted.error().detail()});
}

}  // namespace

int backup(const Terminal& terminal, const std::string& site, const std::string& directory) {
  const auto copied = copy_site(site, directory);
  note(terminal, site, copied);
  if (!copied) return terminal.fail(copied.error());
  base::Json json;
  json.add("backup", directory).add("documents", copied->documents);
  const std::string number = std::to_string(copied->documents);
  terminal.answer({"Đã sao lưu " + number + " văn bản vào " + directory + ".\nTệp " +
                       key_path(site) + " không nằm trong bản sao: hãy cất riêng.",
                   "Backed up " + number + " documents to " + directory + ".\n" + key_path(site) +
                       " is not part of it: keep it apart."},
                  json);
  return 0;
}

}  // namespace cli
