// What may come after a signature and what may not: the attacks of "Shadow Attacks" (NDSS 2021), "1
// Trillion Dollar Refund" (CCS 2019) and "Breaking the Specification" (S&P 2021), and honest
// updates.
#include "trust/pdf/history.h"

#include <gtest/gtest.h>

#include "trust/testing/pdf_writer.h"

namespace trust::pdf {
namespace {

using namespace trust::testing;

struct Seen {
  Later later;
  std::optional<base::Text> wrong;
  std::string error;
  std::string all() const {
    std::string out = error + (wrong ? wrong->en : "");
    for (const base::Text& text : later.texts) out += text.en + "\n";
    return out;
  }
};

Seen look(const std::string& bytes, const std::string& field = "Ky1") {
  Seen out;
  const auto source = memory_source(bytes);
  const Limits limits;
  Budget budget(limits, 0);
  const auto file = File::open(*source, source->size(), false, budget);
  if (!file.ok()) return out.error = file.error().detail(), out;
  auto signatures = signatures_of(**file, limits);
  if (!signatures.ok()) return out.error = signatures.error().detail(), out;
  const auto history = history_of(**file, *source, *signatures);
  if (!history.ok()) return out.error = history.error().detail(), out;
  for (const Signature& signature : *signatures) {
    if (signature.field != field) continue;
    out.wrong = signature.wrong;
    out.later = later_than(*history, signature);
    return out;
  }
  out.error = "no such signature";
  return out;
}

// A letter with a signature in the new field Ky1, which permits `permits`.
Letter signed_letter(int permits = 0) {
  Letter letter{sample_letter()};
  SignWish wish;
  wish.permits = permits;
  prepare(letter, wish);
  return letter;
}

void expect(const std::string& bytes, Verdict verdict, const std::string& words,
            const std::string& field = "Ky1") {
  const Seen seen = look(bytes, field);
  EXPECT_EQ(seen.error, "");
  EXPECT_FALSE(seen.wrong.has_value()) << seen.all();
  EXPECT_EQ(seen.later.verdict, verdict) << seen.all();
  EXPECT_NE(seen.all().find(words), std::string::npos) << seen.all();
}

TEST(PdfHistory, NothingCameAfter) {
  for (const auto table : {PdfWriter::Table::table, PdfWriter::Table::stream}) {
    Letter letter{sample_letter(table)};
    SignWish wish;
    wish.table = table;
    prepare(letter, wish);
    const Seen seen = look(letter.pdf.bytes);
    EXPECT_EQ(seen.all(), "");
    EXPECT_EQ(seen.later.verdict, Verdict::valid);
  }
}

TEST(PdfHistory, LaterSignaturesAreNamed) {
  Letter letter = signed_letter();
  SignWish second;
  second.field = "Ky2";
  second.rectangle = "300 100 400 150";
  prepare(letter, second);
  SignWish third;
  third.field = "Duyet";
  prepare(letter, third);
  expect(letter.pdf.bytes, Verdict::valid,
         "a later signature was added in the field “Ky2” on page 1\n");
  expect(letter.pdf.bytes, Verdict::valid,
         "a later signature was added in the field “Duyet” on page 1\n");
  EXPECT_EQ(look(letter.pdf.bytes, "Ky2").later.texts.size(), 1u);
  EXPECT_EQ(look(letter.pdf.bytes, "Duyet").all(), "");
}

TEST(PdfHistory, ACertifiedDocumentIsSignedOnlyWhereItSays) {
  for (const char* rectangle : {"0 0 0 0", "300 100 400 150"}) {
    Letter letter = signed_letter(2);
    SignWish second;
    second.field = "Duyet";
    prepare(letter, second);
    expect(letter.pdf.bytes, Verdict::valid, "the field “Duyet” on page 1\n");
    second.field = "Ky2";
    second.rectangle = rectangle;
    prepare(letter, second);
    expect(letter.pdf.bytes, second.rectangle == "0 0 0 0" ? Verdict::valid : Verdict::invalid,
           "“Ky2”");
  }
}

TEST(PdfHistory, NothingMayComeAfterPermissionOneButWhatMakesItLast) {
  Letter letter = signed_letter(1);
  add_store(letter, {"certificate"}, {"crl"}, {});
  SignWish stamp;
  stamp.kind = "ETSI.RFC3161";
  stamp.field = "Dau1";
  letter.pdf.put(kCatalog, "<< /Type /Catalog /Pages 2 0 R /AcroForm 6 0 R /DSS " +
                               std::to_string(letter.pdf.last()) + " 0 R >>");
  prepare(letter, stamp);
  expect(letter.pdf.bytes, Verdict::valid, "validation data was added (DSS)\n");
  expect(letter.pdf.bytes, Verdict::valid, "a document timestamp was added (“Dau1”)\n");
  SignWish second;
  second.field = "Ky2";
  prepare(letter, second);
  expect(letter.pdf.bytes, Verdict::invalid, "“Ky2” (the signature does not permit it)");
}

TEST(PdfHistory, FilledFields) {
  for (const int permits : {0, 1, 2, 3}) {
    Letter letter = signed_letter(permits);
    letter.pdf.put(kText, text_body("15/2026", kTextLook));
    letter.pdf.put_stream(kTextLook, look_dict(), "BT /F1 12 Tf (15/2026) Tj ET");
    letter.pdf.finish();
    expect(letter.pdf.bytes, permits == 1 ? Verdict::invalid : Verdict::valid,
           "the form field “So” was filled");
  }
}

TEST(PdfHistory, OnlyTheAppearanceOfAFieldChanged) {
  Letter letter = signed_letter(1);
  letter.pdf.put_stream(kTextLook, look_dict(), "BT /F1 12 Tf (99) Tj ET");
  letter.pdf.finish();
  expect(letter.pdf.bytes, Verdict::invalid, "the form field “So” was filled");
}

TEST(PdfHistory, LockedFields) {
  for (const char* lock :
       {"/Action /All", "/Action /Include /Fields [(So)]", "/Action /Exclude /Fields [(Khac)]"}) {
    Letter letter{sample_letter()};
    SignWish wish;
    wish.locks = lock;
    prepare(letter, wish);
    letter.pdf.put(kText, text_body("15", kTextLook));
    letter.pdf.finish();
    expect(letter.pdf.bytes, Verdict::invalid,
           "the form field “So” was filled (the signature does not permit it)");
  }
  Letter letter{sample_letter()};
  SignWish wish;
  wish.locks = "/Action /Include /Fields [(Khac)]";
  prepare(letter, wish);
  letter.pdf.put(kText, text_body("15", kTextLook));
  letter.pdf.finish();
  expect(letter.pdf.bytes, Verdict::valid, "the form field “So” was filled\n");
}

TEST(PdfHistory, MetadataMayChange) {
  Letter letter = signed_letter(1);
  letter.pdf.put(kInfo, "<< /Title (Cong van) /ModDate (D:20261122) >>");
  letter.pdf.finish();
  expect(letter.pdf.bytes, Verdict::valid, "metadata was changed\n");
}

TEST(PdfHistory, ObjectsWrittenAgainUnchangedAreNoChange) {
  Letter letter = signed_letter(1);
  letter.pdf.put_stream(kContent, "", "BT /F1 24 Tf 100 600 Td (Hai tram dong) Tj ET");
  letter.pdf.put(kFont, "<< /BaseFont /Helvetica /Subtype /Type1   /Type /Font >>");
  letter.pdf.finish(PdfWriter::Table::stream);
  expect(letter.pdf.bytes, Verdict::valid, "");
  EXPECT_TRUE(look(letter.pdf.bytes).later.texts.empty());
}

TEST(PdfHistory, AnnotationsNeedPermission) {
  for (const int permits : {0, 2, 3}) {
    Letter letter = signed_letter(permits);
    const auto note = letter.pdf.put(
        "<< /Type /Annot /Subtype /FreeText /Rect [100 590 400 630] /Contents (x) /DA (/F1 9 Tf) "
        ">>");
    letter.pdf.put(kPage, page_body(letter.annotations + " " + std::to_string(note) + " 0 R"));
    letter.pdf.finish();
    expect(letter.pdf.bytes, permits == 3 ? Verdict::valid : Verdict::invalid,
           "an annotation was added on page 1 (FreeText)");
  }
}

TEST(PdfHistory, AnnotationsThatRunSomethingNeverMayCome) {
  Letter letter = signed_letter(3);
  const auto note = letter.pdf.put(
      "<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /JavaScript /JS (app.alert\\(1\\)) "
      ">> >>");
  letter.pdf.put(kPage, page_body(letter.annotations + " " + std::to_string(note) + " 0 R"));
  letter.pdf.finish();
  expect(letter.pdf.bytes, Verdict::invalid, "a script or action was added on page 1");
}

TEST(PdfHistory, AWidgetThatIsNoFieldIsNotAnAnnotation) {
  Letter letter = signed_letter(3);
  const auto cover = letter.pdf.put("<< /Type /Annot /Subtype /Widget /Rect [0 0 595 842] >>");
  letter.pdf.put(kPage, page_body(letter.annotations + " " + std::to_string(cover) + " 0 R"));
  letter.pdf.finish();
  expect(letter.pdf.bytes, Verdict::invalid, "an annotation was added on page 1 (Widget)");
}

// --- what was signed is replaced, covered or brought to light
// ---------------------------------------

TEST(PdfHistory, OverriddenContent) {
  Letter letter = signed_letter(3);
  letter.pdf.put_stream(kContent, "", "BT /F1 24 Tf 100 600 Td (Ba tram dong) Tj ET");
  letter.pdf.finish();
  expect(letter.pdf.bytes, Verdict::invalid, "the content was replaced on page 1");
}

TEST(PdfHistory, HiddenContentBroughtToLight) {  // the signer's revision had it all along, unseen
  Letter letter = signed_letter(3);
  std::string page = page_body(letter.annotations);
  page.replace(page.find("4 0 R"), 5, "11 0 R");
  letter.pdf.put(kPage, page);
  letter.pdf.finish();
  expect(letter.pdf.bytes, Verdict::invalid, "the content was changed on page 1 (/Contents)");
}

TEST(PdfHistory, TableThatNamesAHiddenObjectInstead) {  // no object is written at all
  Letter letter = signed_letter(3);
  const std::size_t hidden = letter.pdf.bytes.find("11 0 obj");
  std::string update = "xref\n4 1\n";
  char row[32];
  std::snprintf(row, sizeof row, "%010zu 00000 n \n", hidden);
  const std::size_t at = letter.pdf.bytes.size();
  update += std::string(row) + "trailer\n<< /Size 20 /Root 1 0 R /Prev " +
            std::to_string(letter.pdf.startxref) + " >>\nstartxref\n" + std::to_string(at) +
            "\n%%EOF\n";
  const Seen seen = look(letter.pdf.bytes + update);
  // The object there calls itself 11, so a strict reader finds none, and no verdict can be good.
  EXPECT_TRUE(seen.later.verdict != Verdict::valid || !seen.error.empty()) << seen.all();
}

TEST(PdfHistory, MissingObjectsAreSuppliedLater) {  // hide and replace, by a reference into nothing
  Letter letter{sample_letter()};
  letter.page_more = "/UserUnit 99 0 R";
  prepare(letter, {});
  letter.pdf.put(99, "3");
  letter.pdf.finish();
  expect(letter.pdf.bytes, Verdict::invalid,
         "something that the signed part refers to but did not have was added");
}

TEST(PdfHistory, OverriddenFont) {
  Letter letter = signed_letter(2);
  letter.pdf.put(kFont, "<< /Type /Font /Subtype /Type1 /BaseFont /Symbol >>");
  letter.pdf.finish();
  expect(letter.pdf.bytes, Verdict::invalid, "a font was replaced");
}

TEST(PdfHistory, AFieldsAppearanceThatIsAlsoThePagesContent) {
  // The page draws the same object as the field: filling the field would replace the page.
  Letter letter{sample_letter()};
  letter.pdf.put(kText, text_body("", kContent));
  letter.pdf.finish();
  prepare(letter, {});
  letter.pdf.put(kText, text_body("15", kContent));
  letter.pdf.put_stream(kContent, look_dict(), "BT /F1 24 Tf 100 600 Td (Ba tram dong) Tj ET");
  letter.pdf.finish();
  expect(letter.pdf.bytes, Verdict::invalid, "the content was replaced on page 1");
}

TEST(PdfHistory, AChangedPageTree) {
  Letter letter = signed_letter(3);
  const auto page = letter.pdf.put("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>");
  letter.pdf.put(kPages,
                 "<< /Type /Pages /Kids [3 0 R " + std::to_string(page) + " 0 R] /Count 2 >>");
  letter.pdf.finish();
  expect(letter.pdf.bytes, Verdict::invalid,
         "pages were added, removed or put in another order (from 1 to 2)");
}

TEST(PdfHistory, InheritedResourcesAreSharedByPages) {
  Letter letter = signed_letter(3);
  letter.pdf.put(kPages, "<< /Type /Pages /Kids [3 0 R] /Count 1 /Rotate 90 >>");
  letter.pdf.finish();
  expect(letter.pdf.bytes, Verdict::invalid, "what several pages share was changed (/Rotate)");
}

TEST(PdfHistory, AnotherCatalog) {
  Letter letter = signed_letter(3);
  const auto pages = letter.pdf.put("<< /Type /Pages /Kids [] /Count 0 >>");
  const auto root = letter.pdf.put("<< /Type /Catalog /AcroForm 6 0 R /Pages " +
                                   std::to_string(pages) + " 0 R >>");
  letter.pdf.root = std::to_string(root) + " 0 R";
  letter.pdf.finish();
  expect(letter.pdf.bytes, Verdict::invalid, "the catalog was replaced");
}

TEST(PdfHistory, ScriptsAndLayers) {
  const std::pair<const char*, const char*> cases[] = {
      {"/OpenAction << /S /JavaScript /JS (1) >>",
       "scripts, actions or attached files were changed (/OpenAction)"},
      {"/Names << /JavaScript << >> >>",
       "scripts, actions or attached files were changed (/Names)"},
      {"/OCProperties << /OCGs [] >>", "layers of the content were shown or hidden"},
  };
  for (const auto& [entry, words] : cases) {
    Letter letter = signed_letter(3);
    letter.pdf.put(kCatalog,
                   std::string("<< /Type /Catalog /Pages 2 0 R /AcroForm 6 0 R ") + entry + " >>");
    letter.pdf.finish();
    expect(letter.pdf.bytes, Verdict::invalid, words);
  }
}

TEST(PdfHistory, NobodyKnowsWhatItMeans) {
  Letter letter = signed_letter(3);
  letter.pdf.put(kCatalog,
                 "<< /Type /Catalog /Pages 2 0 R /AcroForm 6 0 R /Unheard << /Of 1 >> >>");
  letter.pdf.finish();
  expect(letter.pdf.bytes, Verdict::undetermined, "an entry of the catalog was changed (/Unheard)");
}

TEST(PdfHistory, ObjectsThatNothingUsesAreNoChange) {
  Letter letter = signed_letter(1);
  letter.pdf.put("<< /Nobody true >>");
  letter.pdf.finish();
  expect(letter.pdf.bytes, Verdict::valid, "");
}

TEST(PdfHistory, AnEarlierSignatureIsRemovedReplacedOrMoved) {
  Letter letter = signed_letter(3);
  const std::string body = "/FT /Sig /T (Ky1) /Type /Annot /Subtype /Widget /F 4 /P 3 0 R";
  Letter removed = letter;
  removed.pdf.put(kForm, form_body("7 0 R 9 0 R"));
  removed.pdf.put(kPage, page_body("7 0 R 9 0 R"));
  SignWish second;
  second.field = "Ky2";
  removed.fields = removed.annotations = "7 0 R 9 0 R";
  prepare(removed, second);
  EXPECT_EQ(look(removed.pdf.bytes).error, "no such signature");

  Letter moved = letter;
  moved.pdf.put(13, "<< " + body + " /Rect [0 0 300 300] /V 12 0 R >>");
  moved.pdf.finish();
  expect(moved.pdf.bytes, Verdict::invalid, "the form field “Ky1” was changed (/Rect)");

  Letter redrawn = letter;
  const auto look_of = redrawn.pdf.put_stream(look_dict(), "0 0 500 500 re f");
  redrawn.pdf.put(13, "<< " + body + " /Rect [0 0 0 0] /V 12 0 R /AP << /N " +
                          std::to_string(look_of) + " 0 R >> >>");
  redrawn.pdf.finish();
  expect(redrawn.pdf.bytes, Verdict::invalid,
         "the earlier signature in the field “Ky1” was replaced or hidden");
}

TEST(PdfHistory, ASignaturesPictureMustNotHideThePage) {
  Letter letter = signed_letter();
  SignWish second;
  second.field = "Ky2";
  second.rectangle = "0 0 595 842";
  prepare(letter, second);
  expect(letter.pdf.bytes, Verdict::invalid,
         "the picture of the signature “Ky2” covers the page on page 1");
}

TEST(PdfHistory, NewFieldsThatAreNoSignatures) {
  Letter letter = signed_letter(2);
  const auto field = letter.pdf.put(
      "<< /FT /Tx /T (Moi) /Type /Annot /Subtype /Widget /Rect [0 0 500 500] /V (x) >>");
  const std::string ref = " " + std::to_string(field) + " 0 R";
  letter.pdf.put(kForm, form_body(letter.fields + ref));
  letter.pdf.put(kPage, page_body(letter.annotations + ref));
  letter.pdf.finish();
  expect(letter.pdf.bytes, Verdict::invalid, "the form field “Moi” was added");
}

TEST(PdfHistory, AskingReadersToDrawFieldsAnew) {
  Letter letter = signed_letter(2);
  std::string form = form_body(letter.fields);
  form.replace(form.find("/SigFlags"), 0, "/NeedAppearances true ");
  letter.pdf.put(kForm, form);
  letter.pdf.finish();
  expect(letter.pdf.bytes, Verdict::undetermined, "readers are asked to draw the form fields anew");
}

TEST(PdfHistory, ListsOfListsOfListsAreWalkedOnce) {
  Letter letter{sample_letter()};
  std::uint32_t below = letter.pdf.put("[ ]");
  for (int level = 0; level < 8; ++level) {
    std::string list = "[";
    for (int i = 0; i < 2'000; ++i) list += std::to_string(below) + " 0 R ";
    below = letter.pdf.put(list + "]");
  }
  letter.pdf.finish();
  prepare(letter, {});
  letter.pdf.put(kCatalog, "<< /Type /Catalog /Pages 2 0 R /AcroForm 6 0 R /DSS << /Certs " +
                               std::to_string(below) + " 0 R >> >>");
  letter.pdf.finish();
  expect(letter.pdf.bytes, Verdict::valid, "validation data was added (DSS)\n");
}

TEST(PdfHistory, AnUpdateThatDoesNotBuildOnWhatWasSigned) {
  Letter letter = signed_letter(2);
  letter.pdf.startxref = 0;
  letter.pdf.put(kCatalog, "<< /Type /Catalog /Pages 2 0 R /AcroForm 6 0 R >>");
  letter.pdf.finish();
  const Seen seen = look(letter.pdf.bytes);
  EXPECT_TRUE(seen.later.verdict != Verdict::valid || !seen.error.empty()) << seen.all();
}

// --- incremental saving attacks: bytes that a strict reader does not see
// ----------------------------

TEST(PdfHistory, LooseBytesAfterTheEnd) {
  const Letter letter = signed_letter();
  expect(letter.pdf.bytes + "\n\n  \n", Verdict::valid, "");
  expect(letter.pdf.bytes + "some words", Verdict::undetermined,
         "something was appended that belongs to no revision");
  expect(letter.pdf.bytes + "4 0 obj\n<< /Length 0 >>\nstream\n\nendstream\nendobj\n",
         Verdict::invalid, "objects were appended that belong to no revision");
  // With an end of its own that leads back to the signed table.
  expect(letter.pdf.bytes + "4 0 obj\n<< >>\nendobj\nstartxref\n" +
             std::to_string(letter.pdf.startxref) + "\n%%EOF\n",
         Verdict::invalid, "objects were appended that belong to no revision");
}

TEST(PdfHistory, ADamagedUpdateIsNotIgnored) {
  Letter letter = signed_letter();
  letter.pdf.put_stream(kContent, "", "q Q");
  letter.pdf.finish();
  std::string& bytes = letter.pdf.bytes;
  bytes.replace(bytes.rfind("xref\n4 1"), 4, "xerf");
  EXPECT_NE(look(bytes).error.find("damaged"), std::string::npos) << look(bytes).all();
}

}  // namespace
}  // namespace trust::pdf
