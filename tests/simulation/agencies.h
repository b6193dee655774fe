// Forty agencies behind a handful of connected systems: what they hand in, fetch and answer, and
// their own ledgers of what they were told. They know nothing but the answers that reached them.
#pragma once
#include <deque>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/random.h"
#include "base/time.h"
#include "exchange/exchange.h"
#include "simulation/model.h"
#include "simulation/record.h"
#include "simulation/server.h"

namespace simulation {

struct Request {
  Operation operation;
  bool stray = false;  // a double made by the network: nobody waits for its answer
};

class Agencies {
 public:
  Agencies(base::SeededRandom& random, const base::Clock& clock, const Model& model, Record& record)
      : random_(random), clock_(clock), model_(model), record_(record) {}

  // What they send next, of their own accord.
  void write_document();
  void write_status();
  void write_recall();
  Change change_directory();

  // A list of what waits reached `system`.
  void listed(SystemKey system, const std::vector<exchange::PendingItem>& items);
  // The answer reached the one who asked.
  void answered(const Request& request, const Answer& answer);
  // From now on they only finish what is under way.
  void wind_up() { winding_up_ = true; }

  // Requests on their way, in the order in which they were made.
  std::vector<Request>& outbox() { return outbox_; }
  const std::deque<Letter>& letters() const { return letters_; }
  // Deliveries whose final acknowledgement was answered.
  const std::set<std::string>& settled() const { return settled_; }
  // By document and recipient: the deliveries under which its content arrived.
  const std::map<std::pair<DocumentKey, OrganisationKey>, std::set<DeliveryKey>>& received() const {
    return received_;
  }

 private:
  // What a recipient knows of a document that it has fetched.
  struct Kept {
    OrganisationKey recipient = 0;
    std::string sender, document_id, code, date;
  };
  const Party& any_party();
  std::string any_name(const Party& party);
  void ask(Operation operation);
  void hand_in(Letter letter);
  void report(const Kept& kept, const std::string& code);
  void sent(Letter& letter, const Answer& answer);
  void fetched(const Fetch& fetch, const Answer& answer);
  void read_content(const Fetch& fetch, const edxml::Document& document,
                    const std::vector<const Copy*>& copies);
  void acknowledged(const Acknowledge& acknowledge, const Answer& answer);
  void acknowledge(SystemKey system, const std::string& id, const std::string& word);
  void remember(SystemKey system, const std::string& id);
  std::string now_text() const { return base::date_text(base::vietnam_date(clock_.now())); }

  base::SeededRandom& random_;
  const base::Clock& clock_;
  const Model& model_;
  Record& record_;
  bool winding_up_ = false;
  std::vector<Request> outbox_;
  std::deque<Letter> letters_;  // requests point to them
  std::vector<Kept> kept_;
  std::set<std::pair<SystemKey, std::string>> busy_;  // deliveries being fetched or acknowledged
  std::set<std::string> settled_;
  std::map<std::pair<DocumentKey, OrganisationKey>, std::set<DeliveryKey>> received_;
  int founded_ = 0, aliases_ = 0, removed_ = 0, succeeded_ = 0;
};

}  // namespace simulation
