#include "exchange/vxp/receivers.h"

#include "base/json.h"
#include "base/text.h"

namespace exchange::vxp {

std::vector<std::string> receivers_of(std::string_view parameter) {
  std::vector<std::string> codes;
  parameter = base::trim(parameter);
  const auto json = base::Json::parse(parameter);
  if (json && json->is_array()) {
    for (const auto& code : json->array()) codes.emplace_back(base::trim(code.text()));
  } else if (json && json->is_string()) {
    codes.emplace_back(base::trim(json->text()));
  } else {
    for (const auto code : base::split(parameter, ',')) codes.emplace_back(base::trim(code));
  }
  std::erase_if(codes, [](const std::string& code) { return code.empty(); });
  return codes;
}

}  // namespace exchange::vxp
