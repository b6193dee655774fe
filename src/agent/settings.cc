#include "agent/settings.h"

#include "agent/folder.h"
#include "base/text.h"
#include "http/client.h"

namespace agent {
namespace {

using base::Code;
using Type = base::Setting::Type;

constexpr std::uint64_t kSecretBytesMax = 4096;

std::string path_from(const std::string& directory, const std::string& name) {
  return name.empty() || name.front() == '/' ? name : directory + "/" + name;
}

base::Result<std::string> read_secret(base::FileSystem& files, const std::string& path) {
  if (!files.exists(path)) {
    return base::Error(Code::not_found, "agent.secret_missing",
                       path + ", which agent.toml names, is not there; it holds the secret",
                       "không có tệp " + path + " như agent.toml đã nêu; tệp đó chứa khóa");
  }
  const base::Bytes bytes = TRY(base::read_file(files, path, kSecretBytesMax));
  std::string secret(base::trim(bytes));
  for (const char c : secret) {
    if (c <= 0x20 || c >= 0x7f) secret.clear();
  }
  if (secret.empty()) {
    return base::Error(Code::invalid, "agent.bad_secret",
                       path + " must hold one line: the secret, as truc credential add printed it",
                       path + " phải có đúng một dòng: khóa mà truc credential add đã in ra");
  }
  return secret;
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

// The sample with what is known filled in.
std::string filled(const NewDirectory& wanted) {
  const std::pair<std::string, std::string> values[] = {
      {"url", wanted.url},
      {"trust_file", wanted.trust_file},
      {"api_key_file", wanted.api_key_file},
      {"client_id", wanted.client_id},
      {"client_secret_file", wanted.client_secret_file},
      {"organisations", base::join(wanted.organisations, ", ")}};
  std::string text = base::sample_config(settings());
  for (const auto& [name, value] : values) {
    const std::string line = "# " + name + " = \"";
    const auto at = text.find(line);
    if (value.empty() || at == std::string::npos) continue;
    text.replace(at, text.find('\n', at) - at, name + " = " + quoted(value));
  }
  return text;
}

}  // namespace

const std::vector<base::Setting>& settings() {
  static const std::vector<base::Setting> kAll = {
      {"server.url", Type::text, "", 0, 0, "Address of the exchange: https://truc.example.",
       "Địa chỉ của trục: https://truc.example."},
      {"server.trust_file", Type::text, "", 0, 0, "Extra authorities (PEM).",
       "Chứng thư gốc bổ sung (PEM)."},
      {"credential.api_key_file", Type::text, "", 0, 0, "File with an API key.",
       "Tệp chứa khóa API."},
      {"credential.client_id", Type::text, "", 0, 0,
       "Instead of an API key: the system's id, for tokens from /oauth/token.",
       "Thay cho khóa API: mã hệ thống, để lấy token ở /oauth/token."},
      {"credential.client_secret_file", Type::text, "", 0, 0, "File with the secret of client_id.",
       "Tệp chứa khóa bí mật của client_id."},
      {"agent.organisations", Type::text, "", 0, 0,
       "Codes of the organisations that it acts for, with commas between; empty: all that the "
       "credential serves.",
       "Mã các cơ quan được làm thay, cách nhau bằng dấu phẩy; để trống: mọi cơ quan của khóa."},
      {"agent.poll_seconds", Type::integer, "10", 1, 3600, "How often to ask for what came.",
       "Bao lâu hỏi văn bản đến một lần, giây."},
      {"agent.settle_ms", Type::integer, "2000", 0, 600000,
       "A file in outbox is complete when it has not changed for so long.",
       "Tệp trong outbox coi là đủ khi không đổi trong thời gian này, mili giây."},
      {"agent.follow_days", Type::integer, "30", 1, 3650,
       "For how many days the states of a document are followed.",
       "Theo dõi trạng thái của một văn bản trong bao nhiêu ngày."},
      {"agent.reserve_mib", Type::integer, "64", 0, 1048576,
       "With less room than this on the disk nothing new is taken, MiB.",
       "Đĩa còn ít hơn mức này thì không nhận thêm gì, MiB."},
  };
  return kAll;
}

base::Result<Settings> load_settings(base::FileSystem& files, const std::string& directory) {
  const std::string path = directory + "/agent.toml";
  if (!files.exists(path)) {
    return base::Error(Code::not_found, "agent.not_a_directory",
                       directory + " has no agent.toml; make it: truc agent init " + directory +
                           " --url … --api-key-file …",
                       directory + " không có agent.toml; hãy tạo: truc agent init " + directory +
                           " --url … --api-key-file …");
  }
  const base::Config config = TRY(base::Config::load(files, path, settings()));
  Settings made;
  made.url = config.text("server.url");
  TRY(http::Url::parse(made.url));
  made.trust_file = path_from(directory, config.text("server.trust_file"));
  const std::string key = path_from(directory, config.text("credential.api_key_file"));
  const std::string secret = path_from(directory, config.text("credential.client_secret_file"));
  made.client_id = config.text("credential.client_id");
  if (key.empty() == (made.client_id.empty() || secret.empty())) {
    return base::Error(Code::invalid, "agent.no_credential",
                       path +
                           " must name either credential.api_key_file, or "
                           "credential.client_id and credential.client_secret_file",
                       path +
                           " phải nêu credential.api_key_file, hoặc credential.client_id cùng "
                           "credential.client_secret_file");
  }
  if (!key.empty()) made.api_key = TRY(read_secret(files, key));
  if (key.empty()) made.client_secret = TRY(read_secret(files, secret));
  for (const std::string_view one : base::split(config.text("agent.organisations"), ',')) {
    if (const auto code = base::trim(one); !code.empty()) made.organisations.emplace_back(code);
  }
  made.poll_seconds = static_cast<int>(config.integer("agent.poll_seconds"));
  made.settle_ms = static_cast<int>(config.integer("agent.settle_ms"));
  made.follow_days = static_cast<int>(config.integer("agent.follow_days"));
  made.reserve_bytes = static_cast<std::uint64_t>(config.integer("agent.reserve_mib")) << 20;
  return made;
}

base::Result<void> make_directory(base::FileSystem& files, const std::string& directory,
                                  const NewDirectory& wanted) {
  TRY(http::Url::parse(wanted.url));
  const std::string path = directory + "/agent.toml";
  if (files.exists(path)) {
    return base::Error(Code::conflict, "agent.already_there", path + " is there already; edit it",
                       path + " đã có; hãy sửa tệp đó");
  }
  TRY(make_folders(files, directory));
  return base::write_file_durably(files, path, filled(wanted));
}

}  // namespace agent
