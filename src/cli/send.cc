#include "cli/client.h"
#include "edxml/validate.h"

namespace cli {
namespace {

base::Result<base::Json> send_file(const Terminal& terminal, const ClientOptions& options,
                                   const std::string& path, const std::string& from) {
  const LocalEdoc edoc = TRY(read_edoc(path));
  for (const auto& finding : edxml::validate(edoc.document)) {
    if (finding.severity != edxml::Finding::Severity::error) continue;
    return base::Error(base::Code::invalid, finding.rule,
                       finding.element + ": " + finding.message.en + ". " + finding.remedy.en,
                       finding.element + ": " + finding.message.vi + ". " + finding.remedy.vi);
  }
  const auto connected = TRY(connect(terminal, options));
  const auto read = [&](std::uint64_t offset, char* to, std::size_t size) {
    return edoc.file->read_at(offset, to, size);
  };
  const bool status = edoc.document.kind == edxml::Kind::status;
  return connected->vxp->send(read, edoc.size, edoc.digest,
                              from.empty() ? edoc.document.from.id : from, status);
}

}  // namespace

int send(const Terminal& terminal, const ClientOptions& client, const std::string& file,
         const std::string& from) {
  const auto answer = send_file(terminal, client, file, from);
  terminal.end_progress();
  if (!answer) return terminal.fail(answer.error());
  const std::string id((*answer)["DocId"].text());
  const std::string note((*answer)["ErrorDesc"].text());
  terminal.answer({"Đã gửi; mã văn bản: " + id + " (" + note + ")",
                   "Sent; document id: " + id + " (" + note + ")"},
                  *answer);
  return 0;
}

}  // namespace cli
