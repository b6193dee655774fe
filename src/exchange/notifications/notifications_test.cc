#include "exchange/notifications/notifications.h"

#include <gtest/gtest.h>

#include <set>

#include "exchange/testing/engines.h"
#include "exchange/testing/rest_server.h"

namespace exchange::notifications {
namespace {

using namespace std::chrono_literals;
using identity::Permission;
using identity::Principal;
using testing::kReceiver;
using testing::kSender;
using testing::Letter;
using Words = std::vector<std::string>;

Letter letter(int number, const std::string& priority = "0",
              const std::vector<std::string>& to = {"G99"}) {
  Letter letter;
  letter.number = std::to_string(number);
  letter.priority = priority;
  letter.to = to;
  return letter;
}

class NotificationsTest : public ::testing::TestWithParam<std::string> {
 protected:
  NotificationsTest()
      : server(testing::fresh_database(GetParam())),
        site(server.site),
        all(site.exchange(), server.identity) {
    site.clock.set(base::parse_vietnam_time("2026-11-19 09:00:00").value());
    sender = clerk("an", "H99.01");
    recipient = clerk("binh", "G99");
    follow();
  }
  void follow() {
    while (server.feed.follow().value() > 0) {
    }
  }
  // Somebody with a clerk's rights there.
  Principal clerk(const std::string& login, const std::string& code) {
    identity::Person person;
    person.login = login + ".nguyen";
    person.family_name = "Nguyễn Thị";
    person.given_name = "Lan";
    Principal made;
    made.kind = Principal::Kind::person;
    made.person = server.identity.people.add(identity::console(), person).value();
    made.id = "person:" + std::to_string(made.person);
    made.grants = {{identity::permissions_of(identity::Role::clerk),
                    {site.directory().find(code)->key},
                    false,
                    1,
                    0}};
    return made;
  }
  Page page(const Principal& who, const Filter& filter = {}) {
    follow();
    return all.page(who, filter, std::nullopt, 50).value();
  }
  static Words events(const Page& page) {
    Words words;
    for (const auto& one : page.items) words.emplace_back(one.event);
    return words;
  }
  std::string first_waiting() { return site.pending(kReceiver).at(0).id; }

