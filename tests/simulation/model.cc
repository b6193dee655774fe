#include "simulation/model.h"

#include <algorithm>

namespace simulation {
namespace {

using exchange::delivery_id_text;
using exchange::document_id_text;

bool effective(const Party& party, base::Time now) {
  return !party.deleted && (!party.until || now < *party.until);
}

// The recall dialogue and the six statuses. True when the copy was withdrawn on the spot.
bool report_to(Copy& copy, const std::string& code, base::Time stated_at) {
  if (code == "13") {
    if (!copy.readable()) return false;
    if (!copy.fetched && copy.pending()) {  // nobody has it, nobody has answered for it
      copy.transport = kWithdrawn;
      copy.recall = kAgreed;
      return true;
    }
    copy.recall = kRequested;
    return false;
  }
  if (copy.recall == kRequested && code == "16") copy.recall = kRefused;
  if (copy.recall == kRequested && code == "15") {
    copy.recall = kAgreed;
    if (copy.pending()) copy.transport = kWithdrawn;  // it waits for nothing any more
  }
  if (code == "16") return false;
  const bool later = !copy.status_at || stated_at >= *copy.status_at;
  if (code == "15" || (copy.status_code != "15" && later)) {
    copy.status_code = code;
    copy.status_at = stated_at;
  }
  return false;
}

}  // namespace

std::string text_of(const Operation& operation) {
  if (const auto* send = std::get_if<Send>(&operation)) {
    const Letter& letter = *send->letter;
    return "send " + std::to_string(letter.number) + " from " + letter.from + " " +
           (letter.kind == edxml::Kind::status ? "status " + letter.status_code : letter.code);
  }
  if (const auto* fetch = std::get_if<Fetch>(&operation)) {
    return "fetch " + fetch->id + " by " + std::to_string(fetch->system);
  }
  if (const auto* ack = std::get_if<Acknowledge>(&operation)) {
    return "acknowledge " + ack->word + " " + ack->id + " by " + std::to_string(ack->system);
  }
  const auto& change = std::get<Change>(operation);
  return "change " + std::to_string(static_cast<int>(change.what)) + " " + change.code + " " +
         change.other + " " + change.system_id;
}

void Model::add_party(Party party, const std::vector<std::string>& names) {
  for (const std::string& name : names) names_[name] = party.key;
  names_[party.code] = party.key;
  parties_[party.key] = std::move(party);
}

const Party* Model::find(std::string_view name) const {
  const auto found = names_.find(name);
  return found == names_.end() ? nullptr : &parties_.at(found->second);
}

const Party* Model::recipient(std::string_view name, base::Time now) const {
  const Party* party = find(name);
  for (int step = 0; party && step < 16; ++step) {
    if (effective(*party, now)) return party;
    party = party->successor.empty() ? nullptr : find(party->successor);
  }
  return nullptr;
}

const Copy* Model::copy(DeliveryKey id) const {
  const auto paper = papers_.find(exchange::document_of(id));
  if (paper == papers_.end()) return nullptr;
  for (const Copy& copy : paper->second.copies) {
    if (copy.id == id) return &copy;
  }
  return nullptr;
}

std::vector<const Copy*> Model::copies_named(SystemKey system, const std::string& id) const {
  std::vector<const Copy*> out;
  const auto named = exchange::parse_id(site_, id);
  const auto paper = named ? papers_.find(named->document) : papers_.end();
  if (paper == papers_.end()) return out;
  for (const Copy& copy : paper->second.copies) {
    if (copy.system == system && (!named->delivery || *named->delivery == copy.id)) {
      out.push_back(&copy);
    }
  }
  return out;
}

Copy& Model::copy_to_change(DeliveryKey id) {
  return papers_.at(exchange::document_of(id))
      .copies.at(static_cast<std::size_t>(id & exchange::kRecipientsMax));
}

std::vector<const Copy*> Model::pending(SystemKey system, edxml::Kind kind) const {
  std::vector<const Copy*> out;
  for (const auto& [id, paper] : papers_) {
    if (paper.kind != kind) continue;
    for (const Copy& copy : paper.copies) {
      if (copy.system == system && copy.pending()) out.push_back(&copy);
    }
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const Copy* a, const Copy* b) { return a->urgency > b->urgency; });
  return out;
}

