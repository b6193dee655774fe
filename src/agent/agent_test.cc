// Documents go through a directory once, wherever the agent dies and the line breaks.
#include <gtest/gtest.h>

#include <chrono>
#include <thread>
#include <utility>

#include "agent/follow.h"
#include "agent/inbox.h"
#include "agent/outbox.h"
#include "agent/packing.h"
#include "agent/testing/dying_files.h"
#include "agent/testing/fake_api.h"
#include "base/random.h"
#include "base/testing/temp_directory.h"
#include "edxml/writer.h"

namespace agent {
namespace {

using testing::DyingFiles;
using testing::FakeApi;

const char* const kHeader = R"({"sender": "H99", "recipients": ["G99"], "number": 15,
  "notation": "VP", "date": "2026-11-20", "subject": "V/v", "attachments": ["b.xlsx"]})";

std::string edxml_file(const std::string& attachment_name) {
  edxml::Document document;
  document.from.id = "H99";
  document.to.push_back({});
  document.to[0].id = "G99";
  document.code_notation = "VP";
  document.document_id = "H99,2026/11/20,1/VP";
  std::string out;
  edxml::Content content{attachment_name, "", 4, nullptr};
  content.read = [left = 4](char* to, std::size_t) mutable -> base::Result<std::size_t> {
    const int now = std::exchange(left, 0);
    std::string_view("%PDF").copy(to, static_cast<std::size_t>(now));
    return static_cast<std::size_t>(now);
  };
  EXPECT_TRUE(edxml::write_document(
                  document, {content}, [] { return std::string("u"); },
                  [&](base::BytesView bytes) -> base::Result<void> {
                    out += bytes;
                    return base::done();
                  })
                  .ok());
  return out;
}

class AgentTest : public ::testing::Test {
 protected:
  AgentTest() {
    settings_.settle_ms = 0;
    settings_.reserve_bytes = 0;
    begin();
  }
  // A directory of its own, and a server that knows nothing.
  void begin() {
    folder_ = Folder(directory_.path() + "/" + std::to_string(++number_));
    ASSERT_TRUE(make_folders(base::real_files(), folder_.root).ok());
    api_ = FakeApi();
  }
  Outbox::Parts parts(base::FileSystem& files, Line& line) {
    return {files, folder_, settings_, clock_, api_, line};
  }
  void write(const std::string& path, const std::string& text) {
    ASSERT_TRUE(base::write_file_durably(base::real_files(), folder_.root + "/" + path, text).ok());
  }
  // A run of the agent's outbox that may be cut short.
  bool send(base::FileSystem& files) {
    Line line("send");
    Outbox outbox(parts(files, line));
    return outbox.round(true, stopping_).ok();
  }
  bool receive(base::FileSystem& files) {
    Line line("send");
    Inbox inbox(parts(files, line));
    return inbox.resume().ok() && inbox.receive(stopping_).ok() && inbox.report(stopping_).ok();
  }
  std::vector<std::string> list(const std::string& path) {
    return base::real_files().list(folder_.root + "/" + path).value();
  }
  base::Json load(const std::string& path) {
    return read_json(base::real_files(), folder_.root + "/" + path).value();
  }

  base::testing::TempDirectory directory_;
  base::SystemClock clock_;
  Settings settings_;
  Folder folder_{""};
  FakeApi api_;
  std::atomic<bool> stopping_{false};
  int number_ = 0;
};

TEST_F(AgentTest, SendsOnceWhereverItDies) {
  const std::vector<std::string> wanted = {"a.b.xlsx", "a.json", "a.pdf", "a.receipt.json"};
  int deaths = 0;
  for (int at = 1;; ++at) {
    begin();
    write("outbox/a.pdf", "%PDF");
    write("outbox/b.xlsx", "PK");
    write("outbox/a.json", kHeader);
    DyingFiles dying(at);
    send(dying);
    ASSERT_TRUE(send(base::real_files())) << at;
    ASSERT_TRUE(send(base::real_files())) << at;
    EXPECT_EQ(api_.submitted.size(), 1u) << at;
    EXPECT_EQ(list("sent"), wanted) << at;
    EXPECT_EQ(list("failed").size() + list("outbox/.taken").size(), 0u) << at;
    EXPECT_EQ(list("outbox"), std::vector<std::string>{".taken"}) << at;
    if (!dying.died()) break;
    ++deaths;
  }
  EXPECT_GT(deaths, 30);
}

