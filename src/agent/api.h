// The calls of the exchange's API /api/v1 that the agent makes (docs/protocols/api.md).
#pragma once
#include <atomic>
#include <memory>
#include <string>

#include "agent/settings.h"
#include "base/json.h"
#include "base/result.h"
#include "http/message.h"

namespace agent {

// What the server said, whatever it is.
struct Answer {
  int status = 0;
  base::Json json;     // of the body; null where it is none
  std::string reason;  // of a refusal (problem+json); empty when somebody else answered
  base::Text text;     // of a refusal
  int retry_s = 0;     // Retry-After
  bool ok() const { return status >= 200 && status < 300; }
  // The server has judged what was sent, and would say the same again: neither a passing trouble
  // nor one with the agent's own credential.
  bool final() const;
  // The server stands and works, and would not do this one thing: another may well go through.
  bool own() const;
};

// One thread at a time. Errors are those of http::Client: nobody knows whether it was carried out.
class Api {
 public:
  virtual ~Api() = default;
  virtual base::Result<Answer> get(const std::string& path) = 0;
  // `key`: the Idempotency-Key, or empty.
  virtual base::Result<Answer> post(const std::string& path, const base::Json& body,
                                    const std::string& key) = 0;
  // Hands in the edXML file at `path`; constant memory.
  virtual base::Result<Answer> submit(const std::string& path, const std::string& key) = 0;
  // The bytes of a document go to `sink`, if the answer is a good one.
  virtual base::Result<Answer> content(const std::string& document, http::BodySink& sink) = 0;
};

// `settings` and `stopping` outlive it; once `stopping` is true, transfers end with agent.stopping.
base::Result<std::unique_ptr<Api>> connect(base::FileSystem& files, const Settings& settings,
                                           const std::atomic<bool>& stopping);

}  // namespace agent
