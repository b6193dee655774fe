// Kills the server at random moments under load, restarts it on the same site, and holds it to
// every acknowledgement it gave. See tests/crash/run.
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "crash/actors.h"

namespace {

using crash::Ledger;
using crash::Stage;
using Clock = std::chrono::steady_clock;

struct Options {
  std::string truc;
  std::string home;
  int rounds = 20;
  std::uint64_t seed = 1;
  std::uint64_t large_mib = 64;
};

[[noreturn]] void die(const std::string& message) {
  std::fprintf(stderr, "%s\n", message.c_str());
  std::exit(1);
}

Options read_options(int count, char** values) {
  std::map<std::string, std::string> given;
  for (int i = 1; i + 1 < count; i += 2) {
    given[values[i]] = values[i + 1];
  }
  Options options;
  options.truc = given["--truc"];
  options.home = given["--home"];
  if (options.truc.empty() || options.home.empty()) {
    die("usage: truc_crash_test --truc FILE --home DIR [--rounds N] [--seed S] [--large-mib M]");
  }
  if (given.count("--rounds") != 0) {
    options.rounds = std::atoi(given["--rounds"].c_str());
  }
  if (given.count("--large-mib") != 0) {
    options.large_mib = std::strtoull(given["--large-mib"].c_str(), nullptr, 10);
  }
  options.seed = given.count("--seed") != 0 ? std::strtoull(given["--seed"].c_str(), nullptr, 10)
                                            : std::random_device{}();
  return options;
}

std::vector<crash::System> invent_systems() {
  std::vector<crash::System> systems;
  for (int i = 1; i <= 3; ++i) {
    crash::System system;
    system.id = "00.9" + std::to_string(i) + ".W00";
    system.secret = "crash-secret+/=" + std::to_string(i);
    for (int j = 1; j <= 4; ++j) {
      const std::string code = "H9" + std::to_string(i) + "." + std::to_string(j);
      system.organisations.push_back({code, "Đơn vị thử " + code});
    }
    systems.push_back(std::move(system));
  }
  return systems;
}

void make_site(const Options& options, const std::vector<crash::System>& systems) {
  const std::string site = options.home + "/site";
  const std::string table = options.home + "/organisations.csv";
  std::ofstream csv(table);
  csv << "code,name,parent,old_code,mail\n";
  for (const crash::System& system : systems) {
    for (const vxp_client::Organisation& organisation : system.organisations) {
      csv << organisation.code << "," << organisation.name << ",,,\n";
    }
  }
  csv.close();
  if (crash::run_command({options.truc, "init", site}) != 0 ||
      crash::run_command({options.truc, "organisation", "import", "-C", site, table}) != 0) {
    die("the site could not be made");
  }
  for (const crash::System& system : systems) {
    const std::string secret = options.home + "/" + system.id + ".secret";
    std::ofstream(secret) << system.secret;
    std::vector<std::string> command = {options.truc, "system",  "add",           "-C",
                                        site,         system.id, "--secret-file", secret};
    for (const vxp_client::Organisation& organisation : system.organisations) {
      command.push_back("--organisation");
      command.push_back(organisation.code);
    }
    if (crash::run_command(command) != 0) {
      die("system add failed");
    }
  }
}

void print_progress(int round, int rounds, const Ledger& ledger) {
  const Ledger::Totals totals = ledger.totals();
  std::printf("round %d of %d: acknowledged %llu, delivered and settled %llu, under way %llu\n",
              round, rounds, static_cast<unsigned long long>(totals.acknowledged),
              static_cast<unsigned long long>(totals.settled),
              static_cast<unsigned long long>(totals.outstanding));
  std::fflush(stdout);
}

// Load, kill, restart; in every fourth round while a large upload is on its way.
void kill_rounds(const Options& options, Stage* stage) {
  std::mt19937_64 random(options.seed);
  for (int round = 1; round <= options.rounds; ++round) {
    const bool large = options.large_mib > 0 && round % 4 == 2;
    stage->want_large = large;
    // Writing the large file takes a moment, its upload another: the kill falls into either.
    const std::uint64_t life = large ? 100 + random() % 1200 : 50 + random() % 1500;
    std::this_thread::sleep_for(std::chrono::milliseconds(life));
    stage->server->kill();
    if (!stage->server->start()) {
      stage->end = true;
      die("the server did not start again after kill -9 in round " + std::to_string(round));
    }
    if (round % 10 == 0 || round == options.rounds) {
      print_progress(round, options.rounds, stage->ledger);
    }
  }
}

// Waits until nothing is under way, or nothing has moved for a while.
void settle(Stage* stage) {
  stage->no_more_sends = true;
  std::uint64_t last = 0;
  Clock::time_point moved = Clock::now();
  for (;;) {
    const Ledger::Totals totals = stage->ledger.totals();
    if (stage->sending == 0 && totals.outstanding == 0) {
      // Long enough for the receivers to list once more: what comes now comes a second time.
      std::this_thread::sleep_for(std::chrono::seconds(1));
      return;
    }
    const std::uint64_t now = totals.settled + totals.acknowledged;
    if (now != last) {
      last = now;
      moved = Clock::now();
    }
    if (Clock::now() - moved > std::chrono::seconds(30)) {
      return;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

// After a last orderly restart: every list is empty, and every item still gives the same bytes.
void check_again(Stage* stage) {
  std::map<std::string, std::size_t> owner;
  std::vector<std::unique_ptr<crash::Client>> clients;
  for (std::size_t i = 0; i < stage->systems.size(); ++i) {
    clients.push_back(std::make_unique<crash::Client>(stage, stage->systems[i]));
    for (const vxp_client::Organisation& organisation : stage->systems[i].organisations) {
      owner[organisation.code] = i;
    }
    for (const auto type : {vxp_client::MessageType::edoc, vxp_client::MessageType::status}) {
      const auto list = clients[i]->call(clients[i]->caller().received_list(type));
      if (!list || !list->ok()) {
        stage->ledger.wrong("a list is not answered after the last restart");
        continue;
      }
      for (const vxp_client::Item& item : list->items) {
        if (stage->ledger.is_settled(std::string(item["docId"]))) {
          stage->ledger.reappeared(std::string(item["docId"]), std::string(item["to"]));
        }
      }
    }
  }
  for (const Ledger::Item& item : stage->ledger.items()) {
    const auto digest = crash::fetch_digest(clients[owner[item.to]].get(), item.doc_id);
    if (digest != item.digest) {
      stage->ledger.wrong("item " + item.doc_id + (digest ? " has other bytes" : " is gone") +
                          " after the last restart");
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  const Options options = read_options(argc, argv);
  std::printf("seed %llu\n", static_cast<unsigned long long>(options.seed));
  std::filesystem::remove_all(options.home);
  std::filesystem::create_directories(options.home);
  crash::ServerProcess server(options.truc, options.home + "/site", options.home + "/server.log");
  Stage stage;
  stage.systems = invent_systems();
  stage.server = &server;
  stage.large_file = options.home + "/large.edxml";
  stage.large_size = options.large_mib << 20;
  make_site(options, stage.systems);
  if (!server.start()) {
    return 1;
  }
  std::vector<std::unique_ptr<crash::Sender>> senders;
  std::vector<std::unique_ptr<crash::Receiver>> receivers;
  crash::LargeSender large(&stage, options.seed);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < stage.systems.size(); ++i) {
    for (std::uint64_t j = 0; j < 2; ++j) {
      senders.push_back(
          std::make_unique<crash::Sender>(&stage, i, options.seed * 100 + i * 10 + j));
      threads.emplace_back([sender = senders.back().get()] { sender->run(); });
    }
    receivers.push_back(
        std::make_unique<crash::Receiver>(&stage, i, options.seed * 100 + i * 10 + 5));
    threads.emplace_back([receiver = receivers.back().get()] { receiver->run(); });
  }
  threads.emplace_back([&large] { large.run(); });
  kill_rounds(options, &stage);
  settle(&stage);
  stage.end = true;
  for (std::thread& thread : threads) {
    thread.join();
  }
  if (!server.terminate() || !server.start()) {
    stage.ledger.wrong("the server did not stop and start in an orderly way");
  } else {
    check_again(&stage);
  }
  const bool stopped = server.terminate();
  const int verified = crash::run_command({options.truc, "verify", "-C", options.home + "/site"});
  if (!stopped || verified != 0) {
    stage.ledger.wrong("truc verify ended with " + std::to_string(verified));
  }
  stage.ledger.explain_outstanding();
  const Ledger::Totals totals = stage.ledger.totals();
  const bool good = totals.outstanding == 0 && totals.duplicated == 0 && totals.wrong == 0;
  if (good) {
    std::filesystem::remove_all(options.home);
  } else {
    std::fprintf(stderr, "the site is kept in %s; %llu other faults\n", options.home.c_str(),
                 static_cast<unsigned long long>(totals.wrong));
  }
  std::printf("acknowledged %llu, lost %llu, duplicated %llu\n",
              static_cast<unsigned long long>(totals.acknowledged),
              static_cast<unsigned long long>(totals.outstanding),
              static_cast<unsigned long long>(totals.duplicated));
  return good ? 0 : 1;
}
