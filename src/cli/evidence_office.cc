#include "cli/evidence_office.h"

#include "base/log.h"
#include "base/text.h"
#include "cli/site.h"
#include "trust/log/serve.h"

namespace cli {
namespace {

constexpr std::uint64_t kKeyBytesMax = 4096;
constexpr std::string_view kLogPrefix = "/log/";

// The key that signs the log's heads, made when there is none.
base::Result<std::unique_ptr<trust::log::NoteSigner>> log_signer(const std::string& directory,
                                                                 const std::string& name,
                                                                 base::Random& random) {
  base::FileSystem& files = base::real_files();
  const std::string path = log_key_path(directory);
  if (!files.exists(path)) {
    const std::string made =
        TRY(trust::log::new_note_key(name, trust::log::NoteAlgorithm::ed25519, random));
    TRY(base::write_secret_file(path, made));
  }
  return read_log_key(directory);
}

base::Text text_of_degradation(const std::string& word) {
  if (word == "signature_unavailable") {
    return {"Bằng chứng chưa được ký: không dùng được evidence.key",
            "evidences are not signed: evidence.key cannot be used"};
  }
  if (word == "timestamp_unavailable") {
    return {"Bằng chứng chưa có dấu thời gian: evidence.timestamps không trả lời",
            "evidences have no timestamp: evidence.timestamps do not answer"};
  }
  if (word == "log_unavailable") {
    return {"Bằng chứng chưa vào nhật ký minh bạch", "evidences do not get into the log"};
  }
  if (word == "witness_unavailable") {
    return {"Có nhân chứng vắng: đầu nhật ký chưa đủ chữ ký nhân chứng",
            "a witness is away: heads of the log lack its cosignature"};
  }
  return {word, word};
}

}  // namespace

base::Result<std::unique_ptr<trust::log::NoteSigner>> read_log_key(const std::string& directory) {
  const base::Bytes text =
      TRY(base::read_file(base::real_files(), log_key_path(directory), kKeyBytesMax));
  return trust::log::note_signer(base::trim(text));
}

std::unique_ptr<trust::TimestampClient> timestamps_of(const base::Config& config,
                                                      const base::Clock& clock) {
  trust::TimestampOptions options;
  for (const auto url : base::split(config.text("evidence.timestamps"), ',')) {
    if (!base::trim(url).empty()) options.authorities.emplace_back(base::trim(url));
  }
  return options.authorities.empty() ? nullptr : trust::timestamp_client(options, clock);
}

base::Result<std::unique_ptr<EvidenceOffice>> EvidenceOffice::open(
    const std::string& directory, const base::Config& config, store::Database& database,
    const base::Clock& clock, base::Random& random, base::Metrics& metrics) {
  std::unique_ptr<EvidenceOffice> made(new EvidenceOffice(database, clock));
  EvidenceOffice* const office = made.get();
  const std::string& name = config.text("evidence.name");
  TRY(database.migrate(trust::evidence::migrations()));
  office->keys_ = TRY(EvidenceKeys::open(directory, config, clock));
  office->name_ = name;
  office->timestamps_ = timestamps_of(config, clock);
  TRY(office->open_log(directory, name, random));
  TRY(office->add_witnesses(config));
  const trust::evidence::Identity identity{name, office->keys_->signer().certificate()};
  office->book_ = std::make_unique<trust::evidence::EvidenceBook>(identity, random);
  trust::evidence::Sealer::Parts parts{database,
                                       *office->book_,
                                       office->keys_->signer(),
                                       office->timestamps_.get(),
                                       office->log_.get(),
                                       name,
                                       clock};
  base::Counter& stamps = metrics.counter("truc_timestamp_failures_total",
                                          "Attempts at which no timestamp authority answered");
  parts.failed = [&stamps](std::string_view part) {
    if (part == "timestamp") stamps.add();
  };
  parts.degraded = [office] {
    const bool away = office->witnesses_ && !office->witnesses_->away().empty();
    return away ? std::vector<std::string>{"witness_unavailable"} : std::vector<std::string>{};
  };
  office->sealer_ = std::make_unique<trust::evidence::Sealer>(std::move(parts));
  office->add_metrics(metrics);
  return made;
}

base::Result<void> EvidenceOffice::open_log(const std::string& directory, const std::string& name,
                                            base::Random& random) {
  base::FileSystem& files = base::real_files();
  if (!files.exists(log_key_path(directory))) {
    std::int64_t logged = 0;
    TRY(database_.read([&](store::Connection& connection) -> base::Result<void> {
      logged = TRY(trust::evidence::logged_to(connection));
      return base::done();
    }));
    if (logged > 0) {
      return base::Error(base::Code::data_loss, "cli.log_lost",
                         log_key_path(directory) +
                             " is missing, and this site has published a log: put it and log/ back "
                             "from the last backup, or: truc log resume --new-log",
                         "thiếu " + log_key_path(directory) +
                             " trong khi máy chủ đã công bố nhật ký: hãy đặt lại tệp ấy và log/ từ "
                             "bản sao lưu, hoặc: truc log resume --new-log");
    }
  }
  log_signer_ = TRY(log_signer(directory, name, random));
  TRY(files.make_directory(log_path(directory)));
  log_ = TRY(trust::log::Log::open({files, log_path(directory), *log_signer_, clock_}));
  log_source_ = log_->source();
  restored_ = files.exists(log_restored_path(directory));
  if (restored_) {
    log_->hold(base::Error(base::Code::conflict, "cli.log_restored",
                           "the log came from a backup and may be older than what was published: "
                           "truc log resume --help",
                           "nhật ký lấy từ bản sao lưu, có thể cũ hơn phần đã công bố: truc log "
                           "resume --help"));
  }
  return base::done();
}

base::Result<void> EvidenceOffice::add_witnesses(const base::Config& config) {
  const auto addresses = TRY(trust::log::parse_witnesses(config.text("evidence.witnesses")));
  if (addresses.empty()) return base::done();
  trust::log::WitnessSchedule::Options options;
  options.interval = std::chrono::seconds(config.integer("evidence.witness_seconds"));
  witnesses_ = std::make_unique<trust::log::WitnessSchedule>(*log_, clock_, options);
  for (const auto& address : addresses) {
    auto transport = trust::log::http_witness(address.url);
    if (!transport) return std::move(transport).error().with("evidence.witnesses");
    witnesses_->add(address.key, std::move(*transport));
  }
  return base::done();
}

// The witnesses' thread starts the sealer's, and the sealer's asks who of the witnesses is away.
EvidenceOffice::~EvidenceOffice() {
  if (witnesses_) witnesses_->stop();
  if (sealer_) sealer_->stop();
}

void EvidenceOffice::start() {
  if (!witnesses_) return sealer_->start();
  witnesses_->start([this] { sealer_->start(); });
}

trust::evidence::Sealer::Health EvidenceOffice::health() {
  constexpr std::int64_t kLookEveryMicros = 1'000'000;
  const std::lock_guard lock(mutex_);
  const std::int64_t now = base::monotonic_micros();
  if (looked_at_ == 0 || now - looked_at_ >= kLookEveryMicros) {
    // A database that cannot be read is seen by others.
    if (auto health = sealer_->health()) health_ = *std::move(health);
    looked_at_ = now;
  }
  return health_;
}

std::vector<base::Text> EvidenceOffice::degradations() {
  std::vector<base::Text> out;
  for (const std::string& word : health().degradations) out.push_back(text_of_degradation(word));
  if (restored_) {
    out.push_back({"Nhật ký minh bạch lấy từ bản sao lưu và đang dừng: truc log resume --help",
                   "the transparency log came from a backup and stands still: truc log resume "
                   "--help"});
  }
  if (!witnesses_) return out;
  for (const auto& standing : witnesses_->standings()) {
    if (standing.reason != "trust.log_rolled_back") continue;
    out.push_back({"Nhân chứng " + standing.witness +
                       " biết một nhật ký mới hơn; nhật ký dừng lại: xem docs/operations/incidents",
                   "the witness " + standing.witness +
                       " knows a newer log; this one stands still: see docs/operations/incidents"});
  }
  return out;
}

void EvidenceOffice::add_metrics(base::Metrics& metrics) {
  const auto age = [this](std::optional<base::Time> since) {
    return since ? std::chrono::duration<double>(clock_.now() - *since).count() : 0.0;
  };
  metrics.gauge("truc_evidence_waiting", "Evidences that are not in a batch yet",
                [this] { return static_cast<double>(health().waiting); });
  metrics.gauge("truc_evidence_unsigned_seconds", "Age of the oldest evidence without a signature",
                [this, age] { return age(health().unsigned_since); });
  metrics.gauge("truc_evidence_unlogged_seconds",
                "Age of the oldest evidence that is not in the log",
                [this, age] { return age(health().unlogged_since); });
  metrics.gauge("truc_evidence_unstamped_seconds", "Age of the oldest evidence without a timestamp",
                [this, age] { return age(health().unstamped_since); });
  metrics.gauge("truc_log_size", "Entries of the transparency log",
                [this] { return static_cast<double>(log_->head().size); });
  metrics.gauge("truc_log_newest_seconds", "Age of the newest batch that is in the log",
                [this, age] { return age(health().logged_at); });
  metrics.gauge("truc_witness_failures", "Failed requests to witnesses since the start", [this] {
    std::int64_t sum = 0;
    if (witnesses_) {
      for (const auto& standing : witnesses_->standings()) sum += standing.failures;
    }
    return static_cast<double>(sum);
  });
  metrics.gauge("truc_witnesses_away", "Witnesses that have not answered for ten minutes",
                [this] { return static_cast<double>(witnesses_ ? witnesses_->away().size() : 0); });
}

base::Result<void> EvidenceOffice::refresh() {
  if (!TRY(keys_->refresh())) return base::done();
  book_->speak_as({name_, keys_->signer().certificate()});
  base::log::info("evidence.key_changed", {{"key", keys_->current_name()}});
  return base::done();
}

std::vector<http::Route> EvidenceOffice::routes() {
  const auto give = [this](http::Request& request) {
    auto file =
        trust::log::serve(*log_source_, std::string_view(request.path).substr(kLogPrefix.size()));
    if (!file) return http::problem(file.error(), request.path);
    http::Response response = http::Response::text(200, file->content_type, std::move(file->body));
    response.headers.set("Cache-Control", std::string(file->cache_control));
    return response;
  };
  return {{http::Method::get, "/log/**", http::Permission::open, 0, give,
           "the transparency log (C2SP tlog-tiles)"}};
}

}  // namespace cli
