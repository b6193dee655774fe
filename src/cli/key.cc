// truc key: the keys of a site.
#include <algorithm>
#include <filesystem>

#include "base/hash.h"
#include "base/text.h"
#include "cli/certificate_expiry.h"
#include "cli/commands.h"
#include "cli/signing_keys.h"
#include "trust/certificate.h"
#include "trust/evidence/book.h"
#include "trust/evidence/evidence.h"
#include "trust/keys/key_record.h"

namespace cli {
namespace {

using trust::keys::KeyEntry;
using trust::keys::KeyName;
using trust::keys::KeyUse;

constexpr std::string_view kEvidence = trust::keys::kEvidence;

struct KeyType {
  trust::KeyAlgorithm algorithm;
  int bits;
};
base::Result<KeyType> type_of(const std::string& name) {
  using trust::KeyAlgorithm;
  const std::pair<std::string_view, KeyType> known[] = {
      {"rsa-3072", {KeyAlgorithm::rsa, 3072}},
      {"rsa-4096", {KeyAlgorithm::rsa, 4096}},
      {"ec-p256", {KeyAlgorithm::ecdsa_p256, 256}},
      {"ec-p384", {KeyAlgorithm::ecdsa_p384, 384}},
      {"ed25519", {KeyAlgorithm::ed25519, 256}}};
  for (const auto& [text, type] : known) {
    if (text == name) return type;
  }
  return base::Error(
      base::Code::invalid, "cli.unknown_key_type",
      "the type must be rsa-3072, rsa-4096, ec-p256, ec-p384 or ed25519, not " + name,
      "loại phải là rsa-3072, rsa-4096, ec-p256, ec-p384 hoặc ed25519, không phải " + name);
}

// Kept in the record, and read by a service that runs elsewhere.
std::string absolute(const std::string& file) {
  return file.empty() ? file : std::filesystem::absolute(file).lexically_normal().string();
}

std::string algorithm_text(const KeyEntry& entry) {
  std::string text(trust::keys::name_of(entry.algorithm));
  if (entry.algorithm == trust::KeyAlgorithm::rsa) text += "-" + std::to_string(entry.bits);
  return text;
}

base::Result<KeyEntry> make(const KeyOptions& options) {
  const base::SystemClock clock;
  TRY(load_config(options.site));
  auto directory = TRY(key_directory(options.site, clock));
  const KeyType type = TRY(type_of(options.type));
  const std::string passphrase = absolute(options.passphrase_file);
  if (options.token.empty()) {
    return directory.create(options.name, type.algorithm, type.bits, passphrase);
  }
  const KeyName token = TRY(trust::keys::parse_key_name(options.token));
  if (token.kind != KeyName::Kind::token) {
    return base::Error(
        base::Code::invalid, "cli.no_token",
        "--token must be pkcs11:token=…;object=…?module-path=…, not " + options.token,
        "--token phải là pkcs11:token=…;object=…?module-path=…, không phải " + options.token);
  }
  return directory.create_in_token(options.name, token, type.algorithm, type.bits, passphrase);
}

base::Result<KeyEntry> take(const KeyOptions& options) {
  const base::SystemClock clock;
  TRY(load_config(options.site));
  auto directory = TRY(key_directory(options.site, clock));
  const KeyName from = TRY(trust::keys::parse_key_name(options.from));
  if (from.kind == KeyName::Kind::own) {
    return base::Error(
        base::Code::invalid, "cli.no_key_file",
        options.from + " is no file; write ./" + options.from + " if it is one in this directory",
        options.from + " không phải tệp; nếu là tệp trong thư mục này, hãy ghi ./" + options.from);
  }
  return directory.import(options.name, from, absolute(options.password_file),
                          absolute(options.passphrase_file));
}

int answer_made(const Terminal& terminal, const KeyOptions& options,
                const base::Result<KeyEntry>& made, const base::Text& done) {
  if (!made) return terminal.fail(made.error());
  base::Json json;
  json.add("name", made->name).add("kind", trust::keys::name_of(made->kind));
  json.add("type", algorithm_text(*made)).add("where", made->where);
  json.add("certificates", static_cast<std::int64_t>(made->chains.size()));
  const std::string next =
      made->chains.empty()
          ? "truc certificate request " + made->name + " -C " + options.site +
                " --subject \"CN=…,O=…\" -o " + made->name + ".csr"
          : "truc key use " + made->name + " -C " + options.site + " --for evidence";
  const std::string what = made->name + " (" + algorithm_text(*made) + ")";
  terminal.answer(
      {done.vi + " " + what + ".\nTiếp theo: " + next, done.en + " " + what + ".\nNext: " + next},
      json);
  return 0;
}

// What a key is used for, as people read it.
base::Text used_for(const std::vector<KeyUse>& uses, const std::string& configured,
                    const KeyEntry& entry, base::Time now) {
  if (entry.removed) return {"đã xóa", "removed"};
  const KeyUse* current = trust::keys::use_at(uses, kEvidence, now);
  const KeyUse* next = trust::keys::use_after(uses, kEvidence, now);
  if (current != nullptr ? current->key == entry.name : configured == entry.name) {
    return {"bằng chứng", "evidence"};
  }
  if (next != nullptr && next->key == entry.name) {
    const std::string when = base::vietnam_time_text(next->from, '-');
    return {"bằng chứng, từ " + when, "evidence, from " + when + " (Viet Nam)"};
  }
  const bool before = std::any_of(uses.begin(), uses.end(),
                                  [&](const KeyUse& one) { return one.key == entry.name; });
  if (before) return {"trước đây: bằng chứng", "formerly: evidence"};
  return {"", ""};
}

struct KeyRow {
  std::string name, kind, where, type;
  base::Text use;
  std::optional<base::Time> expires;
};

std::string expiry_text(const KeyRow& row, base::Time now, base::Language language) {
  if (!row.expires) return "";
  const std::int64_t days = days_left(*row.expires, now);
  const bool vi = language == base::Language::vietnamese;
  return base::vietnam_time_text(*row.expires, '-').substr(0, 10) + " (" + std::to_string(days) +
         (vi ? " ngày)" : " days)");
}

base::Result<std::vector<KeyRow>> rows_of(const std::string& site, const base::Clock& clock) {
  const base::Config config = TRY(load_config(site));
  const auto directory = TRY(key_directory(site, clock));
  const auto uses = TRY(directory.uses());
  const std::string& configured = config.text("evidence.key");
  const base::Time now = clock.now();
  std::vector<KeyRow> rows;
  for (const KeyEntry& entry : TRY(directory.all())) {
    KeyRow row{entry.name,
               std::string(trust::keys::name_of(entry.kind)),
               entry.kind == KeyName::Kind::own ? keys_path(site) + "/" + entry.name + ".key"
                                                : entry.where,
               algorithm_text(entry),
               used_for(uses, configured, entry, now),
               {}};
    if (const auto* chain = entry.chain_at(now)) {
      const auto own = trust::read_certificate(chain->certificates.front());
      if (own) row.expires = trust::summary_of(own.get()).not_after;
    }
    rows.push_back(std::move(row));
  }
  // Those that truc.toml and the log name otherwise.
  if (!configured.empty() && !trust::keys::is_own_name(configured)) {
    const bool now_used = trust::keys::use_at(uses, kEvidence, now) == nullptr;
    rows.push_back({"evidence.key",
                    "truc.toml",
                    configured,
                    "",
                    now_used ? base::Text{"bằng chứng", "evidence"}
                             : base::Text{"trước đây: bằng chứng", "formerly: evidence"},
                    {}});
  }
  if (const std::string& tls = config.text("server.key"); !tls.empty()) {
    rows.push_back({"server.key", "truc.toml", tls, "", {"TLS", "TLS"}, {}});
  }
  if (base::real_files().exists(log_key_path(site))) {
    rows.push_back({"log.key",
                    "file",
                    log_key_path(site),
                    "ed25519",
                    {"nhật ký minh bạch", "transparency log"},
                    {}});
  }
  return rows;
}

// "2026-12-01 08:00:00" in Viet Nam, or "2026-12-01T01:00:00Z".
base::Result<std::optional<base::Time>> time_of(const std::string& text) {
  if (text.empty()) return std::optional<base::Time>();
  std::string precise = text;
  if (text.size() == 20 && text.back() == 'Z') precise = text.substr(0, 19) + ".000000Z";
  if (const auto utc = trust::evidence::parse_time(precise)) return std::optional(*utc);
  if (const auto local = base::parse_vietnam_time(text); local && text.back() != 'Z') {
    return std::optional(*local);
  }
  return base::Error(base::Code::invalid, "cli.bad_time",
                     "--from must be like \"2026-12-01 08:00:00\" (Viet Nam) or "
                     "2026-12-01T01:00:00Z, not " +
                         text,
                     "--from phải có dạng \"2026-12-01 08:00:00\" (giờ Việt Nam) hoặc "
                     "2026-12-01T01:00:00Z, không phải " +
                         text);
}

base::Result<KeyUse> put_to_use(const KeyOptions& options) {
  const base::SystemClock clock;
  TRY(load_config(options.site));
  auto directory = TRY(key_directory(options.site, clock));
  const auto from = TRY(time_of(options.from));
  return directory.use(options.name, options.use, from);
}

// Besides the uses that the directory knows: the setting, and evidences that wait for this key.
base::Result<void> remove(const KeyOptions& options) {
  const auto site = TRY(Site::open(options.site, false));
  auto directory = TRY(key_directory(options.site, site->clock));
  const KeyEntry entry = TRY(directory.find(options.name));
  if (site->config.text("evidence.key") == options.name) {
    return base::Error(
        base::Code::conflict, "trust.key_in_use",
        "evidence.key in truc.toml names the key " + options.name + "; change the setting first",
        "evidence.key trong truc.toml đang nêu khóa " + options.name +
            "; trước hết hãy đổi thiết lập");
  }
  TRY(site->exchange());  // migrates
  std::set<base::Bytes> awaited;
  TRY(site->database->read([&](store::Connection& connection) -> base::Result<void> {
    awaited = TRY(trust::evidence::certificates_awaited(connection));
    return base::done();
  }));
  for (const auto& chain : entry.chains) {
    if (!awaited.contains(base::sha256(chain.certificates.front()))) continue;
    return base::Error(
        base::Code::conflict, "trust.key_in_use",
        "evidences still wait for the signature of the key " + options.name +
            "; let the site serve until they are signed",
        "còn bằng chứng chờ khóa " + options.name + " ký; hãy để máy chủ chạy cho tới khi ký xong");
  }
  return directory.remove(options.name);
}

}  // namespace

int key_create(const Terminal& terminal, const KeyOptions& options) {
  return answer_made(terminal, options, make(options), {"Đã tạo khóa", "Created the key"});
}

int key_import(const Terminal& terminal, const KeyOptions& options) {
  return answer_made(terminal, options, take(options), {"Đã nhập khóa", "Imported the key"});
}

int key_list(const Terminal& terminal, const std::string& site) {
  const base::SystemClock clock;
  const auto found = rows_of(site, clock);
  if (!found) return terminal.fail(found.error());
  std::vector<std::vector<std::string>> rows;
  base::Json list{base::Json::Array{}};
  for (const KeyRow& row : *found) {
    base::Json one;
    one.add("name", row.name).add("kind", row.kind).add("where", row.where).add("type", row.type);
    one.add("used_for", row.use.en);
    if (row.expires) {
      one.add("expires", base::iso_time_text(*row.expires))
          .add("days_left", days_left(*row.expires, clock.now()));
    }
    list.push(std::move(one));
    rows.push_back({row.name, row.type, row.kind, row.use.in(terminal.language()),
                    expiry_text(row, clock.now(), terminal.language()), row.where});
  }
  terminal.give(list);
  if (rows.empty()) {
    terminal.say({"Chưa có khóa: truc key create TÊN -C " + site,
                  "No keys yet: truc key create NAME -C " + site});
  } else if (terminal.language() == base::Language::english) {
    terminal.table({"Key", "Type", "Kind", "Used for", "Certificate until", "Where"}, rows);
  } else {
    terminal.table({"Khóa", "Loại", "Cất ở", "Dùng cho", "Chứng thư đến", "Nơi cất"}, rows);
  }
  return 0;
}

int key_use(const Terminal& terminal, const KeyOptions& options) {
  const auto made = put_to_use(options);
  if (!made) return terminal.fail(made.error());
  base::Json json;
  json.add("key", made->key).add("use", made->use).add("from", base::iso_time_text(made->from));
  const std::string when = base::vietnam_time_text(made->from, '-');
  terminal.answer(
      {"Khóa " + made->key + " ký bằng chứng từ " + when +
           " (giờ Việt Nam). Máy chủ đang chạy và đang lập bằng chứng tự đổi, không cần khởi động "
           "lại; nếu chưa từng lập bằng chứng, hãy khởi động lại.",
       "The key " + made->key + " signs evidences from " + when +
           " (Viet Nam). A service that gives evidences changes over by itself; restart one that "
           "has given none so far."},
      json);
  return 0;
}

int key_remove(const Terminal& terminal, const KeyOptions& options) {
  if (const auto done = remove(options); !done) return terminal.fail(done.error());
  terminal.answer({"Đã xóa khóa " + options.name +
                       "; vẫn giữ chứng thư của khóa. Khóa trong thiết "
                       "bị hoặc ở dịch vụ phải xóa tại đó.",
                   "Removed the key " + options.name +
                       "; its certificates are kept. A key in a "
                       "token or at a service is to be deleted there."},
                  base::Json().add("removed", options.name));
  return 0;
}

}  // namespace cli
