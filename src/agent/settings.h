// What DIR/agent.toml says: which server, as whom, and how often to look.
#pragma once
#include <string>
#include <vector>

#include "base/config.h"
#include "base/file.h"
#include "base/result.h"

namespace agent {

struct Settings {
  std::string url, trust_file;
  std::string api_key;                     // one of the two
  std::string client_id, client_secret;    // for /oauth/token
  std::vector<std::string> organisations;  // empty: all that the credential serves
  int poll_seconds = 10;
  int settle_ms = 2000;
  int follow_days = 30;
  std::uint64_t reserve_bytes = 64u << 20;
};

// The table of settings; docs/formats/agent-directory.md lists it.
const std::vector<base::Setting>& settings();

// Reads DIR/agent.toml and the secret that it names; relative names start at DIR. Errors of
// base::Config; agent.not_a_directory, agent.no_credential, agent.secret_missing, agent.bad_secret.
base::Result<Settings> load_settings(base::FileSystem& files, const std::string& directory);

// Values that `truc agent init` was given.
struct NewDirectory {
  std::string url, trust_file, api_key_file, client_id, client_secret_file;
  std::vector<std::string> organisations;
};
// Makes the folders of DIR and its agent.toml; agent.already_there (conflict) if it has one.
base::Result<void> make_directory(base::FileSystem& files, const std::string& directory,
                                  const NewDirectory& wanted);

}  // namespace agent
