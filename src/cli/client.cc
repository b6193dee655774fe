#include "cli/client.h"

#include <cstdlib>

#include "base/hash.h"
#include "base/text.h"
#include "cli/site.h"
#include "edxml/reader.h"
#include "edxml/writer.h"

namespace cli {
namespace {

constexpr std::size_t kPieceBytes = 256 * 1024;

std::string first_of(const std::string& flag, const char* variable, const std::string& configured) {
  if (!flag.empty()) return flag;
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0' ? value : configured;
}

}  // namespace

base::Result<std::unique_ptr<Connected>> connect(const Terminal& terminal,
                                                 const ClientOptions& options) {
  base::Config config = base::Config::defaults(settings());
  if (!options.site.empty()) config = TRY(load_config(options.site));
  exchange::vxp::Client::Options wanted;
  wanted.url = first_of(options.url, "TRUC_URL", config.text("client.url"));
  wanted.system = first_of(options.system, "TRUC_SYSTEM", config.text("client.system"));
  const std::string secret_file =
      first_of(options.secret_file, "TRUC_SECRET_FILE", config.text("client.secret_file"));
  if (wanted.url.empty() || wanted.system.empty() || secret_file.empty()) {
    return base::Error(
        base::Code::invalid, "cli.no_server",
        "name the server: --url http://HOST:PORT --system ID --secret-file FILE "
        "(or TRUC_URL, TRUC_SYSTEM, TRUC_SECRET_FILE, or [client] in truc.toml with -C DIR)",
        "hãy nêu máy chủ: --url http://MÁY:CỔNG --system MÃ --secret-file TỆP "
        "(hoặc TRUC_URL, TRUC_SYSTEM, TRUC_SECRET_FILE, hoặc mục [client] trong truc.toml với -C "
        "THƯ_MỤC)");
  }
  wanted.secret = TRY(base::read_file(base::real_files(), secret_file, 4096));
  while (!wanted.secret.empty() && (wanted.secret.back() == '\n' || wanted.secret.back() == '\r'))
    wanted.secret.pop_back();
  wanted.trust_file = options.trust_file.empty() ? config.text("client.trust") : options.trust_file;
  wanted.progress = terminal.progress();
  auto connected = std::make_unique<Connected>();
  connected->vxp = TRY(exchange::vxp::Client::create(std::move(wanted), connected->clock));
  return connected;
}

base::Result<LocalEdoc> read_edoc(const std::string& path) {
  LocalEdoc edoc;
  edoc.file = TRY(base::real_files().open(path, base::FileSystem::Mode::read));
  edxml::Reader reader;
  base::Sha256 sum;
  std::string piece(kPieceBytes, '\0');
  for (;;) {
    const std::size_t got = TRY(edoc.file->read_at(edoc.size, piece.data(), piece.size()));
    if (got == 0) break;
    edoc.size += got;
    sum.update({piece.data(), got});
    TRY(reader.feed({piece.data(), got}));
  }
  edoc.digest = sum.finish();
  edoc.document = TRY(reader.finish());
  return edoc;
}

base::Result<edxml::Document> remote_header(exchange::vxp::Client& client, const std::string& id) {
  edxml::Reader reader;
  TRY(client.fetch(id, [&](base::BytesView bytes) { return reader.feed(bytes); }));
  return reader.finish();
}

base::Result<base::Json> send_status(Connected& connected, const edxml::Document& status) {
  const std::string bytes = TRY(edxml::write_status(status));
  const auto read = [&](std::uint64_t offset, char* to,
                        std::size_t size) -> base::Result<std::size_t> {
    return bytes.copy(to, size, offset);
  };
  return connected.vxp->send(read, bytes.size(), base::sha256(bytes), status.from.id, true);
}

}  // namespace cli
