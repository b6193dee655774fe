#include "base/text.h"
#include "exchange/vxp/face.h"

namespace exchange::vxp {

base::Result<http::Response> Face::update_status(const Call& call) {
  const Parameters& parameters = call.parameters;
  // §3.6: docid, and only where it is absent docId.
  const std::string_view id = parameters.has("docid") ? parameters["docid"] : parameters["docId"];
  const std::string word = base::lower_ascii(base::trim(parameters["status"]));
  TRY(exchange_.acknowledge(call.system.key, id, word, parameters["description"]));
  return success({});
}

}  // namespace exchange::vxp