std::size_t Model::documents_of(const Letter& letter) const {
  std::size_t count = 0;
  for (const auto& [id, paper] : papers_) count += paper.hash == letter.hash ? 1 : 0;
  return count;
}

Prediction Model::predict(const Operation& operation, base::Time now) const {
  if (const auto* send = std::get_if<Send>(&operation)) return predict_send(*send->letter, now);
  if (const auto* fetch = std::get_if<Fetch>(&operation)) return predict_fetch(*fetch);
  if (const auto* ack = std::get_if<Acknowledge>(&operation)) {
    Prediction out;
    // Whoever may not know a document is told that there is none.
    if (copies_named(ack->system, ack->id).empty()) {
      out.reason = "exchange.unknown_document";
    }
    return out;
  }
  const auto& change = std::get<Change>(operation);
  Prediction out;
  if (change.what == Change::What::remove && find(change.code)->deleted) {
    out.reason = "identity.organisation_unknown";
  }
  // Giving a system something to serve does not let it in again.
  if (change.what == Change::What::connect && disabled_.contains(change.system_id)) {
    out.reason = "identity.system_disabled";
  }
  return out;
}

std::vector<OrganisationKey> Model::recipients_of(const Letter& letter, base::Time now,
                                                  std::vector<std::string>& unknown) const {
  std::vector<OrganisationKey> file, header, both;
  const auto gather = [&](const std::string& name, std::vector<OrganisationKey>& to) {
    const Party* party = recipient(name, now);
    if (party && std::find(to.begin(), to.end(), party->key) == to.end()) to.push_back(party->key);
    return party != nullptr;
  };
  for (const std::string& name : letter.to) {
    if (gather(name, file)) continue;
    if (std::find(unknown.begin(), unknown.end(), name) == unknown.end()) unknown.push_back(name);
  }
  if (letter.kind == edxml::Kind::status) return file;
  for (const std::string& name : letter.header_to) gather(name, header);
  for (const OrganisationKey key : file) {
    if (std::find(header.begin(), header.end(), key) != header.end()) both.push_back(key);
  }
  return both.empty() ? file : both;
}

DocumentKey Model::earlier(const Letter& letter, OrganisationKey sender, base::Time now) const {
  for (auto at = papers_.rbegin(); at != papers_.rend(); ++at) {
    const Paper& paper = at->second;
    if (paper.hash == letter.hash && paper.system == letter.system && paper.sender == sender &&
        paper.kind == letter.kind && !paper.recalled && paper.accepted_at >= now - kWindow) {
      return paper.id;
    }
  }
  return 0;
}

Prediction Model::predict_send(const Letter& letter, base::Time now) const {
  Prediction out;
  const auto refuse = [&](const char* reason) {
    out.reason = reason;
    return out;
  };
  if (letter.flaw == Flaw::malformed) return refuse("edxml.");
  if (letter.flaw == Flaw::secret) return refuse("edxml.state_secret");
  const Party* sender = find(letter.from);
  if (!sender || sender->deleted || sender->system != letter.system) {
    return refuse("exchange.sender_unknown");
  }
  out.recipients = recipients_of(letter, now, out.unknown);
  if (out.recipients.empty()) return refuse("exchange.recipients_unknown");
  out.resent = earlier(letter, sender->key, now);
  if (out.resent == 0 && letter.kind == edxml::Kind::status) {
    bool of_another = false;
    const bool found = !targets(letter, now, of_another).empty();
    if (!found && of_another && letter.status_code == "13")
      return refuse("exchange.not_the_sender");
  }
  return out;
}

