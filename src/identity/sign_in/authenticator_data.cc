#include "identity/sign_in/authenticator_data.h"

#include <cstddef>

#include "identity/sign_in/passkey_errors.h"

namespace identity {
namespace {

constexpr std::size_t kFixedBytes = 37, kAaguidBytes = 16, kIdBytesMax = 1023;
constexpr int kDepthMax = 8;
enum Flag : unsigned {
  kUserPresent = 0x01,
  kUserVerified = 0x04,
  kBackupEligible = 0x08,
  kBackedUp = 0x10,
  kAttested = 0x40,
  kExtensions = 0x80,
};

unsigned at(base::BytesView bytes, std::size_t i) { return static_cast<unsigned char>(bytes[i]); }

std::size_t item_bytes(base::BytesView bytes, int depth);

// The bytes of `count` items after the first `head` bytes; 0 when they are not all there.
std::size_t items_bytes(base::BytesView bytes, std::size_t head, std::uint64_t count, int depth) {
  std::size_t size = head;
  for (; count > 0; --count) {
    const std::size_t next = item_bytes(bytes.substr(size), depth + 1);
    if (next == 0) return 0;
    size += next;
  }
  return size;
}

std::size_t item_bytes(base::BytesView bytes, int depth) {
  if (bytes.empty() || depth > kDepthMax) return 0;
  const unsigned kind = at(bytes, 0) >> 5, extra = at(bytes, 0) & 31;
  if (extra > 27) return 0;
  const std::size_t argument_bytes = extra < 24 ? 0 : std::size_t{1} << (extra - 24);
  const std::size_t head = 1 + argument_bytes;
  if (bytes.size() < head) return 0;
  std::uint64_t argument = extra;
  if (argument_bytes > 0) argument = 0;
  for (std::size_t i = 1; i < head; ++i) argument = argument << 8 | at(bytes, i);
  switch (kind) {
    case 0:
    case 1:
    case 7:
      return head;
    case 2:
    case 3:
      return argument <= bytes.size() - head ? head + static_cast<std::size_t>(argument) : 0;
    case 4:
    case 5:
      // No item is shorter than a byte.
      if (argument > bytes.size()) return 0;
      return items_bytes(bytes, head, kind == 5 ? 2 * argument : argument, depth);
    default:
      return 0;  // tags have no place here
  }
}

// The content of a byte string (kind 2) or text (kind 3) that is the whole of `item`.
std::optional<base::BytesView> string_content(base::BytesView item, unsigned kind) {
  if (item.empty() || at(item, 0) >> 5 != kind) return std::nullopt;
  const unsigned extra = at(item, 0) & 31;
  return item.substr(1 + (extra < 24 ? 0 : std::size_t{1} << (extra - 24)));
}

// Takes the first item off `bytes`; empty when there is no whole one.
base::BytesView take_item(base::BytesView& bytes) {
  const base::BytesView item = bytes.substr(0, cbor_item_bytes(bytes));
  bytes.remove_prefix(item.size());
  return item;
}

}  // namespace

std::size_t cbor_item_bytes(base::BytesView bytes) { return item_bytes(bytes, 0); }

base::Result<AuthenticatorData> parse_authenticator_data(base::BytesView bytes) {
  if (bytes.size() < kFixedBytes) return passkey_malformed("authenticatorData");
  AuthenticatorData data;
  data.rp_id_hash = base::Bytes(bytes.substr(0, 32));
  const unsigned flags = at(bytes, 32);
  data.user_present = (flags & kUserPresent) != 0;
  data.user_verified = (flags & kUserVerified) != 0;
  data.backup_eligible = (flags & kBackupEligible) != 0;
  data.backed_up = (flags & kBackedUp) != 0;
  for (std::size_t i = 33; i < kFixedBytes; ++i) data.counter = data.counter << 8 | at(bytes, i);
  bytes.remove_prefix(kFixedBytes);
  if ((flags & kAttested) != 0) {
    data.attested = true;
    if (bytes.size() < kAaguidBytes + 2) return passkey_malformed("authenticatorData");
    data.aaguid = base::Bytes(bytes.substr(0, kAaguidBytes));
    const std::size_t size = at(bytes, kAaguidBytes) << 8 | at(bytes, kAaguidBytes + 1);
    bytes.remove_prefix(kAaguidBytes + 2);
    if (size == 0 || size > kIdBytesMax || size > bytes.size()) {
      return passkey_malformed("authenticatorData");
    }
    data.credential_id = base::Bytes(bytes.substr(0, size));
    bytes.remove_prefix(size);
    const std::size_t key = cbor_item_bytes(bytes);
    if (key == 0) return passkey_malformed("authenticatorData");
    bytes.remove_prefix(key);
  }
  if ((flags & kExtensions) != 0) {
    const std::size_t extensions = cbor_item_bytes(bytes);
    if (extensions == 0 || at(bytes, 0) >> 5 != 5) return passkey_malformed("authenticatorData");
    bytes.remove_prefix(extensions);
  }
  if (!bytes.empty()) return passkey_malformed("authenticatorData");
  return data;
}

base::Result<AttestationObject> parse_attestation_object(base::BytesView bytes) {
  constexpr char kMapOfThree = '\xa3';
  const auto malformed = [] { return passkey_malformed("attestationObject"); };
  if (bytes.empty() || bytes[0] != kMapOfThree) return malformed();
  bytes.remove_prefix(1);
  AttestationObject object;
  for (int member = 0; member < 3; ++member) {
    const auto name = string_content(take_item(bytes), 3);
    const base::BytesView value = take_item(bytes);
    if (!name || value.empty()) return malformed();
    if (*name == "fmt" && object.format.empty()) {
      object.format = string_content(value, 3).value_or("");
    } else if (*name == "attStmt" && at(value, 0) >> 5 == 5) {
      object.statement = value;
    } else if (*name == "authData") {
      object.authenticator_data = string_content(value, 2).value_or("");
    } else {
      return malformed();
    }
  }
  const bool whole = !object.format.empty() && !object.statement.empty() &&
                     !object.authenticator_data.empty() && bytes.empty();
  if (!whole) return malformed();
  return object;
}

std::optional<std::int64_t> statement_algorithm(base::BytesView statement) {
  constexpr unsigned kMap = 5, kNegative = 1, kMembersMax = 23;
  if (statement.empty() || at(statement, 0) >> 5 != kMap) return std::nullopt;
  const unsigned members = at(statement, 0) & 31;
  if (members > kMembersMax) return std::nullopt;
  statement.remove_prefix(1);
  for (unsigned member = 0; member < members; ++member) {
    const auto name = string_content(take_item(statement), 3);
    const base::BytesView value = take_item(statement);
    if (!name || value.empty()) return std::nullopt;
    if (*name != "alg") continue;
    const unsigned kind = at(value, 0) >> 5;
    if (kind > kNegative || value.size() > 5) return std::nullopt;
    std::int64_t number = value.size() == 1 ? at(value, 0) & 31 : 0;
    for (std::size_t i = 1; i < value.size(); ++i) number = number << 8 | at(value, i);
    return kind == kNegative ? -1 - number : number;
  }
  return std::nullopt;
}

}  // namespace identity
