#include "edxml/reader.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <string>

#include "base/text.h"
#include "edxml/attachments.h"
#include "edxml/testing/sample.h"

namespace edxml {
namespace {

using testing::extracted;
using testing::file_with;
using testing::sample;

std::string reason_of(std::string_view bytes, ReadLimits limits = {}) {
  const auto document = read(bytes, limits);
  return document.ok() ? "read" : std::string(document.error().reason());
}

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size()) {
    text.replace(at, what.size(), by);
  }
  return text;
}

TEST(Reader, ReadsEveryElement) {
  const auto d = read(sample("full.edxml"));
  ASSERT_TRUE(d.ok()) << d.error().detail();
  EXPECT_EQ(d->kind, Kind::document);
  EXPECT_EQ(d->from.id, "H99.01");
  EXPECT_EQ(d->from.fax, "0240000001");
  ASSERT_EQ(d->to.size(), 2u);
  EXPECT_EQ(d->to[1].in_charge, "TLTVBQG_CDMDD_QD20");
  EXPECT_EQ(d->code(), "15/SGD-VP");
  EXPECT_EQ(d->promulgation.date, (base::Date{2025, 10, 16}));
  EXPECT_EQ(d->due.date, (base::Date{2025, 10, 20}));
  EXPECT_EQ(d->type, "2");
  EXPECT_EQ(d->subject, "V/v thử bộ đọc & <ký tự đặc biệt>");
  EXPECT_EQ(d->signer_competence, "KT. GIÁM ĐỐC");
  EXPECT_EQ(d->urgency(), 2);
  EXPECT_EQ(d->appendixes, (std::vector<std::string>{"Phụ lục 1", "Phụ lục 2"}));
  ASSERT_EQ(d->response_for.size(), 1u);
  EXPECT_EQ(d->response_for[0].document_id, "G99,2025/10/01,7/BGD-VP");
  EXPECT_EQ(d->response_for[0].promulgation.date, (base::Date{2025, 10, 1}));
  EXPECT_EQ(d->steering_type, "1");
  EXPECT_EQ(d->task_codes, (std::vector<std::string>{"NV-1", "NV-2"}));
  EXPECT_EQ(d->application_type, "MCDT_DT");
  EXPECT_EQ(d->to_places.size(), 2u);
  ASSERT_EQ(d->trace.size(), 2u);
  EXPECT_EQ(d->trace[0].organisation, "H99.01");
  EXPECT_FALSE(d->trace[1].organisation.has_value());
  ASSERT_TRUE(d->business.has_value());
  EXPECT_EQ(d->operation(), Operation::replace);
  EXPECT_EQ(d->business->receivers.at(1).type, "1");
  EXPECT_EQ(d->business->replacements.at(0).organisations.size(), 2u);
  EXPECT_EQ(d->business->staff.at(0).mobile, "0900000000");
  EXPECT_TRUE(d->has_signature);
  ASSERT_EQ(d->references.size(), 2u);
  ASSERT_EQ(d->attachments.size(), 2u);
  EXPECT_EQ(d->attachments[0].first_bytes.substr(0, 5), "%PDF-");
  EXPECT_FALSE(d->attachments[0].zipped);
  EXPECT_TRUE(d->attachments[1].zipped);
  EXPECT_EQ(d->attachments[1].content_bytes, 8u);
  EXPECT_EQ(extracted(d->attachments[1], sample("full.edxml")), "xin chao");
}

