#include "cli/site.h"

#include <algorithm>
#include <tuple>

#include "base/text.h"

namespace cli {

using base::Setting;
using Type = base::Setting::Type;

const std::vector<Setting>& settings() {
  static const std::vector<Setting> kAll = {
      {"server.listen", Type::text, "127.0.0.1:8080", 0, 0, "Address and port to listen on.",
       "Địa chỉ và cổng lắng nghe."},
      {"server.certificate", Type::text, "", 0, 0,
       "Certificate chain (PEM); with server.key the server speaks TLS.",
       "Chuỗi chứng thư (PEM); cùng server.key thì máy chủ dùng TLS."},
      {"server.key", Type::text, "", 0, 0, "Private key (PEM).", "Khóa riêng (PEM)."},
      {"server.plain_anywhere", Type::boolean, "false", 0, 0,
       "Plain HTTP on addresses other than this machine's own: only behind a TLS proxy.",
       "Cho phép HTTP không mã hóa trên địa chỉ ngoài máy này: chỉ khi có proxy TLS phía trước."},
      {"server.loops", Type::integer, "1", 1, 64, "Network threads.", "Số luồng mạng."},
      {"server.workers", Type::integer, "48", 1, 1024, "Threads that work on requests.",
       "Số luồng xử lý yêu cầu."},
      {"server.connections_max", Type::integer, "12000", 10, 1000000,
       "Connections at the same time.", "Số kết nối đồng thời tối đa."},
      {"server.waiting_max", Type::integer, "8192", 1, 100000,
       "Requests that may wait for a worker.", "Số yêu cầu được phép chờ xử lý."},
      {"server.client_ca", Type::text, "", 0, 0,
       "Authorities (PEM) whose certificates systems may sign in with, over TLS; empty: none.",
       "Tổ chức chứng thực (PEM) cấp chứng thư mà hệ thống dùng để đăng nhập qua TLS; để trống: "
       "không dùng."},
      {"server.streams_max", Type::integer, "10000", 1, 1000000,
       "Streams of events at the same time.", "Số luồng sự kiện đồng thời tối đa."},
      {"server.waits_max", Type::integer, "4096", 1, 1000000,
       "Answers that wait for an event at the same time.",
       "Số yêu cầu chờ sự kiện đồng thời tối đa."},
      {"database.url", Type::text, "", 0, 0,
       "Empty: SQLite in the site's directory; otherwise postgresql://… for PostgreSQL.",
       "Để trống: SQLite trong thư mục của máy chủ; hoặc postgresql://… cho PostgreSQL."},
      {"exchange.list_items_max", Type::integer, "500", 1, 100000, "Items in one pending list.",
       "Số mục tối đa trong một danh sách chờ."},
      {"exchange.resend_window_hours", Type::integer, "24", 0, 8760,
       "The same file from the same sender within this time is one submission.",
       "Trong khoảng giờ này, cùng tệp từ cùng nơi gửi được coi là một lần gửi."},
      {"exchange.document_mib_max", Type::integer, "10240", 1, 1048576, "Largest document, MiB.",
       "Văn bản lớn nhất, MiB."},
      {"clocks.morning", Type::text, "07:30-11:30", 0, 0,
       "Working hours of the morning; deadlines of Decision 28/2018 count in them.",
       "Giờ làm việc buổi sáng; các thời hạn của Quyết định 28/2018 tính theo giờ này."},
      {"clocks.afternoon", Type::text, "13:30-17:00", 0, 0, "Working hours of the afternoon.",
       "Giờ làm việc buổi chiều."},
      {"clocks.at_once_minutes", Type::integer, "15", 1, 1440,
       "Within so many minutes an urgent document is sent, or its receipt acknowledged, at once.",
       "Văn bản khẩn được gửi, được xác nhận trong ngần ấy phút thì coi là ngay."},
      {"search.index", Type::boolean, "true", 0, 0,
       "Make accepted documents findable, in the background.",
       "Lập chỉ mục tìm kiếm cho văn bản đã nhận, chạy nền."},
      {"search.scanned_pages", Type::integer, "3", 0, 100,
       "Pages of a scan whose words are read (tesseract); 0: none.",
       "Số trang bản quét được nhận dạng chữ (tesseract); 0: không nhận dạng."},
      {"trust.judge", Type::boolean, "true", 0, 0,
       "Judge the signatures of attachments before a document is delivered.",
       "Kiểm tra chữ ký số của tệp đính kèm trước khi chuyển văn bản."},
      {"trust.budget_ms", Type::integer, "1500", 10, 600000,
       "Time for judging one document; what is cut off is delivered as being checked.",
       "Thời gian kiểm tra một văn bản; quá hạn thì chuyển với nhãn đang kiểm tra."},
      {"trust.fetch_revocation", Type::boolean, "true", 0, 0,
       "Ask the authorities' CRL and OCSP addresses.",
       "Hỏi địa chỉ CRL và OCSP của tổ chức chứng thực."},
      {"trust.fetch_private", Type::boolean, "false", 0, 0,
       "Ask them also at addresses of this machine and of private networks.",
       "Hỏi cả ở địa chỉ của máy này và của mạng riêng."},
      {"trust.clamd", Type::text, "", 0, 0,
       "Socket (path or HOST:PORT) of clamd; empty: no malware scan.",
       "Socket (đường dẫn hoặc MÁY:CỔNG) của clamd; để trống: không quét mã độc."},
      {"api.burst", Type::integer, "200", 1, 1000000,
       "Calls of the API that one caller may make at once.",
       "Số lệnh API mà một bên gọi được gọi dồn một lúc."},
      {"api.per_minute", Type::integer, "1200", 1, 1000000000,
       "Calls a minute by which that is refilled.", "Số lệnh mỗi phút được bù lại."},
      {"api.streams", Type::integer, "100", 1, 1000000,
       "Streams of events that one caller may have open.",
       "Số luồng sự kiện mà một bên gọi được mở cùng lúc."},
      {"api.per_day", Type::integer, "500000", 1, 1000000000000,
       "Calls of the API that one caller may make in a day (UTC).",
       "Số lệnh API mà một bên gọi được gọi trong một ngày (UTC)."},
      {"uploads.mib_max", Type::integer, "10240", 1, 1048576, "Largest upload, MiB.",
       "Tệp tải lên lớn nhất, MiB."},
      {"uploads.caller_mib_max", Type::integer, "40960", 1, 104857600,
       "All uploads of one caller for one organisation, MiB.",
       "Tổng dung lượng tải lên của một bên gọi cho một đơn vị, MiB."},
      {"uploads.caller_files_max", Type::integer, "64", 1, 100000,
       "How many uploads one caller may have for one organisation.",
       "Số tệp tải lên của một bên gọi cho một đơn vị."},
      {"uploads.lifetime_hours", Type::integer, "24", 1, 720,
       "An upload is removed so many hours after anything was last done with it.",
       "Tệp tải lên bị hủy sau ngần ấy giờ không dùng đến."},
      {"uploads.free_mib_min", Type::integer, "1024", 0, 1048576,
       "Room on the disk that uploads leave for everything else, MiB.",
       "Chỗ trống trên đĩa mà việc tải lên phải chừa lại, MiB."},
      {"evidence.key", Type::text, "", 0, 0,
       "Key that signs evidences until truc key use names another; empty: none before that.",
       "Khóa ký bằng chứng cho tới khi truc key use chọn khóa khác; để trống: trước đó không lập."},
      {"evidence.password_file", Type::text, "", 0, 0, "File with the password or PIN of that key.",
       "Tệp chứa mật khẩu hoặc mã PIN của khóa đó."},
      {"evidence.name", Type::text, "truc.local", 0, 0,
       "Name of this exchange in evidences and in its log; no spaces, no +.",
       "Tên của trục trong bằng chứng và nhật ký minh bạch; không có dấu cách, dấu +."},
      {"evidence.timestamps", Type::text, "", 0, 0,
       "Addresses of timestamp authorities (RFC 3161), with commas, in order of preference.",
       "Địa chỉ các nơi cấp dấu thời gian (RFC 3161), cách nhau bằng dấu phẩy, theo thứ tự ưu "
       "tiên."},
      {"evidence.witnesses", Type::text, "", 0, 0,
       "Witnesses that cosign the log's heads (C2SP tlog-witness): KEY URL, with commas between.",
       "Các nhân chứng cùng ký đầu nhật ký (C2SP tlog-witness): KHÓA ĐỊA_CHỈ, cách nhau bằng dấu "
       "phẩy."},
      {"evidence.witness_seconds", Type::integer, "60", 1, 86400,
       "How often a witness is asked, seconds; one that does not answer less and less often.",
       "Bao lâu hỏi nhân chứng một lần, giây; nhân chứng không trả lời thì hỏi thưa dần."},
      {"evidence.fetch_by", Type::text, "11:30", 0, 0,
       "When a delivery that nobody fetched gets its evidence: 11:30 is that time of the next "
       "working day; or a span like 24h; or off.",
       "Khi nào lập bằng chứng bên nhận chưa lấy văn bản: 11:30 là giờ ấy của ngày làm việc kế "
       "tiếp; hoặc một khoảng như 24h; hoặc off."},
      {"evidence.answer_by", Type::text, "17:00", 0, 0,
       "The same for one that was neither accepted nor refused (status 02, 03).",
       "Như trên, khi bên nhận chưa tiếp nhận cũng chưa từ chối (trạng thái 02, 03)."},
      {"feed.retention_days", Type::integer, "30", 4, 3650,
       "How many days back events can be read; documents, deliveries and the journal stay.",
       "Đọc lại được sự kiện trong bao nhiêu ngày; văn bản, lượt chuyển và nhật ký vẫn giữ "
       "nguyên."},
      {"sign_in.domain", Type::text, "localhost", 0, 0,
       "Domain that passkeys are made for; a change makes all of them useless.",
       "Tên miền gắn với khóa truy cập; đổi tên miền thì mọi khóa đều mất hiệu lực."},
      {"sign_in.origins", Type::text, "http://localhost:8080", 0, 0,
       "Addresses of the pages where people sign in, separated by commas.",
       "Địa chỉ các trang đăng nhập, cách nhau bằng dấu phẩy."},
      {"sign_in.session_hours", Type::integer, "12", 1, 24, "A session ends after so many hours.",
       "Phiên làm việc kết thúc sau ngần ấy giờ."},
      {"sign_in.idle_minutes", Type::integer, "60", 5, 720,
       "A session that is not used for so many minutes ends.",
       "Phiên không dùng trong ngần ấy phút thì kết thúc."},
      {"sign_in.failures_max", Type::integer, "1000", 10, 1000000,
       "Wrong passwords on the whole site in ten minutes before strangers are slowed down.",
       "Số lần sai mật khẩu trên toàn hệ thống trong mười phút trước khi làm chậm người lạ."},
      {"sign_in.pepper_file", Type::text, "", 0, 0,
       "File with a secret mixed into every password; once used, it must never be lost.",
       "Tệp chứa khóa trộn vào mọi mật khẩu; đã dùng thì không được để mất."},
      {"sign_in.oidc_issuer", Type::text, "", 0, 0,
       "Issuer of the OpenID Connect provider; empty: not offered.",
       "Địa chỉ (issuer) của dịch vụ đăng nhập OpenID Connect; để trống: không dùng."},
      {"sign_in.oidc_client", Type::text, "", 0, 0, "Client id that the provider gave.",
       "Mã ứng dụng do dịch vụ đăng nhập cấp."},
      {"sign_in.oidc_secret_file", Type::text, "", 0, 0,
       "File with the client's secret; empty: PKCE alone.",
       "Tệp chứa khóa bí mật của ứng dụng; để trống: chỉ dùng PKCE."},
      {"sign_in.oidc_redirect", Type::text, "", 0, 0,
       "Address that the provider sends the browser back to.",
       "Địa chỉ mà dịch vụ đăng nhập chuyển trình duyệt trở về."},
      {"sign_in.oidc_trust", Type::text, "", 0, 0,
       "Extra authorities (PEM) for the provider's TLS.",
       "Chứng thư gốc bổ sung (PEM) cho TLS của dịch vụ đăng nhập."},
      {"web.directory", Type::text, "", 0, 0,
       "Directory of the built web application; empty: share/truc/web beside the program, if it "
       "is there.",
       "Thư mục chứa ứng dụng web đã dựng; để trống: share/truc/web cạnh chương trình, nếu có."},
      {"webhooks.ports", Type::text, "443", 0, 0,
       "Ports of targets that webhooks may call, with commas between.",
       "Các cổng mà webhook được gọi tới, cách nhau bằng dấu phẩy."},
      {"webhooks.loopback", Type::boolean, "false", 0, 0,
       "Webhooks may also call this machine itself, without TLS: for tests only.",
       "Cho phép webhook gọi chính máy này, không mã hóa: chỉ để thử."},
      {"log.level", Type::text, "info", 0, 0, "debug, info, warning or error.",
       "debug, info, warning hoặc error."},
      {"client.url", Type::text, "", 0, 0, "Server for send, inbox, fetch …",
       "Máy chủ cho các lệnh send, inbox, fetch …"},
      {"client.system", Type::text, "", 0, 0, "Id of the connected system for those commands.",
       "Mã hệ thống dùng cho các lệnh đó."},
      {"client.secret_file", Type::text, "", 0, 0, "File with its secret.",
       "Tệp chứa khóa bí mật của hệ thống."},
      {"client.trust", Type::text, "", 0, 0, "Extra authorities (PEM) to trust.",
       "Chứng thư gốc bổ sung (PEM)."},
  };
  return kAll;
}

base::Result<void> create_site(const std::string& directory) {
  base::FileSystem& files = base::real_files();
  if (files.exists(config_path(directory)) || files.exists(database_path(directory))) {
    return base::Error(base::Code::conflict, "cli.site_exists", directory + " already holds a site",
                       directory + " đã là thư mục của một máy chủ Trúc");
  }
  TRY(base::make_directory_durably(files, blobs_path(directory)));
  TRY(base::make_directory_durably(files, anchors_path(directory)));
  TRY(base::write_secret_file(key_path(directory), base::SystemRandom().bytes(32)));
  TRY(base::write_file_durably(files, config_path(directory), base::sample_config(settings())));
  const auto site = TRY(Site::open(directory, false));
  TRY(site->exchange());
  return base::done();
}

base::Result<base::Config> load_config(const std::string& directory) {
  if (!base::real_files().exists(config_path(directory))) {
    return base::Error(
        base::Code::not_found, "cli.no_site",
        directory + " is not a site (no truc.toml); make one with: truc init " + directory,
        directory + " chưa là thư mục của Trúc (không có truc.toml); hãy tạo bằng: truc init " +
            directory);
  }
  return base::Config::load(base::real_files(), config_path(directory), settings());
}

base::Result<base::Bytes> read_site_key(const std::string& directory) {
  base::Bytes key = TRY(base::read_file(base::real_files(), key_path(directory), 4096));
  if (key.size() != 32) {
    return base::Error(
        base::Code::data_loss, "cli.bad_key",
        key_path(directory) + " must hold exactly 32 bytes; restore it from where it was kept",
        key_path(directory) + " phải có đúng 32 byte; hãy phục hồi từ nơi cất giữ");
  }
  return key;
}

base::Result<std::unique_ptr<Site>> Site::open(const std::string& directory, bool server) {
  base::Config config = TRY(load_config(directory));
  std::unique_ptr<Site> site(new Site(directory, std::move(config), server));
  site->blobs =
      TRY(store::open_blob_directory(base::real_files(), site->random, blobs_path(directory)));
  store::Database::Options options;
  options.url = site->config.text("database.url");
  if (options.url.empty()) options.url = "sqlite:" + database_path(directory);
  options.own_writer_thread = server;
  options.before_commit = [blobs = site->blobs.get()] { return blobs->sync(); };
  site->database = TRY(store::Database::open(std::move(options)));
  return site;
}

namespace {

base::Result<identity::WorkingHours> working_hours(const base::Config& config) {
  identity::WorkingHours hours;
  const auto morning = TRY(identity::parse_hours(config.text("clocks.morning")));
  const auto afternoon = TRY(identity::parse_hours(config.text("clocks.afternoon")));
  std::tie(hours.morning_from, hours.morning_to) = morning;
  std::tie(hours.afternoon_from, hours.afternoon_to) = afternoon;
  return hours;
}

}  // namespace

namespace {

base::Result<exchange::webhooks::TargetRules> target_rules(const base::Config& config) {
  exchange::webhooks::TargetRules rules;
  rules.loopback = config.boolean("webhooks.loopback");
  rules.ports.clear();
  for (const std::string_view text : base::split(config.text("webhooks.ports"), ',')) {
    const auto port = base::parse_int(base::trim(text));
    if (!port || *port < 1 || *port > 65535) {
      return base::Error(base::Code::invalid, "cli.bad_ports",
                         "webhooks.ports must be numbers from 1 to 65535 with commas between",
                         "webhooks.ports phải gồm các số từ 1 đến 65535, cách nhau bằng dấu phẩy");
    }
    rules.ports.push_back(static_cast<std::uint16_t>(*port));
  }
  return rules;
}

}  // namespace

base::Result<search::Index*> Site::search() {
  if (search_) return search_.get();
  store::Database::Options options;
  options.url = config.text("database.url");
  if (options.url.empty()) options.url = "sqlite:" + search_path(directory);
  options.own_writer_thread = server_;
  search_database_ = TRY(store::Database::open(std::move(options)));
  search_ = TRY(search::Index::open(*search_database_));
  return search_.get();
}

base::Result<exchange::Exchange*> Site::exchange() {
  if (!exchange_) {
    exchange::Policy policy;
    policy.list_items_max = config.integer("exchange.list_items_max");
    policy.resend_window = std::chrono::hours(config.integer("exchange.resend_window_hours"));
    base::Bytes key = TRY(read_site_key(directory));
    if (server_ && TRY(EvidenceKeys::wanted(directory, config, clock))) {
      evidence_ = TRY(EvidenceOffice::open(directory, config, *database, clock, random, metrics));
    }
    policy.clocks.at_once = std::chrono::minutes(config.integer("clocks.at_once_minutes"));
    const identity::WorkingHours hours = TRY(working_hours(config));
    calendar_ = std::make_unique<identity::CalendarBook>(*database, hours);
    if (config.boolean("trust.judge")) judging_ = TRY(make_judging());
    exchange_ = TRY(exchange::Exchange::open(
        {*database, *blobs, clock, random, metrics, std::move(key), policy, judging_.get(),
         evidence_ ? &evidence_->book() : nullptr, calendar_.get()}));
    if (judging_) TRY(judging_->refresh());
    exchange::feed::Feed::Options feed;
    feed.retention = std::chrono::hours(24 * config.integer("feed.retention_days"));
    feed_ = std::make_unique<exchange::feed::Feed>(*exchange_, feed);
    base::Bytes webhooks_key = TRY(read_site_key(directory));
    auto rules = TRY(target_rules(config));
    webhooks_ = std::make_unique<exchange::webhooks::Subscriptions>(
        *feed_, random, std::move(webhooks_key), std::move(rules));
  }
  return exchange_.get();
}

base::Result<identity::Identity*> Site::identity() {
  if (!identity_) {
    exchange::Exchange* const built = TRY(exchange());
    base::Bytes key = TRY(read_site_key(directory));
    identity::SignInOptions sign_in = TRY(identity::sign_in_options(config, base::real_files()));
    // Pages whose address says https are served through TLS, by us or by a proxy in front.
    const bool tls_outside = config.text("sign_in.origins").starts_with("https:");
    identity_ = std::make_unique<identity::Identity>(
        identity::Identity::Parts{*database, built->directory(), clock, random, std::move(key),
                                  std::move(sign_in), tls_outside, nullptr});
  }
  return identity_.get();
}

base::Result<insight::Rollup*> Site::insight() {
  if (!insight_) {
    exchange::Exchange* const built = TRY(exchange());
    insight_ = TRY(insight::Rollup::open(*built));
  }
  return insight_.get();
}

base::Result<exchange::uploads::Uploads*> Site::uploads() {
  if (!uploads_) {
    TRY(exchange());
    const auto bytes = [this](const char* name) {
      return static_cast<std::uint64_t>(config.integer(name)) << 20;
    };
    exchange::uploads::Options options;
    options.directory = uploads_path(directory);
    options.upload_bytes_max = bytes("uploads.mib_max");
    options.owner_bytes_max = bytes("uploads.caller_mib_max");
    options.owner_uploads_max = config.integer("uploads.caller_files_max");
    options.free_bytes_min = bytes("uploads.free_mib_min");
    options.lifetime = std::chrono::hours(config.integer("uploads.lifetime_hours"));
    options.boot = exchange::uploads::machine_boot();
    uploads_ = TRY(exchange::uploads::Uploads::open(
        {base::real_files(), *database, *blobs, clock, random}, options));
  }
  return uploads_.get();
}

base::Result<trust::Anchors> load_anchors(const std::string& directory) {
  base::FileSystem& files = base::real_files();
  trust::Anchors anchors;
  if (!files.exists(directory)) return anchors;
  constexpr std::string_view kEnd = ".pem", kDemonstration = ".demonstration.pem";
  constexpr std::uint64_t kBytesMax = 16 << 20;
  for (const std::string& name : TRY(files.list(directory))) {
    if (!name.ends_with(kEnd)) continue;
    trust::Anchor like;
    like.demonstration = name.ends_with(kDemonstration);
    like.name = name.substr(0, name.size() - (like.demonstration ? kDemonstration : kEnd).size());
    const base::Bytes pem = TRY(base::read_file(files, directory + "/" + name, kBytesMax));
    if (auto added = anchors.add_pem(pem, like); !added) {
      return std::move(added).error().with(directory + "/" + name);
    }
  }
  return anchors;
}

std::unique_ptr<trust::RevocationSource> revocation_of(const base::Config& config,
                                                       const trust::Anchors& anchors) {
  if (!config.boolean("trust.fetch_revocation")) return nullptr;
  const bool has_demonstration =
      std::any_of(anchors.all().begin(), anchors.all().end(),
                  [](const trust::Anchor& anchor) { return anchor.demonstration; });
  trust::FetchOptions fetch;
  fetch.private_addresses = config.boolean("trust.fetch_private") || has_demonstration;
  return trust::fetching_revocation_source(fetch);
}

base::Result<std::unique_ptr<exchange::Judging>> Site::make_judging() {
  trust::Anchors anchors = TRY(load_anchors(anchors_path(directory)));
  auto revocation = revocation_of(config, anchors);
  exchange::Judging::Parts parts{*database, *blobs, clock, metrics, std::move(anchors)};
  parts.revocation = std::move(revocation);
  if (const std::string& clamd = config.text("trust.clamd"); !clamd.empty())
    parts.scanner = trust::clamd_scanner(clamd);
  parts.intake.spool_directory = directory;
  parts.budget = std::chrono::milliseconds(config.integer("trust.budget_ms"));
  return std::make_unique<exchange::Judging>(std::move(parts));
}

}  // namespace cli
