#include "trust/keys/key_record.h"

#include "base/hash.h"
#include "base/json.h"
#include "trust/evidence/evidence.h"

namespace trust::keys {
namespace {

constexpr std::string_view kRecord = "truc-key/1", kUses = "truc-key-uses/1";
constexpr std::pair<KeyAlgorithm, std::string_view> kAlgorithms[] = {
    {KeyAlgorithm::rsa, "rsa"},
    {KeyAlgorithm::ecdsa_p256, "ec-p256"},
    {KeyAlgorithm::ecdsa_p384, "ec-p384"},
    {KeyAlgorithm::ed25519, "ed25519"}};
constexpr std::pair<KeyName::Kind, std::string_view> kKinds[] = {
    {KeyName::Kind::own, "file"},
    {KeyName::Kind::token, "token"},
    {KeyName::Kind::service, "service"}};

base::Error damaged(const std::string& path) {
  return {base::Code::data_loss, "trust.key_record_damaged",
          path + " is not what was written there; put it back from a backup",
          path + " không còn như khi ghi; hãy phục hồi từ bản sao lưu"};
}

template <class Value, std::size_t count>
std::optional<Value> value_of(const std::pair<Value, std::string_view> (&known)[count],
                              std::string_view name) {
  for (const auto& [value, text] : known) {
    if (text == name) return value;
  }
  return std::nullopt;
}

base::Json to_json(const Chain& chain) {
  base::Json certificates{base::Json::Array{}};
  for (const base::Bytes& der : chain.certificates) certificates.push(base::base64(der));
  base::Json one;
  one.add("imported", base::iso_time_text(chain.imported));
  one.add("certificates", std::move(certificates));
  return one;
}

std::optional<Chain> chain_of(const base::Json& json) {
  Chain chain;
  const auto imported = evidence::parse_time(json["imported"].text());
  if (!imported || json["certificates"].array().empty()) return std::nullopt;
  chain.imported = *imported;
  for (const base::Json& one : json["certificates"].array()) {
    auto der = base::from_base64(one.text());
    if (!der || der->empty()) return std::nullopt;
    chain.certificates.push_back(std::move(*der));
  }
  return chain;
}

}  // namespace

std::string_view name_of(KeyAlgorithm algorithm) {
  for (const auto& [value, text] : kAlgorithms) {
    if (value == algorithm) return text;
  }
  return {};
}

std::string_view name_of(KeyName::Kind kind) {
  for (const auto& [value, text] : kKinds) {
    if (value == kind) return text;
  }
  return "file";
}

std::string record_text(const KeyEntry& entry) {
  base::Json json, chains{base::Json::Array{}};
  for (const Chain& chain : entry.chains) chains.push(to_json(chain));
  json.add("format", kRecord).add("name", entry.name).add("kind", name_of(entry.kind));
  if (!entry.where.empty()) json.add("where", entry.where);
  json.add("algorithm", name_of(entry.algorithm)).add("bits", entry.bits);
  json.add("public_key", base::base64(entry.public_key));
  if (!entry.passphrase_file.empty()) json.add("passphrase_file", entry.passphrase_file);
  json.add("created", base::iso_time_text(entry.created));
  if (entry.removed) json.add("removed", base::iso_time_text(*entry.removed));
  json.add("chains", std::move(chains));
  return json.dump(base::Json::Style::pretty) + "\n";
}

base::Result<KeyEntry> parse_record(std::string_view text, const std::string& path) {
  const auto json = base::Json::parse(text);
  if (!json || (*json)["format"].text() != kRecord) return damaged(path);
  KeyEntry entry;
  entry.name = (*json)["name"].text();
  entry.where = (*json)["where"].text();
  entry.bits = static_cast<int>((*json)["bits"].integer());
  entry.passphrase_file = (*json)["passphrase_file"].text();
  const auto kind = value_of(kKinds, (*json)["kind"].text());
  const auto algorithm = value_of(kAlgorithms, (*json)["algorithm"].text());
  const auto public_key = base::from_base64((*json)["public_key"].text());
  const auto created = evidence::parse_time((*json)["created"].text());
  if (!is_own_name(entry.name) || !kind || !algorithm || !public_key || !created) {
    return damaged(path);
  }
  entry.kind = *kind;
  entry.algorithm = *algorithm;
  entry.public_key = *public_key;
  entry.created = *created;
  if (json->has("removed")) {
    entry.removed = evidence::parse_time((*json)["removed"].text());
    if (!entry.removed) return damaged(path);
  }
  for (const base::Json& one : (*json)["chains"].array()) {
    auto chain = chain_of(one);
    if (!chain) return damaged(path);
    entry.chains.push_back(std::move(*chain));
  }
  return entry;
}

std::string uses_text(const std::vector<KeyUse>& uses) {
  base::Json json, list{base::Json::Array{}};
  for (const KeyUse& use : uses) {
    base::Json one;
    one.add("use", use.use).add("key", use.key).add("from", base::iso_time_text(use.from));
    list.push(std::move(one));
  }
  json.add("format", kUses).add("uses", std::move(list));
  return json.dump(base::Json::Style::pretty) + "\n";
}

base::Result<std::vector<KeyUse>> parse_uses(std::string_view text, const std::string& path) {
  const auto json = base::Json::parse(text);
  if (!json || (*json)["format"].text() != kUses) return damaged(path);
  std::vector<KeyUse> uses;
  for (const base::Json& one : (*json)["uses"].array()) {
    const auto from = evidence::parse_time(one["from"].text());
    if (!from || !is_own_name(one["key"].text())) return damaged(path);
    uses.push_back({std::string(one["use"].text()), std::string(one["key"].text()), *from});
  }
  return uses;
}

}  // namespace trust::keys
