#include "exchange/assembly.h"

#include <gtest/gtest.h>

#include "base/hash.h"
#include "exchange/attachment_reader.h"
#include "exchange/testing/test_exchange.h"
#include "exchange/uploads/tus.h"

namespace exchange {
namespace {

using testing::kReceiver;
using testing::kSender;
using uploads::Owner;

class AssemblyTest : public ::testing::Test {
 protected:
  AssemblyTest() {
    site.add_usual_systems();
    uploads::Options options;
    options.directory = site.blobs_path() + "/upload";
    options.free_bytes_min = 0;
    store =
        uploads::Uploads::open(
            {base::real_files(), site.database(), site.blobs(), site.clock, site.random}, options)
            .value();
    owner = {kSender, site.directory().find("H99.01")->key};
    assembly = std::make_unique<Assembly>(site.exchange(), *store, Assembly::Options{});
  }
  std::string upload(const std::string& bytes, const std::string& metadata = "") {
    const auto made = store->create(owner, bytes.size(), metadata).value();
    auto append = store->append(owner, made.id, 0).value();
    EXPECT_TRUE(append->write(bytes).ok());
    EXPECT_TRUE(append->finish()->complete());
    return made.id;
  }
  base::Json letter(const std::string& attachments) {
    return base::Json::parse(R"({"to": [{"id": "G99"}], "code_number": "05",
      "code_notation": "UBND-VX", "promulgation_date": "2026/11/22", "type": "2",
      "type_name": "Công văn", "subject": "Về việc phối hợp", "priority": "1",
      "signer_name": "Nguyễn Văn A", "attachments": )" +
                             attachments + "}")
        .value();
  }
  std::string reason(const base::Result<Draft>& draft) {
    return draft.ok() ? "ok" : std::string(draft.error().reason());
  }
  std::string read(http::BodySource& source) {
    std::string all;
    char piece[70'001];
    while (true) {
      const auto got = source.read(piece, sizeof piece);
      EXPECT_TRUE(got.ok()) << got.error().detail();
      if (!got.ok() || *got == 0) return all;
      all.append(piece, *got);
    }
  }
  AttachmentFile open(const std::string& id, std::size_t number) {
    auto fetched = site.exchange().fetch(site.key_of(kReceiver), id).value();
    auto file = reader.open(std::move(fetched), number);
    EXPECT_TRUE(file.ok()) << file.error().detail();
    return std::move(file).value();
  }
  std::size_t blob_files() {
    std::size_t count = 0;
    auto& files = base::real_files();
    const std::string root = site.blobs_path() + "/file";
    const std::vector<std::string> folders = files.list(root).value();
    for (const std::string& folder : folders) count += files.list(root + "/" + folder)->size();
    return count;
  }

  testing::TestExchange site;
  std::unique_ptr<uploads::Uploads> store;
  Owner owner;
  std::unique_ptr<Assembly> assembly;
  AttachmentReader reader{AttachmentReader::Options{}};
};

TEST_F(AssemblyTest, MakesADocumentFromValuesAndUploads) {
  const std::string pdf = "%PDF-1.7" + base::SeededRandom(1).bytes(500'000);
  const std::string text(300'000, 'v');
  const std::string a = upload(pdf, "filename " + base::base64("quyết định.pdf"));
  const std::string b = upload(text);
  ASSERT_TRUE(store->digest(owner, b).ok());
  auto draft = assembly->from_json(
      owner, letter(R"([{"upload": ")" + a + R"("}, {"sha256": ")" + base::hex(base::sha256(text)) +
                    R"(", "name": "phụ lục.txt", "description": "Phụ lục"}])"));
  ASSERT_TRUE(draft.ok()) << draft.error().detail();
  EXPECT_EQ(draft->submission.document.document_id, "H99.01,2026/11/22,05/UBND-VX");
  const auto accepted = draft->hand_in();
  ASSERT_TRUE(accepted.ok()) << accepted.error().detail();
  EXPECT_EQ(accepted->deliveries, 1);

  const std::string file = site.fetch(kReceiver, accepted->id).value();
  EXPECT_EQ(base::sha256(file), draft->submission.hash);
  EXPECT_EQ(file.size(), draft->submission.size);
  const auto document = edxml::read(file).value();
  EXPECT_EQ(document.from.id, "H99.01");
  EXPECT_EQ(document.subject, "Về việc phối hợp");
  EXPECT_EQ(document.urgency(), 1);
  ASSERT_EQ(document.attachments.size(), 2U);
  EXPECT_TRUE(document.attachments[1].zipped);

  auto first = open(accepted->id, 1);
  EXPECT_EQ(first.name, "quyết định.pdf");
  EXPECT_EQ(first.content_type, "application/pdf");
  EXPECT_EQ(first.source->size(), pdf.size());
  EXPECT_EQ(read(*first.source), pdf);
  EXPECT_EQ(read(*open(accepted->id, 2).source), text) << "taken out of its zip";
  EXPECT_EQ(site.findings(), "");
}

TEST_F(AssemblyTest, GivesAnyRangeOfAnAttachment) {
  const std::string pdf = base::SeededRandom(2).bytes(400'001);
  std::string text;
  for (int i = 0; text.size() < 100'000; ++i) text += std::to_string(i);
  auto draft = assembly->from_json(
      owner, letter(R"([{"name": "a.pdf", "upload": ")" + upload(pdf) +
                    R"("}, {"name": "b.txt", "upload": ")" + upload(text) + R"("}])"));
  ASSERT_TRUE(draft.ok()) << draft.error().detail();
  const std::string id = draft->hand_in()->id;
  base::SeededRandom random(3);
  for (std::size_t number = 1; number <= 2; ++number) {
    const std::string& whole = number == 1 ? pdf : text;
    for (int i = 0; i < 60; ++i) {
      const std::uint64_t first = random.below(whole.size());
      auto file = open(id, number);
      EXPECT_TRUE(file.source->start_at(first).value());
      EXPECT_EQ(file.source->size(), whole.size());
      EXPECT_TRUE(read(*file.source) == whole.substr(first)) << first;
    }
  }
  auto fetched = [&] { return site.exchange().fetch(site.key_of(kReceiver), id).value(); };
  EXPECT_EQ(reader.open(fetched(), 3).error().reason(), "exchange.unknown_attachment");
  EXPECT_EQ(reader.open(fetched(), 0).error().reason(), "exchange.unknown_attachment");
}

TEST_F(AssemblyTest, TakesAWholeFileUnchanged) {
  testing::Letter written;
  written.content_bytes = 200'000;
  const std::string file = file_of(written);
  const std::string id = upload(file);
  {
    auto draft = assembly->from_upload(owner, id, {});
    ASSERT_TRUE(draft.ok()) << draft.error().detail();
    const auto accepted = draft->hand_in().value();
    EXPECT_FALSE(accepted.resent);
    EXPECT_EQ(site.fetch(kReceiver, accepted.id).value(), file);
  }
  ASSERT_EQ(blob_files(), 1U);
  {
    auto again = assembly->from_upload(owner, id, {});
    EXPECT_TRUE(again->hand_in()->resent);
  }
  EXPECT_EQ(blob_files(), 1U) << "the first copy is enough";
  ASSERT_TRUE(store->terminate(owner, id).ok());
  EXPECT_EQ(site.findings(), "");
}

TEST_F(AssemblyTest, GivesBackTheBytesOfWhatIsNotTaken) {
  const std::string id = upload(base::SeededRandom(4).bytes(200'000));
  const std::string with = R"([{"name": "a.pdf", "upload": ")" + id + R"("}])";
  { ASSERT_TRUE(assembly->from_json(owner, letter(with)).ok()); }
  EXPECT_EQ(blob_files(), 0U) << "never handed in";
  auto json = base::Json::parse(
                  R"({"to": [{"id": "X00"}], "code_number": "1", "code_notation": "A", "type": "2",
          "promulgation_date": "2026/11/22", "type_name": "Công văn", "subject": "S",
          "attachments": )" +
                  with + "}")
                  .value();
  {
    auto draft = assembly->from_json(owner, json);
    ASSERT_TRUE(draft.ok()) << draft.error().detail();
    EXPECT_EQ(draft->hand_in().error().reason(), "exchange.recipients_unknown");
  }
  EXPECT_EQ(blob_files(), 0U);
  EXPECT_TRUE(store->find(owner, id)->complete()) << "the upload is there for the next attempt";
}

TEST_F(AssemblyTest, TheSameValuesGiveTheSameFile) {
  const std::string id = upload("not a pdf", "filename " + base::base64("a.txt"));
  const base::Json json = letter(R"([{"upload": ")" + id + R"("}])");
  auto first = assembly->from_json(owner, json);
  ASSERT_TRUE(first.ok()) << first.error().detail();
  const auto accepted = first->hand_in();
  ASSERT_TRUE(accepted.ok()) << accepted.error().detail();
  const auto again = assembly->from_json(owner, json)->hand_in();
  EXPECT_EQ(again->id, accepted->id);
  EXPECT_TRUE(again->resent);
}

TEST_F(AssemblyTest, OnlySoManyLargeOnesAreMadeAtOnce) {
  const std::string id = upload("%PDF-1.7 0123456789", "filename " + base::base64("a.pdf"));
  const base::Json json = letter(R"([{"upload": ")" + id + R"("}])");
  Assembly none(site.exchange(), *store, {1 << 20, 9, {}, 10, 0});
  EXPECT_EQ(reason(none.from_json(owner, json)), "exchange.assembly_busy");
  EXPECT_EQ(reason(none.from_upload(owner, id, {})), "exchange.assembly_busy");
  Assembly one(site.exchange(), *store, {1 << 20, 9, {}, 10, 1});
  EXPECT_EQ(reason(one.from_json(owner, json)), "ok");
  EXPECT_EQ(reason(one.from_json(owner, json)), "ok");
}

TEST_F(AssemblyTest, NamesWhatIsWrong) {
  const auto wrong = [&](const std::string& attachments) {
    return reason(assembly->from_json(owner, letter(attachments)));
  };
  EXPECT_EQ(wrong("{}"), "exchange.assembly_bad_member");
  EXPECT_EQ(wrong(R"([{"name": "a.pdf"}])"), "exchange.assembly_bad_member");
  EXPECT_EQ(wrong(R"([{"upload": "a", "sha256": "b"}])"), "exchange.assembly_bad_member");
  EXPECT_EQ(wrong(R"([{"upload": 1}])"), "exchange.assembly_bad_member");
  EXPECT_EQ(wrong(R"([{"upload": "a", "odd": "b"}])"), "exchange.assembly_bad_member");
  EXPECT_EQ(wrong(R"([{"sha256": "12"}])"), "exchange.assembly_bad_member");
  EXPECT_EQ(wrong(R"([{"upload": ")" + upload("x") + R"("}])"), "exchange.assembly_bad_member")
      << "no name anywhere";
  EXPECT_EQ(wrong(R"([{"sha256": ")" + std::string(64, '0') + R"("}])"),
            "exchange.enclosure_unknown");
  EXPECT_EQ(wrong(R"([{"upload": "0123456789abcdef0123456789abcdef"}])"),
            "exchange.upload_unknown");
  const auto half = store->create(owner, 10, "filename YQ==").value();
  EXPECT_EQ(wrong(R"([{"upload": ")" + half.id + R"("}])"), "exchange.upload_incomplete");
  auto json = letter("[]");
  json.add("from", base::Json::parse(R"({"id": "G99"})").value());
  EXPECT_EQ(reason(assembly->from_json(owner, json)), "exchange.sender_differs");
  EXPECT_EQ(reason(assembly->from_upload(owner, upload("not edXML"), {})), "edxml.not_well_formed");
  testing::Letter other;
  other.from = "G99";
  EXPECT_EQ(reason(assembly->from_upload(owner, upload(file_of(other)), {})),
            "exchange.sender_differs");
  Assembly small(site.exchange(), *store, {1000, 2, {}});
  EXPECT_EQ(reason(small.from_upload(owner, upload(std::string(2000, 'x')), {})),
            "exchange.assembly_too_large");
}

TEST(AttachmentName, IsSafeToSaveUnder) {
  EXPECT_EQ(safe_file_name("Quyết định số 05.pdf", 1), "Quyết định số 05.pdf");
  EXPECT_EQ(safe_file_name("../../etc/passwd", 1), "passwd");
  EXPECT_EQ(safe_file_name("C:\\temp\\a.doc", 1), "a.doc");
  EXPECT_EQ(safe_file_name("a\r\nSet-Cookie: x", 1), "aSet-Cookie x");
  EXPECT_EQ(safe_file_name("..", 3), "attachment-3");
  // Shown as "báo cáoexe.pdf" by whatever obeys the mark.
  EXPECT_EQ(safe_file_name("báo cáo\xE2\x80\xAE"
                           "fdp.exe",
                           1),
            "báo cáofdp.exe");
  EXPECT_EQ(safe_file_name("a\xE2\x81\xA6\xE2\x80\x8F.doc", 1), "a.doc");
  EXPECT_EQ(safe_file_name("đã – duyệt…pdf", 1), "đã – duyệt…pdf");
  EXPECT_EQ(safe_file_name(".htaccess", 1), "htaccess");
  EXPECT_EQ(safe_file_name("", 2), "attachment-2");
  const std::string cut = safe_file_name(std::string(400, 'a') + ".pdf", 1);
  EXPECT_EQ(cut.size(), 180U);
  EXPECT_TRUE(cut.ends_with(".pdf"));
  EXPECT_EQ(content_disposition("công văn.pdf"),
            "attachment; filename=\"cong van.pdf\"; filename*=UTF-8''c%C3%B4ng%20v%C4%83n.pdf");
  EXPECT_EQ(content_type_of("a.PDF"), "application/pdf");
  EXPECT_EQ(content_type_of("a.html"), "application/octet-stream");
}

}  // namespace
}  // namespace exchange
