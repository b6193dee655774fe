// Who uses the server during the crash test: systems that send, a system's receiver that lists,
// fetches and acknowledges, and one that uploads large files.
#pragma once
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "crash/ledger.h"
#include "crash/server_process.h"
#include "vxp/documents.h"
#include "vxp/vxp_client.h"

namespace crash {

struct System {
  std::string id;
  std::string secret;
  std::vector<vxp_client::Organisation> organisations;
};

// What all actors share.
struct Stage {
  std::vector<System> systems;
  ServerProcess* server = nullptr;
  Ledger ledger;
  std::atomic<bool> no_more_sends{false};  // finish what was begun, then end
  std::atomic<bool> end{false};
  std::atomic<bool> want_large{false};
  std::atomic<int> sending{0};  // messages begun and not yet acknowledged
  std::atomic<int> open{0};     // deliveries promised and not yet settled, about
  std::string large_file;
  std::uint64_t large_size = 0;
};

// A connection that follows the server across its restarts.
class Client {
 public:
  Client(Stage* stage, const System& system);
  const vxp_client::Caller& caller() const { return caller_; }
  // Nothing while there is no server, or when the connection broke.
  std::optional<vxp_client::Answer> call(const std::string& request);
  std::optional<vxp_client::Answer> send_file(const std::string& head, const std::string& path);
  // The SHA-256 of the body in hex; nothing when it is empty too, as downloadEdoc's errors are.
  std::optional<std::string> download(const std::string& request);

 private:
  bool connected();
  std::optional<vxp_client::Answer> read(const std::optional<vxp_client::Connection::Reply>& reply);

  Stage* stage_;
  vxp_client::Caller caller_;
  std::uint16_t port_ = 0;
  std::unique_ptr<vxp_client::Connection> connection_;
};

// Sends one message until the server acknowledges it, the same bytes each time.
class Sending {
 public:
  Sending(Stage* stage, const System& system) : stage_(stage), client_(stage, system) {}
  // False when the test ended first.
  bool send(const Message& message, const std::string& bytes);
  bool send_file(const Message& message, const std::string& path,
                 const vxp_client::WrittenDocument& file);

 private:
  bool take(const Message& message, const std::optional<vxp_client::Answer>& answer);
  Stage* stage_;
  Client client_;
};

class Sender {
 public:
  Sender(Stage* stage, std::size_t system, std::uint64_t seed);
  void run();

 private:
  Stage* stage_;
  std::size_t system_;
  std::uint64_t seed_;
  std::mt19937_64 random_;
  Sending sending_;
  std::uint64_t made_ = 0;
};

class LargeSender {
 public:
  LargeSender(Stage* stage, std::uint64_t seed) : stage_(stage), seed_(seed) {}
  void run();

 private:
  Stage* stage_;
  std::uint64_t seed_;
};

class Receiver {
 public:
  Receiver(Stage* stage, std::size_t system, std::uint64_t seed);
  void run();

 private:
  void take(vxp_client::MessageType type);
  void take_item(vxp_client::MessageType type, const vxp_client::Item& item);
  void react(const Message& message, const std::string& to);
  void report(const Message& about, const vxp_client::Organisation& from, const std::string& to,
              const std::string& status_code);

  Stage* stage_;
  const System* system_;
  std::mt19937_64 random_;
  std::uint64_t seed_;
  Client client_;
  // Fetched items whose acknowledgement has not been answered yet: it is repeated until it is, even
  // when the item is no longer listed because the first attempt had arrived.
  std::set<std::string> owed_;
  // Recalls come from the sender's side; each system's receiver sends those of its organisations.
  std::uint64_t made_ = 0;
  Sending sending_;
};

// A digest of the bytes that getEdoc gives for an item, in hex.
std::optional<std::string> fetch_digest(Client* client, const std::string& doc_id);

}  // namespace crash
