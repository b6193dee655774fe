// The test's own account of what the server promised: every message by the SHA-256 of its bytes,
// and what each recipient saw of it. Used by all threads.
#pragma once
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "vxp/vxp_client.h"

namespace crash {

struct Message {
  std::string digest;  // hex
  vxp_client::MessageType type = vxp_client::MessageType::edoc;
  std::string from;
  std::vector<std::string> to;
  std::string document_id;  // of the edXML; of a status message: the document it speaks of
  std::string code;         // number/notation of that document
};

class Ledger {
 public:
  // Before the first attempt to send it.
  void begin(const Message& message);
  // The server answered with this DocId; a second acknowledgement must carry the same.
  void acknowledged(const std::string& digest, const std::string& doc_id);

  // A recipient fetched the item `doc_id`; nothing when nobody sent these bytes to `to`.
  std::optional<Message> fetched(const std::string& doc_id, const std::string& to,
                                 const std::string& digest);
  // updateStatus `done` was answered with success.
  void settled(const std::string& doc_id);
  bool is_settled(const std::string& doc_id) const;
  // A list asked for after the item was settled shows it again.
  void reappeared(const std::string& doc_id, const std::string& to);
  void wrong(const std::string& what);

  struct Item {
    std::string doc_id;
    std::string to;
    std::string digest;
  };
  std::vector<Item> items() const;

  struct Totals {
    std::uint64_t acknowledged = 0;  // messages that the server took over
    std::uint64_t deliveries = 0;    // recipients of those
    std::uint64_t outstanding = 0;   // of those, not yet fetched and settled
    std::uint64_t settled = 0;
    std::uint64_t duplicated = 0;
    std::uint64_t wrong = 0;
  };
  Totals totals() const;
  // Prints each delivery that was promised and did not come, up to a few.
  void explain_outstanding() const;

 private:
  struct Entry {
    Message message;
    std::string doc_id;
    std::map<std::string, std::string> seen;  // by recipient: the item's id
  };

  mutable std::mutex mutex_;
  std::map<std::string, Entry> messages_;
  std::map<std::string, Item> items_;  // by the item's id and recipient
  std::set<std::string> settled_;
  std::uint64_t duplicated_ = 0;
  std::uint64_t wrong_ = 0;
};

}  // namespace crash
