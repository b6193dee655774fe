#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>

#include "base/text.h"
#include "cli/certificate_expiry.h"
#include "cli/commands.h"
#include "cli/signing_keys.h"
#include "cli/site.h"
#include "store/journal.h"
#include "trust/evidence/standing.h"
#include "trust/log/witness_schedule.h"

namespace cli {
namespace {

constexpr std::uint64_t kFreeLeast = 1ull << 30;
constexpr std::int64_t kDaysAhead = 90, kDaysSoon = 30, kDaysUrgent = 7;
constexpr rlim_t kFilesLeast = 16384;

class Doctor {
 public:
  explicit Doctor(const Terminal& terminal) : terminal_(terminal) {}

  void good(std::string vi, std::string en) { tell("✓ ", true, {std::move(vi), std::move(en)}); }
  void bad(std::string vi, std::string en) {
    ++troubles_;
    tell("✗ ", false, {std::move(vi), std::move(en)});
  }
  // Something to be done in time: no failure yet.
  void warn(std::string vi, std::string en) {
    tell("! ", true, {std::move(vi), std::move(en)}, true);
  }
  void judge(const base::Result<void>& result, std::string vi, std::string en,
             const std::string& remedy_vi, const std::string& remedy_en) {
    if (result) return good(std::move(vi), std::move(en));
    bad(vi + ": " + result.error().text().in(base::Language::vietnamese) + ". " + remedy_vi,
        en + ": " + result.error().detail() + ". " + remedy_en);
  }
  int end() {
    base::Json json;
    json.add("ok", troubles_ == 0).add("checks", std::move(checks_));
    terminal_.give(json);
    return troubles_ == 0 ? 0 : 1;
  }

 private:
  void tell(const char* mark, bool ok, const base::Text& text, bool warning = false) {
    terminal_.say({mark + text.vi, mark + text.en});
    base::Json one;
    one.add("ok", ok).add("vi", text.vi).add("en", text.en);
    if (warning) one.add("warning", true);
    checks_.push(std::move(one));
  }
  const Terminal& terminal_;
  base::Json checks_{base::Json::Array{}};
  int troubles_ = 0;
};

void look_at_machine(Doctor& doctor, const std::string& directory) {
  const std::uint64_t free = base::real_files().free_bytes(directory);
  const std::string much = base::size_text(free);
  if (free < kFreeLeast) {
    doctor.bad("Đĩa chỉ còn " + much + "; hãy dọn hoặc mở rộng",
               "only " + much + " of disk left; free or add space");
  } else {
    doctor.good("Đĩa còn " + much, much + " of disk free");
  }
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  const std::string count = std::to_string(files.rlim_max);
  if (files.rlim_max < kFilesLeast) {
    doctor.bad("Chỉ được mở " + count + " tệp: nâng LimitNOFILE trong systemd",
               "only " + count + " open files allowed: raise LimitNOFILE in systemd");
  } else {
    doctor.good("Được mở " + count + " tệp", count + " open files allowed");
  }
  struct stat status {};
  if (::stat(key_path(directory).c_str(), &status) != 0) {
    doctor.bad("Thiếu " + key_path(directory) + ": đặt lại tệp khóa đã cất",
               key_path(directory) + " is missing: put back the key that was kept");
  } else if ((status.st_mode & 077) != 0) {
    doctor.bad("Người khác đọc được " + key_path(directory) + ": chạy chmod 600",
               "others can read " + key_path(directory) + ": run chmod 600 on it");
  } else {
    doctor.good("Khóa của máy chủ có và chỉ chủ sở hữu đọc được",
                "the site's key is there and private");
  }
}

// What each configured witness has cosigned last, by the log's files.
void look_at_witnesses(Doctor& doctor, Site& site,
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
      doctor.good("Nhân chứng " + key.name() + " đã cùng ký",
                  "the witness " + key.name() + " has cosigned");
    } else {
      doctor.bad("Nhân chứng " + key.name() + " không cùng ký một ngày nay: hãy hỏi đơn vị ấy",
                 "the witness " + key.name() + " has not cosigned for a day: ask its operator");
    }
  }
}

void look_at_site(Doctor& doctor, Site& site, const std::string& directory) {
  doctor.judge(site.blobs->probe(), "Ghi được nội dung văn bản", "document bytes can be written",
               "Kiểm tra quyền và dung lượng của " + blobs_path(directory),
               "check rights and space of " + blobs_path(directory));
  const auto end = site.database->read(
      [&](store::Connection& connection) { return store::journal::check_end(connection); });
  doctor.judge(end, "Mục cuối của nhật ký nguyên vẹn", "the end of the journal is intact",
               "Chạy truc verify -C " + directory, "run truc verify -C " + directory);
  const auto findings = site.database->check();
  if (!findings) {
    doctor.bad("Không kiểm tra được cơ sở dữ liệu: " + findings.error().detail(),
               "the database cannot be checked: " + findings.error().detail());
  } else if (!findings->empty()) {
    doctor.bad("Cơ sở dữ liệu hỏng (" + findings->front() + "): phục hồi bản sao lưu gần nhất",
               "the database is damaged (" + findings->front() + "): restore the last backup");
  } else {
    doctor.good("Cơ sở dữ liệu nguyên vẹn", "the database is intact");
  }
  const auto exchange = site.exchange();
  if (!exchange) {
    doctor.bad(exchange.error().text().in(base::Language::vietnamese), exchange.error().detail());
    return;
  }
  const auto systems = (*exchange)->directory().systems().size();
  const auto organisations = (*exchange)->directory().size();
  const std::string counts_vi =
      std::to_string(systems) + " hệ thống, " + std::to_string(organisations) + " cơ quan";
  const std::string counts_en =
      std::to_string(systems) + " systems, " + std::to_string(organisations) + " organisations";
  if (systems == 0) {
    doctor.bad("Chưa có hệ thống nào kết nối: truc system add",
               "no system is connected yet: truc system add");
  } else {
    doctor.good(counts_vi, counts_en);
  }
}

