#include "trust/bundle/report_sheet.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "base/file.h"
#include "base/hash.h"
#include "base/testing/temp_directory.h"

namespace trust::bundle {
namespace {

using evidence::Event;

const std::string kLong =
    "Ủy ban nhân dân xã Nguyễn Thị Minh Khai, huyện Đường Hồng Thượng, tỉnh Nghĩa Lộ cũ ";

// A document for so many recipients; every second has fetched it.
ReportFacts facts_for(int recipients) {
  ReportFacts facts;
  facts.made_at = *base::parse_vietnam_time("2026/11/22 09:30:00");
  facts.document_id = "416affe1000005501dd97080";
  facts.header.subject = "V/v sử dụng chữ ký số " + kLong + kLong + kLong;
  facts.header.code_number = "05";
  facts.header.code_notation = "UBND-VX";
  facts.header.type_name = "Công văn";
  facts.name_of = [](const std::string& code) { return kLong + code; };
  const auto add = [&facts](Event event, const std::string& recipient) {
    evidence::EvidenceReport report;
    report.evidence.emplace();
    report.evidence->facts.event = event;
    report.evidence->facts.recipient = recipient;
    report.evidence->facts.sender = "H11";
    report.evidence->facts.document_hash = base::sha256("d");
    report.evidence->exchange = {"truc.gov.vn", base::sha256("certificate")};
    report.evidence->at = facts.made_at;
    facts.reports.push_back(report);
    facts.proofs.emplace_back();
  };
  add(Event::submission_acceptance, "");
  for (int i = 0; i < recipients; ++i) {
    add(Event::content_consignment, "H" + std::to_string(i));
    if (i % 2 == 0) add(Event::content_handover, "H" + std::to_string(i));
  }
  return facts;
}

base::Json judgement(int signatures) {
  std::string text = R"({"attachments": [{"name": "quyết định.pdf", "signatures": [)";
  for (int i = 0; i < signatures; ++i) {
    text += (i == 0 ? "" : ",");
    text +=
        R"({"verdict": "valid", "capacity": "person", "proven_at": "2026-11-22T02:30:00.000000Z",)"
        R"("chain": [{"name": "Nguyễn Văn An", "organisation": "Sở Giả định", "demonstration": true}]})";
  }
  return base::Json::parse(text + "]}]}").value();
}

class BundleReportSheet : public ::testing::Test {
 protected:
  std::string text_of(const page::Pdf& pdf) {
    const std::string path = directory_ / "a.pdf", text = directory_ / "a.txt";
    EXPECT_TRUE(base::write_file_durably(base::real_files(), path, pdf.bytes).ok());
    EXPECT_EQ(std::system(("pdftotext -layout " + path).c_str()), 0);
    return base::read_file(base::real_files(), text, 1 << 20).value();
  }
  const base::testing::TempDirectory directory_;
};

TEST_F(BundleReportSheet, SaysWhoSentWhatToWhomAndWhen) {
  ReportFacts facts = facts_for(2);
  facts.signatures = judgement(1);
  const std::string text = text_of(report_pdf(facts).value());
  for (const char* part :
       {"Công văn 05/UBND-VX", "416affe1000005501dd97080", "Nguyễn Văn An", "chữ ký số cá nhân",
        "hợp lệ", "TRÌNH DIỄN", "DEMONSTRATION", "22/11/2026 09:30:00", "Recipient",
        "2 nơi nhận: 2 đã chuyển đến, 1 đã lấy về", "truc.gov.vn", "truc verify"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
  EXPECT_NE(text.find(base::hex(base::sha256("d"))), std::string::npos);
}

TEST_F(BundleReportSheet, IsOnePageHoweverManyAreNamed) {
  for (const int recipients : {0, 1, 7, 30, 628}) {
    for (const int signatures : {0, 3, 200}) {
      ReportFacts facts = facts_for(recipients);
      facts.signatures = judgement(signatures);
      EXPECT_EQ(report_pdf(facts).value().pages, 1U) << recipients << " " << signatures;
    }
  }
  ReportFacts facts = facts_for(628);
  facts.signatures = judgement(200);
  const std::string text = text_of(report_pdf(facts).value());
  EXPECT_NE(text.find("628 nơi nhận: 628 đã chuyển đến, 314 đã lấy về"), std::string::npos) << text;
  EXPECT_NE(text.find("nơi nhận nữa: xem các tệp trong evidence/"), std::string::npos) << text;
  EXPECT_NE(text.find("chữ ký nữa: xem signatures.json"), std::string::npos) << text;
}

TEST_F(BundleReportSheet, TheSameFactsGiveTheSameBytes) {
  EXPECT_EQ(report_pdf(facts_for(3)).value().bytes, report_pdf(facts_for(3)).value().bytes);
}

}  // namespace
}  // namespace trust::bundle
