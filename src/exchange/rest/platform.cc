// The platform for those who run it: whether all is well, and which certificates end when.
#include "exchange/rest/platform.h"

#include <algorithm>

#include "base/hash.h"
#include "exchange/rest/administration.h"
#include "exchange/rest/request.h"
#include "exchange/rest/resources.h"

namespace exchange::rest {
namespace {

using identity::Identity;
using identity::Permission;

constexpr std::string_view kTag = "Platform";
constexpr std::int64_t kNumberMax = std::int64_t{1} << 53;
constexpr std::string_view kHexExample =
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

base::Json both(const base::Text& text) {
  base::Json json;
  json.add("vi", text.vi).add("en", text.en);
  return json;
}

// --- certificates --------------------------------------------------------------------------------

// As one line of the calendar; what is not known of a system's certificate is left out.
struct Line {
  trust::DatedCertificate certificate;
  bool dated = true;
};

base::Json certificate_json(const Line& line, base::Time now) {
  const trust::DatedCertificate& one = line.certificate;
  base::Json json;
  json.add("use", one.use).add("name", one.name);
  if (!one.subject.empty()) json.add("subject", one.subject).add("issuer", one.issuer);
  if (!one.key_id.empty()) json.add("key_id", base::hex(one.key_id));
  if (!one.sha256.empty()) json.add("fingerprint", base::hex(one.sha256));
  if (!one.subject.empty()) json.add("not_before", base::iso_time_text(one.from));
  if (line.dated) {
    json.add("not_after", base::iso_time_text(one.until));
    json.add("days_left", trust::days_left(one.until, now));
  }
  if (one.demonstration) json.add("demonstration", true);
  return json;
}

// Those that systems sign in with: the site has their hash, and until when it lets them in.
base::Result<void> add_of_systems(const Exchange& exchange, const Identity& identity,
                                  base::Time now, std::vector<Line>& to) {
  for (const ConnectedSystem& system : exchange.directory().systems()) {
    for (const auto& one : TRY(identity.credentials.list(system.id))) {
      if (one.kind != identity::CredentialKind::certificate || one.revoked_at) continue;
      Line line;
      line.certificate.use = "system";
      line.certificate.name = system.id + " (" + one.name + ")";
      line.certificate.until = one.expires_at.value_or(now);
      line.dated = one.expires_at.has_value();
      to.push_back(std::move(line));
    }
  }
  return base::done();
}

base::Result<http::Response> certificates(Exchange& exchange, Identity& identity,
                                          Platform& platform, Call& call) {
  TRY(require_platform(call, Permission::platform_operate));
  const auto place = TRY(call.place());
  Certificates found = platform.certificates();
  std::vector<Line> lines;
  for (auto& one : found.all) lines.push_back({std::move(one), true});
  TRY(add_of_systems(exchange, identity, call.now, lines));
  const std::string_view use = call.text("use");
  const auto until = call.now + std::chrono::days(call.integer("within_days"));
  std::erase_if(lines, [&](const Line& line) {
    if (!use.empty() && line.certificate.use != use) return true;
    return call.has("within_days") && (!line.dated || line.certificate.until > until);
  });
  std::stable_sort(lines.begin(), lines.end(), [](const Line& a, const Line& b) {
    if (a.dated != b.dated) return a.dated;
    return a.dated && a.certificate.until < b.certificate.until;
  });
  base::Json items{base::Json::Array{}}, troubles{base::Json::Array{}};
  std::size_t next = place ? static_cast<std::size_t>(place->at(0)) : 0;
  for (std::int64_t count = 0; next < lines.size() && count < call.limit(); ++next, ++count)
    items.push(certificate_json(lines[next], call.now));
  for (const base::Error& one : found.troubles) troubles.push(both(one.text()));
  base::Json more;
  more.add("troubles", std::move(troubles));
  return call.page(
      std::move(items),
      next < lines.size() ? std::optional(Place{static_cast<std::int64_t>(next)}) : std::nullopt,
      std::move(more));
}

// --- state ---------------------------------------------------------------------------------------

base::Json backup_json(const PlatformState& state, base::Time now) {
  base::Json json;
  json.add("known", state.backup_at.has_value());
  if (state.backup_at) {
    json.add("whole_at", base::iso_time_text(*state.backup_at));
    json.add("hours_ago",
             std::chrono::duration_cast<std::chrono::hours>(now - *state.backup_at).count());
    json.add("documents", state.backup_documents);
  }
  if (state.backup_failed_at) {
    json.add("failed_at", base::iso_time_text(*state.backup_failed_at));
    json.add("failed_reason", state.backup_failed_reason);
  }
  return json;
}

base::Result<http::Response> platform_state(Platform& platform, Call& call) {
  TRY(require_platform(call, Permission::platform_operate));
  const PlatformState state = platform.state();
  base::Json json, storage, checks{base::Json::Array{}};
  bool well = true;
  for (const Check& one : state.checks) {
    base::Json check;
    check.add("state", !one.ok ? "failed" : one.warning ? "warning" : "ok");
    check.add("text", both(one.text));
    checks.push(std::move(check));
    well = well && one.ok;
  }
  storage.add("disk_bytes", static_cast<std::int64_t>(state.disk_bytes));
  storage.add("disk_free_bytes", static_cast<std::int64_t>(state.disk_free_bytes));
  if (state.documents) storage.add("documents", *state.documents);
  if (state.document_bytes) storage.add("document_bytes", *state.document_bytes);
  json.add("ok", well).add("version", state.version).add("database", state.database);
  json.add("started_at", base::iso_time_text(state.started_at));
  json.add("looked_at", base::iso_time_text(state.looked_at));
  json.add("storage", std::move(storage)).add("backup", backup_json(state, call.now));
  json.add("checks", std::move(checks));
  return http::Response::json(200, json.dump());
}

// --- what it looks like --------------------------------------------------------------------------

Schema both_schema(base::Text about) {
  Schema made = object(
      "Told", {"Bằng hai thứ tiếng.", "In both languages."},
      {required("vi", text(4000, {"Tiếng Việt.", "In Vietnamese."}, "Đĩa còn 40,0 GiB", 0)),
       required("en", text(4000, {"Tiếng Anh.", "In English."}, "40.0 GiB of disk free", 0))});
  made.about = std::move(about);
  return made;
}

Schema certificate_schema() {
  return object(
      "DatedCertificate", {"Một chứng thư và hạn của nó.", "A certificate, and when it ends."},
      {required("use", word({"evidence", "evidence_next", "tls", "anchor", "timestamp", "system"},
                            {"Dùng để làm gì.", "What depends on it."})),
       required("name", text(4000,
                             {"Tên khóa, tệp, gốc tin cậy hoặc hệ thống.",
                              "The key, the file, the anchor or the system."},
                             "ca-chinh-phu")),
       optional("subject", text(4000, {"Chủ thể.", "Its subject."}, "CN=CA Chính phủ", 0)),
       optional("issuer", text(4000, {"Nơi cấp.", "Its issuer."}, "CN=CA Chính phủ", 0)),
       optional("key_id", text(200, {"Định danh khóa.", "Its key id, hex."}, "0a1b2c3d")),
       optional("fingerprint", text(64, {"SHA-256.", "SHA-256, hex."}, kHexExample)),
       optional("not_before", time({"Có hiệu lực từ.", "In force since."})),
       optional("not_after", time({"Hết hạn; không có khi không biết.",
                                   "When it ends; not there when it is not known."})),
       optional("days_left", integer(-100'000, 1'000'000,
                                     {"Còn bao nhiêu ngày; âm: đã hết hạn.",
                                      "Days left; negative when it is over."},
                                     90)),
       unusual("demonstration", boolean({"Chỉ để trình diễn.", "A demonstration's."}))});
}

Schema bytes_schema(base::Text about) {
  return integer(0, std::numeric_limits<std::int64_t>::max(), std::move(about), 42'949'672'960);
}

Schema state_schema() {
  return object(
      "PlatformState", {"Tình trạng nền tảng.", "How the platform is doing."},
      {required("ok", boolean({"Không có mục nào hỏng.", "Nothing has failed."})),
       required("version", text(40, {"Phiên bản.", "Its version."}, "0.3.0")),
       required("database", text(20, {"Cơ sở dữ liệu.", "The engine of its records."}, "sqlite")),
       required("started_at", time({"Chạy từ.", "Running since."})),
       required("looked_at", time({"Các mục kiểm tra lúc; mỗi phút một lần.",
                                   "When the checks were made: at most once a minute."})),
       required(
           "storage",
           object("Storage", {"Dung lượng.", "What is stored."},
                  {required("disk_bytes", bytes_schema({"Cả đĩa.", "The whole file system."})),
                   required("disk_free_bytes", bytes_schema({"Còn trống.", "Free of it."})),
                   optional("documents", integer(0, kNumberMax,
                                                 {"Số văn bản và bản tin trạng thái.",
                                                  "Documents and status messages."},
                                                 1200)),
                   optional("document_bytes",
                            bytes_schema({"Dung lượng của chúng khi gửi; không có khi đang đếm.",
                                          "Their bytes as handed in; not there while they are "
                                          "first counted."}))})),
       required(
           "backup",
           object(
               "BackupState",
               {"Sao lưu bằng truc backup. Không biết: bản sao còn hay không, phục hồi được "
                "không.",
                "Of truc backup. Not known: whether the copy is still there and can be "
                "restored."},
               {required("known", boolean({"Có bản trọn vẹn.", "There was a whole one."})),
                optional("whole_at", time({"Bản trọn vẹn cuối.", "The last whole one."})),
                optional("hours_ago",
                         integer(-kNumberMax, kNumberMax, {"Bao nhiêu giờ trước.", "Its age."}, 7)),
                optional("documents",
                         integer(0, kNumberMax, {"Văn bản trong đó.", "Documents in it."}, 1200)),
                unusual("failed_at", time({"Lần sau đó không thành.", "A later one that failed."})),
                unusual("failed_reason", text(100, {"Vì sao.", "Why."}, "cli.backup_exists", 0))})),
       required("checks",
                list(object("PlatformCheck",
                            {"Một mục, như truc doctor.", "A finding, as of truc doctor."},
                            {required("state", word({"ok", "warning", "failed"},
                                                    {"Kết quả.", "What came of it."})),
                             required("text", both_schema({"Bằng lời, kèm cách khắc phục.",
                                                           "In words, with the remedy."}))}),
                     10'000))});
}

}  // namespace

std::vector<Route> platform_rows(Exchange& exchange, Identity& identity, Platform* platform) {
  if (platform == nullptr) return {};
  Schema page = page_of("CertificatePage", certificate_schema());
  page.members.push_back(
      required("troubles", list(both_schema({"Bằng lời.", "In words."}), 1000,
                                {"Những gì không đọc được.", "What could not be read."})));
  std::vector<Route> rows;
  rows.push_back({
      .path = "/api/v1/platform",
      .access = Permission::platform_operate,
      .name = "getPlatformState",
      .tag = kTag,
      .summary = {"Tình trạng nền tảng", "How the platform is doing"},
      .about = {"Các mục kiểm tra của truc doctor (trừ việc đọc hết cơ sở dữ liệu), dung lượng và "
                "sao lưu.",
                "The checks of truc doctor, but for reading all of the database; storage, and "
                "backups."},
      .answers = {{200, {"Tình trạng.", "The state."}, state_schema()}},
      .refusals = {platform_only()},
      .handler = [platform](Call& call) { return platform_state(*platform, call); },
  });
  rows.push_back({
      .path = "/api/v1/certificates",
      .access = Permission::platform_operate,
      .name = "listCertificates",
      .tag = kTag,
      .summary = {"Chứng thư, theo ngày hết hạn", "Certificates by the day they end"},
      .about = {"Gốc tin cậy, khóa ký bằng chứng, TLS, nơi cấp dấu thời gian và chứng thư mà hệ "
                "thống dùng để đăng nhập. Thay đổi gốc tin cậy bằng một đề nghị.",
                "Trust anchors, the keys that sign evidences, TLS, the timestamp authority, and "
                "those that systems sign in with. Anchors are changed by a proposal."},
      .parameters = {{Parameter::In::query, "use",
                      word({"evidence", "evidence_next", "tls", "anchor", "timestamp", "system"},
                           {"Chỉ loại này.", "Only of this use."})},
                     {Parameter::In::query, "within_days",
                      integer(0, 36'500,
                              {"Chỉ những gì hết hạn trong bấy nhiêu ngày.",
                               "Only what ends within so many days."},
                              90)},
                     limit_parameter(),
                     cursor_parameter()},
      .answers = {{200, {"Một trang.", "A page."}, std::move(page)}},
      .refusals = {platform_only()},
      .handler = [&exchange, &identity, platform](
                     Call& call) { return certificates(exchange, identity, *platform, call); },
  });
  return rows;
}

}  // namespace exchange::rest
