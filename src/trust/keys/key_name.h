// How a key is named, wherever Trúc asks for one: docs/formats/keys.md.
//
//   seal-2026                                     a key of the site
//   seal.p12, ./seal.pem, file:seal               a file: whatever has a dot or a slash
//   pkcs11:token=truc;object=seal?module-path=…   a key in a token (RFC 7512)
//   csc+https://host/csc/v2?credential=ID         a key at a signing service (CSC API v2)
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "base/result.h"
#include "trust/key.h"

namespace trust::keys {

struct KeyName {
  enum class Kind : unsigned char { own, file, token, service };
  Kind kind = Kind::own;
  std::string text;  // as it was written; secrets are never in it, only the files that hold them
  std::string path;  // of a file
  TokenKey token;    // without its PIN
  // Of a token and of a service; each may be empty.
  std::string pin_file;
  // Of a service.
  std::string url, credential, user, password_file, client_id, client_secret_file, bearer_file,
      trust_file;
};

// trust.key_name_malformed, which says what is missing.
base::Result<KeyName> parse_key_name(std::string_view text);

// Whether a key of a site may be called so: 1 to 64 of a-z, 0-9, - and _, not beginning with - or
// _.
bool is_own_name(std::string_view text);

// A password or PIN from the first line of a file; empty without one. The errors of reading.
base::Result<std::string> read_password(base::FileSystem& files, const std::string& path);

// The key of any name but a site's own. `password_file` (may be empty) opens the file, or has the
// PIN when the name says no file for it. Errors: those of trust/key.h and signing/csc_key.h.
base::Result<std::unique_ptr<SigningKey>> open_key(base::FileSystem& files, const KeyName& name,
                                                   const std::string& password_file,
                                                   std::vector<base::Bytes> certificates = {});

}  // namespace trust::keys
