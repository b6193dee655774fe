#include "cli/csv.h"

#include <gtest/gtest.h>

namespace cli {
namespace {

const std::vector<std::string_view> kColumns = {"code", "name", "parent"};

base::Result<std::vector<CsvRow>> read(std::string_view text) {
  return read_csv(text, "f.csv", kColumns, {"code"});
}

void fails(std::string_view text, std::string_view where) {
  const auto rows = read(text);
  ASSERT_FALSE(rows) << text;
  EXPECT_EQ(rows.error().reason(), "cli.bad_csv");
  EXPECT_TRUE(rows.error().detail().starts_with(where)) << rows.error().detail();
  EXPECT_TRUE(rows.error().text().vi.starts_with(where)) << rows.error().text().vi;
}

TEST(Csv, ReadsQuotesBreaksAndCommas) {
  const auto rows = read(
      "\xef\xbb\xbf"
      "CODE, name\r\n H1 ,\"Sở \"\"A\"\", B\"\r\n\r\nH2,\"hai\ndòng\"\nH3\n");
  ASSERT_TRUE(rows) << rows.error().detail();
  ASSERT_EQ(rows->size(), 3u);
  EXPECT_EQ((*rows)[0]["code"], "H1");
  EXPECT_EQ((*rows)[0]["name"], "Sở \"A\", B");
  EXPECT_EQ((*rows)[1]["name"], "hai\ndòng");
  EXPECT_EQ((*rows)[2]["code"], "H3");
  EXPECT_EQ((*rows)[2]["name"], "");
  EXPECT_EQ((*rows)[2]["parent"], "");
}

TEST(Csv, ErrorsNameTheLineOfTheFile) {
  const auto rows = read("code,name\n\nH1,\"a\nb\"\nH2,x\n");
  ASSERT_TRUE(rows);
  EXPECT_TRUE((*rows)[0]
                  .error("code", "is wrong", "sai")
                  .detail()
                  .starts_with("f.csv:3: column code \"H1\" is wrong"));
  EXPECT_TRUE((*rows)[1].error("name", "is wrong", "sai").detail().starts_with("f.csv:5: "));
  EXPECT_EQ((*rows)[1].error("name", "is wrong", "sai").text().vi, "f.csv:5: cột name \"x\" sai");
}

TEST(Csv, WhatIsWrongIsRefused) {
  fails("", "f.csv:1");
  fails("name\nx\n", "f.csv:1");
  fails("code,ten\n", "f.csv:1");
  fails("code,name\nH1,a,b\n", "f.csv:2");
  fails("code,name\nH1,\"a\n", "f.csv:");
  fails("code,name\nH1,\xff\n", "f.csv:1");
}

// The second of two columns of one name silently won.
TEST(Csv, AColumnNamedTwiceIsRefused) { fails("code,name,code\nH1,a,H2\n", "f.csv:1"); }

TEST(Csv, AHeadingAloneIsAnEmptyList) {
  const auto rows = read("code,name");
  ASSERT_TRUE(rows);
  EXPECT_TRUE(rows->empty());
}

}  // namespace
}  // namespace cli
