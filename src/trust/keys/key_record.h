// The files of KeyDirectory as text: docs/formats/keys.md.
#pragma once
#include <string>
#include <vector>

#include "base/result.h"
#include "trust/keys/key_directory.h"

namespace trust::keys {

std::string_view name_of(KeyAlgorithm algorithm);  // "rsa", "ec-p256", …
std::string_view name_of(KeyName::Kind kind);      // "file", "token", "service"

std::string record_text(const KeyEntry& entry);
// trust.key_record_damaged (data_loss); `path` is named in it.
base::Result<KeyEntry> parse_record(std::string_view text, const std::string& path);

std::string uses_text(const std::vector<KeyUse>& uses);
base::Result<std::vector<KeyUse>> parse_uses(std::string_view text, const std::string& path);

}  // namespace trust::keys
