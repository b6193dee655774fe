#include "trust/asice/zip.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include "base/hash.h"

namespace trust {
namespace {

const Policy kPolicy;
const Anchors kAnchors;
const Context kContext{.anchors = kAnchors, .policy = kPolicy, .revocation = nullptr, .now = {}};

void number(std::string& out, std::uint64_t value, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) out += static_cast<char>(value >> (8 * i) & 0xff);
}

std::string deflated(const std::string& content) {
  z_stream stream{};
  ::deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  std::string out(::deflateBound(&stream, content.size()), '\0');
  std::string in = content;
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(::deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  ::deflateEnd(&stream);
  return out;
}

// One entry as a test wants it; what is not set is right.
struct Wish {
  std::string name, content;
  bool deflate = false;
  bool streamed = false, marked = true;
  std::string local_name = {};
  std::optional<std::uint32_t> crc = {}, size = {}, header = {}, local_size = {};
  std::uint16_t flags = 0, method_seen = 0xffff;
  std::string gap = {};  // behind the data
};
std::string archive(const std::vector<Wish>& wishes, const std::string& comment = "",
                    const std::string& before_end = "") {
  std::string out, directory;
  for (const Wish& wish : wishes) {
    const std::string data = wish.deflate ? deflated(wish.content) : wish.content;
    const std::uint32_t crc = wish.crc.value_or(base::crc32(0, wish.content));
    const std::uint64_t size = wish.size.value_or(static_cast<std::uint32_t>(wish.content.size()));
    const auto flags = static_cast<std::uint16_t>(wish.flags | (wish.streamed ? 8 : 0));
    const auto common = [&](bool local, bool zero) {
      std::string head;
      number(head, 20, 2);
      number(head, flags, 2);
      number(head, wish.method_seen != 0xffff ? wish.method_seen : wish.deflate ? 8 : 0, 2);
      number(head, 0x21u << 16, 4);
      number(head, zero ? 0 : crc, 4);
      number(head, zero ? 0 : data.size(), 4);
      number(head,
             zero    ? 0
             : local ? wish.local_size.value_or(static_cast<std::uint32_t>(size))
                     : size,
             4);
      number(head, local && !wish.local_name.empty() ? wish.local_name.size() : wish.name.size(),
             2);
      number(head, 0, 2);
      return head;
    };
    directory += "PK\x01\x02";
    number(directory, 20, 2);
    directory += common(false, false) + std::string(10, '\0');
    number(directory, wish.header.value_or(static_cast<std::uint32_t>(out.size())), 4);
    directory += wish.name;
    out += "PK\x03\x04" + common(true, wish.streamed) +
           (wish.local_name.empty() ? wish.name : wish.local_name) + data;
    if (wish.streamed) {
      if (wish.marked) out += "PK\x07\x08";
      number(out, crc, 4);
      number(out, data.size(), 4);
      number(out, size, 4);
    }
    out += wish.gap;
  }
  const std::size_t start = out.size();
  out += directory + before_end + std::string("PK\x05\x06\0\0\0\0", 8);
  number(out, wishes.size(), 2);
  number(out, wishes.size(), 2);
  number(out, directory.size(), 4);
  number(out, start, 4);
  number(out, comment.size(), 2);
  return out + comment;
}

// The reason, or the contents.
std::string read(const std::string& zip) {
  const auto source = memory_source(zip);
  const base::Result<ZipReader> reader = ZipReader::open(*source);
  if (!reader.ok()) return std::string(reader.error().reason());
  std::string out;
  for (const ZipEntry& entry : reader->entries()) {
    const auto content = reader->read_all(entry, kContext, 256u << 20);
    if (!content.ok()) return std::string(content.error().reason());
    out += entry.name + "=" + (content->size() > 100 ? "…" : *content) + ";";
  }
  return out;
}

constexpr const char* kMalformed = "trust.container_malformed";
constexpr const char* kTooLarge = "trust.container_too_large";

TEST(Zip, ReadsWhatOtherProgramsWrite) {
  EXPECT_EQ(read(archive({{"a", "1"}, {"b/c", ""}})), "a=1;b/c=;");
  EXPECT_EQ(read(archive({{.name = "a", .content = "11111111", .deflate = true}})), "a=11111111;");
  for (const bool marked : {true, false}) {
    EXPECT_EQ(read(archive({{.name = "a",
                             .content = "22222222",
                             .deflate = true,
                             .streamed = true,
                             .marked = marked},
                            {.name = "b", .content = "3", .streamed = true, .marked = marked}})),
              "a=22222222;b=3;");
  }
  EXPECT_EQ(read(archive({{"folder/", ""}, {"folder/a", "1"}})), "folder/a=1;");
  EXPECT_EQ(read(archive({{"a", "1"}}, "mimetype=application/vnd.etsi.asic-e+zip")), "a=1;");
  EXPECT_EQ(read(archive({})), "");
}

TEST(Zip, NamesThatLeadElsewhere) {
  for (const char* name : {"/a", "../a", "a/../../b", "./a", "a//b", "a\\b", "c:a", "a\nb", "\xC3",
                           "\xED\xA0\x80", "\xC0\xAF", ""}) {
    EXPECT_EQ(read(archive({{name, "1"}})), kMalformed) << name;
  }
  EXPECT_EQ(read(archive({{std::string(1025, 'a'), "1"}})), kMalformed);
  EXPECT_EQ(read(archive({{"a\0b", "1"}})), "a=1;");
  EXPECT_EQ(read(archive({{std::string("a\0b", 3), "1"}})), kMalformed);
}

TEST(Zip, NothingIsThereTwice) {
  EXPECT_EQ(read(archive({{"a", "1"}, {"a", "2"}})), kMalformed);
  EXPECT_EQ(read(archive({{"Van ban.pdf", "1"}, {"van ban.PDF", "2"}})), kMalformed);
  EXPECT_EQ(read(archive({{"a", "1"}, {"a/", ""}})), kMalformed);
}

TEST(Zip, WhatTwoProgramsCouldReadDifferently) {
  EXPECT_EQ(read(archive({{.name = "a", .content = "1", .local_name = "b"}})), kMalformed);
  EXPECT_EQ(read(archive({{.name = "a", .content = "1", .local_size = 2}})), kMalformed);
  // Bytes that no entry owns, in front, between and behind.
  EXPECT_EQ(read("x" + archive({{"a", "1"}})), kMalformed);
  EXPECT_EQ(read(archive({{.name = "a", .content = "1", .gap = "xx"}, {"b", "2"}})), kMalformed);
  EXPECT_EQ(read(archive({{.name = "a", .content = "1", .gap = "xx"}})), kMalformed);
  EXPECT_EQ(read(archive({{"a", "1"}}, "", "xx")), kMalformed);
  EXPECT_EQ(read(archive({{"a", "1"}}) + "x"), kMalformed);
  // Two entries with one body, as bombs have them.
  EXPECT_EQ(read(archive({{"a", "1"}, {.name = "b", .content = "1", .header = 0}})), kMalformed);
  // A second archive in the comment.
  EXPECT_EQ(read(archive({{"a", "1"}}, archive({{"b", "2"}}))), kMalformed);
}

TEST(Zip, DamagedAndUnknown) {
  EXPECT_EQ(read(archive({{.name = "a", .content = "1", .crc = 7}})), kMalformed);
  EXPECT_EQ(read(archive({{.name = "a", .content = "1111", .deflate = true, .size = 3}})),
            kMalformed);
  EXPECT_EQ(read(archive({{.name = "a", .content = "1111", .deflate = true, .size = 5}})),
            kMalformed);
  EXPECT_EQ(read(archive({{.name = "a", .content = "junk", .method_seen = 8}})), kMalformed);
  EXPECT_EQ(read(archive({{.name = "a", .content = "1", .flags = 1}})), kMalformed);
  EXPECT_EQ(read(archive({{.name = "a", .content = "1", .method_seen = 14}})), kMalformed);
  EXPECT_EQ(read(archive({{.name = "a", .content = "1", .size = 0xffffffffu}})), kMalformed);
  const std::string good = archive({{"a", "1"}, {.name = "b", .content = "22", .deflate = true}});
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_EQ(read(good.substr(0, size)), kMalformed) << size;
  }
}

TEST(Zip, BombsAreRefused) {
  const std::string zeros(65u << 20, '\0');
  EXPECT_EQ(read(archive({{.name = "a", .content = zeros, .deflate = true}})), kTooLarge);
  EXPECT_EQ(read(archive({{.name = "a", .content = zeros.substr(0, 5u << 20), .deflate = true}})),
            "a=…;");
  // It says that it is small.
  EXPECT_EQ(
      read(archive(
          {{.name = "a", .content = zeros.substr(0, 1u << 20), .deflate = true, .size = 1000}})),
      kMalformed);
  std::vector<Wish> many;
  for (std::size_t i = 0; i <= kZipEntriesMax; ++i) many.push_back({std::to_string(i), ""});
  EXPECT_EQ(read(archive(many)), kTooLarge);
}

TEST(Zip, ContentThatChangesWhileItIsWritten) {
  ZipWriter writer([](base::BytesView) { return base::done(); });
  EXPECT_EQ(writer.add("a", *memory_source("1"), 7).error().reason(), "trust.content_changed");
}

}  // namespace
}  // namespace trust
