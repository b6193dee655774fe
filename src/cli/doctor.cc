#include <sys/resource.h>
#include <sys/stat.h>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/site.h"
#include "exchange/journal.h"

namespace cli {
namespace {

constexpr std::uint64_t kFreeLeast = 1ull << 30;
constexpr rlim_t kFilesLeast = 16384;

class Doctor {
 public:
  explicit Doctor(const Terminal& terminal) : terminal_(terminal) {}

  void good(std::string vi, std::string en) { tell("✓ ", true, {std::move(vi), std::move(en)}); }
  void bad(std::string vi, std::string en) {
    ++troubles_;
    tell("✗ ", false, {std::move(vi), std::move(en)});
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
  void tell(const char* mark, bool ok, const base::Text& text) {
    terminal_.say({mark + text.vi, mark + text.en});
    base::Json one;
    one.add("ok", ok).add("vi", text.vi).add("en", text.en);
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

void look_at_site(Doctor& doctor, Site& site, const std::string& directory) {
  doctor.judge(site.blobs->probe(), "Ghi được nội dung văn bản", "document bytes can be written",
               "Kiểm tra quyền và dung lượng của " + blobs_path(directory),
               "check rights and space of " + blobs_path(directory));
  const auto end = site.database->read(
      [&](store::Connection& connection) { return exchange::journal::check_end(connection); });
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
  return doctor.end();
}

}  // namespace cli