TEST_F(AgentTest, ReadsWhatEditorsOnWindowsWrite) {
  write("outbox/a.pdf", "%PDF");
  write("outbox/b.xlsx", "PK");
  write("outbox/a.json", std::string("\xEF\xBB\xBF") + kHeader);
  ASSERT_TRUE(send(base::real_files()));
  EXPECT_EQ(api_.submitted.size(), 1u);
}

TEST_F(AgentTest, SendsOnceOverALineThatBreaks) {
  for (const auto broken : {FakeApi::Line::lost_before, FakeApi::Line::lost_after}) {
    begin();
    api_.line = [broken](int call) { return call <= 3 ? broken : FakeApi::Line::good; };
    write("outbox/a.edxml", edxml_file("a.pdf"));
    for (int i = 0; i < 3; ++i) {
      send(base::real_files());
      EXPECT_EQ(load("outbox/a.waiting.json")["reason"].text(), "http.broken_off");
    }
    send(base::real_files());
    EXPECT_EQ(api_.submitted.size(), 1u);
    EXPECT_EQ(list("sent"), (std::vector<std::string>{"a.edxml", "a.receipt.json"}));
    EXPECT_EQ(list("outbox"), std::vector<std::string>{".taken"});
  }
}

TEST_F(AgentTest, LooksWhatWasAcceptedWhenTheKeyIsOld) {
  api_.line = [](int) { return FakeApi::Line::lost_after; };
  write("outbox/a.edxml", edxml_file("a.pdf"));
  send(base::real_files());
  ASSERT_EQ(api_.attempts, 1);
  base::Json job = load("outbox/.taken/a/job.json"), old;
  EXPECT_GT(job["attempted_at"].integer(), 0);
  for (const auto& [name, value] : job.object())
    old.add(name, name == "attempted_at"
                      ? base::Json(job[name].integer() - std::int64_t{30} * 3600'000'000)
                      : value);
  write("outbox/.taken/a/job.json", old.dump());
  api_.line = [](int) { return FakeApi::Line::good; };
  send(base::real_files());
  EXPECT_EQ(api_.attempts, 1);
  EXPECT_EQ(list("sent"), (std::vector<std::string>{"a.edxml", "a.receipt.json"}));
}

TEST_F(AgentTest, AFinalRefusalGoesToFailedAndAPassingOneWaits) {
  write("outbox/a.edxml", edxml_file("a.pdf"));
  api_.refusal.status = 401;
  api_.refusal.reason = "identity.bad_token";
  send(base::real_files());
  EXPECT_EQ(load("outbox/a.waiting.json")["reason"].text(), "agent.not_signed_in");
  api_.refusal.status = 404;
  api_.refusal.reason = "exchange.recipients_unknown";
  send(base::real_files());
  EXPECT_EQ(load("failed/a.error.json")["reason"].text(), "exchange.recipients_unknown");
  EXPECT_EQ(list("failed"), (std::vector<std::string>{"a.edxml", "a.error.json"}));
}

TEST_F(AgentTest, WhatOneDocumentMeetsDoesNotKeepTheOthers) {
  write("outbox/a.edxml", edxml_file("forbidden.pdf"));
  write("outbox/b.edxml", edxml_file("b.pdf"));
  api_.refused = "forbidden.pdf";
  api_.refusal.status = 403;
  api_.refusal.reason = "identity.not_permitted";
  Line line("send");
  Outbox outbox(parts(base::real_files(), line));
  ASSERT_TRUE(outbox.round(true, stopping_).ok());
  EXPECT_EQ(load("outbox/a.waiting.json")["reason"].text(), "agent.not_signed_in");
  EXPECT_EQ(list("sent"), (std::vector<std::string>{"b.edxml", "b.receipt.json"}));
  // Not asked again at once.
  EXPECT_EQ(outbox.round(true, stopping_).value().waiting, 1);
  EXPECT_EQ(api_.attempts, 2);

  api_.waiting = {{"1-a", edxml_file("a.pdf")}, {"2-b", edxml_file("b.pdf")}};
  api_.damaged = {"1-a"};
  Inbox inbox(parts(base::real_files(), line));
  EXPECT_EQ(inbox.receive(stopping_).value().waiting, 1);
  EXPECT_EQ(list("inbox"), (std::vector<std::string>{".partial", "2-b"}));
  EXPECT_EQ(inbox.receive(stopping_).value().waiting, 1);
  EXPECT_EQ(api_.fetched["1-a"], 1);
  EXPECT_EQ(api_.acknowledged["1-a"], 0);
}

