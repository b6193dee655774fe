#include "trust/pdf/file.h"

#include <gtest/gtest.h>

#include <cstring>
#include <fstream>

#include "trust/pdf/form.h"
#include "trust/pdf/history.h"
#include "trust/signing/testing/sample.h"
#include "trust/testing/pdf_writer.h"

namespace trust::pdf {
namespace {

using namespace trust::testing;

struct Opened {
  explicit Opened(std::string bytes_in, std::uint64_t deadline = 0)
      : bytes(std::move(bytes_in)),
        source(memory_source(bytes)),
        budget(Limits{}, static_cast<std::int64_t>(deadline)),
        file(File::open(*source, source->size(), false, budget)) {}
  std::string bytes;
  std::unique_ptr<Source> source;
  Budget budget;
  base::Result<std::unique_ptr<File>> file;

  const File& operator*() const { return *file.value(); }
  std::string reason() const { return file.ok() ? "" : std::string(file.error().reason()); }
  std::size_t pages() const { return pages_of(*file.value()).value().pages.size(); }
};

TEST(PdfFile, TablesStreamsAndHybrids) {
  for (const auto table : {PdfWriter::Table::table, PdfWriter::Table::stream}) {
    const Opened letter(sample_letter(table).bytes);
    ASSERT_EQ(letter.reason(), "");
    EXPECT_EQ(letter.pages(), 1u);
    EXPECT_FALSE((*letter).hybrid());
    const auto fields = fields_of(*letter).value();
    ASSERT_EQ(fields.size(), 2u);
    EXPECT_EQ(fields[0].name, "So");
    EXPECT_EQ(fields[1].type, "Sig");
  }
  PdfWriter hybrid = sample_letter();
  hybrid.pack(20, "(hidden from old readers)");
  hybrid.finish(PdfWriter::Table::hybrid);
  const Opened both(hybrid.bytes);
  ASSERT_EQ(both.reason(), "");
  EXPECT_TRUE((*both).hybrid());
  EXPECT_EQ((*both).load(Ref{20, 0}).value().value.as<String>()->bytes, "hidden from old readers");
}

TEST(PdfFile, WhatQpdfWrites) {
  const auto sample = signing::testing::sample_pdf();
  for (const char* options :
       {"--linearize", "--object-streams=generate", "--object-streams=generate --linearize",
        "--qdf --object-streams=disable", "--stream-data=compress"}) {
    const Opened file(signing::testing::through_qpdf(sample, options));
    ASSERT_EQ(file.reason(), "") << options << file.file.error().detail();
    EXPECT_EQ(file.pages(), 2u) << options;
    const Survey all = survey(*file, {}).value();
    EXPECT_EQ(all.damaged, 0u) << options << (all.damage ? all.damage->en : "");
  }
  const Opened hybrid(signing::testing::hybrid_pdf());
  ASSERT_EQ(hybrid.reason(), "");
  EXPECT_TRUE((*hybrid).hybrid());
}

TEST(PdfFile, ObjectsOfTheLastRevisionAndOfTheFirst) {
  PdfWriter pdf = sample_letter();
  const std::size_t first = pdf.bytes.size();
  pdf.put(kFont, "(new)");
  pdf.free(kHidden);
  pdf.finish();
  const Opened file(pdf.bytes);
  EXPECT_EQ((*file).load(Ref{kFont, 0}).value().value.as<String>()->bytes, "new");
  EXPECT_EQ((*file).place(kHidden), nullptr);
  EXPECT_TRUE((*file).load(Ref{kFont, 1}).value().value.null());
  EXPECT_TRUE((*file).load(Ref{4711, 0}).value().value.null());
  Budget budget(Limits{}, 0);
  const auto before = File::open(*file.source, first, true, budget).value();
  EXPECT_TRUE(at(before->load(Ref{kFont, 0}).value().value, "Type").is_name("Font"));
  EXPECT_NE(before->place(kHidden), nullptr);
}

TEST(PdfFile, BytesAroundTheFile) {
  const std::string letter = sample_letter().bytes;
  const Opened junk("junk\n" + letter);
  ASSERT_EQ(junk.reason(), "");
  EXPECT_EQ((*junk).header_at(), 5u);
  EXPECT_EQ(junk.pages(), 1u);
  const Opened more(letter + "  \nmore");
  EXPECT_EQ((*more).end(), letter.size());
  EXPECT_EQ((*more).trailing(), 4u);
  EXPECT_EQ(Opened(std::string(2000, ' ') + letter).reason(), "trust.pdf_malformed");
  EXPECT_EQ(Opened(letter + std::string(70000, 'x')).reason(), "trust.pdf_malformed");
}

TEST(PdfFile, NothingIsRepaired) {
  const std::string good = sample_letter().bytes;
  const auto with = [&good](const std::string& from, const std::string& to) {
    std::string bytes = good;
    bytes.replace(bytes.rfind(from), from.size(), to);
    return Opened(bytes).reason();
  };
  EXPECT_EQ(Opened("").reason(), "trust.pdf_malformed");
  EXPECT_EQ(with("%%EOF", "%%FOE"), "trust.pdf_malformed");
  EXPECT_EQ(with("startxref\n", "startxref\n1"), "trust.pdf_malformed");
  EXPECT_EQ(with("trailer", "trolley"), "trust.pdf_malformed");
  EXPECT_EQ(with("/Root 1 0 R", "/Boot 1 0 R"), "trust.pdf_malformed");
  EXPECT_EQ(with("/Root 1 0 R", "/Root 1 0 R /Root 2 0 R"),
            "trust.pdf_malformed");  // readers differ
  // An object that is not where the table says.
  std::string moved = good;
  moved.replace(moved.find("5 0 obj"), 7, "55 0 ob");
  const Opened file(moved);
  ASSERT_EQ(file.reason(), "");
  EXPECT_FALSE((*file).load(Ref{kFont, 0}).ok());
  EXPECT_EQ(survey(*file, {}).value().damaged, 1u);
  // A stream whose length is wrong.
  std::string longer = good;
  const std::size_t length = longer.find("/Length ") + 8;
  longer.replace(length, 2, std::to_string(std::stoi(longer.substr(length)) + 3));
  EXPECT_FALSE((*Opened(longer)).load(Ref{kContent, 0}).ok());
}

TEST(PdfFile, CirclesAndDepthsEnd) {
  PdfWriter pdf = sample_letter();
  std::string bytes = pdf.bytes;
  bytes.replace(bytes.rfind(" >>\nstartxref"), 3,
                " /Prev " + std::to_string(pdf.startxref) + " >>");
  EXPECT_EQ(Opened(bytes).reason(), "trust.pdf_malformed");

  PdfWriter deep;
  deep.put(kCatalog, "<< /Deep " + std::string(1'000'000, '[') + " >>");
  deep.finish();
  const Opened nested(deep.bytes);
  ASSERT_EQ(nested.reason(), "");
  EXPECT_EQ(catalog(*nested).error().reason(), "trust.pdf_limit");

  PdfWriter self;
  self.put(kCatalog, "<< /Pages 2 0 R /AcroForm << /Fields [7 0 R] >> >>");
  self.put(kPages, "<< /Kids [2 0 R] >>");
  self.put(7, "<< /T (a) /Kids [7 0 R] >>");
  self.put(8, "9 0 R");
  self.put(9, "8 0 R");
  self.put(11, "<< /Length 11 0 R >>\nstream\n\nendstream");
  self.finish();
  const Opened circles(self.bytes);
  EXPECT_FALSE(pages_of(*circles).ok());
  EXPECT_FALSE(fields_of(*circles).ok());
  EXPECT_TRUE((*circles).resolve(Object(Ref{8, 0})).value().null());
  EXPECT_FALSE((*circles).load(Ref{11, 0}).ok());
}

TEST(PdfFile, AnObjectStreamWhoseLengthIsInsideItself) {
  const std::string body = "20 0 5 ";
  std::string bytes = "%PDF-1.7\n";
  const std::size_t container = bytes.size();
  bytes +=
      "10 0 obj\n<< /N 1 /First 5 /Length 20 0 R >>\nstream\n" + body + "\nendstream\nendobj\n";
  const std::size_t root = bytes.size();
  bytes += "1 0 obj\n<< /Odd 20 0 R >>\nendobj\n";
  const std::size_t table = bytes.size();
  const auto row = [](int kind, std::size_t where, int which) {
    const char out[] = {static_cast<char>(kind), static_cast<char>(where >> 8),
                        static_cast<char>(where), static_cast<char>(which)};
    return std::string(out, 4);
  };
  bytes +=
      "30 0 obj\n<< /Type /XRef /W [1 2 1] /Size 31 /Index [1 1 10 1 20 1 30 1] /Root 1 0 R "
      "/Length 16 >>\nstream\n" +
      row(1, root, 0) + row(1, container, 0) + row(2, 10, 0) + row(1, table, 0) +
      "\nendstream\nendobj\nstartxref\n" + std::to_string(table) + "\n%%EOF\n";
  const Opened file(bytes);
  ASSERT_EQ(file.reason(), "") << file.file.error().detail();
  EXPECT_EQ((*file).load(Ref{20, 0}).error().reason(), "trust.pdf_malformed");
}

TEST(PdfFile, TooManyObjectsAndTooLittleTime) {
  PdfWriter pdf = sample_letter();
  std::string table = "xref\n100 600000\n";
  for (int i = 0; i < 600'000; ++i) table += "0000000017 00000 n \n";
  const std::string bytes = pdf.bytes + table + "trailer\n<< /Size 700000 /Root 1 0 R /Prev " +
                            std::to_string(pdf.startxref) + " >>\nstartxref\n" +
                            std::to_string(pdf.bytes.size()) + "\n%%EOF\n";
  EXPECT_EQ(Opened(bytes).reason(), "trust.pdf_limit");
  EXPECT_EQ(Opened(pdf.bytes, 1).reason(), "trust.out_of_time");
}

TEST(PdfFile, AnObjectThatIsAllOnesIsTooLarge) {
  PdfWriter pdf;
  std::string ones = "[";
  for (int i = 0; i < 2'000'000; ++i) ones += "1 ";
  pdf.put(kCatalog, "<< /Ones " + ones + "] >>");
  pdf.finish();
  const Opened file(pdf.bytes);
  EXPECT_EQ(catalog(*file).error().reason(), "trust.pdf_limit");
}

// The bytes of a PdfWriter with zeros in its hole.
class HoleSource : public Source {
 public:
  explicit HoleSource(const PdfWriter& pdf) : pdf_(pdf) {}
  std::uint64_t size() const override { return pdf_.here(); }
  base::Result<std::size_t> read_at(std::uint64_t offset, char* to,
                                    std::size_t size) const override {
    std::size_t done = 0;
    while (done < size && offset + done < pdf_.here()) {
      const std::uint64_t at = offset + done;
      const bool after = at >= pdf_.hole_at + pdf_.hole;
      const std::uint64_t end = at < pdf_.hole_at ? pdf_.hole_at
                                : after           ? pdf_.here()
                                                  : pdf_.hole_at + pdf_.hole;
      const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(size - done, end - at));
      if (at < pdf_.hole_at || after) {
        std::memcpy(to + done, pdf_.bytes.data() + (after ? at - pdf_.hole : at), count);
      } else {
        std::memset(to + done, 0, count);
      }
      done += count;
    }
    return done;
  }

 private:
  const PdfWriter& pdf_;
};

// Of this process, in KiB: "VmHWM" is the most that it ever held.
long memory_kib(const std::string& which) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(which)) return std::stol(line.substr(line.find(':') + 1));
  }
  return 0;
}

