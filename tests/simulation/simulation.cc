#include "simulation/simulation.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "base/hash.h"
#include "base/testing/fake_clock.h"
#include "base/text.h"
#include "simulation/agencies.h"
#include "simulation/audit.h"

namespace simulation {
namespace {

using base::Result;

constexpr int kSystems = 6;
constexpr int kParties = 40;
constexpr SystemKey kIdleSystem = 6;  // fetches nothing before the end
constexpr int kDrainRounds = 400;
constexpr int kFullAuditSteps = 25;
constexpr std::uint64_t kHugeDisk = std::uint64_t{1} << 50;

std::string system_id(int number) { return "00.0" + std::to_string(number) + ".W00"; }

class Simulation {
 public:
  Simulation(std::uint64_t seed, const Settings& settings)
      : settings_(settings),
        record_(settings.trace),
        random_(seed),
        server_random_(seed ^ 0x7365727665720000),
        disk_(seed ^ 0x6469736b00000000),
        server_(disk_, clock_, server_random_, settings.broken),
        agencies_(random_, clock_, model_, record_) {}

  Outcome run();

 private:
  void set_up();
  void step();
  void tick();
  void provoke();
  void act();
  void poll(SystemKey system);
  void deliver(std::size_t place, bool faults);
  void perform(const Request& request, bool answer_arrives);
  void judge(const Operation& operation, const Prediction& expected, const Answer& answer);
  void judge_sent(const Prediction& expected, const exchange::Accepted& accepted);
  void settle(const Operation& operation, base::Time now, bool acknowledged);
  void crash();
  void restart();
  void resolve(const Operation& operation, base::Time now, bool acknowledged);
  std::string compared(const Model& model);
  void audit();
  void audit_fully();
  void check_ledgers();
  void sweep();
  void drain();
  void check_end();
  // Records what an audit found; an error is a finding unless the disk has died.
  void found(const Result<std::string>& finding);
  void line(const std::string& text) {
    record_.line(std::to_string(step_) + " " + std::to_string(base::to_micros(clock_.now())) + " " +
                 text);
  }
  DocumentKey last_paper() const {
    return model_.papers().empty() ? 0 : model_.papers().rbegin()->first;
  }

