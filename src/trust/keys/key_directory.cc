#include "trust/keys/key_directory.h"

#include <algorithm>

#include "base/hash.h"
#include "trust/certificate.h"
#include "trust/keys/chain.h"
#include "trust/keys/key_record.h"
#include "trust/keys/late_key.h"
#include "trust/signing/key_pem.h"
#include "trust/signing/request.h"
#include "trust/signing/token_key.h"

namespace trust::keys {

using base::Bytes;
using base::Code;
using base::Error;
using base::Result;

namespace {

constexpr std::uint64_t kFileBytesMax = 1 << 20;
constexpr std::string_view kRecordEnd = ".json", kUsesName = "uses";

base::FileSystem& files() { return base::real_files(); }

Error unknown(std::string_view name) {
  return {Code::not_found, "trust.key_unknown",
          "this site has no key " + std::string(name) + "; see them with: truc key list",
          "máy chủ không có khóa " + std::string(name) + "; xem bằng: truc key list"};
}
Error exists(const std::string& name) {
  return {Code::conflict, "trust.key_exists",
          "there is a key " + name + " already, or was one; choose another name",
          "đã có hoặc từng có khóa " + name + "; hãy chọn tên khác"};
}
Error removed(const std::string& name) {
  return {Code::not_found, "trust.key_unknown",
          "the key " + name + " was removed; only its certificates are kept",
          "khóa " + name + " đã bị xóa; chỉ còn giữ chứng thư của khóa"};
}

int rounds_of(const KeyEntry& entry) {
  return entry.passphrase_file.empty() ? signing::kRandomRounds : signing::kPassphraseRounds;
}

Result<Bytes> read_record(const std::string& path) {
  return base::read_file(files(), path, kFileBytesMax);
}

}  // namespace

const Chain* KeyEntry::chain_at(base::Time at) const {
  for (auto it = chains.rbegin(); it != chains.rend(); ++it) {
    const auto own = read_certificate(it->certificates.front());
    if (own && summary_of(own.get()).not_before <= at) return &*it;
  }
  return chains.empty() ? nullptr : &chains.back();
}

const KeyUse* use_at(const std::vector<KeyUse>& uses, std::string_view use, base::Time at) {
  const KeyUse* found = nullptr;
  for (const KeyUse& one : uses) {
    if (one.use == use && one.from <= at && (found == nullptr || found->from <= one.from)) {
      found = &one;
    }
  }
  return found;
}

const KeyUse* use_after(const std::vector<KeyUse>& uses, std::string_view use, base::Time at) {
  for (const KeyUse& one : uses) {
    if (one.use == use && one.from > at) return &one;
  }
  return nullptr;
}

std::string KeyDirectory::record_path(std::string_view name) const {
  return path_ + "/" + std::string(name) + std::string(kRecordEnd);
}
std::string KeyDirectory::key_file_path(std::string_view name) const {
  return path_ + "/" + std::string(name) + ".key";
}

Result<std::vector<KeyEntry>> KeyDirectory::all() const {
  std::vector<KeyEntry> entries;
  if (!files().exists(path_)) return entries;
  for (const std::string& file : TRY(files().list(path_))) {
    if (!file.ends_with(kRecordEnd)) continue;
    const std::string name = file.substr(0, file.size() - kRecordEnd.size());
    if (name == kUsesName) continue;
    const Bytes text = TRY(read_record(record_path(name)));
    entries.push_back(TRY(parse_record(text, record_path(name))));
  }
  return entries;
}

Result<KeyEntry> KeyDirectory::find(std::string_view name) const {
  if (!is_own_name(name) || name == kUsesName || !files().exists(record_path(name))) {
    return unknown(name);
  }
  const Bytes text = TRY(read_record(record_path(name)));
  return parse_record(text, record_path(name));
}

// Before anything is made: the name is free.
Result<void> KeyDirectory::begin(const std::string& name) const {
  if (!is_own_name(name) || name == kUsesName) {
    return Error(Code::invalid, "trust.key_name_malformed",
                 "\"" + name + "\" cannot be a key's name: write 1 to 64 of a-z, 0-9, - and _",
                 "\"" + name + "\" không thể là tên khóa: hãy ghi 1 đến 64 ký tự a-z, 0-9, - và _");
  }
  if (files().exists(record_path(name))) return exists(name);
  if (files().exists(key_file_path(name))) {
    return Error(Code::conflict, "trust.key_exists",
                 key_file_path(name) +
                     " is left from a creation that was interrupted; remove it, "
                     "or choose another name",
                 key_file_path(name) +
                     " còn lại từ một lần tạo bị ngắt; hãy xóa tệp này hoặc chọn "
                     "tên khác");
  }
  return base::make_directory_durably(files(), path_);
}

Result<std::string> KeyDirectory::password_of(const KeyEntry& entry) const {
  if (entry.passphrase_file.empty()) {
    return base::hex(base::hmac_sha256(site_key_, "truc key file: " + entry.name));
  }
  std::string passphrase = TRY(read_password(files(), entry.passphrase_file));
  if (passphrase.empty()) {
    return Error(Code::invalid, "trust.key_password",
                 entry.passphrase_file + " has an empty first line; write the passphrase there",
                 entry.passphrase_file + " có dòng đầu trống; hãy ghi mật khẩu vào đó");
  }
  return passphrase;
}

Result<void> KeyDirectory::save(const KeyEntry& entry) const {
  return base::write_file_durably(files(), record_path(entry.name), record_text(entry));
}

// The private key first: a record never speaks of a key that is not on disk.
Result<void> KeyDirectory::write_private(const KeyEntry& entry, base::BytesView pem) const {
  const std::string path = key_file_path(entry.name);
  auto written = base::write_secret_file(path, pem);
  if (written) written = save(entry);
  // Nothing was answered yet: what is half there goes.
  if (!written) (void)files().remove(path);
  return written;
}

Result<KeyEntry> KeyDirectory::create(const std::string& name, KeyAlgorithm algorithm, int bits,
                                      const std::string& passphrase_file) {
  TRY(begin(name));
  KeyEntry entry;
  entry.name = name;
  entry.algorithm = algorithm;
  entry.passphrase_file = passphrase_file;
  entry.created = clock_.now();
  const std::string password = TRY(password_of(entry));
  const Bytes pem = TRY(signing::create_key_pem(algorithm, bits, password, rounds_of(entry)));
  const auto key = TRY(key_from_pem(pem, password));
  entry.bits = key->bits();
  entry.public_key = TRY(key->public_key());
  TRY(write_private(entry, pem));
  return entry;
}

Result<KeyEntry> KeyDirectory::create_in_token(const std::string& name, const KeyName& token,
                                               KeyAlgorithm algorithm, int bits,
                                               const std::string& pin_file) {
  TRY(begin(name));
  TokenKey where = token.token;
  where.pin = TRY(read_password(files(), token.pin_file.empty() ? pin_file : token.pin_file));
  TRY(signing::create_token_key(where, algorithm, bits));
  return import(name, token, pin_file, "");
}

Result<Bytes> KeyDirectory::protect(const KeyEntry& entry, const KeyName& from,
                                    const std::string& password_file) const {
  const Bytes file = TRY(base::read_file(files(), from.path, kFileBytesMax));
  const std::string old = TRY(read_password(files(), password_file));
  const std::string password = TRY(password_of(entry));
  return signing::protect_key(file, old, password, rounds_of(entry));
}

Result<KeyEntry> KeyDirectory::import(const std::string& name, const KeyName& from,
                                      const std::string& password_file,
                                      const std::string& passphrase_file) {
  TRY(begin(name));
  const auto key = TRY(open_key(files(), from, password_file));
  KeyEntry entry;
  entry.name = name;
  entry.kind = from.kind == KeyName::Kind::file ? KeyName::Kind::own : from.kind;
  entry.algorithm = key->algorithm();
  entry.bits = key->bits();
  entry.public_key = TRY(key->public_key());
  entry.passphrase_file = entry.kind == KeyName::Kind::own ? passphrase_file : password_file;
  entry.created = clock_.now();
  if (!key->certificates().empty()) {
    auto chain = TRY(chain_of_key(entry.public_key, key->certificates(), clock_.now()));
    entry.chains.push_back({clock_.now(), std::move(chain)});
  }
  if (entry.kind == KeyName::Kind::own) {
    const Bytes pem = TRY(protect(entry, from, password_file));
    TRY(write_private(entry, pem));
  } else {
    entry.where = from.text;
    TRY(save(entry));
  }
  return entry;
}

Result<Chain> KeyDirectory::add_certificates(const std::string& name,
                                             const std::vector<Bytes>& certificates) {
  KeyEntry entry = TRY(find(name));
  if (entry.removed) return removed(name);
  Chain chain{clock_.now(), {}};
  chain.certificates = TRY(chain_of_key(entry.public_key, certificates, clock_.now()));
  for (const Chain& known : entry.chains) {
    if (known.certificates != chain.certificates) continue;
    return Error(Code::conflict, "trust.certificate_known",
                 "the key " + name + " has this certificate already",
                 "khóa " + name + " đã có chứng thư này");
  }
  entry.chains.push_back(chain);
  TRY(save(entry));
  return chain;
}

Result<void> KeyDirectory::remove(const std::string& name) {
  KeyEntry entry = TRY(find(name));
  if (entry.removed) return removed(name);
  const auto uses = TRY(this->uses());
  const base::Time now = clock_.now();
  for (const KeyUse* use : {use_at(uses, kEvidence, now), use_after(uses, kEvidence, now)}) {
    if (use == nullptr || use->key != name) continue;
    return Error(Code::conflict, "trust.key_in_use",
                 "the key " + name + " signs evidences from " + base::iso_time_text(use->from) +
                     "; first let another one do so: truc key use OTHER --for evidence",
                 "khóa " + name + " ký bằng chứng từ " + base::iso_time_text(use->from) +
                     "; trước hết hãy dùng khóa khác: truc key use KHÓA_KHÁC --for evidence");
  }
  // The record first: a key that is said to be gone and is still there harms less than the
  // opposite.
  entry.removed = now;
  TRY(save(entry));
  if (entry.kind != KeyName::Kind::own) return base::done();
  TRY(files().remove(key_file_path(name)));
  return files().sync_directory(path_);
}

Result<std::vector<KeyUse>> KeyDirectory::uses() const {
  const std::string path = record_path(kUsesName);
  if (!files().exists(path)) return std::vector<KeyUse>();
  const Bytes text = TRY(read_record(path));
  return parse_uses(text, path);
}

Result<KeyUse> KeyDirectory::use(const std::string& name, std::string_view use,
                                 std::optional<base::Time> from) {
  if (use != kEvidence) {
    return Error(Code::invalid, "trust.key_unused_name",
                 "keys of a site are used for evidence, not for " + std::string(use),
                 "khóa của máy chủ dùng cho evidence, không cho " + std::string(use));
  }
  const base::Time now = clock_.now();
  const KeyUse made{std::string(use), name, from.value_or(now)};
  if (made.from < now) {
    return Error(Code::invalid, "trust.key_use_past",
                 base::iso_time_text(made.from) + " is past; leave --from out for now",
                 base::iso_time_text(made.from) + " đã qua; bỏ --from nếu muốn dùng ngay");
  }
  const KeyEntry entry = TRY(find(name));
  if (entry.removed) return removed(name);
  const Chain* chain = entry.chain_at(made.from);
  const auto own = chain == nullptr ? nullptr : make_certificate(chain->certificates.front());
  if (!own || own->summary.not_before > made.from || own->summary.not_after <= made.from) {
    return Error(Code::conflict, "trust.no_certificate",
                 "the key " + name + " has no certificate that is in force at " +
                     base::iso_time_text(made.from) + "; import one: truc certificate import " +
                     name + " FILE",
                 "khóa " + name + " không có chứng thư còn hiệu lực lúc " +
                     base::iso_time_text(made.from) + "; hãy nhập: truc certificate import " +
                     name + " TỆP");
  }
  TRY(check(entry));
  auto uses = TRY(this->uses());
  std::erase_if(uses, [&](const KeyUse& one) { return one.use == use && one.from > now; });
  uses.push_back(made);
  TRY(base::write_file_durably(files(), record_path(kUsesName), uses_text(uses)));
  return made;
}

Result<std::unique_ptr<SigningKey>> KeyDirectory::open(const KeyEntry& entry,
                                                       const Chain* chain) const {
  if (entry.removed) return removed(entry.name);
  KnownKey known{entry.algorithm, entry.bits, entry.public_key, {}};
  if (chain != nullptr) known.certificates = chain->certificates;
  if (entry.kind != KeyName::Kind::own) {
    const KeyName where = TRY(parse_key_name(entry.where));
    const auto certificates = known.certificates;
    return late_key(std::move(known), [where, certificates, pin = entry.passphrase_file] {
      return open_key(files(), where, pin, certificates);
    });
  }
  return late_key(std::move(known), [*this, entry] { return open_own(entry); });
}

Result<std::unique_ptr<SigningKey>> KeyDirectory::open_own(const KeyEntry& entry) const {
  const std::string password = TRY(password_of(entry));
  const Bytes pem = TRY(base::read_file(files(), key_file_path(entry.name), kFileBytesMax));
  return key_from_pem(pem, password);
}

Result<void> KeyDirectory::check(const KeyEntry& entry) const {
  if (entry.kind != KeyName::Kind::own) return base::done();
  if (auto opened = open_own(entry); !opened) {
    return std::move(opened).error().with(key_file_path(entry.name));
  }
  return base::done();
}

Result<Bytes> KeyDirectory::state() const {
  Bytes all;
  if (!files().exists(path_)) return all;
  for (const std::string& file : TRY(files().list(path_))) {
    if (!file.ends_with(kRecordEnd)) continue;
    const Bytes text = TRY(read_record(path_ + "/" + file));
    all += file + "\n" + text;
  }
  return base::sha256(all);
}

}  // namespace trust::keys
