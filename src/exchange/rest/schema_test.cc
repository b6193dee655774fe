#include "exchange/rest/schema.h"

#include <gtest/gtest.h>

#include "exchange/rest/instant.h"

namespace exchange::rest {
namespace {

Schema letter() {
  return object(
      "Letter", {},
      {required("subject", text(5, {}, "abc")), optional("urgency", integer(0, 4, {}, 0)),
       optional("kind", word({"edoc", "status"}, {})), optional("due", date({})),
       optional("at", time({})), optional("final", boolean({})),
       optional("to", list(object("To", {}, {required("code", text(9, {}, "H41"))}), 2))});
}

std::string breach(std::string_view json) {
  const auto value = base::Json::parse(json);
  EXPECT_TRUE(value.ok()) << json;
  const auto found = breach_of(letter(), *value);
  return found ? std::string(found->error.reason()) + " " + found->pointer : "";
}

TEST(Schema, NamesTheFirstBreachAndItsPlace) {
  EXPECT_EQ(breach(R"({"subject":"abc"})"), "");
  EXPECT_EQ(breach(R"({"subject":"trích"})"), "");  // five characters, more bytes
  EXPECT_EQ(breach(R"({})"), "rest.member_missing /subject");
  EXPECT_EQ(breach(R"([])"), "rest.wrong_type ");
  EXPECT_EQ(breach(R"({"subject":""})"), "rest.out_of_bounds /subject");
  EXPECT_EQ(breach(R"({"subject":"abcdef"})"), "rest.out_of_bounds /subject");
  EXPECT_EQ(breach(R"({"subject":null})"), "rest.wrong_type /subject");
  EXPECT_EQ(breach(R"({"subject":"a","subject":"b"})"), "rest.member_repeated /subject");
  EXPECT_EQ(breach(R"({"subject":"a","Subject":"b"})"), "rest.member_unknown /Subject");
  EXPECT_EQ(breach(R"({"subject":"a","x/y~":1})"), "rest.member_unknown /x~1y~0");
  EXPECT_EQ(breach(R"({"subject":"a","urgency":5})"), "rest.out_of_bounds /urgency");
  EXPECT_EQ(breach(R"({"subject":"a","urgency":-1})"), "rest.out_of_bounds /urgency");
  EXPECT_EQ(breach(R"({"subject":"a","urgency":1.5})"), "rest.wrong_type /urgency");
  EXPECT_EQ(breach(R"({"subject":"a","urgency":1e300})"), "rest.wrong_type /urgency");
  EXPECT_EQ(breach(R"({"subject":"a","urgency":"1"})"), "rest.wrong_type /urgency");
  EXPECT_EQ(breach(R"({"subject":"a","urgency":2.0})"), "");
  EXPECT_EQ(breach(R"({"subject":"a","kind":"other"})"), "rest.value_unknown /kind");
  EXPECT_EQ(breach(R"({"subject":"a","due":"2026-02-29"})"), "rest.bad_time /due");
  EXPECT_EQ(breach(R"({"subject":"a","at":"2026-11-22 02:30:00"})"), "rest.bad_time /at");
  EXPECT_EQ(breach(R"({"subject":"a","final":"true"})"), "rest.wrong_type /final");
  EXPECT_EQ(breach(R"({"subject":"a","final":false})"), "");
  EXPECT_EQ(breach(R"({"subject":"a","to":[{"code":"A"},{"code":7}]})"),
            "rest.wrong_type /to/1/code");
  EXPECT_EQ(breach(R"({"subject":"a","to":[{"code":"A"},{"code":"B"},{"code":"C"}]})"),
            "rest.out_of_bounds /to");
}

TEST(Schema, ItsExampleKeepsIt) {
  EXPECT_FALSE(breach_of(letter(), example_of(letter())));
  EXPECT_EQ(example_of(letter())["to"].array().at(0)["code"].text(), "H41");
}

TEST(Schema, ParametersAreReadByTheirType) {
  EXPECT_EQ(read_parameter(integer(1, 200, {}, 50), "limit", "7")->integer(), 7);
  EXPECT_EQ(read_parameter(boolean({}), "final", "false")->boolean(true), false);
  for (const char* bad : {"", "0", "201", "1.5", "abc", "99999999999999999999"})
    EXPECT_FALSE(read_parameter(integer(1, 200, {}, 50), "limit", bad).ok()) << bad;
  EXPECT_FALSE(read_parameter(boolean({}), "final", "1").ok());
}

TEST(Instant, NeedsAZoneAndARealMoment) {
  const auto noon = parse_instant("2026-11-22T12:00:00Z");
  ASSERT_TRUE(noon);
  EXPECT_EQ(parse_instant("2026-11-22T19:00:00+07:00"), noon);
  EXPECT_EQ(parse_instant("2026-11-22T11:59:59.999999999Z"), *noon - base::Duration(1));
  EXPECT_EQ(base::iso_time_text(*noon), "2026-11-22T12:00:00.000000Z");
  EXPECT_EQ(parse_instant(base::iso_time_text(*noon)), noon);
  for (const char* bad :
       {"", "2026-11-22", "2026-11-22T12:00:00", "2026-11-22T24:00:00Z", "2026-13-01T00:00:00Z",
        "2026-11-22T12:00:00+7:00", "2026-11-22T12:00:00Zx", "2026-11-22T12:00:00.Z",
        "1969-12-31T00:00:00Z", "2026-11-22T12:60:00Z"})
    EXPECT_FALSE(parse_instant(bad)) << bad;
  EXPECT_TRUE(parse_day("2024-02-29"));
  EXPECT_FALSE(parse_day("2026/11/22"));
  EXPECT_FALSE(parse_day("2026-11-22T"));
}

}  // namespace
}  // namespace exchange::rest