TEST(Reader, ReadsWhateverTheNamespaceAndPrefix) {
  const std::string file = sample("full.edxml");
  const std::string subject = read(file)->subject;
  const std::string declared = " xmlns:edXML=\"http://www.mic.gov.vn/TBT/QCVN_102_2016\"";
  for (const std::string& variant :
       {replaced(file, "edXML:", ""), replaced(file, declared, ""),
        replaced(replaced(file, "edXML:", "q:"), "xmlns:edXML", "xmlns:q"),
        replaced(file, "http://www.mic.gov.vn/TBT/QCVN_102_2016", "http://www.e-doc.vn/Schema/"),
        "\xEF\xBB\xBF" + file, replaced(file, "?>\r\n<edXML", "?><!-- ghi chú --><edXML"),
        replaced(file, "edXML:edXMLEnvelope", "edXML:EdXMLEnvelope"), replaced(file, "\r\n", "\n"),
        replaced(file, "Bussiness", "Business"),
        replaced(file, "<edXML:Reference>", "<edXML:Reference xlink:href=\"cid:1\">")}) {
    const auto d = read(variant);
    ASSERT_TRUE(d.ok()) << d.error().detail();
    EXPECT_EQ(d->subject, subject);
    EXPECT_EQ(d->operation(), Operation::replace);
    ASSERT_EQ(d->attachments.size(), 2u);
    EXPECT_EQ(extracted(d->attachments[1], variant), "xin chao");
  }
}

TEST(Reader, ReadsOtherPlacesOfAttachments) {
  const std::string attachment =
      "<Attachment><AttachmentName>b.txt</AttachmentName><AttachmentType>TXT</AttachmentType>"
      "<AttachmentSize>1</AttachmentSize><AttachmentData>Yg==</AttachmentData></Attachment>";
  for (const auto* name : {"edXMLAttachments", "AttachmentEncoded"}) {
    const std::string block = std::string("<") + name + ">" + attachment + "</" + name + ">";
    const std::string file =
        "<edXMLEnvelope><edXMLHeader><MessageHeader/></edXMLHeader>" + block + "</edXMLEnvelope>";
    for (const std::string& variant : {file, "<EdXML>" + file + "</EdXML>"}) {
      const auto d = read(variant);
      ASSERT_TRUE(d.ok()) << d.error().detail();
      ASSERT_EQ(d->attachments.size(), 1u);
      EXPECT_EQ(d->attachments[0].name, "b.txt");
      EXPECT_EQ(extracted(d->attachments[0], variant), "b");
    }
  }
}

TEST(Reader, ReadsTheFlatLayout) {
  const std::string file =
      "<EdXMLEnvelope xmlns=\"http://www.go.vn/eDoc\"><Promulgator><OrganId>H99</OrganId>"
      "</Promulgator><Subject>Thử</Subject><SignerInfo><Signer>A</Signer></SignerInfo><Manifest>"
      "<Attachment><Content>YWI=</Content><FileName>a.bin</FileName><FileType>bin</FileType>"
      "</Attachment></Manifest></EdXMLEnvelope>";
  const auto d = read(file);
  ASSERT_TRUE(d.ok()) << d.error().detail();
  EXPECT_EQ(d->from.id, "H99");
  EXPECT_EQ(d->signer_name, "A");
  ASSERT_EQ(d->attachments.size(), 1u);
  EXPECT_EQ(d->attachments[0].name, "a.bin");
  EXPECT_EQ(extracted(d->attachments[0], file), "ab");
}

TEST(Reader, ReadsBothLayoutsOfStatusMessages) {
  const auto message = [](const std::string& name, const std::string& code) {
    return "<" + name + "><From><OrganId>G99</OrganId></From><ResponseFor><OrganId>H99</OrganId>" +
           "</ResponseFor><StatusCode>" + code + "</StatusCode><Timestamp>16/10/2025 08:00:00" +
           "</Timestamp></" + name + ">";
  };
  const auto with = [](const std::string& messages) {
    return read("<edXML><edXMLEnvelope><edXMLHeader>" + messages +
                "</edXMLHeader></edXMLEnvelope></edXML>");
  };
  for (const auto* name : {"MessageHeader", "Status"}) {
    const auto d = with(message(name, "3"));
    ASSERT_TRUE(d.ok());
    EXPECT_EQ(d->kind, Kind::status);
    EXPECT_EQ(d->status_code, "03");
    EXPECT_EQ(d->status_layout, std::string(name) == "Status");
    ASSERT_TRUE(d->status_time.has_value());
    EXPECT_EQ(base::vietnam_time_text(*d->status_time, '/'), "2025/10/16 08:00:00");
  }
  const auto both = with(message("Status", "15") + message("MessageHeader", "16"));
  ASSERT_TRUE(both.ok());
  EXPECT_EQ(both->status_code, "15");
  EXPECT_EQ(both->response_for.size(), 1u);
}

