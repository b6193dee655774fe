#include "base/json.h"

#include <gtest/gtest.h>

#include <limits>

#include "base/text.h"

namespace base {
namespace {

Json parsed(std::string_view text) {
  auto json = Json::parse(text);
  EXPECT_TRUE(json.ok()) << text << ": " << (json ? "" : json.error().detail());
  return json ? *std::move(json) : Json();
}

TEST(Json, ReadsEveryKindOfValue) {
  const Json json =
      parsed(R"( {"a":null,"b":true,"c":-12,"d":1.5,"e":"x","f":[1,[]],"g":{"h":{}}} )");
  ASSERT_TRUE(json.is_object());
  EXPECT_TRUE(json.has("a"));
  EXPECT_TRUE(json["a"].is_null());
  EXPECT_TRUE(json["b"].boolean());
  EXPECT_EQ(json["c"].integer(), -12);
  EXPECT_EQ(json["d"].number(), 1.5);
  EXPECT_EQ(json["e"].text(), "x");
  EXPECT_EQ(json["f"].array().size(), 2u);
  EXPECT_TRUE(json["g"]["h"].is_object());
  EXPECT_FALSE(json.has("A"));
  EXPECT_TRUE(json["A"].is_null());
}

TEST(Json, TheRootMayBeAnyValue) {
  EXPECT_EQ(parsed("12").integer(), 12);
  EXPECT_EQ(parsed("\"x\"").text(), "x");
  EXPECT_TRUE(parsed("null").is_null());
  EXPECT_TRUE(parsed("[]\n").is_array());
}

TEST(Json, KeepsOrderAndRepeatedNames) {
  const Json json = parsed(R"({"docid":"1","docId":"2","docid":"3"})");
  ASSERT_EQ(json.object().size(), 3u);
  EXPECT_EQ(json["docid"].text(), "1");
  EXPECT_EQ(json["docId"].text(), "2");
  EXPECT_EQ(json.dump(), R"({"docid":"1","docId":"2","docid":"3"})");
}

TEST(Json, UndoesEscapes) {
  EXPECT_EQ(parsed(R"("\"\\\/\b\f\n\r\t")").text(), "\"\\/\b\f\n\r\t");
  EXPECT_EQ(parsed(R"("\u0000")").text(), std::string_view("\0", 1));
  EXPECT_EQ(parsed(R"("\u0110\u1eC7")").text(), "Đệ");
  EXPECT_EQ(parsed(R"("\ud83d\ude00")").text(), "\xf0\x9f\x98\x80");
  EXPECT_EQ(parsed("\"Trục\"").text(), "Trục");
}

TEST(Json, EscapedNamesToo) { EXPECT_EQ(parsed(R"({"\u0061b":1})")["ab"].integer(), 1); }

TEST(Json, LongStringsArriveWhole) {
  const std::string long_text(100'000, 'x');
  EXPECT_EQ(parsed("\"" + long_text + "\\n" + long_text + "\"").text().size(), 200'001u);
  EXPECT_EQ(parsed("{\"" + long_text + "\\n\":1}").object()[0].first.size(), 100'001u);
}

TEST(Json, RefusesWhatIsMalformed) {
  for (const char* text : {"",
                           " ",
                           "{",
                           "}",
                           "[1,]",
                           "{\"a\":1,}",
                           "{a:1}",
                           "{'a':1}",
                           "{\"a\"}",
                           "{\"a\":}",
                           "[1 2]",
                           "1 2",
                           "nul",
                           "True",
                           "01",
                           "+1",
                           "1.",
                           ".5",
                           "NaN",
                           "Infinity",
                           "\"",
                           "\"\\x\"",
                           "\"\\u12\"",
                           "\"\\ud800\"",
                           "\"\\udc00\"",
                           "\"\\ud800\\u0041\"",
                           "\"a\nb\"",
                           "// x\n1",
                           "/**/1",
                           "{\"a\":1}}",
                           "\xef\xbb\xbf{}",
                           "[",
                           "[[]",
                           "\"\xff\"",
                           "\"\xc0\xaf\"",
                           "\"\xed\xa0\x80\"",
                           "-",
                           "1e",
                           "{1:2}"}) {
    const auto json = Json::parse(text);
    ASSERT_FALSE(json.ok()) << text;
    EXPECT_EQ(json.error().reason(), "base.json_malformed");
    EXPECT_EQ(json.error().code(), Code::invalid);
  }
}

TEST(Json, IsAtMost32LevelsDeep) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_TRUE(Json::parse(nested(32)).ok());
  EXPECT_FALSE(Json::parse(nested(33)).ok());
  EXPECT_FALSE(Json::parse(std::string(1'000'000, '[')).ok());
}

TEST(Json, ReadingTheWrongKindGivesAnEmptyOne) {
  const Json json = parsed("[1]");
  EXPECT_TRUE(json.object().empty());
  EXPECT_EQ(json.text(), "");
  EXPECT_EQ(json.integer(7), 7);
  EXPECT_EQ(json.number(0.5), 0.5);
  EXPECT_TRUE(json.boolean(true));
  EXPECT_TRUE(Json("x").array().empty());
}

TEST(Json, IntegersKeepEveryDigit) {
  EXPECT_EQ(parsed("9223372036854775807").dump(), "9223372036854775807");
  EXPECT_EQ(parsed("-9223372036854775808").integer(), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(parsed("9007199254740993").dump(), "9007199254740993");
  EXPECT_EQ(Json("12").integer(), 12);
  EXPECT_EQ(Json("12x").integer(-1), -1);
  EXPECT_EQ(parsed("1e3").integer(), 1000);
  EXPECT_EQ(parsed("1e300").integer(-1), -1);
  EXPECT_TRUE(parsed("18446744073709551615").is_number());
}

TEST(Json, WritesNumbersThatReadBack) {
  EXPECT_EQ(Json(0.1).dump(), "0.1");
  EXPECT_EQ(Json(2.0).dump(), "2");
  EXPECT_EQ(parsed(Json(1e300).dump()).number(), 1e300);
  EXPECT_EQ(Json(std::numeric_limits<double>::quiet_NaN()).dump(), "null");
  EXPECT_EQ(Json(std::numeric_limits<double>::infinity()).dump(), "null");
}

TEST(Json, WritesCompact) {
  Json json;
  json.add("tên", "Trục \"A\"\\\n\x01").add("danh sách", Json::Array{1, true, nullptr});
  EXPECT_EQ(json.dump(),
            "{\"tên\":\"Trục \\\"A\\\"\\\\\\u000a\\u0001\",\"danh sách\":[1,true,null]}");
}

TEST(Json, WritesAscii) {
  Json json;
  json.add("đ", "Trục \xf0\x9f\x98\x80\x7f");
  const std::string text = json.dump(Json::Style::ascii);
  EXPECT_EQ(text, "{\"\\u0111\":\"Tr\\u1ee5c \\ud83d\\ude00\\u007f\"}");
  EXPECT_EQ(parsed(text).dump(), json.dump());
}

TEST(Json, WritesPretty) {
  Json json;
  json.add("a", 1)
      .add("b", Json::Array{})
      .add("c", Json(Json::Object{}))
      .add("d", Json::Array{"x", "y"});
  EXPECT_EQ(
      json.dump(Json::Style::pretty),
      "{\n  \"a\": 1,\n  \"b\": [],\n  \"c\": {},\n  \"d\": [\n    \"x\",\n    \"y\"\n  ]\n}\n");
}

TEST(Json, ReplacesBytesThatAreNotUtf8) {
  std::string raw, ascii;
  append_json_string(raw, "a\xff\xc3(\xe1\xbb", false);
  append_json_string(ascii, "a\xff\xc3(\xe1\xbb", true);
  EXPECT_EQ(raw, "\"a\xef\xbf\xbd\xef\xbf\xbd(\xef\xbf\xbd\xef\xbf\xbd\"");
  EXPECT_EQ(ascii, R"("a\ufffd\ufffd(\ufffd\ufffd")");
  EXPECT_TRUE(is_utf8(raw));
}

TEST(Json, EveryCodePointSurvivesBothStyles) {
  for (unsigned point = 1; point < 0x110000; point += point < 0x3000 ? 1 : 997) {
    if (point >= 0xd800 && point < 0xe000) continue;
    std::string text;
    if (point < 0x80) {
      text = {static_cast<char>(point)};
    } else if (point < 0x800) {
      text = {static_cast<char>(0xc0 | point >> 6), static_cast<char>(0x80 | (point & 0x3f))};
    } else if (point < 0x10000) {
      text = {static_cast<char>(0xe0 | point >> 12), static_cast<char>(0x80 | (point >> 6 & 0x3f)),
              static_cast<char>(0x80 | (point & 0x3f))};
    } else {
      text = {static_cast<char>(0xf0 | point >> 18), static_cast<char>(0x80 | (point >> 12 & 0x3f)),
              static_cast<char>(0x80 | (point >> 6 & 0x3f)),
              static_cast<char>(0x80 | (point & 0x3f))};
    }
    const Json json(text);
    ASSERT_EQ(parsed(json.dump()).text(), text) << point;
    ASSERT_EQ(parsed(json.dump(Json::Style::ascii)).text(), text) << point;
  }
}

TEST(Json, AddAndPushMakeContainersOfNull) {
  Json object, array;
  object.add("a", 1);
  array.push(1).push("x");
  EXPECT_EQ(object.dump(), R"({"a":1})");
  EXPECT_EQ(array.dump(), R"([1,"x"])");
  EXPECT_EQ(Json().dump(), "null");
}

TEST(Json, SaysWhereItIsWrongAsAnEditorDoes) {
  const auto json = Json::parse("{\n  \"a\": 1,\n  \"số\": }");
  ASSERT_FALSE(json.ok());
  EXPECT_NE(json.error().text().en.find("line 3, column 9"), std::string::npos)
      << json.error().text().en;
  EXPECT_NE(json.error().text().vi.find("dòng 3, cột 9"), std::string::npos);
}

}  // namespace
}  // namespace base
