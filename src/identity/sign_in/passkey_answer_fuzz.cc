// What a browser sends of a passkey: taken apart, whatever it is.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "identity/sign_in/authenticator_data.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::size_t item = identity::cbor_item_bytes(bytes);
  CHECK(item <= size);
  if (item > 0) CHECK(identity::cbor_item_bytes(bytes.substr(0, item)) == item);
  const auto object = identity::parse_attestation_object(bytes);
  if (object) {
    static_cast<void>(identity::statement_algorithm(object->statement));
    static_cast<void>(identity::parse_authenticator_data(object->authenticator_data));
  }
  const auto parsed = identity::parse_authenticator_data(bytes);
  if (parsed) CHECK(parsed->rp_id_hash.size() == 32);
  return 0;
}