TEST(Reader, TakesTheNameOfAnAttachmentFromTheManifest) {
  const std::string head =
      "<edXML><edXMLEnvelope><edXMLHeader/><edXMLBody><edXMLManifest><Reference><ContentId>cid:7"
      "</ContentId><AttachmentName>x.txt</AttachmentName></Reference></edXMLManifest></edXMLBody>"
      "</edXMLEnvelope><AttachmentEncoded><Attachment><ContentId>";
  for (const auto* id : {"7", "cid:7", "other"}) {
    const auto d = read(head + id + "</ContentId><ContentTransferEncoded>" +
                        testing::zip_text("u.txt", "hello") +
                        "</ContentTransferEncoded></Attachment></AttachmentEncoded></edXML>");
    ASSERT_TRUE(d.ok());
    EXPECT_EQ(d->attachments.at(0).name, "x.txt");
    EXPECT_TRUE(d->attachments.at(0).zipped);
  }
}

TEST(Reader, BytesOneByOneGiveTheSameAsTheWhole) {
  for (const auto* name : {"full.edxml", "references.edxml", "status.edxml"}) {
    const std::string file = sample(name);
    const auto whole = read(file);
    ASSERT_TRUE(whole.ok()) << name << whole.error().detail();
    for (const std::size_t step : {1u, 2u, 7u, 100u, 4097u}) {
      Reader reader;
      for (std::size_t at = 0; at < file.size(); at += step) {
        ASSERT_TRUE(reader.feed(std::string_view(file).substr(at, step)).ok());
      }
      const auto pieces = reader.finish();
      ASSERT_TRUE(pieces.ok()) << pieces.error().detail();
      EXPECT_EQ(testing::text_of(*pieces), testing::text_of(*whole)) << name << " by " << step;
    }
  }
}

TEST(Reader, OffsetsAreTrueInTheFile) {
  const std::string file = sample("references.edxml");
  const auto d = read(file);
  ASSERT_TRUE(d.ok()) << d.error().detail();
  ASSERT_EQ(d->attachments.size(), 5u);
  for (const Attachment& a : d->attachments) {
    EXPECT_EQ(file[a.text_offset - 1], '>');
    EXPECT_EQ(file[a.text_offset + a.text_bytes], a.text_bytes == 0 ? '\r' : '<') << a.name;
    EXPECT_TRUE(a.problem.en.empty()) << a.problem.en;
    EXPECT_EQ(extracted(a, file), a.text_bytes != 0 ? "Nội dung thử nghiệm" : "") << a.name;
  }
  EXPECT_EQ(d->attachments[4].text_bytes, 0u);
}

TEST(Reader, RefusesWhatCouldDoHarm) {
  const std::string laughs =
      "<!DOCTYPE edXML [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;\">]><edXML>&b;</edXML>";
  EXPECT_EQ(reason_of("<?xml version=\"1.0\"?>" + laughs), "edxml.doctype");
  EXPECT_EQ(reason_of("<!DOCTYPE edXML SYSTEM \"http://x/y.dtd\"><edXML/>"), "edxml.doctype");
  EXPECT_EQ(reason_of(file_with("<Subject>&lol;</Subject>")), "edxml.entity");
  EXPECT_EQ(reason_of(file_with("<Subject>&amp;&#65;</Subject>")), "read");
  std::string deep = "<edXML><edXMLEnvelope><edXMLHeader>";
  for (int i = 0; i < 100000; ++i) deep += "<a>";
  EXPECT_EQ(reason_of(deep), "edxml.too_deep");
  EXPECT_EQ(reason_of(file_with("<Subject>" + std::string(2u << 20, 'x') + "</Subject>")),
            "edxml.too_large");
  std::string many;
  for (int i = 0; i < 100000; ++i) many += "<To/>";
  EXPECT_EQ(reason_of(file_with(many)), "edxml.too_large");
  std::string attachments = "<edXML><edXMLEnvelope/><AttachmentEncoded>";
  for (int i = 0; i < 1001; ++i) attachments += "<Attachment/>";
  EXPECT_EQ(reason_of(attachments), "edxml.too_large");
  EXPECT_EQ(reason_of(file_with("<x>" + std::string(9u << 20, ' ') + "</x>")), "edxml.too_large");
}

