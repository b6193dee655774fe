#include "exchange/directory.h"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "base/hash.h"
#include "exchange/testing/engines.h"
#include "store/journal.h"

namespace exchange {
namespace {

using testing::kReceiver;
using testing::kSecret;
using testing::kSender;
using testing::Letter;

class DirectoryTest : public testing::OnEngine {
 protected:
  void put(const std::string& code, const std::function<void(Organisation&)>& change = nullptr) {
    Organisation organisation;
    organisation.code = code;
    organisation.name = "Cơ quan " + code;
    if (change) change(organisation);
    const auto done = site.directory().put({organisation}, "test");
    ASSERT_TRUE(done) << done.error().detail();
  }
  std::string found(std::string_view code) {
    const auto organisation = site.directory().find(code);
    return organisation ? organisation->code : "";
  }
  std::string recipient(std::string_view code) {
    const auto organisation = site.directory().recipient(code, site.clock.now());
    return organisation ? organisation->code : "";
  }
};
ON_BOTH_ENGINES(DirectoryTest);

TEST(OrganisationCodes, TheOtherNotationOfEveryLevel) {
  EXPECT_EQ(normalised_code("000.00.00.H41"), "H41");
  EXPECT_EQ(normalised_code("000.00.12.H41"), "H41.12");
  EXPECT_EQ(normalised_code("000.05.12.H41"), "H41.12.05");
  EXPECT_EQ(normalised_code("005.05.12.H41"), "H41.12.05.005");
  EXPECT_EQ(normalised_code("000.00.01.A53"), "A53.01");
  for (const char* code : {"H41", "H41.12", "020100107370", "00.53.W00", "vxp.saas.03", "0.0.0.H41",
                           "000.00.0.H41", "", "....", "000.00.00.", "000.00.00.H41.1"}) {
    EXPECT_EQ(normalised_code(code), code);
  }
}

TEST(OrganisationCodes, WhatMayBeACode) {
  for (const char* code :
       {"H41", "H37.DN.001", "020100107370", "000.00.00.G22", "00.53.W00", "x"}) {
    EXPECT_TRUE(check_code(code)) << code;
  }
  for (const std::string& code :
       {std::string(), std::string("H 41"), std::string("H41,H42"), std::string(36, 'a'),
        std::string("H41\n"), std::string("\"H41\""), std::string("\xff\xfe")}) {
    const auto bad = check_code(code);
    ASSERT_FALSE(bad) << code;
    EXPECT_EQ(bad.error().reason(), "identity.bad_code");
  }
}

TEST_P(DirectoryTest, AnOrganisationIsFoundByItsOldCodeInEitherDirection) {
  put("H41.12");
  put("000.00.13.H41");
  EXPECT_EQ(found("H41.12"), "H41.12");
  EXPECT_EQ(found("000.00.12.H41"), "H41.12");
  EXPECT_EQ(found(" 000.00.12.H41 "), "H41.12");
  EXPECT_EQ(found("000.00.13.H41"), "000.00.13.H41");
  EXPECT_EQ(found("H41.13"), "000.00.13.H41");
  EXPECT_EQ(found("H41.14"), "");
  EXPECT_EQ(found(""), "");
}

TEST_P(DirectoryTest, TheListsOwnMappingWinsOverTheRule) {
  put("H41.12");
  put("H41.77", [](Organisation& o) { o.old_code = "000.00.12.H41"; });
  EXPECT_EQ(found("000.00.12.H41"), "H41.77");
  EXPECT_EQ(found("H41.12"), "H41.12");
}

TEST_P(DirectoryTest, AnOldCodeThatMovedStaysWithItsNewOwner) {
  put("H50.01", [](Organisation& o) { o.old_code = "000.00.01.H50"; });
  put("H50.02", [](Organisation& o) { o.old_code = "000.00.01.H50"; });
  put("H50.01", [](Organisation& o) { o.old_code = "000.00.09.H50"; });
  EXPECT_EQ(found("000.00.01.H50"), "H50.02");
  EXPECT_EQ(found("000.00.09.H50"), "H50.01");
}

TEST_P(DirectoryTest, AliasesLeadToTheirOrganisation) {
  ASSERT_TRUE(site.directory().put_alias("UBND-TP", "G99"));
  EXPECT_EQ(found("UBND-TP"), "G99");
  ASSERT_TRUE(site.directory().put_alias("UBND-TP", "H98"));
  EXPECT_EQ(found("UBND-TP"), "H98");
  EXPECT_EQ(site.directory().put_alias("X", "KHONG-CO").error().reason(),
            "identity.organisation_unknown");
  EXPECT_EQ(site.directory().put_alias("A B", "G99").error().reason(), "identity.bad_code");
}

TEST_P(DirectoryTest, OnlyWhatIsInForceReceives) {
  const base::Time now = site.clock.now();
  put("F1", [&](Organisation& o) { o.effective_from = now + std::chrono::hours(1); });
  put("F2", [&](Organisation& o) { o.effective_to = now + std::chrono::hours(1); });
  EXPECT_EQ(found("F1"), "F1");
  EXPECT_EQ(recipient("F1"), "");
  EXPECT_EQ(recipient("F2"), "F2");
  site.clock.advance(std::chrono::hours(1));
  EXPECT_EQ(recipient("F1"), "F1");
  EXPECT_EQ(recipient("F2"), "");
}

TEST_P(DirectoryTest, TheSuccessorReceivesAfterAMerger) {
  const base::Time past = site.clock.now() - std::chrono::hours(1);
  const auto merged_into = [&](const char* successor) {
    return [=](Organisation& o) {
      o.effective_to = past;
      o.successor = successor;
    };
  };
  put("M1", merged_into("M2"));
  put("M2", merged_into("000.00.00.M30"));  // by a code in the other notation
  put("M30");
  EXPECT_EQ(recipient("M1"), "M30");
  put("M4", merged_into("KHONG-CO"));
  EXPECT_EQ(recipient("M4"), "");
}

TEST_P(DirectoryTest, ACircleOfSuccessorsEnds) {
  const base::Time past = site.clock.now() - std::chrono::hours(1);
  for (const auto& [code, successor] : {std::pair{"C1", "C2"}, std::pair{"C2", "C3"},
                                        std::pair{"C3", "C1"}, std::pair{"C4", "C4"}}) {
    put(code, [&, next = successor](Organisation& o) {
      o.effective_to = past;
      o.successor = next;
    });
  }
  EXPECT_EQ(recipient("C1"), "");
  EXPECT_EQ(recipient("C4"), "");
}

TEST_P(DirectoryTest, ARemovedOrganisationNoLongerReceivesAndMayComeBack) {
  ASSERT_TRUE(site.directory().remove("G99", "test"));
  EXPECT_EQ(recipient("G99"), "");
  EXPECT_EQ(found("G99"), "G99");
  EXPECT_EQ(site.directory().remove("G99", "test").error().reason(),
            "identity.organisation_unknown");
  put("G99");
  EXPECT_EQ(recipient("G99"), "G99");
}

TEST_P(DirectoryTest, EmptyFieldsLeaveWhatIsKnown) {
  put("E1", [](Organisation& o) {
    o.mail = "vanthu@example.invalid";
    o.parent = "H99.01";
    o.old_code = "000.00.01.E10";
  });
  Organisation change;
  change.code = "E1";
  change.name = "Tên mới";
  ASSERT_TRUE(site.directory().put({change}, "test"));
  const auto after = site.directory().find("E1");
  EXPECT_EQ(after->name, "Tên mới");
  EXPECT_EQ(after->mail, "vanthu@example.invalid");
  EXPECT_EQ(after->parent, "H99.01");
  EXPECT_EQ(after->old_code, "000.00.01.E10");
}

TEST_P(DirectoryTest, OneBadCodeKeepsTheWholeListOut) {
  Organisation good, bad;
  good.code = "TOT";
  bad.code = "K HONG";
  const auto version = site.directory().version();
  EXPECT_FALSE(site.directory().put({good, bad}, "test"));
  EXPECT_EQ(found("TOT"), "");
  EXPECT_EQ(site.directory().version(), version);
}

TEST_P(DirectoryTest, EveryChangeGrowsTheVersionAndSurvivesARestart) {
  const auto before = site.directory().version();
  put("R1");
  EXPECT_GT(site.directory().version(), before);
  EXPECT_EQ(site.directory().find("R1")->version, site.directory().version());
  ASSERT_TRUE(site.directory().put_alias("BI-DANH", "R1"));
  ASSERT_TRUE(site.directory().enable_system(kReceiver, false));
  const auto version = site.directory().version();
  site.close();
  ASSERT_TRUE(site.open());
  EXPECT_EQ(site.directory().version(), version);
  EXPECT_EQ(found("BI-DANH"), "R1");
  EXPECT_FALSE(site.directory().system(kReceiver)->enabled);
  EXPECT_TRUE(base::equal_constant_time(site.directory().system(kSender)->secret, kSecret));
}

TEST_P(DirectoryTest, SystemsAreRefusedWithoutAnIdOrWithAShortSecret) {
  EXPECT_EQ(site.directory().put_system("", "long-enough-1", {}).error().reason(),
            "identity.bad_system_id");
  EXPECT_EQ(site.directory().put_system("a b", "long-enough-1", {}).error().reason(),
            "identity.bad_system_id");
  EXPECT_EQ(site.directory().put_system("S1", "1234567", {}).error().reason(),
            "identity.weak_secret");
  EXPECT_EQ(site.directory().put_system("S1", "long-enough-1", {"a,b"}).error().reason(),
            "identity.bad_code");
  EXPECT_EQ(site.directory().enable_system("S1", true).error().reason(), "identity.system_unknown");
  EXPECT_FALSE(site.directory().system("S1"));
}

TEST_P(DirectoryTest, ANewSecretReplacesTheOldOne) {
  const SystemKey key = site.key_of(kSender);
  ASSERT_TRUE(site.directory().put_system(kSender, "rotated-secret-2", {}));
  EXPECT_EQ(site.directory().system(kSender)->secret, "rotated-secret-2");
  EXPECT_EQ(site.key_of(kSender), key);
  EXPECT_EQ(site.directory().find("H99.01")->system, key);
}

TEST_P(DirectoryTest, WhoChangedASystemStandsInTheJournal) {
  ASSERT_TRUE(site.directory().put_system("00.97.W00", "long-enough-1", {"K97"}, "person:7"));
  std::vector<std::string> by;
  ASSERT_TRUE(site.database().read([&](store::Connection& connection) -> base::Result<void> {
    by.clear();
    return store::journal::about(
        connection, "00.97.W00", "00.97.W00", 10, [&](const store::journal::Entry& entry) {
          by.push_back(entry.kind + " " +
                       std::string(base::Json::parse(entry.body).value()["by"].text()));
        });
  }));
  EXPECT_EQ(by, std::vector<std::string>{"system_put person:7"});
}

// A new secret or one more organisation let a system in again that had been shut out on purpose.
TEST_P(DirectoryTest, ADisabledSystemIsNotEnabledByAddingToIt) {
  ASSERT_TRUE(site.directory().enable_system(kReceiver, false));
  const auto refused = site.directory().put_system(kReceiver, "rotated-secret-2", {"K97"});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason(), "identity.system_disabled");
  for (const auto language : {base::Language::vietnamese, base::Language::english}) {
    EXPECT_NE(refused.error().text().in(language).find("truc system enable 00.98.W00"),
              std::string::npos);
  }
  EXPECT_FALSE(site.directory().system(kReceiver)->enabled);
  EXPECT_EQ(site.directory().system(kReceiver)->secret, "another-secret-9876");
  EXPECT_EQ(site.directory().find("K97")->system, 0);
}

TEST_P(DirectoryTest, ADisabledSystemIsLetInWithANewSecretInOneStep) {
  ASSERT_TRUE(site.directory().enable_system(kReceiver, false));
  EXPECT_EQ(site.directory().enable_system(kReceiver, true, "short").error().reason(),
            "identity.weak_secret");
  EXPECT_FALSE(site.directory().system(kReceiver)->enabled);
  ASSERT_TRUE(site.directory().enable_system(kReceiver, true, "rotated-secret-2"));
  EXPECT_TRUE(site.directory().system(kReceiver)->enabled);
  EXPECT_EQ(site.directory().system(kReceiver)->secret, "rotated-secret-2");
  EXPECT_EQ(site.findings(), "");
}

TEST_P(DirectoryTest, AKnownSystemIsGivenAnOrganisationWithoutItsSecret) {
  ASSERT_TRUE(site.directory().put_system(kReceiver, std::nullopt, {"K97"}));
  EXPECT_EQ(site.directory().find("K97")->system, site.key_of(kReceiver));
  EXPECT_EQ(site.directory().system(kReceiver)->secret, "another-secret-9876");
  EXPECT_EQ(site.directory().put_system("S1", std::nullopt, {"K97"}).error().reason(),
            "identity.system_unknown");
  EXPECT_FALSE(site.directory().system("S1"));
}

TEST_P(DirectoryTest, AnotherSitesKeyDoesNotOpenTheSecrets) {
  Directory other(site.database(), site.clock, site.random, std::string(32, 'x'),
                  testing::nobody_served);
  EXPECT_EQ(other.refresh().error().reason(), "identity.secret_unreadable");
}

TEST_P(DirectoryTest, SealedSecretsCannotBeExchangedBetweenSystems) {
  site.tamper(
      "update connected_system set secret = (select secret from connected_system where id = "
      "'00.99.W00')");
  Directory other(site.database(), site.clock, site.random, std::string(32, 'k'),
                  testing::nobody_served);
  EXPECT_EQ(other.refresh().error().reason(), "identity.secret_unreadable");
}

TEST_P(DirectoryTest, ChangesOfAnotherProcessAreSeenByRefresh) {
  Directory command(site.database(), site.clock, site.random, std::string(32, 'k'),
                    testing::nobody_served);
  ASSERT_TRUE(command.refresh());
  EXPECT_EQ(command.size(), site.directory().size());
  Organisation organisation;
  organisation.code = "MOI";
  ASSERT_TRUE(command.put({organisation}, "command"));
  ASSERT_TRUE(command.enable_system(kReceiver, false));
  EXPECT_EQ(found("MOI"), "");
  EXPECT_TRUE(site.directory().system(kReceiver)->enabled);
  ASSERT_TRUE(site.directory().refresh());
  EXPECT_EQ(found("MOI"), "MOI");
  EXPECT_FALSE(site.directory().system(kReceiver)->enabled);
  EXPECT_EQ(site.directory().version(), command.version());
}

// A refresh that read an older snapshot came back last and brought a disabled system back to life.
TEST_P(DirectoryTest, RefreshesAtTheSameTimeNeverBringBackThePast) {
  std::atomic<bool> stop{false};
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      while (!stop) EXPECT_TRUE(site.directory().refresh());
    });
  }
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(site.directory().enable_system(kReceiver, i % 2 == 0));
    EXPECT_EQ(site.directory().system(kReceiver)->enabled, i % 2 == 0);
  }
  stop = true;
  for (auto& reader : readers) reader.join();
  EXPECT_FALSE(site.directory().system(kReceiver)->enabled);
}

