#include "trust/keys/key_name.h"

#include <algorithm>

#include "base/hash.h"
#include "base/text.h"
#include "trust/signing/csc_key.h"

namespace trust::keys {
namespace {

constexpr std::string_view kToken = "pkcs11:", kService = "csc+", kFile = "file:";
constexpr std::size_t kOwnNameMax = 64;
constexpr std::uint64_t kKeyBytesMax = 1 << 20, kPasswordBytesMax = 4096;

base::Error malformed(std::string_view text, const std::string& en, const std::string& vi) {
  const std::string shown = "\"" + std::string(base::cut_utf8(text, 200)) + "\"";
  return {base::Code::invalid, "trust.key_name_malformed", shown + " names no key: " + en,
          shown + " không phải là cách gọi tên khóa: " + vi};
}

base::Result<std::string> unescaped(std::string_view whole, std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    const auto byte = base::from_hex(text.substr(i + 1, 2));
    if (!byte || byte->size() != 1) {
      return malformed(whole, "% is followed by two hexadecimal digits",
                       "sau % phải là hai chữ số thập lục phân");
    }
    out += *byte;
    i += 2;
  }
  return out;
}

struct Attribute {
  std::string_view name;
  std::string* to;
};

// "a=1;b=2" into the places of `known`.
base::Result<void> read_attributes(std::string_view whole, std::string_view text, char separator,
                                   const std::vector<Attribute>& known) {
  for (const std::string_view part : base::split(text, separator)) {
    if (part.empty()) continue;
    const auto equals = part.find('=');
    const std::string_view name = part.substr(0, equals);
    const auto found = std::find_if(known.begin(), known.end(),
                                    [&](const Attribute& one) { return one.name == name; });
    if (equals == std::string_view::npos || found == known.end()) {
      return malformed(whole, std::string(part) + " is not understood here",
                       "không hiểu " + std::string(part));
    }
    *found->to = TRY(unescaped(whole, part.substr(equals + 1)));
  }
  return base::done();
}

std::string_view without_file_scheme(std::string_view text) {
  return text.starts_with(kFile) ? text.substr(kFile.size()) : text;
}

KeyName named(KeyName::Kind kind, std::string_view text) {
  KeyName name;
  name.kind = kind;
  name.text = text;
  return name;
}

base::Result<KeyName> token_name(std::string_view text) {
  KeyName name = named(KeyName::Kind::token, text);
  const std::string_view rest = text.substr(kToken.size());
  const auto question = rest.find('?');
  std::string type;
  TRY(read_attributes(
      text, rest.substr(0, question), ';',
      {{"token", &name.token.token}, {"object", &name.token.label}, {"type", &type}}));
  if (question != std::string_view::npos) {
    TRY(read_attributes(text, rest.substr(question + 1), '&',
                        {{"module-path", &name.token.module}, {"pin-source", &name.pin_file}}));
  }
  name.pin_file = without_file_scheme(name.pin_file);
  if (name.token.token.empty() || name.token.label.empty() || name.token.module.empty()) {
    return malformed(text, "it needs token=…;object=…?module-path=…",
                     "cần có token=…;object=…?module-path=…");
  }
  return name;
}

base::Result<KeyName> service_name(std::string_view text) {
  KeyName name = named(KeyName::Kind::service, text);
  const std::string_view rest = text.substr(kService.size());
  const auto question = rest.find('?');
  name.url = rest.substr(0, question);
  if (question != std::string_view::npos) {
    TRY(read_attributes(text, rest.substr(question + 1), '&',
                        {{"credential", &name.credential},
                         {"user", &name.user},
                         {"password-file", &name.password_file},
                         {"pin-file", &name.pin_file},
                         {"client-id", &name.client_id},
                         {"client-secret-file", &name.client_secret_file},
                         {"bearer-file", &name.bearer_file},
                         {"trust-file", &name.trust_file}}));
  }
  const bool web = name.url.starts_with("https://") || name.url.starts_with("http://");
  if (!web || name.credential.empty()) {
    return malformed(text, "it needs csc+https://HOST/PATH?credential=ID",
                     "cần có csc+https://MÁY/ĐƯỜNG_DẪN?credential=MÃ");
  }
  return name;
}

base::Result<std::unique_ptr<SigningKey>> open_file(base::FileSystem& files, const KeyName& name,
                                                    const std::string& password) {
  const base::Bytes bytes = TRY(base::read_file(files, name.path, kKeyBytesMax));
  if (bytes.find("-----BEGIN") != base::Bytes::npos) return key_from_pem(bytes, password);
  return key_from_pkcs12(bytes, password);
}

base::Result<std::unique_ptr<SigningKey>> open_service(base::FileSystem& files, const KeyName& name,
                                                       std::string pin) {
  signing::CscOptions options;
  options.url = name.url;
  options.credential = name.credential;
  options.user = name.user;
  options.client_id = name.client_id;
  options.trust_file = name.trust_file;
  options.pin = std::move(pin);
  options.password = TRY(read_password(files, name.password_file));
  options.client_secret = TRY(read_password(files, name.client_secret_file));
  options.bearer = TRY(read_password(files, name.bearer_file));
  return signing::key_from_csc(std::move(options));
}

}  // namespace

bool is_own_name(std::string_view text) {
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return !text.empty() && text.size() <= kOwnNameMax && plain(text.front()) &&
         std::all_of(text.begin(), text.end(),
                     [&](char c) { return plain(c) || c == '-' || c == '_'; });
}

base::Result<KeyName> parse_key_name(std::string_view text) {
  if (text.starts_with(kToken)) return token_name(text);
  if (text.starts_with("csc+http")) return service_name(text);
  if (is_own_name(text)) return named(KeyName::Kind::own, text);
  const bool file = text.starts_with(kFile) || text.find_first_of("./") != std::string_view::npos;
  const std::string path(without_file_scheme(text));
  if (!file || path.empty()) {
    return malformed(text,
                     "write a key of the site (a-z, 0-9, - and _), a file with a dot or a slash in "
                     "it, pkcs11:… or csc+https://…",
                     "hãy ghi tên khóa của máy chủ (a-z, 0-9, - và _), một tệp có dấu chấm hoặc "
                     "gạch chéo trong tên, pkcs11:… hoặc csc+https://…");
  }
  KeyName name = named(KeyName::Kind::file, text);
  name.path = path;
  return name;
}

base::Result<std::string> read_password(base::FileSystem& files, const std::string& path) {
  if (path.empty()) return std::string();
  std::string password = TRY(base::read_file(files, path, kPasswordBytesMax));
  password.erase(std::min(password.find_first_of("\r\n"), password.size()));
  return password;
}

base::Result<std::unique_ptr<SigningKey>> open_key(base::FileSystem& files, const KeyName& name,
                                                   const std::string& password_file,
                                                   std::vector<base::Bytes> certificates) {
  const bool own_file = name.kind != KeyName::Kind::file && !name.pin_file.empty();
  std::string password = TRY(read_password(files, own_file ? name.pin_file : password_file));
  switch (name.kind) {
    case KeyName::Kind::file:
      return open_file(files, name, password);
    case KeyName::Kind::token: {
      TokenKey where = name.token;
      where.pin = std::move(password);
      return key_from_token(where, std::move(certificates));
    }
    case KeyName::Kind::service:
      return open_service(files, name, std::move(password));
    case KeyName::Kind::own:
      break;
  }
  return base::Error(base::Code::invalid, "trust.key_name_malformed",
                     name.text + " is a key of a site: name the site with -C",
                     name.text + " là khóa của một máy chủ: hãy nêu máy chủ bằng -C");
}

}  // namespace trust::keys
