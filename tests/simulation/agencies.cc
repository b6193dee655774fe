#include "simulation/agencies.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "base/check.h"
#include "edxml/reader.h"

namespace simulation {
namespace {

base::Time whole_seconds(base::Time time) { return std::chrono::floor<std::chrono::seconds>(time); }

std::string two_digits(std::uint64_t number) {
  return (number < 10 ? "0" : "") + std::to_string(number);
}

}  // namespace

const Party& Agencies::any_party() {
  const auto& parties = model_.parties();
  auto at = parties.begin();
  std::advance(at, static_cast<std::ptrdiff_t>(random_.below(parties.size())));
  return at->second;
}

// Codes come in two notations, "H41.07" and "000.00.07.H41"; files hold either.
std::string Agencies::any_name(const Party& party) {
  const bool plain = party.code.size() == 6 && party.code.starts_with("H41.");
  if (plain && random_.chance(0.2)) return "000.00." + party.code.substr(4) + ".H41";
  if (aliases_ > 0 && random_.chance(0.05)) {
    return "BD." + two_digits(random_.below(static_cast<std::uint64_t>(aliases_)));
  }
  return party.code;
}

void Agencies::ask(Operation operation) {
  Request& request = outbox_.emplace_back();
  request.operation = std::move(operation);
}

void Agencies::hand_in(Letter letter) {
  letter.number = static_cast<int>(letters_.size()) + 1;
  if (letter.system == 0) letter.system = 1;  // served by nobody, so it tries anybody
  write_letter(letter, random_);
  letters_.push_back(std::move(letter));
  ask(Send{&letters_.back()});
}

void Agencies::write_document() {
  const Party& sender = any_party();
  Letter letter;
  letter.system = sender.system;
  letter.from = sender.code;
  if (random_.chance(0.02)) letter.system = 1 + static_cast<SystemKey>(random_.below(6));
  const std::uint64_t recipients = random_.chance(0.02) ? 25 : 1 + random_.below(4);
  for (std::uint64_t i = 0; i < recipients; ++i) letter.to.push_back(any_name(any_party()));
  if (random_.chance(0.05)) letter.to.push_back("H99.01");
  if (random_.chance(0.03)) letter.to = {"H99.02"};
  if (random_.chance(0.1)) letter.header_to = {letter.to.front(), "H99.03"};
  letter.code = std::to_string(letters_.size() + 1) + "/QĐ-UBND";
  letter.date = now_text();
  letter.document_id = letter.from + "," + letter.date + "," + letter.code;
  letter.by_code = random_.chance(0.1);
  letter.urgency = random_.chance(0.7) ? 0 : 1 + static_cast<int>(random_.below(4));
  letter.attachment_bytes = static_cast<std::size_t>(random_.below(1500));
  if (random_.chance(0.02)) letter.attachment_bytes = 60'000;  // a blob with a file of its own
  if (random_.chance(0.04)) letter.flaw = Flaw::malformed;
  if (random_.chance(0.02)) letter.flaw = Flaw::secret;
  if (!letters_.empty() && random_.chance(0.05)) {
    letter.revokes = letters_[static_cast<std::size_t>(random_.below(letters_.size()))].document_id;
  }
  record_.count("document written");
  hand_in(std::move(letter));
}

void Agencies::report(const Kept& kept, const std::string& code) {
  const Party& reporter = model_.party(kept.recipient);
  Letter letter;
  letter.kind = edxml::Kind::status;
  letter.system = reporter.system;
  letter.from = reporter.code;
  letter.to = {kept.sender};
  letter.document_id = kept.document_id;
  letter.code = kept.code;
  letter.date = kept.date;
  letter.by_code = random_.chance(0.2);
  letter.status_code = code;
  // Clocks of agencies differ.
  letter.stated_at = whole_seconds(clock_.now()) + std::chrono::seconds(random_.below(1200)) -
                     std::chrono::seconds(600);
  record_.count("status " + code + " written");
  hand_in(std::move(letter));
}

void Agencies::write_status() {
  static constexpr std::array<const char*, 8> kCodes = {"01", "02", "03", "04",
                                                        "05", "06", "15", "16"};
  if (kept_.empty()) return;
  const Kept kept = kept_[static_cast<std::size_t>(random_.below(kept_.size()))];
  report(kept, kCodes[static_cast<std::size_t>(random_.below(kCodes.size()))]);
}

void Agencies::write_recall() {
  if (letters_.empty()) return;
  // Mostly a recent one, which nobody may have fetched yet.
  const std::size_t back = static_cast<std::size_t>(random_.below(
      random_.chance(0.7) ? std::min<std::size_t>(letters_.size(), 8) : letters_.size()));
  const Letter& about = letters_[letters_.size() - 1 - back];
  if (about.kind != edxml::Kind::document || about.flaw != Flaw::none) return;
  const Party& sender = random_.chance(0.05) ? any_party() : *model_.find(about.from);
  Letter letter;
  letter.kind = edxml::Kind::status;
  letter.system = sender.system;
  letter.from = sender.code;
  letter.to = {about.to[static_cast<std::size_t>(random_.below(about.to.size()))]};
  letter.document_id = about.document_id;
  letter.code = about.code;
  letter.date = about.date;
  letter.by_code = sender.code == about.from && random_.chance(0.2);
  letter.status_code = "13";
  letter.stated_at = whole_seconds(clock_.now());
  record_.count("status 13 written");
  hand_in(std::move(letter));
}

Change Agencies::change_directory() {
  Change change;
  const Party& party = any_party();
  change.code = party.code;
  change.system_id = "00.0" + std::to_string(1 + random_.below(6)) + ".W00";
  switch (random_.below(7)) {
    case 0:
      change.what = Change::What::alias;
      change.other = "BD." + two_digits(static_cast<std::uint64_t>(aliases_++));
      break;
    case 1:
      if (succeeded_++ >= 6) break;
      change.what = Change::What::succeed;
      change.other = any_party().code;
      change.until =
          clock_.now() + std::chrono::minutes(random_.below(60)) - std::chrono::minutes(20);
      break;
    case 2:
      if (party.deleted || removed_++ >= 3) break;
      change.what = Change::What::remove;
      break;
    case 3:
      change.what = Change::What::found;  // not served by any system yet
      change.code = "H41.N" + std::to_string(founded_++);
      break;
    case 4:
      change.what = Change::What::enable;
      change.enabled = random_.chance(0.7);
      break;
    default:
      break;  // moves to another system
  }
  static constexpr std::array<const char*, 6> kNames = {
      "organisation moved", "alias given",          "successor named",
      "organisation ended", "organisation founded", "system enabled or not"};
  record_.count(kNames[static_cast<std::size_t>(change.what)]);
  return change;
}

void Agencies::listed(SystemKey system, const std::vector<exchange::PendingItem>& items) {
  for (const exchange::PendingItem& item : items) {
    if (settled_.contains(item.id)) {
      record_.violate("delivery " + item.id + " was acknowledged and is listed again");
    }
    if (!winding_up_ && random_.chance(0.3)) continue;
    const bool whole = random_.chance(0.1);
    const std::string id =
        whole ? exchange::document_id_text(model_.site(), item.document) : item.id;
    if (!busy_.emplace(system, id).second) continue;
    if (!winding_up_ && random_.chance(0.03)) {
      acknowledge(system, id, "fail");  // refused on sight
    } else {
      ask(Fetch{system, id});
    }
  }
}

void Agencies::answered(const Request& request, const Answer& answer) {
  const bool again = !answer.result.ok() && answer.result.error().code() == base::Code::unavailable;
  if (again) {
    outbox_.push_back(request);
  } else if (const auto* send = std::get_if<Send>(&request.operation)) {
    sent(letters_[static_cast<std::size_t>(send->letter->number - 1)], answer);
  } else if (const auto* fetch = std::get_if<Fetch>(&request.operation)) {
    fetched(*fetch, answer);
  } else if (const auto* ack = std::get_if<Acknowledge>(&request.operation)) {
    acknowledged(*ack, answer);
  }
}

void Agencies::sent(Letter& letter, const Answer& answer) {
  if (!answer.result.ok()) {
    letter.refused = true;
    return;
  }
  letter.answered = true;
  letter.id = answer.accepted.id;
}

void Agencies::remember(SystemKey system, const std::string& id) {
  for (const Copy* copy : model_.copies_named(system, id)) {
    if (!copy->readable()) continue;
    received_[{exchange::document_of(copy->id), copy->recipient}].insert(copy->id);
  }
}

void Agencies::fetched(const Fetch& fetch, const Answer& answer) {
  if (!answer.result.ok()) {
    if (answer.result.error().reason() == "exchange.recalled") {
      acknowledge(fetch.system, fetch.id, "fail");
    } else {
      busy_.erase({fetch.system, fetch.id});
    }
    return;
  }
  const auto document = edxml::read(answer.content);
  if (!document) return record_.violate("what was fetched cannot be read: " + fetch.id);
  remember(fetch.system, fetch.id);
  read_content(fetch, *document, model_.copies_named(fetch.system, fetch.id));
  if (!winding_up_ && random_.chance(0.05)) acknowledge(fetch.system, fetch.id, "processing");
  acknowledge(fetch.system, fetch.id, random_.chance(0.9) ? "done" : "finish");
}

void Agencies::read_content(const Fetch& fetch, const edxml::Document& document,
                            const std::vector<const Copy*>& copies) {
  Kept kept;
  kept.sender = document.from.id;
  if (document.kind == edxml::Kind::document) {
    kept.code = document.code();
    kept.date = document.promulgation.written;
    kept.document_id = document.from.id + "," + kept.date + "," + kept.code;
  } else if (!document.response_for.empty()) {
    const edxml::ResponseFor& about = document.response_for.front();
    kept.code = about.code;
    kept.date = about.promulgation.written;
    kept.document_id = document.from.id + "," + kept.date + "," + kept.code;
  }
  for (const Copy* copy : copies) {
    if (winding_up_ || copy->system != fetch.system) continue;
    kept.recipient = copy->recipient;
    if (document.kind == edxml::Kind::document) {
      kept_.push_back(kept);
      if (random_.chance(0.3)) report(kept, "01");
    } else if (document.status_code == "13") {
      report(kept, random_.chance(0.6) ? "15" : "16");
    }
  }
}

void Agencies::acknowledge(SystemKey system, const std::string& id, const std::string& word) {
  ask(Acknowledge{system, id, word});
}

void Agencies::acknowledged(const Acknowledge& acknowledge, const Answer& answer) {
  if (acknowledge.word == "processing") return;
  busy_.erase({acknowledge.system, acknowledge.id});
  if (!answer.result.ok()) return;
  if (acknowledge.id.size() == 36) {
    settled_.insert(acknowledge.id);
  } else if (acknowledge.word != "fail") {
    remember(acknowledge.system, acknowledge.id);
  }
}

}  // namespace simulation