TEST(Reader, RefusesGiantTagsWithoutScanningThemAgainAndAgain) {
  for (const std::size_t step : {std::size_t{64}, std::size_t{65536}}) {
    Reader reader;
    ASSERT_TRUE(reader.feed("<edXML a=\"").ok());
    const std::string piece(step, 'x');
    std::uint64_t fed = 0;
    base::Result<void> result = base::done();
    while (result.ok() && fed < (64u << 20)) {
      result = reader.feed(piece);
      fed += step;
    }
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().reason(), "edxml.too_large");
    EXPECT_LT(fed, 4u << 20);
    EXPECT_EQ(reader.feed("x").error().reason(), "edxml.too_large");
    EXPECT_EQ(reader.finish().error().reason(), "edxml.too_large");
  }
}

TEST(Reader, RefusesOtherEncodings) {
  EXPECT_EQ(reason_of("<?xml version=\"1.0\" encoding=\"windows-1258\"?><edXML/>"),
            "edxml.not_utf8");
  EXPECT_EQ(reason_of("<?xml version=\"1.0\" encoding=\"UTF-16\"?><edXML/>"), "edxml.not_utf8");
  EXPECT_EQ(reason_of("\xFF\xFE<\0e\0"), "edxml.not_utf8");
  EXPECT_EQ(reason_of("\xFE\xFF"), "edxml.not_utf8");
  EXPECT_EQ(reason_of(std::string_view("<\0e\0", 4)), "edxml.not_utf8");
  EXPECT_EQ(reason_of(file_with("<Subject>Th\xF4ng</Subject>")), "edxml.not_utf8");
  EXPECT_EQ(reason_of(file_with("<Subject>\xC0\x80</Subject>")), "edxml.not_utf8");
  const std::string fine = file_with("<Subject>Thử</Subject>");
  EXPECT_EQ(reason_of("<?xml version=\"1.0\" encoding=\"us-ascii\"?>" + fine), "read");
}

// A file that came in pieces was called "not in UTF-8" when a piece ended inside a letter.
TEST(Reader, ALetterOutOfPlaceThatIsCutInTwoIsStillUtf8) {
  for (const std::string text : {"<edXML></edXML đ>", "<edXML></edXML ộ>", "<edXML></edXML 😀>"}) {
    EXPECT_EQ(reason_of(text), "edxml.not_well_formed");
    for (std::size_t cut = 1; cut < text.size(); ++cut) {
      edxml::Reader reader;
      if (reader.feed(std::string_view(text).substr(0, cut)).ok()) {
        static_cast<void>(reader.feed(std::string_view(text).substr(cut)));
      }
      EXPECT_EQ(reader.finish().error().reason(), "edxml.not_well_formed") << text << cut;
    }
  }
}

TEST(Reader, RefusesWhatIsNoEdxml) {
  EXPECT_EQ(reason_of(""), "edxml.empty");
  EXPECT_EQ(reason_of(" \r\n"), "edxml.empty");
  EXPECT_EQ(reason_of("x"), "edxml.not_well_formed");
  EXPECT_EQ(reason_of("1212<?xml version=\"1.0\"?><edXML/>"), "edxml.not_well_formed");
  EXPECT_EQ(reason_of("\n<?xml version=\"1.0\"?><edXML/>"), "edxml.not_well_formed");
  EXPECT_EQ(reason_of("<edXML></edXML><x/>"), "edxml.not_well_formed");
  EXPECT_EQ(reason_of("<html/>"), "edxml.no_envelope");
  EXPECT_EQ(reason_of("<edXML/>"), "edxml.no_envelope");
  EXPECT_EQ(reason_of("<edXML><edXMLEnvelope/></edXML>"), "edxml.no_envelope");
  EXPECT_EQ(reason_of("%PDF-1.7"), "edxml.not_well_formed");
  const std::string file = sample("full.edxml");
  for (std::size_t size = 1; size + 10 < file.size(); size += 97) {
    const std::string reason = reason_of(file.substr(0, size));
    EXPECT_TRUE(reason == "edxml.not_well_formed" || reason == "edxml.empty") << size << reason;
  }
}

