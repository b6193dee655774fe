#include "cli/evidence_office.h"

#include "base/text.h"
#include "cli/site.h"
#include "trust/evidence/key_signer.h"
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

base::Result<std::unique_ptr<trust::SigningKey>> read_signing_key(
    const std::string& file, const std::string& password_file) {
  base::FileSystem& files = base::real_files();
  std::string password;
  if (!password_file.empty()) {
    password = TRY(base::read_file(files, password_file, 4096));
    while (!password.empty() && (password.back() == '\n' || password.back() == '\r'))
      password.pop_back();
  }
  const base::Bytes bytes = TRY(base::read_file(files, file, kKeyBytesMax));
  if (bytes.find("-----BEGIN") != base::Bytes::npos) return trust::key_from_pem(bytes, password);
  return trust::key_from_pkcs12(bytes, password);
}

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
  office->key_ =
      TRY(read_signing_key(config.text("evidence.key"), config.text("evidence.password_file")));
  office->signer_ = TRY(trust::evidence::key_signer(*office->key_));
  office->timestamps_ = timestamps_of(config, clock);
  office->log_signer_ = TRY(log_signer(directory, name, random));
  TRY(base::real_files().make_directory(log_path(directory)));
  office->log_ = TRY(trust::log::Log::open(
      {base::real_files(), log_path(directory), *office->log_signer_, clock}));
  office->log_source_ = office->log_->source();
  const trust::evidence::Identity identity{name, office->signer_->certificate()};
  office->book_ = std::make_unique<trust::evidence::EvidenceBook>(identity, random);
  office->sealer_ = std::make_unique<trust::evidence::Sealer>(
      trust::evidence::Sealer::Parts{database, *office->book_, *office->signer_,
                                     office->timestamps_.get(), office->log_.get(), name, clock});
  return office;
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
