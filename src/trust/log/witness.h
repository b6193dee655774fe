// Witnesses (c2sp.org/tlog-witness), from both sides: being one for the logs of others, and asking
// them to cosign ours.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/file.h"
#include "base/result.h"
#include "base/time.h"
#include "trust/log/checkpoint.h"
#include "trust/log/log.h"
#include "trust/log/tree.h"

namespace trust::log {

inline constexpr std::size_t kAddCheckpointBytesMax = kNoteBytesMax + 64 * 48;

// The body of POST …/add-checkpoint.
struct AddCheckpoint {
  std::uint64_t old_size = 0;
  Hashes path;
  base::Bytes checkpoint;
  std::string body() const;
  static base::Result<AddCheckpoint> parse(
      base::BytesView body);  // trust.witness_request_malformed
};

struct WitnessAnswer {
  int status = 200;
  std::string content_type;
  std::string body;
};

// The witness that other logs ask. What it remembers is on disk before it signs. Any thread; only
// one may have a directory.
class Witness {
 public:
  struct Parts {
    base::FileSystem& files;
    std::string directory;
    const NoteSigner& signer;  // NoteAlgorithm::cosignature
    const base::Clock& clock;
    std::vector<NoteVerifier> logs;  // several of one name: a log with several keys
  };
  static base::Result<std::unique_ptr<Witness>> open(Parts parts);
  explicit Witness(Parts parts) : parts_(std::move(parts)) {}  // for open()
  // Answers the body of a request.
  WitnessAnswer add_checkpoint(base::BytesView body);
  // The head last cosigned for `origin`, as a note; nothing when there is none yet. For monitors.
  base::Result<std::optional<base::Bytes>> cosigned(const std::string& origin);

 private:
  base::Result<WitnessAnswer> answer(base::BytesView body);
  std::string path_of(const std::string& origin) const;

  const Parts parts_;
  std::unique_ptr<base::FileLock> lock_;
  std::mutex mutex_;
};

// How a request travels to a witness.
class WitnessTransport {
 public:
  virtual ~WitnessTransport() = default;
  // An error when there was no answer.
  virtual base::Result<WitnessAnswer> add_checkpoint(const std::string& body) = 0;
};
// `url` is the submission prefix. http.bad_url.
base::Result<std::unique_ptr<WitnessTransport>> http_witness(const std::string& url,
                                                             const std::string& trust_file = {},
                                                             int timeout_ms = 5000);

// Asks a log's witnesses. One thread.
class Witnesses {
 public:
  explicit Witnesses(Log& log) : log_(log) {}
  void add(NoteVerifier key, std::unique_ptr<WitnessTransport> transport);

  struct Outcome {
    std::string witness;
    base::Result<void> result = base::done();
  };
  // Asks each witness that is `wanted` (by its place; null: all) and has not cosigned the newest
  // head to do so, and publishes what came with what other witnesses said of the same head before.
  // Of each that was asked: trust.witness_unavailable (unavailable), trust.witness_refused
  // (forbidden), trust.log_rolled_back (data_loss) when it has cosigned a larger head than the log
  // has, or another one of its size.
  std::vector<Outcome> ask(const std::function<bool(std::size_t)>& wanted = nullptr);

 private:
  struct Known {
    NoteVerifier key;
    std::unique_ptr<WitnessTransport> transport;
    std::uint64_t size = 0;  // what it cosigned last, as far as we know
  };
  base::Result<NoteSignature> ask(Known& witness, const Checkpoint& head, const Note& note);

  Log& log_;
  std::vector<Known> witnesses_;
  std::string text_;  // of the head that collected_ is about
  std::vector<NoteSignature> collected_;
};

}  // namespace trust::log