TEST_P(DirectoryTest, WaitingDeliveriesAreAdoptedWhenASystemAppears) {
  Letter letter;
  letter.to = {"K97"};
  site.send(letter);
  EXPECT_EQ(site.sent(kSender).at(0).state.transport, Transport::initial);
  ASSERT_TRUE(site.directory().put_system("00.97.W00", "secret-of-k97", {"K97"}));
  const auto waiting = site.pending("00.97.W00");
  ASSERT_EQ(waiting.size(), 1u);
  EXPECT_TRUE(site.fetch("00.97.W00", waiting[0].id));
}

TEST_P(DirectoryTest, MovingAnOrganisationMovesWhatIsPendingAndNothingElse) {
  Letter first, second, third;
  second.number = "16";
  third.number = "17";
  third.to = {"H98"};
  site.send(first);
  site.send(second);
  site.send(third);
  const auto before = site.pending(kReceiver);
  ASSERT_EQ(before.size(), 3u);
  ASSERT_TRUE(site.acknowledge(kReceiver, before[0].id, "done"));
  ASSERT_TRUE(site.directory().put_system("00.77.W00", "secret-of-new", {"G99"}));
  const auto moved = site.pending("00.77.W00");
  ASSERT_EQ(moved.size(), 1u);
  EXPECT_EQ(moved[0].id, before[1].id);
  const auto left = site.pending(kReceiver);
  ASSERT_EQ(left.size(), 1u);
  EXPECT_EQ(left[0].id, before[2].id);
  EXPECT_FALSE(site.fetch(kReceiver, before[1].id));
  EXPECT_TRUE(site.fetch("00.77.W00", before[1].id));
}

TEST(DirectoryAtRest, NoSecretIsReadableInTheDatabaseFiles) {
  testing::TestExchange site;
  site.add_usual_systems();
  site.close();
  for (const auto& entry : std::filesystem::recursive_directory_iterator(site.directory_path())) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(in)), {});
    EXPECT_EQ(bytes.find(kSecret), std::string::npos) << entry.path();
    EXPECT_EQ(bytes.find("another-secret"), std::string::npos) << entry.path();
    EXPECT_EQ(bytes.find(base::base64(kSecret)), std::string::npos) << entry.path();
    EXPECT_EQ(bytes.find(base::hex(kSecret)), std::string::npos) << entry.path();
  }
}

}  // namespace
}  // namespace exchange
