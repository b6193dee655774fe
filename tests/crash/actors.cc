#include "crash/actors.h"

#include <chrono>
#include <thread>
#include <utility>

namespace crash {
namespace {

using vxp_client::MessageType;

// Senders wait while more deliveries than this are open, so that kills fall into fetching and
// acknowledging as often as into sending.
constexpr int kOpenDeliveries = 200;

void pause(int milliseconds) {
  std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
}

// Errors after which a client comes again: the platform's own (20), and no code at all when the
// answer is not the protocol's (503).
bool come_again(const std::optional<vxp_client::Answer>& answer) {
  return !answer || answer->error_code == "20" || answer->error_code.empty();
}

const vxp_client::Organisation* organisation(const System& system, const std::string& code) {
  for (const vxp_client::Organisation& member : system.organisations) {
    if (member.code == code) {
      return &member;
    }
  }
  return nullptr;
}

}  // namespace

Client::Client(Stage* stage, const System& system)
    : stage_(stage), caller_({system.id, system.secret}, "127.0.0.1") {}

bool Client::connected() {
  const std::uint16_t port = stage_->server->port();
  if (port == 0) {
    pause(5);
    return false;
  }
  if (port != port_ || !connection_) {
    connection_ =
        std::make_unique<vxp_client::Connection>("127.0.0.1", port, std::chrono::seconds(60));
    port_ = port;
  }
  return true;
}

std::optional<vxp_client::Answer> Client::read(
    const std::optional<vxp_client::Connection::Reply>& reply) {
  if (!reply) {
    pause(2);
    return std::nullopt;
  }
  auto answer = vxp_client::parse_answer(reply->body);
  if (!answer && reply->status < 500) {
    stage_->ledger.wrong("an answer that is not the protocol's: " + std::to_string(reply->status) +
                         " " + reply->body.substr(0, 200));
  }
  return answer;
}

std::optional<vxp_client::Answer> Client::call(const std::string& request) {
  return connected() ? read(connection_->call(request)) : std::nullopt;
}

std::optional<vxp_client::Answer> Client::send_file(const std::string& head,
                                                    const std::string& path) {
  return connected() ? read(connection_->send_file(head, path, vxp_client::kFileEnd))
                     : std::nullopt;
}

std::optional<std::string> Client::download(const std::string& request) {
  if (!connected()) {
    return std::nullopt;
  }
  vxp_client::Sha256 hash;
  bool any = false;
  int status = 0;
  const bool got = connection_->stream(request, &status, [&](std::string_view piece) {
    hash.update(piece);
    any = any || !piece.empty();
  });
  if (!got || !any || status != 200) {
    return std::nullopt;
  }
  return vxp_client::hex(hash.finish());
}

std::optional<std::string> fetch_digest(Client* client, const std::string& doc_id) {
  const auto answer = client->call(client->caller().get(doc_id));
  if (!answer || !answer->ok()) {
    return std::nullopt;
  }
  std::string bytes;
  vxp_client::Base64Decoder decoder;
  decoder.decode(answer->data, &bytes);
  return vxp_client::hex(vxp_client::sha256(bytes));
}

bool Sending::take(const Message& message, const std::optional<vxp_client::Answer>& answer) {
  if (come_again(answer)) {
    return false;
  }
  if (answer->ok()) {
    stage_->ledger.acknowledged(message.digest, answer->doc_id);
    stage_->open += static_cast<int>(message.to.size());
  } else {
    stage_->ledger.wrong("refused: " + answer->error_code + " " + answer->error_desc);
  }
  return true;
}

bool Sending::send(const Message& message, const std::string& bytes) {
  const std::string request = client_.caller().send(message.from, message.type, bytes);
  stage_->ledger.begin(message);
  ++stage_->sending;
  bool taken = false;
  while (!taken && !stage_->end) {
    taken = take(message, client_.call(request));
  }
  --stage_->sending;
  return taken;
}

bool Sending::send_file(const Message& message, const std::string& path,
                        const vxp_client::WrittenDocument& file) {
  const std::string head =
      client_.caller().send_head(message.from, message.type, file.digest, file.size);
  stage_->ledger.begin(message);
  ++stage_->sending;
  bool taken = false;
  while (!taken && !stage_->end) {
    taken = take(message, client_.send_file(head, path));
  }
  --stage_->sending;
  return taken;
}

Sender::Sender(Stage* stage, std::size_t system, std::uint64_t seed)
    : stage_(stage),
      system_(system),
      seed_(seed),
      random_(seed),
      sending_(stage, stage->systems[system]) {}

void Sender::run() {
  const System& own = stage_->systems[system_];
  std::vector<vxp_client::Organisation> everybody;
  for (const System& system : stage_->systems) {
    everybody.insert(everybody.end(), system.organisations.begin(), system.organisations.end());
  }
  while (!stage_->no_more_sends && !stage_->end) {
    if (stage_->open > kOpenDeliveries) {
      pause(2);
      continue;
    }
    vxp_client::Draft draft;
    draft.from = own.organisations[random_() % own.organisations.size()];
    const std::size_t recipients = 1 + random_() % 5;
    const std::size_t first = random_() % everybody.size();
    for (std::size_t i = 0; draft.to.size() < recipients; ++i) {
      const vxp_client::Organisation& to = everybody[(first + i) % everybody.size()];
      if (to.code != draft.from.code) {
        draft.to.push_back(to);
      }
    }
    draft.number = std::to_string(++made_);
    draft.notation = "S" + std::to_string(seed_ % 100000) + "-VP";
    draft.priority = static_cast<int>(random_() % 4);
    const std::string bytes = vxp_client::document(draft, 4096 + random_() % 60000, random_());
    Message message;
    message.digest = vxp_client::hex(vxp_client::sha256(bytes));
    message.from = draft.from.code;
    for (const vxp_client::Organisation& to : draft.to) {
      message.to.push_back(to.code);
    }
    message.document_id = vxp_client::document_id(draft);
    message.code = draft.number + "/" + draft.notation;
    if (!sending_.send(message, bytes)) {
      return;
    }
    if (random_() % 20 == 0) {  // the SDK posts again when it missed the answer
      sending_.send(message, bytes);
      stage_->open -= static_cast<int>(message.to.size());
    }
  }
}

void LargeSender::run() {
  const System& own = stage_->systems.front();
  Sending sending(stage_, own);
  for (std::uint64_t made = 1; !stage_->no_more_sends && !stage_->end;) {
    if (!stage_->want_large.exchange(false)) {
      pause(5);
      continue;
    }
    vxp_client::Draft draft;
    draft.from = own.organisations.front();
    draft.to = {stage_->systems.back().organisations.front()};
    draft.number = std::to_string(made);
    draft.notation = "L" + std::to_string(seed_ % 100000) + "-VP";
    const vxp_client::WrittenDocument file =
        vxp_client::write_document(stage_->large_file, draft, stage_->large_size, seed_ + made);
    ++made;
    if (!file.written) {
      stage_->ledger.wrong("cannot write " + stage_->large_file);
      return;
    }
    Message message;
    message.digest = vxp_client::hex(file.digest);
    message.from = draft.from.code;
    message.to = {draft.to.front().code};
    message.document_id = vxp_client::document_id(draft);
    message.code = draft.number + "/" + draft.notation;
    sending.send_file(message, stage_->large_file, file);
  }
}

Receiver::Receiver(Stage* stage, std::size_t system, std::uint64_t seed)
    : stage_(stage),
      system_(&stage->systems[system]),
      random_(seed),
      seed_(seed),
      client_(stage, *system_),
      sending_(stage, *system_) {}

void Receiver::run() {
  while (!stage_->end) {
    take(MessageType::edoc);
    take(MessageType::status);
    pause(1);
  }
}

void Receiver::take(MessageType type) {
  for (auto owed = owed_.begin(); owed != owed_.end();) {
    const auto answer = client_.call(client_.caller().update_status(*owed, "done"));
    if (come_again(answer)) {
      return;  // the server is away
    }
    if (answer->ok()) {
      stage_->ledger.settled(*owed);
      --stage_->open;
    } else {
      stage_->ledger.wrong("updateStatus refused: " + answer->error_code + " " +
                           answer->error_desc);
    }
    owed = owed_.erase(owed);
  }
  const auto list = client_.call(client_.caller().received_list(type));
  if (!list || !list->ok()) {
    return;
  }
  for (const vxp_client::Item& item : list->items) {
    if (stage_->end) {
      return;
    }
    take_item(type, item);
  }
}

void Receiver::take_item(MessageType type, const vxp_client::Item& item) {
  const std::string doc_id(item["docId"]);
  const std::string to(item["to"]);
  if (stage_->ledger.is_settled(doc_id)) {  // settled before this list was asked for
    stage_->ledger.reappeared(doc_id, to);
    return;
  }
  if (owed_.count(doc_id) != 0) {
    return;
  }
  const auto digest = random_() % 5 == 0 ? client_.download(client_.caller().download(doc_id))
                                         : fetch_digest(&client_, doc_id);
  if (!digest) {
    return;  // it is still listed next time
  }
  const auto message = stage_->ledger.fetched(doc_id, to, *digest);
  if (!message) {
    return;
  }
  if (message->type != type) {
    stage_->ledger.wrong("item " + doc_id + " is in the list of the other message type");
  }
  const auto answer = client_.call(client_.caller().update_status(doc_id, "done"));
  if (answer && answer->ok()) {
    stage_->ledger.settled(doc_id);
    --stage_->open;
    react(*message, to);
  } else {
    owed_.insert(doc_id);
  }
}

// Some documents are registered (03), some are asked back by their sender (13) once the recipient
// has them, and every recall is agreed to (15).
void Receiver::react(const Message& message, const std::string& to) {
  if (stage_->no_more_sends) {
    return;
  }
  const vxp_client::Organisation* const self = organisation(*system_, to);
  if (self == nullptr) {
    stage_->ledger.wrong("an item for another system: to " + to);
    return;
  }
  if (message.type == MessageType::status) {
    return;
  }
  const std::uint64_t dice = random_() % 12;
  if (dice < 3) {
    report(message, *self, message.from, "03");
  } else if (dice == 3) {
    // The sender's own system speaks for the sender.
    const vxp_client::Organisation* const sender = organisation(*system_, message.from);
    if (sender != nullptr) {
      report(message, *sender, to, "13");
      report(message, *self, message.from, "15");
    }
  }
}

void Receiver::report(const Message& about, const vxp_client::Organisation& from,
                      const std::string& to, const std::string& status_code) {
  vxp_client::StatusDraft draft;
  draft.from = from;
  draft.to_code = to;
  draft.code = about.code;
  draft.document_id = about.document_id;
  draft.status_code = status_code;
  draft.description = "Lần " + std::to_string(seed_) + "-" + std::to_string(++made_);
  const std::string bytes = vxp_client::status_message(draft);
  Message message;
  message.digest = vxp_client::hex(vxp_client::sha256(bytes));
  message.type = MessageType::status;
  message.from = from.code;
  message.to = {to};
  message.document_id = about.document_id;
  message.code = about.code;
  sending_.send(message, bytes);
}

}  // namespace crash
