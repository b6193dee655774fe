// What the client commands share: the connection, and files that stream.
#pragma once
#include <memory>
#include <string>

#include "base/file.h"
#include "base/time.h"
#include "cli/commands.h"
#include "edxml/document.h"
#include "exchange/vxp/client.h"

namespace cli {

struct Connected {
  base::SystemClock clock;
  std::unique_ptr<exchange::vxp::Client> vxp;
};

// cli.no_server tells how to name one.
base::Result<std::unique_ptr<Connected>> connect(const Terminal& terminal,
                                                 const ClientOptions& options);

// Reads a file of any size once: its header, size and SHA-256.
struct LocalEdoc {
  std::unique_ptr<base::File> file;
  std::uint64_t size = 0;
  base::Bytes digest;
  edxml::Document document;
};
base::Result<LocalEdoc> read_edoc(const std::string& path);

// Fetches the document `id` and reads its header; the bytes are not kept.
base::Result<edxml::Document> remote_header(exchange::vxp::Client& client, const std::string& id);

// Sends a status message; gives the server's answer.
base::Result<base::Json> send_status(Connected& connected, const edxml::Document& status);

}  // namespace cli