TEST(Reader, NamesThePlaceInBothLanguages) {
  const auto in_header = read(file_with("<To>\n  <OrganId>&x;</OrganId></To>"));
  ASSERT_FALSE(in_header.ok());
  EXPECT_NE(in_header.error().text().en.find("line 2, column 12"), std::string::npos)
      << in_header.error().text().en;
  EXPECT_NE(
      in_header.error().text().vi.find(
          "dòng 2, cột 12, phần tử /edXML/edXMLEnvelope/edXMLHeader/MessageHeader/To/OrganId"),
      std::string::npos)
      << in_header.error().text().vi;
  // Behind attachment text that expat never saw.
  const std::string start = "<edXML>\n<AttachmentEncoded><Attachment><ContentTransferEncoded>";
  const auto lines = read(start + "QUFB\r\nQUFB\r\nQU&x;");
  ASSERT_FALSE(lines.ok());
  EXPECT_NE(lines.error().text().en.find("line 4, column 3,"), std::string::npos)
      << lines.error().text().en;
  const auto columns = read(start + "QUFBQUFB</x>");
  ASSERT_FALSE(columns.ok());
  EXPECT_NE(columns.error().text().en.find("line 2, column 66,"), std::string::npos)
      << columns.error().text().en;
}

TEST(Reader, AnAttachmentThatCannotBeDecodedIsNoErrorOfTheFile) {
  const auto problem = [](const std::string& text, const std::string& name = "x.txt",
                          const std::string& type = "application/zip") {
    const auto d = read(testing::with_attachment(name, type, text));
    EXPECT_TRUE(d.ok());
    const Attachment& a = d->attachments.at(0);
    EXPECT_EQ(a.problem.en.empty(), a.problem.vi.empty());
    EXPECT_TRUE(a.problem.vi.empty() || a.problem.vi.find(name) != std::string::npos);
    return a.problem.en;
  };
  const std::string zip = testing::zip_text("u.txt", std::string(5000, 'a') + "b");
  EXPECT_EQ(problem(zip), "");
  EXPECT_NE(problem("${tệp}").find("not valid base64"), std::string::npos);
  for (const auto* bad : {"QQ", "QQ=", "QUFBQ", "QQ==QQ==", "=", "QUFB=", "Q===", "QUF-"}) {
    EXPECT_NE(problem(bad, "a.pdf", "application/pdf"), "") << bad;
  }
  EXPECT_NE(problem("QUFB<x/>"), "");
  EXPECT_EQ(problem("QUFB<!-- -->", "a.pdf", "application/pdf"), "");
  EXPECT_NE(problem("").find("no content"), std::string::npos);
  EXPECT_EQ(problem("", "a.pdf", "application/pdf"), "");
  std::string archive = testing::zip_bytes("u.txt", std::string(5000, 'a') + "b");
  const auto damaged = [&](std::size_t at, char by) {
    std::string copy = archive;
    copy[at] = by;
    std::string text;
    append_base64(text, copy);
    return problem(text);
  };
  EXPECT_NE(damaged(archive.size() - 22, 'x').find("end record"), std::string::npos);
  EXPECT_NE(damaged(37, '\x7f'), "");  // the compressed data
  const std::size_t directory = archive.find("PK\x01\x02");
  EXPECT_NE(damaged(directory + 24, '\x01').find("sizes"), std::string::npos);  // lying size
  EXPECT_NE(damaged(directory + 16, '\x01').find("sizes"), std::string::npos);  // checksum
  EXPECT_NE(damaged(directory + 42, '\x01').find("directory"), std::string::npos);
  for (std::size_t size = 4; size < archive.size(); size += 5) {
    std::string text;
    append_base64(text, std::string_view(archive).substr(0, size));
    EXPECT_NE(problem(text), "") << size;
  }
}