  testing::RestServer server;
  testing::TestExchange& site;
  Notifications all;
  Principal sender, recipient;
};
ON_BOTH_ENGINES(NotificationsTest);

TEST_P(NotificationsTest, EachSideIsToldWhatTheOtherDid) {
  const Accepted sent = site.send(letter(15, "2"));
  site.clock.advance(1min);
  const std::string delivery = first_waiting();
  ASSERT_TRUE(site.fetch(kReceiver, delivery).ok());
  ASSERT_TRUE(site.send(kReceiver, testing::report_on(letter(15), "G99", "01")).ok());
  ASSERT_TRUE(site.send(kReceiver, testing::report_on(letter(15), "G99", "03")).ok());
  ASSERT_TRUE(site.send(kReceiver, testing::report_on(letter(15), "G99", "02")).ok());
  ASSERT_TRUE(site.send(kSender, testing::recall_of(letter(15), "G99")).ok());
  ASSERT_TRUE(site.send(kReceiver, testing::report_on(letter(15), "G99", "16")).ok());
  ASSERT_TRUE(site.acknowledge(kReceiver, delivery, "fail").ok());

  const Page of_sender = page(sender);
  EXPECT_EQ(events(of_sender),
            (Words{"delivery_refused", "recall_refused", "status_refused", "status"}));
  EXPECT_EQ(of_sender.items[3].status, "03");
  EXPECT_EQ(of_sender.items[2].kind, Kind::refused);
  const Page of_recipient = page(recipient);
  EXPECT_EQ(events(of_recipient), (Words{"recall_requested", "received"}));
  const Notification& received = of_recipient.items[1];
  EXPECT_EQ(received.kind, Kind::received_urgent);
  EXPECT_EQ(received.document, sent.id);
  EXPECT_EQ(received.delivery, delivery);
  EXPECT_EQ(received.subject, letter(15).subject);
  EXPECT_EQ(received.organisation, site.directory().find("H99.01")->key);
  EXPECT_EQ(of_recipient.standing.unread, 2);
  EXPECT_EQ(of_recipient.standing.unread_escalated, 1);
  EXPECT_TRUE(page(clerk("chi", "K97")).items.empty());
}

TEST_P(NotificationsTest, PagesGiveEachOnceNewestFirst) {
  for (int i = 0; i < 9; ++i) {
    site.send(letter(100 + i));
    site.clock.advance(7min);
  }
  site.clock.set(base::parse_vietnam_time("2026-11-19 15:40:00").value());
  for (int i = 9; i < 12; ++i) site.send(letter(100 + i));
  follow();
  std::set<std::string> seen;
  base::Time before = base::Time::max();
  std::optional<Place> place;
  int pages = 0;
  do {
    const Page one = all.page(recipient, {}, place, 4).value();
    for (const auto& item : one.items) {
      EXPECT_TRUE(seen.insert(item.id).second) << item.id;
      EXPECT_LE(item.at, before) << item.id;
      before = item.at;
    }
    place = one.next;
  } while (place && ++pages < 20);
  EXPECT_EQ(seen.size(), 21u);  // 12 came, and 9 of them are due soon
}

TEST_P(NotificationsTest, WhatIsReadStaysReadAndCanBeTakenBack) {
  site.send(letter(1));
  site.send(letter(2));
  const Page first = page(recipient);
  ASSERT_EQ(first.standing.unread, 2);
  ASSERT_TRUE(all.mark(recipient, {first.items[0].id}, true).ok());
  EXPECT_EQ(page(recipient).standing.unread, 1);
  EXPECT_TRUE(page(recipient).items[0].read);
  EXPECT_EQ(page(recipient, {std::nullopt, true}).items.size(), 1u);
  ASSERT_TRUE(all.mark(recipient, {first.items[0].id}, false).ok());
  EXPECT_EQ(page(recipient).standing.unread, 2);

  const auto marked = all.mark(recipient, first.standing.as_of, false);
  ASSERT_TRUE(marked.ok());
  EXPECT_EQ(page(recipient).standing.unread, 0);
  site.clock.advance(1min);
  site.send(letter(3));
  EXPECT_EQ(page(recipient).standing.unread, 1);
  // An older mark takes nothing back, unless that is asked for; a later one than now is now.
  ASSERT_TRUE(all.mark(recipient, marked->before, false).ok());
  EXPECT_EQ(page(recipient).standing.unread, 1);
  ASSERT_TRUE(all.mark(recipient, marked->before, true).ok());
  EXPECT_EQ(page(recipient).standing.unread, 3);
  ASSERT_TRUE(all.mark(recipient, {1'000'000, base::Time::max()}, false).ok());
  EXPECT_EQ(page(recipient).standing.unread, 0);
  site.clock.advance(1min);
  site.send(letter(4));
  EXPECT_EQ(page(recipient).standing.unread, 1);
  site.clock.advance(1min);
  EXPECT_EQ(page(clerk("chi", "G99")).standing.unread, 0) << "came before they did";
  EXPECT_EQ(Mark::parse("7").error().reason(), "exchange.bad_read_mark");
  EXPECT_EQ(Mark::parse("7--8").error().reason(), "exchange.bad_read_mark");
  EXPECT_EQ(Mark::parse(first.standing.as_of.text()).value(), first.standing.as_of);
  EXPECT_EQ(all.mark(recipient, {"' or 1"}, true).error().reason(),
            "exchange.notification_unknown");
}

TEST_P(NotificationsTest, OnlyWhatTheRightsOfNowCover) {
  site.send(letter(1));
  Principal traces = recipient, nobody = recipient, everywhere = recipient;
  traces.grants[0].permissions = {Permission::traces_read};
  nobody.grants.clear();
  everywhere.grants[0] = {{Permission::traces_read}, {identity::kPlatform}, true, 1, 0};
  const Page told = page(traces);
  ASSERT_EQ(events(told), Words{"received"});
  EXPECT_EQ(told.items[0].subject, "");
  EXPECT_FALSE(told.items[0].readable);
  EXPECT_TRUE(page(nobody).items.empty());
  EXPECT_TRUE(page(everywhere).items.empty());
  // A copy that was taken back is not told of as one that came.
  ASSERT_TRUE(site.send(kSender, testing::recall_of(letter(1), "G99")).ok());
  const Page after = page(recipient);
  ASSERT_EQ(events(after), Words{"recalled"});
  EXPECT_EQ(after.items[0].subject, "");
}

TEST_P(NotificationsTest, WhatIsDueSoonIsLateLaterAndThenIsDone) {
  site.send(letter(1));
  site.clock.set(base::parse_vietnam_time("2026-11-19 14:59:00").value());
  EXPECT_EQ(events(page(recipient)), Words{"received"});
  site.clock.set(base::parse_vietnam_time("2026-11-19 15:01:00").value());
  const Page soon = page(recipient);
  ASSERT_EQ(events(soon), (Words{"receipt_due", "received"}));
  EXPECT_EQ(base::vietnam_time_text(soon.items[0].at, '-'), "2026-11-19 15:00:00");
  EXPECT_EQ(base::vietnam_time_text(*soon.items[0].due, '-'), "2026-11-19 17:00:00");
  ASSERT_TRUE(all.mark(recipient, soon.standing.as_of, false).ok());
  EXPECT_EQ(page(recipient).standing.unread, 0);
  // That it is late is news to who has read that it is due.
  site.clock.set(base::parse_vietnam_time("2026-11-19 17:30:00").value());
  const Page late = page(recipient);
  ASSERT_EQ(events(late), (Words{"receipt_late", "received"}));
  EXPECT_EQ(late.standing.unread, 1);
  EXPECT_EQ(late.standing.unread_escalated, 1);
  EXPECT_TRUE(page(sender).items.empty());
  ASSERT_TRUE(site.acknowledge(kReceiver, first_waiting(), "done").ok());
  EXPECT_EQ(events(page(recipient)), Words{"received"});
}

TEST_P(NotificationsTest, WhatWaitsForApprovalAndWhatChangedOfOnesAccount) {
  const auto post_of = [&](const std::string& login) {
    identity::Post post;
    post.title = "Quản trị hệ thống";
    post.roles = {identity::Role::operator_};
    const auto key = server.identity.people.add_post(identity::console(), post).value();
    const auto person = clerk(login, "K97").person;
    EXPECT_TRUE(server.identity.people
                    .appoint(identity::console(), {0, person, key, site.clock.now(), std::nullopt})
                    .ok());
    return person;
  };
  const auto dung = post_of("dung"), giang = post_of("giang");
  const Principal first = server.identity.people.principal(dung).value(),
                  second = server.identity.people.principal(giang).value();
  site.clock.advance(1min);
  const auto proposed = server.identity.approvals.propose(first, identity::Act::system_disable,
                                                          kSender, {}, "khóa bị lộ");
  ASSERT_TRUE(proposed.ok()) << proposed.error().detail();
  EXPECT_EQ(events(page(first)), Words{"appointed"});
  const Page told = page(second);
  ASSERT_EQ(events(told), (Words{"approval_waiting", "appointed"}));
  EXPECT_EQ(told.items[0].approval, *proposed);
  EXPECT_EQ(told.items[0].act, "system_disable");
  EXPECT_EQ(told.items[0].by, "Nguyễn Thị Lan");
  EXPECT_EQ(told.items[1].post, "Quản trị hệ thống");
  EXPECT_EQ(told.items[1].by, "");
  ASSERT_TRUE(server.identity.approvals.reject(second, *proposed).ok());
  EXPECT_EQ(events(page(second)), Words{"appointed"});
  EXPECT_EQ(events(page(second, {Kind::account, true})), Words{"appointed"});
  EXPECT_TRUE(page(second, {Kind::approval, false}).items.empty());
}

TEST_P(NotificationsTest, PreferencesHideWhatMayBeHidden) {
  site.send(letter(1));
  site.send(letter(2, "1"));
  ASSERT_EQ(page(recipient).standing.unread, 2);
  Preferences wanted;
  wanted.hidden = {Kind::received, Kind::status};
  wanted.quiet = QuietHours{21 * 60, 6 * 60};
  ASSERT_TRUE(all.prefer(recipient, wanted).ok());
  const Page fewer = page(recipient);
  EXPECT_EQ(fewer.items.size(), 1u);
  EXPECT_EQ(fewer.standing.unread, 1);
  EXPECT_FALSE(fewer.standing.quiet);
  site.clock.set(base::parse_vietnam_time("2026-11-19 23:00:00").value());
  EXPECT_TRUE(page(recipient).standing.quiet);
  // Marking keeps them, and they keep the mark.
  ASSERT_TRUE(all.mark(recipient, fewer.standing.as_of, false).ok());
  EXPECT_TRUE(all.preferences(recipient)->hides(Kind::status));
  ASSERT_TRUE(all.prefer(recipient, {}).ok());
  EXPECT_FALSE(all.preferences(recipient)->quiet);
  EXPECT_TRUE(page(recipient).items.back().read);
  wanted.hidden = {Kind::late};
  EXPECT_EQ(all.prefer(recipient, wanted).error().reason(), "exchange.notification_always_on");
  wanted.hidden.clear();
  wanted.quiet = QuietHours{60, 60};
  EXPECT_EQ(all.prefer(recipient, wanted).error().reason(), "exchange.bad_quiet_hours");
  EXPECT_EQ(minute_of_day("06:60").error().reason(), "exchange.bad_quiet_hours");
  EXPECT_EQ(minute_of_day("23:59").value(), 23 * 60 + 59);
}

TEST_P(NotificationsTest, OverTheApi) {
  server.know("binh", recipient);
  server.know_system("B", kReceiver);
  for (int i = 0; i < 3; ++i) site.send(letter(i + 1));
  follow();
  const auto first = server.get("/api/v1/me/notifications?limit=2", "binh");
  ASSERT_EQ(first.items().size(), 2u) << first.body;
  EXPECT_EQ(first.items()[0]["document"]["subject"].text(), letter(3).subject);
  EXPECT_EQ(first.items()[0]["organisation"]["code"].text(), "H99.01");
  EXPECT_EQ(server.get(first.text("next"), "binh").items().size(), 1u);
  EXPECT_EQ(server.get("/api/v1/me/notifications?kind=late", "binh").items().size(), 0u);
  const auto read = [&](base::Json body) {
    return server.post("/api/v1/me/notifications/read", "binh", body);
  };
  base::Json up_to, back;
  up_to.add("up_to", first.text("as_of"));
  const auto marked = read(up_to);
  EXPECT_EQ(marked.json["unread"].integer(-1), 0);
  back.add("up_to", marked.text("before")).add("read", false);
  EXPECT_EQ(read(back).json["unread"].integer(-1), 3);
  EXPECT_EQ(read(base::Json::Object{}).reason(), "exchange.bad_read_mark");
  EXPECT_EQ(server.get("/api/v1/me/notifications", "B").reason(), "rest.people_only");
  const auto put = [&](std::string_view body) {
    return server.ask("PUT", "/api/v1/me/notification-preferences", "binh", body);
  };
  EXPECT_EQ(put(R"({"hidden":["status"],"quiet":{"from":"21:00","to":"06:00"}})")
                .json["quiet"]["to"]
                .text(),
            "06:00");
  EXPECT_EQ(put(R"({"hidden":["received_urgent"]})").reason(), "exchange.notification_always_on");
  EXPECT_EQ(put(R"({"hidden":[],"quiet":{"from":"21h00","to":"06:00"}})").reason(),
            "exchange.bad_quiet_hours");
}

}  // namespace
}  // namespace exchange::notifications
