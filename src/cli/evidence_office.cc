#include "cli/evidence_office.h"

#include "base/log.h"
#include "base/text.h"
#include "cli/site.h"
#include "trust/log/serve.h"

namespace cli {
namespace {

constexpr std::uint64_t kKeyBytesMax = 1 << 20;
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
  const base::Bytes text = TRY(base::read_file(files, path, kKeyBytesMax));
  return trust::log::note_signer(base::trim(text));
}

}  // namespace

std::unique_ptr<trust::TimestampClient> timestamps_of(const base::Config& config,
                                                      const base::Clock& clock) {
  trust::TimestampOptions options;
  for (const auto url : base::split(config.text("evidence.timestamps"), ',')) {
    if (!base::trim(url).empty()) options.authorities.emplace_back(base::trim(url));
  }
  return options.authorities.empty() ? nullptr : trust::timestamp_client(options, clock);
}

base::Result<std::unique_ptr<EvidenceOffice>> EvidenceOffice::open(const std::string& directory,
                                                                   const base::Config& config,
                                                                   store::Database& database,
                                                                   const base::Clock& clock,
                                                                   base::Random& random) {
  std::unique_ptr<EvidenceOffice> office(new EvidenceOffice);
  const std::string& name = config.text("evidence.name");
  office->keys_ = TRY(EvidenceKeys::open(directory, config, clock));
  office->name_ = name;
  office->timestamps_ = timestamps_of(config, clock);
  office->log_signer_ = TRY(log_signer(directory, name, random));
  TRY(base::real_files().make_directory(log_path(directory)));
  office->log_ = TRY(trust::log::Log::open(
      {base::real_files(), log_path(directory), *office->log_signer_, clock}));
  office->log_source_ = office->log_->source();
  const trust::evidence::Identity identity{name, office->keys_->signer().certificate()};
  office->book_ = std::make_unique<trust::evidence::EvidenceBook>(identity, random);
  office->sealer_ = std::make_unique<trust::evidence::Sealer>(
      trust::evidence::Sealer::Parts{database, *office->book_, office->keys_->signer(),
                                     office->timestamps_.get(), office->log_.get(), name, clock});
  return office;
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
