#include "cli/checkup.h"

#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>

#include "base/text.h"
#include "cli/backup_record.h"
#include "cli/certificate_expiry.h"
#include "cli/signing_keys.h"
#include "search/program.h"
#include "store/journal.h"
#include "trust/evidence/standing.h"
#include "trust/log/witness_schedule.h"
#include "trust/scan/scanner.h"

namespace cli {
namespace {

constexpr std::uint64_t kFreeLeast = 1ull << 30;
constexpr std::int64_t kDaysAhead = 90, kDaysSoon = 30, kDaysUrgent = 7;
constexpr rlim_t kFilesLeast = 16384;
constexpr auto kBackupOld = std::chrono::hours(48);
constexpr std::int64_t kScannerMicros = 3'000'000;

// What each configured witness has cosigned last, by the log's files.
void look_at_witnesses(Checkup& checkup, Site& site,
                       const std::vector<trust::log::WitnessAddress>& witnesses) {
  constexpr auto kLate = std::chrono::hours(24);
  if (witnesses.empty()) return;
  std::vector<trust::log::NoteVerifier> keys;
  for (const auto& witness : witnesses) keys.push_back(witness.key);
  std::vector<trust::log::Cosignature> cosigned;
  const auto bytes = base::read_file(base::real_files(),
                                     log_path(site.directory) + "/checkpoint.witnessed", 1 << 16);
  if (bytes) {
    if (const auto note = trust::log::parse_note(*bytes))
      cosigned = trust::log::cosignatures_of(*note, keys);
  }
  for (const auto& key : keys) {
    const bool fresh = std::any_of(cosigned.begin(), cosigned.end(), [&](const auto& one) {
      return one.witness == key.name() && site.clock.now() - one.at < kLate;
    });
    if (fresh) {
      checkup.good("Nhân chứng " + key.name() + " đã cùng ký",
                   "the witness " + key.name() + " has cosigned");
    } else {
      checkup.bad("Nhân chứng " + key.name() + " không cùng ký một ngày nay: hãy hỏi đơn vị ấy",
                  "the witness " + key.name() + " has not cosigned for a day: ask its operator");
    }
  }
}

base::Text name_of(const trust::DatedCertificate& one) {
  const std::string name = one.name + " (" + one.subject + ")";
  if (one.use == "tls") return {"Chứng thư TLS " + name, "the TLS certificate " + name};
  if (one.use == "anchor") return {"Chứng thư gốc tin cậy " + name, "the anchor " + name};
  if (one.use == "timestamp") {
    return {"Chứng thư của nơi cấp dấu thời gian " + name, "the timestamp authority " + name};
  }
  if (one.use == "evidence_next") {
    return {"Chứng thư của khóa kế tiếp " + name, "the certificate of the next key " + name};
  }
  return {"Chứng thư của khóa ký bằng chứng " + name,
          "the certificate of the key that signs evidences, " + name};
}

void look_at_expiry(Checkup& checkup, const trust::DatedCertificate& one, base::Time now) {
  const base::Text name = name_of(one);
  const std::int64_t days = days_left(one.until, now);
  const std::string on = base::vietnam_time_text(one.until, '-').substr(0, 10);
  const std::string vi =
                        name.vi + " hết hạn ngày " + on + ", còn " + std::to_string(days) + " ngày",
                    en = name.en + ", expires on " + on + ", in " + std::to_string(days) + " days";
  if (one.until <= now && one.use == "anchor") {
    // Judging does not look at it: what was signed in its time is still judged by it.
    return checkup.warn(name.vi + " đã hết hạn ngày " + on +
                            ": chữ ký cũ vẫn kiểm tra được; khi "
                            "không còn tin cậy thì xóa tệp",
                        name.en + ", expired on " + on +
                            ": what it signed before is still judged "
                            "by it; remove the file when it is no longer trusted");
  }
  if (one.until <= now) {
    return checkup.bad(name.vi + " ĐÃ HẾT HẠN ngày " + on + ": thay ngay",
                       name.en + ", EXPIRED on " + on + ": replace it now");
  }
  if (days < kDaysUrgent) return checkup.warn(vi + ": thay ngay", en + ": replace it now");
  if (days < kDaysSoon) return checkup.warn(vi + ": hãy thay sớm", en + ": replace it soon");
  if (days < kDaysAhead) return checkup.warn(vi + ": hãy xin cấp mới", en + ": ask for a new one");
  checkup.good(vi, en);
}

}  // namespace

void Checkup::judge(const base::Result<void>& result, std::string vi, std::string en,
                    const std::string& remedy_vi, const std::string& remedy_en) {
  if (result) return good(std::move(vi), std::move(en));
  bad(vi + ": " + result.error().text().in(base::Language::vietnamese) + ". " + remedy_vi,
      en + ": " + result.error().detail() + ". " + remedy_en);
}

void check_machine(Checkup& checkup, const std::string& directory) {
  const std::uint64_t free = base::real_files().free_bytes(directory);
  const std::string much = base::size_text(free);
  if (free < kFreeLeast) {
    checkup.bad("Đĩa chỉ còn " + much + "; hãy dọn hoặc mở rộng",
                "only " + much + " of disk left; free or add space");
  } else {
    checkup.good("Đĩa còn " + much, much + " of disk free");
  }
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  const std::string count = std::to_string(files.rlim_max);
  if (files.rlim_max < kFilesLeast) {
    checkup.bad("Chỉ được mở " + count + " tệp: nâng LimitNOFILE trong systemd",
                "only " + count + " open files allowed: raise LimitNOFILE in systemd");
  } else {
    checkup.good("Được mở " + count + " tệp", count + " open files allowed");
  }
  struct stat status {};
  if (::stat(key_path(directory).c_str(), &status) != 0) {
    checkup.bad("Thiếu " + key_path(directory) + ": đặt lại tệp khóa đã cất",
                key_path(directory) + " is missing: put back the key that was kept");
  } else if ((status.st_mode & 077) != 0) {
    checkup.bad("Người khác đọc được " + key_path(directory) + ": chạy chmod 600",
                "others can read " + key_path(directory) + ": run chmod 600 on it");
  } else {
    checkup.good("Khóa của máy chủ có và chỉ chủ sở hữu đọc được",
                 "the site's key is there and private");
  }
}

void check_site(Checkup& checkup, Site& site) {
  const std::string& directory = site.directory;
  checkup.judge(site.blobs->probe(), "Ghi được nội dung văn bản", "document bytes can be written",
                "Kiểm tra quyền và dung lượng của " + blobs_path(directory),
                "check rights and space of " + blobs_path(directory));
  const auto end = site.database->read(
      [&](store::Connection& connection) { return store::journal::check_end(connection); });
  checkup.judge(end, "Mục cuối của nhật ký nguyên vẹn", "the end of the journal is intact",
                "Chạy truc verify -C " + directory, "run truc verify -C " + directory);
  const auto exchange = site.exchange();
  if (!exchange) {
    checkup.bad(exchange.error().text().in(base::Language::vietnamese), exchange.error().detail());
    return;
  }
  const auto systems = (*exchange)->directory().systems().size();
  const auto organisations = (*exchange)->directory().size();
  const std::string counts_vi =
      std::to_string(systems) + " hệ thống, " + std::to_string(organisations) + " cơ quan";
  const std::string counts_en =
      std::to_string(systems) + " systems, " + std::to_string(organisations) + " organisations";
  if (systems == 0) {
    checkup.bad("Chưa có hệ thống nào kết nối: truc system add",
                "no system is connected yet: truc system add");
  } else {
    checkup.good(counts_vi, counts_en);
  }
}

void check_database(Checkup& checkup, Site& site) {
  const auto findings = site.database->check();
  if (!findings) {
    checkup.bad("Không kiểm tra được cơ sở dữ liệu: " + findings.error().detail(),
                "the database cannot be checked: " + findings.error().detail());
  } else if (!findings->empty()) {
    checkup.bad("Cơ sở dữ liệu hỏng (" + findings->front() + "): phục hồi bản sao lưu gần nhất",
                "the database is damaged (" + findings->front() + "): restore the last backup");
  } else {
    checkup.good("Cơ sở dữ liệu nguyên vẹn", "the database is intact");
  }
}

void check_evidence(Checkup& checkup, Site& site) {
  const std::string& directory = site.directory;
  constexpr auto kLate = std::chrono::minutes(10);
  const auto wanted = EvidenceKeys::wanted(directory, site.config, site.clock);
  if (!wanted || !*wanted) return;  // check_keys() tells what cannot be read
  trust::evidence::Standing standing;
  const auto looked = site.database->read([&](store::Connection& connection) -> base::Result<void> {
    standing = TRY(trust::evidence::standing_of(connection, true,
                                                !site.config.text("evidence.timestamps").empty()));
    return base::done();
  });
  checkup.judge(looked, "Đọc được bằng chứng", "evidences can be read", "", "");
  if (!looked) return;
  const auto late = [&](std::optional<base::Time> since, const char* vi, const char* en) {
    if (!since || site.clock.now() - *since < kLate) return false;
    const std::string at = base::vietnam_time_text(*since, '-');
    checkup.bad(std::string(vi) + ", từ " + at, std::string(en) + " since " + at);
    return true;
  };
  bool any = late(standing.unsigned_since,
                  "Bằng chứng chưa được ký: máy chủ có chạy, evidence.key có dùng được không",
                  "evidences are not signed: is the site served, can evidence.key be used");
  any |= late(standing.unlogged_since, "Bằng chứng chưa vào nhật ký minh bạch",
              "evidences do not get into the transparency log");
  any |= late(standing.unstamped_since,
              "Bằng chứng chưa có dấu thời gian: evidence.timestamps có trả lời không",
              "evidences have no timestamp: do evidence.timestamps answer");
  if (!any) checkup.good("Bằng chứng được ký và ghi nhật ký", "evidences are signed and logged");
  if (base::real_files().exists(log_restored_path(directory))) {
    checkup.bad("Nhật ký minh bạch lấy từ bản sao lưu và đang dừng: truc log resume --help",
                "the transparency log came from a backup and stands still: truc log resume --help");
  }
  const auto witnesses = trust::log::parse_witnesses(site.config.text("evidence.witnesses"));
  if (!witnesses) {
    checkup.bad(witnesses.error().text().vi, witnesses.error().text().en);
    return;
  }
  look_at_witnesses(checkup, site, *witnesses);
}

// Own keys that can be opened, and everything that ends some day.
void check_keys(Checkup& checkup, Site& site) {
  const base::Time now = site.clock.now();
  const auto directory = key_directory(site.directory, site.clock);
  const auto keys = directory ? directory->all() : directory.error();
  if (!keys) {
    checkup.bad("Không đọc được các khóa: " + keys.error().text().in(base::Language::vietnamese),
                "the keys cannot be read: " + keys.error().detail());
  } else {
    for (const auto& key : *keys) {
      if (key.removed) continue;
      const auto opened = directory->check(key);
      if (opened) continue;
      checkup.bad("Không mở được khóa " + key.name + ": " +
                      opened.error().text().in(base::Language::vietnamese),
                  "the key " + key.name + " cannot be opened: " + opened.error().detail());
    }
  }
  const Expiries found = expiries(site);
  for (const base::Error& trouble : found.troubles) {
    checkup.bad("Không xem được hạn chứng thư: " + trouble.text().in(base::Language::vietnamese),
                "a certificate cannot be looked at: " + trouble.detail());
  }
  for (const trust::DatedCertificate& one : found.all) look_at_expiry(checkup, one, now);
}

void check_backup(Checkup& checkup, Site& site) {
  const auto known = last_backup(*site.database);
  if (!known) {
    return checkup.bad(
        "Không đọc được lần sao lưu cuối: " + known.error().text().in(base::Language::vietnamese),
        "the last backup cannot be looked up: " + known.error().detail());
  }
  if (known->failed_at) {
    const std::string at = base::vietnam_time_text(*known->failed_at, '-');
    checkup.warn(
        "Lần sao lưu lúc " + at + " không thành (" + known->failed_reason +
            "): chạy lại truc backup",
        "the backup of " + at + " failed (" + known->failed_reason + "): run truc backup again");
  }
  if (!known->whole_at) {
    return checkup.warn("Chưa có bản sao lưu trọn vẹn nào bằng truc backup",
                        "there is no whole backup by truc backup yet");
  }
  const std::string at = base::vietnam_time_text(*known->whole_at, '-');
  const std::string number = std::to_string(known->documents);
  if (*known->whole_at + kBackupOld < site.clock.now()) {
    return checkup.warn("Bản sao lưu trọn vẹn cuối đã cũ: " + at,
                        "the last whole backup is old: " + at);
  }
  checkup.good("Sao lưu trọn vẹn lúc " + at + ", " + number + " văn bản",
               "backed up whole at " + at + ", " + number + " documents");
}

void check_helpers(Checkup& checkup, Site& site) {
  if (const std::string& clamd = site.config.text("trust.clamd"); !clamd.empty()) {
    // What is scanned is of no matter; whether there is an answer is.
    const auto source = trust::memory_source("truc");
    const trust::Scan scan =
        trust::clamd_scanner(clamd)->scan(*source, base::monotonic_micros() + kScannerMicros);
    if (scan.outcome == trust::Scan::Outcome::not_scanned) {
      checkup.bad("clamd tại " + clamd + " không quét được: " + scan.remark.vi,
                  "clamd at " + clamd + " does not scan: " + scan.remark.en);
    } else {
      checkup.good("clamd tại " + clamd + " trả lời", "clamd at " + clamd + " answers");
    }
  }
  if (!site.config.boolean("search.index") || site.config.integer("search.scanned_pages") == 0)
    return;
  if (search::find_program("tesseract").empty()) {
    checkup.warn("Không có tesseract: không tìm được theo chữ trong bản quét",
                 "there is no tesseract: words in scans cannot be found");
  } else {
    checkup.good("Có tesseract để đọc chữ trong bản quét", "tesseract is there to read scans");
  }
}

}  // namespace cli