void look_at_evidence(Doctor& doctor, Site& site, const std::string& directory) {
  constexpr auto kLate = std::chrono::minutes(10);
  const auto wanted = EvidenceKeys::wanted(directory, site.config, site.clock);
  if (!wanted || !*wanted) return;  // look_at_keys() tells what cannot be read
  trust::evidence::Standing standing;
  const auto looked = site.database->read([&](store::Connection& connection) -> base::Result<void> {
    standing = TRY(trust::evidence::standing_of(connection, true,
                                                !site.config.text("evidence.timestamps").empty()));
    return base::done();
  });
  doctor.judge(looked, "Đọc được bằng chứng", "evidences can be read", "", "");
  if (!looked) return;
  const auto late = [&](std::optional<base::Time> since, const char* vi, const char* en) {
    if (!since || site.clock.now() - *since < kLate) return false;
    const std::string at = base::vietnam_time_text(*since, '-');
    doctor.bad(std::string(vi) + ", từ " + at, std::string(en) + " since " + at);
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
  if (!any) doctor.good("Bằng chứng được ký và ghi nhật ký", "evidences are signed and logged");
  if (base::real_files().exists(log_restored_path(directory))) {
    doctor.bad("Nhật ký minh bạch lấy từ bản sao lưu và đang dừng: truc log resume --help",
               "the transparency log came from a backup and stands still: truc log resume --help");
  }
  const auto witnesses = trust::log::parse_witnesses(site.config.text("evidence.witnesses"));
  if (!witnesses) {
    doctor.bad(witnesses.error().text().vi, witnesses.error().text().en);
    return;
  }
  look_at_witnesses(doctor, site, *witnesses);
}

base::Text name_of(const Expiry& one) {
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

void look_at_expiry(Doctor& doctor, const Expiry& one, base::Time now) {
  const base::Text name = name_of(one);
  const std::int64_t days = days_left(one.at, now);
  const std::string on = base::vietnam_time_text(one.at, '-').substr(0, 10);
  const std::string vi =
                        name.vi + " hết hạn ngày " + on + ", còn " + std::to_string(days) + " ngày",
                    en = name.en + ", expires on " + on + ", in " + std::to_string(days) + " days";
  if (one.at <= now && one.use == "anchor") {
    // Judging does not look at it: what was signed in its time is still judged by it.
    return doctor.warn(name.vi + " đã hết hạn ngày " + on +
                           ": chữ ký cũ vẫn kiểm tra được; khi "
                           "không còn tin cậy thì xóa tệp",
                       name.en + ", expired on " + on +
                           ": what it signed before is still judged "
                           "by it; remove the file when it is no longer trusted");
  }
  if (one.at <= now) {
    return doctor.bad(name.vi + " ĐÃ HẾT HẠN ngày " + on + ": thay ngay",
                      name.en + ", EXPIRED on " + on + ": replace it now");
  }
  if (days < kDaysUrgent) return doctor.warn(vi + ": thay ngay", en + ": replace it now");
  if (days < kDaysSoon) return doctor.warn(vi + ": hãy thay sớm", en + ": replace it soon");
  if (days < kDaysAhead) return doctor.warn(vi + ": hãy xin cấp mới", en + ": ask for a new one");
  doctor.good(vi, en);
}

// Own keys that can be opened, and everything that ends some day.
void look_at_keys(Doctor& doctor, Site& site) {
  const base::Time now = site.clock.now();
  const auto directory = key_directory(site.directory, site.clock);
  const auto keys = directory ? directory->all() : directory.error();
  if (!keys) {
    doctor.bad("Không đọc được các khóa: " + keys.error().text().in(base::Language::vietnamese),
               "the keys cannot be read: " + keys.error().detail());
  } else {
    for (const auto& key : *keys) {
      if (key.removed) continue;
      const auto opened = directory->check(key);
      if (opened) continue;
      doctor.bad("Không mở được khóa " + key.name + ": " +
                     opened.error().text().in(base::Language::vietnamese),
                 "the key " + key.name + " cannot be opened: " + opened.error().detail());
    }
  }
  const Expiries found = expiries(site);
  for (const base::Error& trouble : found.troubles) {
    doctor.bad("Không xem được hạn chứng thư: " + trouble.text().in(base::Language::vietnamese),
               "a certificate cannot be looked at: " + trouble.detail());
  }
  for (const Expiry& one : found.all) look_at_expiry(doctor, one, now);
}

}  // namespace

int doctor(const Terminal& terminal, const std::string& directory) {
  const auto config = load_config(directory);
  if (!config) return terminal.fail(config.error());
  Doctor doctor(terminal);
  doctor.good("Cấu hình đọc được", "the configuration reads well");
  look_at_machine(doctor, directory);
  const auto site = Site::open(directory, false);
  if (!site) {
    doctor.bad("Không mở được máy chủ: " + site.error().text().in(base::Language::vietnamese),
               "the site cannot be opened: " + site.error().detail());
    return doctor.end();
  }
  look_at_site(doctor, **site, directory);
  look_at_evidence(doctor, **site, directory);
  look_at_keys(doctor, **site);
  return doctor.end();
}

}  // namespace cli