  const Settings settings_;
  Record record_;
  base::SeededRandom random_, server_random_;
  base::testing::FakeClock clock_;
  store::testing::FaultyDisk disk_;
  Server server_;
  Model model_;
  Agencies agencies_;
  Audit audit_;
  int step_ = 0;
  int full_until_ = 0;  // the disk is full until this step; 0: it is not
};

Outcome Simulation::run() {
  set_up();
  for (step_ = 1; step_ <= settings_.steps && !record_.violated(); ++step_) step();
  if (!record_.violated()) drain();
  if (!record_.violated()) check_end();
  record_.count("disk operations", disk_.operations());
  record_.count("documents and messages kept", model_.papers().size());
  Outcome outcome{record_.violation(), step_, {}, record_.counts()};
  outcome.digest = record_.digest();
  return outcome;
}

void Simulation::set_up() {
  disk_.make_directory("/site").value();
  server_.start().value();
  exchange::Directory& directory = server_.exchange().directory();
  for (int system = 1; system <= kSystems; ++system) {
    std::vector<std::string> codes;
    for (int party = system; party <= kParties; party += kSystems) {
      codes.push_back((party < 10 ? "H41.0" : "H41.") + std::to_string(party));
    }
    directory.put_system(system_id(system), "khóa bí mật", codes).value();
    model_.note("system_put", system_id(system));
    model_.add_system(system_id(system), directory.system(system_id(system))->key);
  }
  directory.each([&](const exchange::Organisation& one) {
    model_.add_party({one.key, one.code, one.system, std::nullopt, "", false},
                     {"000.00." + one.code.substr(4) + ".H41"});
  });
  model_.set_site(server_.exchange().site());
}

void Simulation::step() {
  tick();
  provoke();
  act();
  if (disk_.dead()) crash();
  if (!record_.violated()) audit();
}

// Time passes, and now and then it jumps.
void Simulation::tick() {
  clock_.advance(std::chrono::milliseconds(random_.below(20'000)));
  if (!random_.chance(0.01)) return;
  const auto far = std::chrono::minutes(random_.below(30) * random_.below(100));
  const bool back = random_.chance(0.5);
  clock_.advance(back ? -far : far);
  record_.count(back ? "clock jumped back" : "clock jumped forth");
  line("clock jumped");
}

// Trouble with the disk and the power.
void Simulation::provoke() {
  if (full_until_ > 0 && step_ >= full_until_) {
    disk_.limit_bytes(0);
    full_until_ = 0;
    line("disk has space again");
  }
  if (full_until_ == 0 && random_.chance(0.01)) {
    disk_.limit_bytes(kHugeDisk);
    const std::uint64_t used = kHugeDisk - disk_.free_bytes("/");
    disk_.limit_bytes(used + random_.below(random_.chance(0.5) ? 4'000 : 40'000));
    full_until_ = step_ + 3 + static_cast<int>(random_.below(12));
    record_.count("disk filled up");
    line("disk is nearly full");
  }
  if (random_.chance(0.025)) {
    const std::uint64_t operations = 1 + random_.below(random_.chance(0.7) ? 12 : 60);
    disk_.die_after(operations);
    record_.count("death of the disk planned");
    line("disk dies after " + std::to_string(operations));
  }
  if (random_.chance(0.004)) {
    record_.count("power cut while idle");
    line("power cut");
    crash();
  }
  if (random_.chance(0.006)) {
    record_.count("orderly restart");
    line("restart");
    server_.stop();
    if (disk_.dead()) return crash();
    restart();
    if (!record_.violated()) sweep();
  }
}

void Simulation::act() {
  if (record_.violated()) return;
  const std::uint64_t dice = random_.below(1000);
  const bool busy = agencies_.outbox().size() > 40;
  if (dice < 500 || busy) {
    if (agencies_.outbox().empty()) return;
    // Any of them: what was sent first need not arrive first.
    const std::size_t among = random_.chance(0.7)
                                  ? std::min<std::size_t>(agencies_.outbox().size(), 4)
                                  : agencies_.outbox().size();
    deliver(static_cast<std::size_t>(random_.below(among)), true);
  } else if (dice < 690) {
    agencies_.write_document();
  } else if (dice < 890) {
    poll(1 + static_cast<SystemKey>(random_.below(kIdleSystem - 1)));
  } else if (dice < 930) {
    agencies_.write_status();
  } else if (dice < 970) {
    agencies_.write_recall();
  } else {
    perform({agencies_.change_directory(), false}, true);
  }
}

void Simulation::poll(SystemKey system) {
  exchange::ListFilter filter;
  filter.page_size = 1 + static_cast<std::int64_t>(random_.below(12));
  const auto kind = random_.chance(0.5) ? edxml::Kind::document : edxml::Kind::status;
  const auto items = server_.exchange().pending(system, kind, filter);
  if (!items) {
    if (!disk_.dead()) record_.violate("no list: " + items.error().detail());
    return;
  }
  record_.count("list asked for");
  line("list of system " + std::to_string(system) + ": " + std::to_string(items->size()));
  agencies_.listed(system, *items);
}

// A request travels to the server and its answer back, or not.
void Simulation::deliver(std::size_t place, bool faults) {
  std::vector<Request>& outbox = agencies_.outbox();
  Request request = outbox[place];
  if (faults && random_.chance(0.08)) {
    record_.count("request lost, sent again");
    return;  // the client sends it again when no answer comes
  }
  if (place > 0) record_.count("request overtook another");
  outbox.erase(outbox.begin() + static_cast<std::ptrdiff_t>(place));
  if (faults && random_.chance(0.06)) {
    record_.count("request doubled");
    outbox.push_back({request.operation, true});
  }
  const bool lost = faults && random_.chance(0.1);
  if (lost && !request.stray) {
    record_.count("answer lost, sent again");
    outbox.push_back(request);
  }
  perform(request, !lost && !request.stray);
}

void Simulation::perform(const Request& request, bool answer_arrives) {
  const base::Time now = clock_.now();
  const Prediction expected = model_.predict(request.operation, now);
  const Answer answer = server_.perform(request.operation);
  line(text_of(request.operation) + ": " +
       (answer.result.ok() ? "ok " + answer.accepted.id
                           : std::string(answer.result.error().reason())));
  judge(request.operation, expected, answer);
  if (record_.violated()) return;
  settle(request.operation, now, answer.result.ok());
  if (answer_arrives && !record_.violated()) agencies_.answered(request, answer);
}

void Simulation::judge(const Operation& operation, const Prediction& expected,
                       const Answer& answer) {
  const std::string what = text_of(operation);
  if (!answer.result.ok()) {
    const base::Error& error = answer.result.error();
    if (error.code() == base::Code::unavailable && (disk_.dead() || full_until_ > 0)) {
      record_.count(disk_.dead() ? "call died with the disk" : "call refused by a full disk");
      return;
    }
    const bool right = !expected.reason.empty() && error.reason().starts_with(expected.reason);
    if (right) return record_.count("refused: " + std::string(error.reason()));
    return record_.violate(what + " failed with " + std::string(error.reason()) + " (" +
                           error.detail() + ")" +
                           (expected.reason.empty() ? "" : " instead of " + expected.reason));
  }
  if (!expected.reason.empty()) {
    return record_.violate(what + " was to be refused with " + expected.reason);
  }
  if (std::holds_alternative<Send>(operation)) return judge_sent(expected, answer.accepted);
  const auto* fetch = std::get_if<Fetch>(&operation);
  if (!fetch)
    return record_.count(std::holds_alternative<Change>(operation) ? "directory changed"
                                                                   : "acknowledged");
  record_.count("fetched");
  const auto named = exchange::parse_id(model_.site(), fetch->id);
  if (base::sha256(answer.content) != model_.papers().at(named->document).hash) {
    record_.violate(what + " gave other bytes than were handed in");
  }
}

void Simulation::judge_sent(const Prediction& expected, const exchange::Accepted& accepted) {
  record_.count(accepted.resent ? "recognised as sent before" : "accepted");
  if (!accepted.unknown.empty()) record_.count("accepted with unknown recipients");
  if (accepted.resent != (expected.resent != 0)) {
    record_.violate(accepted.resent ? "a new submission was taken for an earlier one"
                                    : "a submission sent again was accepted a second time");
  } else if (accepted.resent &&
             accepted.id != exchange::document_id_text(model_.site(), expected.resent)) {
    record_.violate("a submission sent again got another id");
  } else if (accepted.unknown != expected.unknown) {
    record_.violate("called unknown: " + base::join(accepted.unknown, " ") +
                    "; unknown: " + base::join(expected.unknown, " "));
  }
}

// Brings the model up to what was done; after the death of the disk that is known only once the
// power is back.
void Simulation::settle(const Operation& operation, base::Time now, bool acknowledged) {
  if (!disk_.dead()) {
    auto fresh = Audit::fresh(server_.database(), last_paper());
    if (!fresh) return record_.violate("cannot read: " + fresh.error().detail());
    if (acknowledged) model_.apply(operation, now, *fresh);
    if (!fresh->empty()) record_.violate(text_of(operation) + " left documents of nobody");
    return;
  }
  restart();
  if (!record_.violated()) resolve(operation, now, acknowledged);
  if (!record_.violated()) audit_fully();
}

void Simulation::crash() {
  restart();
  if (!record_.violated()) audit_fully();
}

// The power goes and comes back; it may go again while the server starts.
void Simulation::restart() {
  if (server_.up() || disk_.dead()) {
    server_.stop();
    disk_.power_cycle();
    record_.count("power cycle");
  }
  for (int attempt = 0; !record_.violated(); ++attempt) {
    if (attempt < 3 && random_.chance(0.25)) disk_.die_after(1 + random_.below(12));
    const auto started = server_.start();
    if (started && !disk_.dead()) break;
    server_.stop();
    if (disk_.dead()) {
      disk_.power_cycle();
      record_.count("power cycle during start");
    } else if (full_until_ > 0) {
      disk_.limit_bytes(0);
      full_until_ = 0;
      record_.count("start needed space");
    } else {
      record_.violate("does not start: " + started.error().detail());
    }
  }
  disk_.die_after(0);
  audit_.forget_journal();
  line("restarted");
}

std::string Simulation::compared(const Model& model) {
  const auto records = audit_.records(server_, model);
  if (!records) return "cannot read: " + records.error().detail();
  if (!records->empty()) return *records;
  const auto journal = audit_.journal(server_.database(), model);
  return journal ? *journal : "cannot read: " + journal.error().detail();
}

// What died with the disk has happened wholly or not at all; what was acknowledged has happened.
void Simulation::resolve(const Operation& operation, base::Time now, bool acknowledged) {
  const std::string without = acknowledged ? "it was acknowledged" : compared(model_);
  if (without.empty()) return record_.count("call undone by the crash");
  auto fresh = Audit::fresh(server_.database(), last_paper());
  if (!fresh) return record_.violate("cannot read: " + fresh.error().detail());
  if (!model_.predict(operation, now).reason.empty()) {
    return record_.violate("after the crash, without any change: " + without);
  }
  Model after = model_;
  after.apply(operation, now, *fresh);
  const std::string with = compared(after);
  if (with.empty() && fresh->empty()) {
    model_ = std::move(after);
    return record_.count(acknowledged ? "acknowledged, then the disk died"
                                      : "call outlived the crash");
  }
  record_.violate(std::string(acknowledged ? "acknowledged and lost in the crash: "
                                           : "half done after the crash: ") +
                  text_of(operation) + ": " + with + " (undone: " + without + ")");
}

void Simulation::found(const Result<std::string>& finding) {
  if (!finding) return record_.violate("audit failed: " + finding.error().detail());
  if (!finding->empty()) record_.violate(*finding);
}

void Simulation::audit() {
  found(audit_.sums(server_.database(), model_));
  found(audit_.journal(server_.database(), model_));
  // Whatever was just done to one, every other system is served.
  const auto system = static_cast<SystemKey>(1 + step_ % kSystems);
  const auto kind = step_ / kSystems % 2 == 0 ? edxml::Kind::document : edxml::Kind::status;
  found(audit_.list(server_, model_, system, kind, step_ % 3 == 0 ? 3 : 0));
  if (step_ % kFullAuditSteps != 0) return;
  found(audit_.records(server_, model_));
  found(audit_.sent(server_, model_, system));
}

void Simulation::audit_fully() {
  found(audit_.everything(server_, model_));
  const std::string difference = compared(model_);
  if (!difference.empty()) record_.violate(difference);
  for (SystemKey system = 1; system <= kSystems; ++system) {
    for (const auto kind : {edxml::Kind::document, edxml::Kind::status}) {
      found(audit_.list(server_, model_, system, kind, 0));
    }
  }
  check_ledgers();
}

// The clients' own books against the records: whatever they were told is so.
void Simulation::check_ledgers() {
  const auto documents = Audit::fresh(server_.database(), 0);
  if (!documents) return record_.violate("cannot read: " + documents.error().detail());
  const auto copies = Audit::copies(server_.database());
  if (!copies) return record_.violate("cannot read: " + copies.error().detail());
  for (const Letter& letter : agencies_.letters()) {
    if (!letter.answered) continue;
    const auto named = exchange::parse_id(model_.site(), letter.id);
    const auto there = std::find_if(documents->begin(), documents->end(), [&](const Fresh& one) {
      return named && one.id == named->document && one.hash == letter.hash;
    });
    if (there == documents->end()) {
      record_.violate("letter " + std::to_string(letter.number) + " was accepted as " + letter.id +
                      " and is not there");
    }
  }
  for (const std::string& id : agencies_.settled()) {
    const auto named = exchange::parse_id(model_.site(), id);
    const auto copy = copies->find(named ? named->delivery.value_or(0) : 0);
    if (copy == copies->end() || copy->second.pending()) {
      record_.violate("delivery " + id + " was acknowledged for good and is not final");
    }
  }
}

// Removes bytes that no record names; what is named stays, as the next audit sees.
void Simulation::sweep() {
  const auto named = Audit::blobs(server_.database());
  if (!named) return record_.violate("cannot read: " + named.error().detail());
  const auto swept =
      server_.blobs().sweep([&](const store::BlobRef& ref) { return named->contains(ref); });
  if (!swept && !disk_.dead()) return record_.violate("sweep: " + swept.error().detail());
  if (swept) record_.count("blobs swept", *swept);
  if (disk_.dead()) return crash();
  audit_fully();
}

// Faults end; everyone fetches and acknowledges until nothing waits.
void Simulation::drain() {
  disk_.limit_bytes(0);
  disk_.die_after(0);
  full_until_ = 0;
  agencies_.wind_up();
  line("faults end");
  Change enable;
  enable.what = Change::What::enable;
  enable.system_id = system_id(1);
  perform({enable, false}, true);
  for (const auto& [key, party] : std::map(model_.parties())) {
    if (party.system != 0 || record_.violated()) continue;
    Change connect;
    connect.code = party.code;
    connect.system_id = system_id(1);
    perform({connect, false}, true);
  }
  for (int round = 0; !record_.violated(); ++round, ++step_) {
    clock_.advance(std::chrono::seconds(1));
    while (!agencies_.outbox().empty() && !record_.violated()) deliver(0, false);
    std::size_t waiting = 0;
    for (SystemKey system = 1; system <= kSystems; ++system) {
      for (const auto kind : {edxml::Kind::document, edxml::Kind::status}) {
        const auto items = server_.exchange().pending(system, kind, {});
        if (!items) return record_.violate("no list: " + items.error().detail());
        waiting += items->size();
        agencies_.listed(system, *items);
      }
    }
    if (waiting == 0 && agencies_.outbox().empty()) return;
    if (round > kDrainRounds) record_.violate(std::to_string(waiting) + " deliveries never end");
  }
}

// Every document has reached everyone whom it was to reach, once.
void Simulation::check_end() {
  audit_fully();
  for (const Letter& letter : agencies_.letters()) {
    const std::size_t documents = model_.documents_of(letter);
    if (documents == 0 && !letter.refused) {
      record_.violate("letter " + std::to_string(letter.number) + " never arrived");
    }
    if (documents > 1) record_.count("sent again after a recall or the window: a new document");
  }
  for (const auto& [id, paper] : model_.papers()) {
    std::vector<OrganisationKey> recipients;
    for (const Copy& copy : paper.copies) {
      recipients.push_back(copy.recipient);
      const auto got = agencies_.received().find({id, copy.recipient});
      const std::size_t times = got == agencies_.received().end() ? 0 : got->second.size();
      if (copy.transport == kWithdrawn && !copy.fetched && times > 0) {
        record_.violate("delivery " + std::to_string(copy.id) + " was withdrawn and handed out");
      }
      if (copy.transport == kDone && times != 1) {
        record_.violate("delivery " + std::to_string(copy.id) + " arrived " +
                        std::to_string(times) + " times");
      }
      static constexpr const char* kEnds[] = {"", "", "delivered", "refused by the recipient",
                                              "withdrawn"};
      if (copy.pending()) {
        record_.violate("delivery " + std::to_string(copy.id) + " never ended");
      } else {
        record_.count(std::string("delivery ended: ") + kEnds[copy.transport]);
      }
    }
    std::sort(recipients.begin(), recipients.end());
    if (std::adjacent_find(recipients.begin(), recipients.end()) != recipients.end()) {
      record_.violate("document " + std::to_string(id) + " goes to one recipient twice");
    }
  }
}

}  // namespace

Outcome simulate(std::uint64_t seed, const Settings& settings) {
  return Simulation(seed, settings).run();
}

}  // namespace simulation
