// What a stranger (or a connected system gone wrong) can put into the headers of a call: the signed
// JSON, `to`, ids, the hash. The input is signed here, so that parsing is reached.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/hash.h"
#include "base/json.h"
#include "base/text.h"
#include "base/time.h"
#include "exchange/directory.h"
#include "exchange/identifiers.h"
#include "exchange/vxp/receivers.h"
#include "exchange/vxp/signature.h"

namespace {

constexpr std::string_view kSecret = "fuzz-secret-0123456789";

void require(bool condition) {
  if (!condition) std::abort();
}

void look(std::string_view system, std::string_view json, bool with_keys) {
  using namespace exchange::vxp;
  http::Headers headers;
  headers.add(std::string(kSystemId), std::string(system));
  headers.add(std::string(kSignHeader), std::string(json));
  headers.add(std::string(kHashHeader), base::hex(base::hmac_sha256(kSecret, json)));
  if (with_keys) headers.add(std::string(kSignHeaderKey), "systemid");
  const auto parameters = verified_parameters(headers, kSecret);
  // A wrong secret never verifies.
  require(!verified_parameters(headers, "another-secret-987654321"));
  if (!parameters) return;
  require((*parameters)["systemid"] == system);
  for (const auto& [name, value] : parameters->all()) require(parameters->has(name));
  for (const std::string& code : receivers_of((*parameters)["to"])) require(!code.empty());
  static_cast<void>(exchange::parse_id(1, (*parameters)["docId"]));
  static_cast<void>(hash_matches((*parameters)["hash-file"], std::string(32, '\0')));
  static_cast<void>(base::parse_vietnam_time((*parameters)["fromDate"]));
  // What was understood can be signed and understood again.
  const http::Headers written = signed_headers(*parameters, kSecret);
  for (const std::string_view name : {kSystemId, kSignHeader, kSignHeaderKey, kHashHeader}) {
    const auto same = [&](const http::Header& header) {
      return base::equal_ignoring_case(header.name, name);
    };
    // A parameter may be named like a header of the signature: then the two cannot be told apart.
    if (std::count_if(written.all().begin(), written.all().end(), same) != 1) return;
  }
  const auto again = verified_parameters(written, kSecret);
  require(again.ok() && again->all() == parameters->all());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  look("00.99.W00", input, false);
  look("00.99.W00", input, true);
  // As the value of parameters, properly quoted.
  std::string json = R"({"XroadVnpt-systemid":"00.99.W00","XroadVnpt-to":)";
  base::append_json_string(json, input, false);
  json += R"(,"XroadVnpt-docId":)";
  base::append_json_string(json, input, false);
  json += "}";
  look("00.99.W00", json, false);
  for (const std::string& code : exchange::vxp::receivers_of(input)) require(!code.empty());
  static_cast<void>(exchange::normalised_code(input));
  static_cast<void>(exchange::check_code(input));
  const auto named = exchange::parse_id(7, input);
  if (named && named->delivery) require(exchange::document_of(*named->delivery) == named->document);
  const auto parsed = base::Json::parse(input);
  if (parsed) require(base::Json::parse(parsed->dump(base::Json::Style::ascii)).ok());
  return 0;
}