TEST(PdfFile, AGibibyteTakesLittleMemory) {
  Letter letter{sample_letter()};
  constexpr std::uint64_t kGibibyte = 1u << 30;
  letter.pdf.put(letter.pdf.next(),
                 "<< /Length " + std::to_string(kGibibyte) + " >>\nstream\n\nendstream");
  letter.pdf.hole_at = letter.pdf.bytes.rfind("\nendstream");
  letter.pdf.hole = kGibibyte;
  letter.pdf.finish();
  for (int i = 0; i < 20'000; ++i)
    letter.pdf.put("<< /Type /Something /Number " + std::to_string(i) + " >>");
  letter.pdf.finish();
  prepare(letter, {});
  SignWish second;
  second.field = "Ky2";
  prepare(letter, second);
  const HoleSource source(letter.pdf);
  const long before = memory_kib("VmRSS");
  Budget budget(Limits{}, 0);
  const auto file = File::open(source, source.size(), false, budget);
  ASSERT_TRUE(file.ok()) << file.error().detail();
  auto signatures = signatures_of(**file, Limits{}).value();
  const History history = history_of(**file, source, signatures).value();
  ASSERT_EQ(signatures.size(), 2u);
  EXPECT_FALSE(signatures[0].wrong.has_value());
  EXPECT_EQ(later_than(history, signatures[0]).verdict, Verdict::valid);
  EXPECT_EQ(history.survey.damaged, 0u) << history.survey.damage->en;
  EXPECT_LT(memory_kib("VmRSS") - before, 64 << 10);
}

}  // namespace
}  // namespace trust::pdf
