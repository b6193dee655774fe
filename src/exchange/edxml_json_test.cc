#include <gtest/gtest.h>

#include "edxml/json.h"
#include "edxml/reader.h"
#include "exchange/testing/letters.h"

namespace exchange {
namespace {

using testing::Letter;

TEST(EdxmlJson, ADocumentComesBackFromItsJson) {
  Letter letter;
  letter.to = {"G99", "H98"};
  letter.priority = "3";
  letter.about = {"H99.01,2026/11/01,1/A"};
  letter.business = edxml::Business{};
  letter.business->operation = edxml::Operation::update;
  letter.business->operation_written = "2";
  letter.business->reason = "Đính chính";
  letter.business->document_id = "H99.01,2026/11/01,1/A";
  letter.business->document_info = "1";
  const auto document = edxml::read(file_of(letter));
  ASSERT_TRUE(document);
  const base::Json json = edxml::to_json(*document);
  const auto parsed = base::Json::parse(json.dump());
  ASSERT_TRUE(parsed);
  const auto back = edxml::document_from_json(*parsed);
  ASSERT_TRUE(back) << back.error().detail();
  EXPECT_EQ(back->subject, letter.subject);
  EXPECT_EQ(back->to.size(), 2u);
  EXPECT_EQ(back->urgency(), 3);
  EXPECT_EQ(back->operation(), edxml::Operation::update);
  EXPECT_EQ(back->business->reason, "Đính chính");
  EXPECT_EQ(back->response_for.at(0).document_id, "H99.01,2026/11/01,1/A");
  EXPECT_EQ(back->promulgation.date, document->promulgation.date);
}

TEST(EdxmlJson, AStatusMessageComesBackFromItsJson) {
  const auto status = edxml::read(file_of(exchange::testing::report_on(Letter{}, "G99", "05")));
  ASSERT_TRUE(status);
  const auto back = edxml::document_from_json(edxml::to_json(*status));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->kind, edxml::Kind::status);
  EXPECT_EQ(back->status_code, "05");
  EXPECT_EQ(back->status_timestamp, status->status_timestamp);
  EXPECT_EQ(back->response_for.at(0).organisation, "H99.01");
}

TEST(EdxmlJson, NumbersMayBeWrittenAsNumbers) {
  const auto document = edxml::document_from_json(
      *base::Json::parse(R"({"code_number":15,"priority":2,"from":{"id":"H1"}})"));
  ASSERT_TRUE(document);
  EXPECT_EQ(document->code_number, "15");
  EXPECT_EQ(document->urgency(), 2);
}

TEST(EdxmlJson, WhatIsWrongIsNamed) {
  for (const auto& [text, name] :
       {std::pair{"[]", "(root)"}, std::pair{R"({"subjekt":"x"})", "subjekt"},
        std::pair{R"({"subject":["x"]})", "subject"}, std::pair{R"({"from":{"idd":"x"}})", "idd"},
        std::pair{R"({"to":[{"name":{}}]})", "name"}, std::pair{R"({"operation":4})", "operation"},
        std::pair{R"({"operation":"x"})", "operation"}}) {
    const auto bad = edxml::document_from_json(*base::Json::parse(text));
    ASSERT_FALSE(bad) << text;
    EXPECT_EQ(bad.error().reason(), "edxml.bad_member");
    EXPECT_NE(bad.error().detail().find(name), std::string::npos) << bad.error().detail();
  }
}

}  // namespace
}  // namespace exchange