// The copies that a status message speaks of: of the newest document with that id that went from
// the one party to the other. A recall names the party that was addressed, and whoever took over
// from it may have got the document as well.
std::vector<Model::Target> Model::targets(const Letter& letter, base::Time now,
                                          bool& of_another) const {
  std::vector<Target> out;
  const Party* named = find(letter.to.front());
  const Party* reporter = find(letter.from);
  if (!named || !reporter) return out;
  const bool recall = letter.status_code == "13";
  const OrganisationKey sender = recall ? reporter->key : named->key;
  std::vector<OrganisationKey> recipients = {recall ? named->key : reporter->key};
  for (const Party* party = named;
       recall && !effective(*party, now) && !party->successor.empty();) {
    party = find(party->successor);
    if (!party) break;
    if (std::find(recipients.begin(), recipients.end(), party->key) != recipients.end()) break;
    recipients.push_back(party->key);
  }
  for (const OrganisationKey wanted : recipients) {
    bool found = false;
    for (auto at = papers_.rbegin(); at != papers_.rend() && !found; ++at) {
      const Paper& paper = at->second;
      if (paper.document_id.empty() || paper.document_id != letter.document_id) continue;
      of_another = of_another || paper.sender != sender;
      if (paper.sender != sender) continue;
      for (std::size_t i = 0; i < paper.copies.size() && !found; ++i) {
        found = paper.copies[i].recipient == wanted;
        if (found) out.push_back({paper.id, i});
      }
    }
  }
  return out;
}

Prediction Model::predict_fetch(const Fetch& fetch) const {
  Prediction out;
  out.reason = "exchange.unknown_document";
  const auto named = exchange::parse_id(site_, fetch.id);
  const auto paper = named ? papers_.find(named->document) : papers_.end();
  if (paper == papers_.end()) return out;
  bool readable = paper->second.system == fetch.system, recalled = false;
  for (const Copy* copy : copies_named(fetch.system, fetch.id)) {
    (copy->readable() ? readable : recalled) = true;
  }
  if (readable) {
    out.reason.clear();
  } else if (recalled) {
    out.reason = "exchange.recalled";
  }
  return out;
}

void Model::apply(const Operation& operation, base::Time now, std::vector<Fresh>& fresh) {
  if (const auto* one = std::get_if<Send>(&operation)) return send(*one->letter, now, fresh);
  if (const auto* one = std::get_if<Fetch>(&operation)) return fetch(*one);
  if (const auto* one = std::get_if<Acknowledge>(&operation)) return acknowledge(*one);
  change(std::get<Change>(operation));
}

Paper Model::take(std::vector<Fresh>& fresh) const {
  Paper paper;
  if (fresh.empty()) return paper;
  paper.id = fresh.front().id;
  paper.hash = fresh.front().hash;
  fresh.erase(fresh.begin());
  return paper;
}

void Model::send(const Letter& letter, base::Time now, std::vector<Fresh>& fresh) {
  const Prediction prediction = predict_send(letter, now);
  if (prediction.resent != 0) {
    if (letter.kind == edxml::Kind::document) add_recipients(prediction);
    return;
  }
  Paper paper = take(fresh);
  paper.hash = letter.hash;
  paper.kind = letter.kind;
  paper.system = letter.system;
  paper.sender = find(letter.from)->key;
  paper.urgency = letter.urgency;
  paper.accepted_at = now;
  std::vector<OrganisationKey> recipients = prediction.recipients;
  if (letter.kind == edxml::Kind::document) {
    paper.document_id = letter.document_id;
  } else {
    bool of_another = false;
    const auto found = targets(letter, now, of_another);
    bool told = found.empty();
    for (const Target& at : found) told = report(letter, at, now, fresh) || told;
    if (!told) recipients.clear();
  }
  for (const OrganisationKey key : recipients) add_copy(paper, key);
  note("accepted", document_id_text(site_, paper.id));
  const DocumentKey id = paper.id;
  papers_[id] = std::move(paper);
}

void Model::add_copy(Paper& paper, OrganisationKey recipient) {
  Copy copy;
  copy.id = exchange::delivery_key(paper.id, static_cast<std::int64_t>(paper.copies.size()));
  copy.recipient = recipient;
  copy.system = party(recipient).system;
  copy.urgency = paper.urgency;
  paper.copies.push_back(copy);
}