TEST(Reader, UnwrapsOnlyTheZipAroundOneFileOfThatKind) {
  const auto zipped = [](const std::string& name, const std::string& entry) {
    return read(testing::with_attachment(name, "application/zip", testing::zip_text(entry, "x")))
        ->attachments.at(0)
        .zipped;
  };
  EXPECT_TRUE(zipped("a.txt", "u.txt"));
  EXPECT_TRUE(zipped("A.TXT", "u.txt"));
  EXPECT_TRUE(zipped("README", "u"));
  EXPECT_FALSE(zipped("a.zip", "u.zip"));
  EXPECT_FALSE(zipped("a.docx", "word.xml"));
  EXPECT_FALSE(zipped("a.txt", "u.pdf"));
  // Two entries, as in every docx.
  const std::string two = testing::two_entries("u.txt", "v.txt");
  std::string text;
  append_base64(text, two);
  const std::string file = testing::with_attachment("a.txt", "application/zip", text);
  const auto d = read(file);
  EXPECT_FALSE(d->attachments.at(0).zipped);
  EXPECT_EQ(d->attachments.at(0).problem.en, "");
  EXPECT_EQ(extracted(d->attachments.at(0), file), two);
}

std::uint64_t resident_bytes() {
  std::ifstream in("/proc/self/statm");
  std::uint64_t pages = 0, resident = 0;
  in >> pages >> resident;
  return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

TEST(Reader, MemoryDoesNotGrowWithTheFile) {
  const std::string file = testing::with_attachment("a.pdf", "application/pdf", "@");
  const std::size_t cut = file.find('@');
  std::string piece;
  for (int i = 0; i < 1000; ++i) piece += std::string(76, 'Q') + "\r\n";
  for (const bool zip : {false, true}) {
    Reader reader;
    ASSERT_TRUE(reader.feed(file.substr(0, cut)).ok());
    ASSERT_TRUE(reader.feed(zip ? "UEsDBBQAACAIAAAAAAAAAAAA" : "").ok());
    ASSERT_TRUE(reader.feed(piece).ok());
    const std::uint64_t before = resident_bytes();
    std::uint64_t fed = 0;
    for (; fed < (256u << 20); fed += piece.size()) ASSERT_TRUE(reader.feed(piece).ok());
    const std::uint64_t after = resident_bytes();
    EXPECT_LT(after, before + (8u << 20));
    ASSERT_TRUE(reader.feed(file.substr(cut + 1)).ok());
    const auto d = reader.finish();
    ASSERT_TRUE(d.ok());
    EXPECT_EQ(d->attachments.at(0).problem.en.empty(), !zip);
    EXPECT_GT(d->attachments.at(0).decoded_bytes, fed / 78 * 57);
  }
}

TEST(Reader, AZipBombIsOnlyCounted) {
  std::string text;
  append_base64(text, testing::zip_bytes("u.txt", std::string(80u << 20, '\0')));
  ReadLimits limits;
  limits.inflate_bytes = 1u << 20;
  const std::uint64_t before = resident_bytes();
  const std::string file = testing::with_attachment("x.txt", "application/zip", text);
  const auto d = read(file, limits);
  ASSERT_TRUE(d.ok());
  EXPECT_LT(resident_bytes(), before + (8u << 20));
  EXPECT_TRUE(d->attachments.at(0).zipped);
  EXPECT_EQ(d->attachments.at(0).content_bytes, 80u << 20);
  const auto too_much = testing::extract_from(d->attachments.at(0), file, 1u << 20);
  ASSERT_FALSE(too_much.ok());
  EXPECT_EQ(too_much.error().reason(), "edxml.attachment_too_large");
}

}  // namespace
}  // namespace edxml