TEST_F(AgentTest, SaysWhenTheDiskHasNoRoom) {
  write("outbox/a.pdf", "%PDF");
  write("outbox/b.xlsx", "PK");
  write("outbox/a.json", kHeader);
  Line line("send");
  Outbox outbox(parts(base::real_files(), line));
  EXPECT_EQ(outbox.round(false, stopping_).value().incomplete, 1);
  EXPECT_EQ(load("outbox/a.waiting.json")["reason"].text(), "agent.no_room");
  EXPECT_EQ(list("outbox"),
            (std::vector<std::string>{".taken", "a.json", "a.pdf", "a.waiting.json", "b.xlsx"}));
  EXPECT_EQ(outbox.round(true, stopping_).value().sent, 1);
  EXPECT_EQ(list("outbox"), std::vector<std::string>{".taken"});
}

TEST_F(AgentTest, WhatStillChangesIsLeftAlone) {
  settings_.settle_ms = 60000;
  write("outbox/a.edxml", edxml_file("a.pdf"));
  Line line("send");
  Outbox outbox(parts(base::real_files(), line));
  const auto round = outbox.round(true, stopping_);
  ASSERT_TRUE(round.ok());
  EXPECT_TRUE(round->changing);
  EXPECT_EQ(api_.attempts, 0);
}

TEST_F(AgentTest, ReceivesOnceWhereverItDies) {
  int deaths = 0;
  for (int at = 1;; ++at) {
    begin();
    api_.waiting["1-a"] = edxml_file("../../x:y.pdf");
    DyingFiles dying(at);
    receive(dying);
    // The software takes away at once what has come.
    const bool there = base::real_files().exists(folder_.root + "/inbox/1-a");
    if (there) {
      EXPECT_TRUE(base::real_files().exists(folder_.root + "/inbox/1-a/document.json")) << at;
      ASSERT_TRUE(remove_tree(base::real_files(), folder_.root + "/inbox/1-a").ok());
    }
    ASSERT_TRUE(receive(base::real_files())) << at;
    EXPECT_EQ(base::real_files().exists(folder_.root + "/inbox/1-a"), !there) << at;
    EXPECT_GE(api_.acknowledged["1-a"], 1) << at;
    EXPECT_EQ(list("inbox/.partial").size(), 0u) << at;
    if (!dying.died()) break;
    ++deaths;
  }
  EXPECT_GT(deaths, 15);
}

TEST_F(AgentTest, TellsOfADocumentWhatASoftwareNeeds) {
  api_.waiting["1-a"] = edxml_file("../../x:y.pdf");
  api_.waiting["2-b"] = "no edXML";
  ASSERT_TRUE(receive(base::real_files()));
  const base::Json told = load("inbox/1-a/document.json");
  EXPECT_EQ(told["signatures"]["text_vi"].text(), "hợp lệ");
  EXPECT_EQ(told["header"]["document_id"].text(), "H99,2026/11/20,1/VP");
  const std::string file(told["attachments"].array().at(0)["file"].text());
  EXPECT_EQ(list("inbox/1-a/attachments"), std::vector<std::string>{file});
  EXPECT_EQ(file.find_first_of("/:"), std::string::npos);
  EXPECT_EQ(load("inbox/2-b/document.json")["problem"].text().substr(0, 6), "edxml.");
}

TEST_F(AgentTest, ReportsOnceAndTellsRecalls) {
  api_.waiting["1-a"] = edxml_file("a.pdf");
  ASSERT_TRUE(receive(base::real_files()));
  write("inbox/1-a/status.json", R"({"code": 3})");
  api_.line = [](int call) { return call == 7 ? FakeApi::Line::lost_after : FakeApi::Line::good; };
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(receive(base::real_files()));
  ASSERT_FALSE(api_.reports.empty());
  for (const std::string& one : api_.reports) EXPECT_EQ(one, api_.reports.front());
  EXPECT_TRUE(api_.reports.front().ends_with(" 03"));
  EXPECT_TRUE(base::real_files().exists(folder_.root + "/inbox/1-a/status.reported.json"));
  api_.recall = "requested";
  Line line("send");
  Follow follow(parts(base::real_files(), line));
  ASSERT_TRUE(follow.round(true, stopping_).ok());
  EXPECT_EQ(load("inbox/1-a/recalled.json")["recall"].text(), "requested");
}

