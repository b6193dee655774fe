#include "cli/client.h"

namespace cli {
namespace {

base::Result<base::Json> update(const Terminal& terminal, const ClientOptions& options,
                                const std::string& id, const std::string& word) {
  const auto connected = TRY(connect(terminal, options));
  exchange::vxp::Parameters parameters;
  parameters.add("docid", id);
  parameters.add("status", word);
  return connected->vxp->call("updateStatus", parameters, "{}");
}

}  // namespace

int acknowledge(const Terminal& terminal, const ClientOptions& client, const std::string& id,
                const std::string& word) {
  const auto answer = update(terminal, client, id, word);
  if (!answer) return terminal.fail(answer.error());
  terminal.answer({"Đã xác nhận " + id + ": " + word, "Acknowledged " + id + ": " + word}, *answer);
  return 0;
}

}  // namespace cli