// The same file again, for somebody who had no copy: nobody else gets a second one.
void Model::add_recipients(const Prediction& prediction) {
  Paper& paper = papers_.at(prediction.resent);
  const std::size_t before = paper.copies.size();
  for (const OrganisationKey key : prediction.recipients) {
    const bool has = std::any_of(paper.copies.begin(), paper.copies.end(),
                                 [&](const Copy& copy) { return copy.recipient == key; });
    if (!has) add_copy(paper, key);
  }
  if (paper.copies.size() > before) {
    note("recipients_added", document_id_text(site_, paper.id));
  }
}

// Says whether the recipient of the copy is told: not when the exchange has dealt with the matter.
bool Model::report(const Letter& letter, Target at, base::Time now, std::vector<Fresh>& fresh) {
  Paper& paper = papers_.at(at.paper);
  Copy& copy = paper.copies[at.copy];
  ++status_events_;
  const bool was_readable = copy.readable();
  const bool withdrawn = report_to(copy, letter.status_code, letter.stated_at);
  paper.recalled = std::none_of(paper.copies.begin(), paper.copies.end(),
                                [](const Copy& one) { return one.readable(); });
  if (!withdrawn) return letter.status_code != "13" || was_readable;
  Paper answer = take(fresh);
  answer.kind = edxml::Kind::status;
  answer.sender = copy.recipient;
  answer.accepted_at = now;
  add_copy(answer, paper.sender);
  note("accepted", document_id_text(site_, answer.id));
  const DocumentKey id = answer.id;
  papers_[id] = std::move(answer);
  return false;
}

void Model::fetch(const Fetch& fetch) {
  for (const Copy* named : copies_named(fetch.system, fetch.id)) {
    Copy& copy = copy_to_change(named->id);
    if (copy.fetched || !copy.readable()) continue;
    copy.fetched = true;
    if (copy.transport == kInitial) copy.transport = kProcessing;
    note("fetched", delivery_id_text(site_, copy.id));
  }
}

void Model::acknowledge(const Acknowledge& acknowledge) {
  const std::string& word = acknowledge.word;
  for (const Copy* named : copies_named(acknowledge.system, acknowledge.id)) {
    Copy& copy = copy_to_change(named->id);
    if (!copy.pending()) continue;  // the first final word stays
    if (word == "done" || word == "finish") {
      copy.transport = kDone;
    } else if (word == "fail" || word == "rejection") {
      copy.transport = kFail;
    } else if (word != "initial") {
      copy.transport = kProcessing;
    }
    note("acknowledged", delivery_id_text(site_, copy.id));
  }
}

// What waits for an organisation goes to the system that serves it now.
void Model::connect(Party& party, SystemKey system) {
  party.system = system;
  for (auto& [id, paper] : papers_) {
    for (Copy& copy : paper.copies) {
      if (copy.recipient == party.key && copy.pending()) copy.system = system;
    }
  }
}

void Model::change(const Change& change) {
  using What = Change::What;
  const auto known = names_.find(change.code);
  switch (change.what) {
    case What::connect: {
      Party& party = parties_.at(known->second);
      party.deleted = false;
      connect(party, systems_.at(change.system_id));
      return note("system_put", change.system_id);
    }
    case What::alias:
      names_[change.other] = known->second;
      return note("alias_put", party(known->second).code);
    case What::succeed: {
      Party& party = parties_.at(known->second);
      party.deleted = false;
      party.until = change.until;
      party.successor = change.other;
      return note("organisations_put", party.code);
    }
    case What::remove:
      parties_.at(known->second).deleted = true;
      return note("organisation_removed", change.code);
    case What::found:
      if (known == names_.end()) {
        add_party({parties_.rbegin()->first + 1, change.code, 0, std::nullopt, "", false},
                  {"000.00." + change.code.substr(4) + ".H41"});
      }
      parties_.at(names_.at(change.code)).deleted = false;
      return note("organisations_put", change.code);
    case What::enable:
      if (change.enabled) {
        disabled_.erase(change.system_id);
      } else {
        disabled_.insert(change.system_id);
      }
      return note(change.enabled ? "system_enabled" : "system_disabled", change.system_id);
  }
}

}  // namespace simulation