TEST_F(AgentTest, TellsTheVerdictThatCameLater) {
  api_.waiting["1-a"] = edxml_file("a.pdf");
  api_.verdict = "checking";
  ASSERT_TRUE(receive(base::real_files()));
  EXPECT_EQ(load("inbox/1-a/document.json")["signatures"]["verdict"].text(), "checking");
  Line line("receive");
  Follow follow(parts(base::real_files(), line));
  const std::string told = folder_.root + "/inbox/1-a/signatures.json";
  ASSERT_TRUE(follow.round(true, stopping_).ok());
  EXPECT_FALSE(base::real_files().exists(told));
  for (const char* verdict : {"valid", "invalid"}) {  // judged, and judged anew
    api_.verdict = verdict;
    ASSERT_TRUE(follow.round(true, stopping_).ok());
    EXPECT_EQ(load("inbox/1-a/signatures.json")["verdict"].text(), verdict);
    ASSERT_TRUE(base::real_files().remove(told).ok());
    ASSERT_TRUE(follow.round(true, stopping_).ok());
    EXPECT_FALSE(base::real_files().exists(told)) << "told twice";
  }
}

TEST_F(AgentTest, WhatIsToldOfAFileStaysUntilItChanges) {
  settings_.settle_ms = 300;
  write("outbox/a.pdf", "%PDF");
  write("outbox/b.docx", "PK");
  std::this_thread::sleep_for(std::chrono::milliseconds(400));
  Line line("send");
  Outbox outbox(parts(base::real_files(), line));
  for (int i = 0; i < 3; ++i) {
    const auto round = outbox.round(true, stopping_);
    ASSERT_TRUE(round.ok());
    EXPECT_FALSE(round->changing) << i;
    EXPECT_EQ(list("outbox"), (std::vector<std::string>{".taken", "a.pdf", "a.waiting.json",
                                                        "b.docx", "b.waiting.json"}));
  }
  EXPECT_NE(load("outbox/a.waiting.json")["vi"].text().find("a.json"), std::string::npos);
  EXPECT_NE(load("outbox/b.waiting.json")["en"].text().find("b.docx"), std::string::npos);
}

TEST(AgentNames, StayInTheirFolderWhateverTheySay) {
  base::SeededRandom random(3);
  for (int i = 0; i < 2000; ++i) {
    const std::string name = plain_name(random.bytes(random.below(300)), 100, "x");
    EXPECT_FALSE(name.empty());
    EXPECT_LE(name.size(), 100u);
    EXPECT_NE(name.front(), '.');
    EXPECT_EQ(name.find('/'), std::string::npos);
  }
  EXPECT_EQ(plain_name("../../etc/passwd", 100, "x"), "_.._etc_passwd");
  EXPECT_EQ(plain_name("..", 100, "x"), "x");
  EXPECT_EQ(plain_name(std::string(300, 'a') + ".pdf", 100, "x"), std::string(96, 'a') + ".pdf");
  EXPECT_EQ(plain_stem("công văn 1"), "công văn 1");
  EXPECT_NE(plain_stem("a:b"), plain_stem("a*b"));
}

TEST(AgentPacking, NamesTheMemberThatIsWrong) {
  const auto says = [](const std::string& json) {
    const auto read = read_wanted(base::Json::parse(json).value(), "a.pdf");
    return read.ok() ? std::string("good") : read.error().detail().substr(0, 20);
  };
  EXPECT_EQ(says(kHeader), "good");
  EXPECT_TRUE(says("{}").starts_with("sender "));
  EXPECT_TRUE(says(R"({"sender": "A", "recipients": []})").starts_with("recipients "));
  EXPECT_TRUE(says(R"({"king": 1})").starts_with("king "));
  EXPECT_TRUE(says(R"({"sender": "A", "recipients": ["B"], "number": "1", "notation": "C",
    "date": "2026-11-20", "subject": "D", "attachments": ["x.PDF", "y.Json"]})")
                  .starts_with("attachments[1] "));
  EXPECT_TRUE(says("[]").starts_with("(root) "));
}

}  // namespace
}  // namespace agent
