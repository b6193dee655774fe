#include "trust/xml/judge_xml.h"

#include <gtest/gtest.h>

#include "base/hash.h"
#include "trust/testing/demo_world.h"
#include "trust/testing/xml_signer.h"

namespace trust {
namespace {

using testing::DemoWorld;
using testing::kEnvelopedUri;
using testing::kExclusiveUri;
using testing::kInclusiveUri;
using testing::replaced;
using testing::sign_xml;
using testing::XmlWish;

constexpr const char* kQ = "http://www.mic.gov.vn/TBT/QCVN_102_2016";

// As real documents are, with the signature where the specification puts it.
std::string edxml(const std::string& attachment = "UEsDBA==") {
  return "<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n<edXML xmlns=\"" + std::string(kQ) +
         "\">\r\n  <edXML:edXMLEnvelope xmlns:edXML=\"" + kQ +
         "\" Id=\"envelope\"><edXML:edXMLHeader>"
         "<edXML:MessageHeader><edXML:Subject>Về việc phối hợp &amp; trả lời</edXML:Subject>"
         "</edXML:MessageHeader>@SIGNATURE@</edXML:edXMLHeader>"
         "<edXML:edXMLBody/></edXML:edXMLEnvelope>\r\n  <AttachmentEncoded><Attachment>" +
         attachment + "</Attachment></AttachmentEncoded>\r\n</edXML>\r\n";
}

DocumentReport judged(const std::string& xml, const Context& context) {
  return judge_xml(*memory_source(xml), context);
}
DocumentReport judged(const std::string& xml) { return judged(xml, DemoWorld::get().context()); }

std::string words(const DocumentReport& report) { return to_text(report, base::Language::english); }

void expect_one(const DocumentReport& report, Verdict verdict, SubIndication sub) {
  ASSERT_EQ(report.signatures.size(), 1u) << words(report);
  EXPECT_EQ(report.signatures[0].verdict, verdict) << words(report);
  EXPECT_EQ(report.signatures[0].sub, sub) << words(report);
}
bool says(const DocumentReport& report, const std::string& text) {
  return words(report).find(text) != std::string::npos;
}

SigningKey& rsa() { return DemoWorld::get().key("rsa"); }

TEST(JudgeXml, EnvelopedSignaturesOfEveryKind) {
  const std::string plain_c14n11 = "http://www.w3.org/2006/12/xml-c14n11";
  const std::vector<XmlWish> wishes = {
      {},
      {.transforms = {kEnvelopedUri}, .canonicalisation = kInclusiveUri},
      {.transforms = {kEnvelopedUri, plain_c14n11}, .canonicalisation = plain_c14n11},
      // As an edXML library writes it: no standard's URI, the document's namespace.
      {.transforms = {kEnvelopedUri, "http://www.w3.org/TR/xml-exc-c14n#"}, .ns = kQ},
      {.digest = "SHA-512"},
      {.uris = {"", "#envelope"}},
  };
  for (const XmlWish& wish : wishes) {
    const DocumentReport report = judged(sign_xml(edxml(), rsa(), wish));
    expect_one(report, Verdict::valid, SubIndication::none);
    EXPECT_EQ(report.signatures[0].profile, "XML-DSig");
    EXPECT_EQ(report.signatures[0].where, "/edXML/edXMLEnvelope/edXMLHeader/Signature");
    EXPECT_EQ(report.signatures[0].covers[0], "/edXML");
    EXPECT_TRUE(report.signatures[0].covers_whole);
    EXPECT_EQ(report.verdict(), Verdict::valid);
    EXPECT_EQ(report.sha256.size(), 32u);
  }
}

TEST(JudgeXml, AlteredContentIsToldFromAForgedSignature) {
  const std::string good = sign_xml(edxml(), rsa());
  expect_one(judged(replaced(good, "phối hợp", "từ chối")), Verdict::invalid,
             SubIndication::hash_failure);
  expect_one(judged(replaced(good, "UEsDBA==", "UEsDBB==")), Verdict::invalid,
             SubIndication::hash_failure);
  // The digest is right again, but nobody signed it.
  const std::string other = sign_xml(edxml("UEsDBC=="), rsa());
  const auto value = [](const std::string& xml, const std::string& name) {
    const std::size_t at = xml.find("<" + name + ">") + name.size() + 2;
    return xml.substr(at, xml.find('<', at) - at);
  };
  expect_one(judged(replaced(other, value(other, "SignatureValue"), value(good, "SignatureValue"))),
             Verdict::invalid, SubIndication::sig_crypto_failure);
  // Somebody else's certificate.
  const std::string mine = base::base64(rsa().certificates()[0]);
  const std::string theirs = base::base64(DemoWorld::get().key("revoked").certificates()[0]);
  expect_one(judged(replaced(good, mine, theirs)), Verdict::invalid,
             SubIndication::sig_crypto_failure);
}

TEST(JudgeXml, WrappedContentIsNeverValid) {
  const XmlWish by_id{.uris = {"#doc"}};
  const std::string good = sign_xml("<doc Id=\"doc\"><a>1</a>@SIGNATURE@</doc>", rsa(), by_id);
  expect_one(judged(good), Verdict::valid, SubIndication::none);
  // The signed element becomes a passenger of another document.
  const DocumentReport wrapped = judged("<doc Id=\"other\"><a>2</a><x>" + good + "</x></doc>");
  expect_one(wrapped, Verdict::undetermined, SubIndication::sig_constraints_failure);
  EXPECT_TRUE(says(wrapped, "covers only /doc/x/doc")) << words(wrapped);
  EXPECT_FALSE(wrapped.signatures[0].covers_whole);
  EXPECT_NE(wrapped.verdict(), Verdict::valid);
  // The signature moves out, the signed element hides in it.
  const std::size_t at = good.find("<Signature"), end = good.find("</Signature>") + 12;
  const std::string signature = good.substr(at, end - at);
  const std::string bare = good.substr(0, at) + good.substr(end);
  const DocumentReport hidden = judged(
      "<doc Id=\"other\"><a>2</a>" +
      replaced(signature, "</Signature>", "<Object>" + bare + "</Object></Signature>") + "</doc>");
  EXPECT_NE(hidden.verdict(), Verdict::valid) << words(hidden);
  ASSERT_EQ(hidden.signatures.size(), 1u);
  EXPECT_FALSE(hidden.signatures[0].covers_whole);
}

TEST(JudgeXml, AnIdMustBeUnique) {
  const XmlWish by_id{.uris = {"#doc"}};
  const std::string good =
      sign_xml("<doc Id=\"doc\"><a>1</a><b>@SIGNATURE@</b></doc>", rsa(), by_id);
  for (const char* spelling : {"Id", "ID", "id", "xml:id"}) {
    expect_one(judged("<all " + std::string(spelling) + "=\"doc\">" + good + "</all>"),
               Verdict::invalid, SubIndication::format_failure);
  }
}

TEST(JudgeXml, APartIsOnlyAPart) {
  const DocumentReport report = judged(sign_xml(edxml(), rsa(), {.uris = {"#envelope"}}));
  expect_one(report, Verdict::undetermined, SubIndication::sig_constraints_failure);
  EXPECT_TRUE(says(report, "covers only /edXML/edXMLEnvelope")) << words(report);
}

TEST(JudgeXml, EnvelopingSignaturesCoverWhatTheyHold) {
  XmlWish wish{.uris = {"#data"}, .transforms = {kExclusiveUri}};
  wish.object = "<Object Id=\"data\"><doc>1</doc></Object>";
  const std::string good = sign_xml("@SIGNATURE@", rsa(), wish);
  expect_one(judged(good), Verdict::valid, SubIndication::none);
  const DocumentReport more =
      judged(replaced(good, "</Signature>", "<Object><doc>2</doc></Object></Signature>"));
  expect_one(more, Verdict::undetermined, SubIndication::sig_constraints_failure);
  // A signature over everything but itself, which is the whole document, signs nothing.
  const DocumentReport nothing = judged(sign_xml("@SIGNATURE@", rsa(), {}));
  ASSERT_EQ(nothing.signatures.size(), 1u);
  EXPECT_NE(nothing.verdict(), Verdict::valid) << words(nothing);
}

TEST(JudgeXml, HmacIsNoSignature) {
  const std::string hmac =
      sign_xml(edxml(), rsa(), {.method = "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"});
  const DocumentReport report = judged(hmac);
  expect_one(report, Verdict::invalid, SubIndication::format_failure);
  EXPECT_TRUE(says(report, "HMAC"));
}

TEST(JudgeXml, AlgorithmsAreJudgedByPolicy) {
  const DocumentReport sha1 = judged(sign_xml(edxml(), rsa(), {.digest = "SHA-1"}));
  ASSERT_EQ(sha1.signatures.size(), 1u);
  EXPECT_EQ(sha1.signatures[0].verdict, Verdict::undetermined) << words(sha1);
  EXPECT_EQ(sha1.signatures[0].sub, SubIndication::crypto_constraints_failure_no_poe)
      << words(sha1);
  EXPECT_EQ(sha1.signatures[0].digest, "SHA-1");
  expect_one(judged(sign_xml(edxml(), rsa(),
                             {.method = "http://www.w3.org/2007/05/xmldsig-more#rsa-pss"})),
             Verdict::undetermined, SubIndication::crypto_constraints_failure);
  // An ECDSA method under an RSA key.
  expect_one(judged(sign_xml(edxml(), rsa(),
                             {.method = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"})),
             Verdict::invalid, SubIndication::sig_crypto_failure);
}

TEST(JudgeXml, TransformsThatHideAreRefused) {
  for (const char* uri :
       {"http://www.w3.org/TR/1999/REC-xslt-19991116",
        "http://www.w3.org/TR/1999/REC-xpath-19991116", "http://www.w3.org/2002/06/xmldsig-filter2",
        "http://www.w3.org/2000/09/xmldsig#base64"}) {
    const DocumentReport report =
        judged(sign_xml(edxml(), rsa(), {.transforms = {kEnvelopedUri, uri}}));
    expect_one(report, Verdict::undetermined, SubIndication::sig_constraints_failure);
    EXPECT_TRUE(says(report, uri));
  }
  expect_one(
      judged(sign_xml(edxml(), rsa(), {.transforms = std::vector<std::string>(5, kExclusiveUri)})),
      Verdict::invalid, SubIndication::format_failure);
  for (const char* uri : {"#xpointer(/)", "#xpointer(id('envelope'))"}) {
    expect_one(judged(sign_xml(edxml(), rsa(), {.uris = {uri}})), Verdict::undetermined,
               SubIndication::sig_constraints_failure);
  }
}

TEST(JudgeXml, NothingIsFetched) {
  for (const char* uri : {"file:///etc/hostname", "http://127.0.0.1:1/x", "/etc/hostname", "x"}) {
    expect_one(judged(sign_xml(edxml(), rsa(), {.uris = {"", uri}})), Verdict::undetermined,
               SubIndication::signed_data_not_found);
  }
}

TEST(JudgeXml, WithoutACertificateThereIsNoSigner) {
  expect_one(judged(sign_xml(edxml(), rsa(), {.certificates = false})), Verdict::undetermined,
             SubIndication::no_signing_certificate_found);
}

TEST(JudgeXml, PlaceholdersAreNoSignatures) {
  const std::string sample =
      "<Signature><SignedInfo><Reference URI=\"\"><DigestValue>FwgIqsSYJshUS2+wlOM61L+q7Aw="
      "</DigestValue></Reference></SignedInfo><SignatureValue>" +
      std::string(172, 'A') +
      "</SignatureValue><KeyInfo><X509Data><X509Certificate>MIIFqTCCBJG</X509Certificate>"
      "</X509Data></KeyInfo></Signature>";
  for (const std::string& block :
       {sample, std::string("<edXML:DigitalSignature/>"), std::string("<Signature/>"),
        std::string("<Signature><SignedInfo/><SignatureValue>R0lBTEFQ</SignatureValue>"
                    "</Signature>")}) {
    const DocumentReport report = judged(replaced(edxml(), "@SIGNATURE@", block));
    EXPECT_FALSE(report.is_signed()) << words(report);
    ASSERT_EQ(report.remarks.size(), 1u);
    EXPECT_NE(report.remarks[0].en.find("it is no signature"), std::string::npos);
    EXPECT_FALSE(report.incomplete);
  }
  const DocumentReport none = judged(replaced(edxml(), "@SIGNATURE@", ""));
  EXPECT_FALSE(none.is_signed());
  EXPECT_TRUE(none.remarks.empty());
  // Elsewhere a broken block is a broken signature.
  const DocumentReport elsewhere =
      judged("<a><Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\"/></a>");
  expect_one(elsewhere, Verdict::invalid, SubIndication::format_failure);
}

TEST(JudgeXml, DoctypesAndEntitiesAreRefused) {
  const std::string laughs =
      "<!DOCTYPE a [<!ENTITY b \"bbbbbbbbbb\"><!ENTITY c \"&b;&b;&b;&b;\">]><a>&c;</a>";
  for (const std::string& xml :
       {laughs, std::string("<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>"),
        std::string("<a>&unknown;</a>")}) {
    const DocumentReport report = judged(xml);
    EXPECT_TRUE(report.incomplete) << xml;
    EXPECT_FALSE(report.is_signed());
    EXPECT_EQ(report.remarks.size(), 1u);
  }
}

TEST(JudgeXml, WhatIsNoXmlIsARemark) {
  for (const std::string& xml :
       {std::string(), std::string("<a>"), std::string("<a/><b/>"), std::string("x"),
        std::string("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a/>"),
        std::string("\xFF\xFE<\0a\0/\0>\0", 10), std::string("<a>\xFF</a>")}) {
    const DocumentReport report = judged(xml);
    EXPECT_TRUE(report.incomplete) << xml;
    EXPECT_EQ(report.remarks.size(), 1u);
  }
}

TEST(JudgeXml, DepthSizeAndWorkHaveLimits) {
  std::string deep, end;
  for (int i = 0; i < 200; ++i) {
    deep += "<a>";
    end += "</a>";
  }
  EXPECT_TRUE(says(judged(deep + end), "deeper"));
  std::string names = "<a";
  for (int i = 0; i < 100; ++i) names += " xmlns:n" + std::to_string(i) + "=\"urn:u\"";
  EXPECT_TRUE(judged(names + "/>").incomplete);

  Context small = DemoWorld::get().context();
  small.limits.parsed_bytes = 100'000;
  const std::string large = sign_xml(edxml(std::string(200'000, 'A')), rsa());
  expect_one(judged(large), Verdict::valid, SubIndication::none);
  expect_one(judged(large, small), Verdict::undetermined, SubIndication::sig_constraints_failure);
  // Without a signature nothing is held in memory, and nothing is left open.
  const DocumentReport none =
      judged(replaced(edxml(std::string(200'000, 'A')), "@SIGNATURE@", "<Signature/>"), small);
  EXPECT_FALSE(none.incomplete);
  // Two hundred canonical forms of a document with costly namespaces.
  std::string costly = "<a";
  for (int i = 0; i < 60; ++i) costly += " xmlns:n" + std::to_string(i) + "=\"urn:u\"";
  costly += ">@SIGNATURE@";
  for (int i = 0; i < 10'000; ++i) costly += "<n1:b/>";
  const std::string much = sign_xml(costly + "</a>", rsa());
  expect_one(judged(much), Verdict::valid, SubIndication::none);
  const std::string reference =
      much.substr(much.find("<Reference"), much.find("</SignedInfo>") - much.find("<Reference"));
  std::string many;
  for (int i = 0; i < 200; ++i) many += reference;
  const DocumentReport report = judged(replaced(much, reference, many));
  expect_one(report, Verdict::undetermined, SubIndication::sig_constraints_failure);

  // A tag is looked at before libxml2 compares its attributes with one another.
  std::string attributes = "<a";
  for (int i = 0; i < 300'000; ++i) attributes += " a" + std::to_string(i) + "='>'";
  EXPECT_TRUE(judged(attributes + "/>").incomplete);
  EXPECT_TRUE(judged("<!--'\"--><?a '\"?><b><![CDATA['\"]]>" + attributes + "/></b>").incomplete);

  Context late = DemoWorld::get().context();
  late.deadline_micros = 1;
  EXPECT_TRUE(judged(large, late).incomplete);
}

// A document of which only the ends are there.
class Huge : public Source {
 public:
  Huge(std::string head, std::uint64_t middle, std::string tail)
      : head_(std::move(head)), middle_(middle), tail_(std::move(tail)) {}
  std::uint64_t size() const override { return head_.size() + middle_ + tail_.size(); }
  base::Result<std::size_t> read_at(std::uint64_t offset, char* to,
                                    std::size_t size) const override {
    std::size_t done = 0;
    for (; done < size && offset < this->size(); ++done, ++offset) {
      to[done] = offset < head_.size()             ? head_[offset]
                 : offset - head_.size() < middle_ ? 'A'
                                                   : tail_[offset - head_.size() - middle_];
    }
    return done;
  }

 private:
  const std::string head_;
  const std::uint64_t middle_;
  const std::string tail_;
};

TEST(JudgeXml, LargeDocumentsWithoutSignatures) {
  const std::string whole = replaced(edxml("@"), "@SIGNATURE@", "<edXML:DigitalSignature/>");
  const std::size_t at = whole.find('@');
  const Huge file(whole.substr(0, at), 100u << 20, whole.substr(at + 1));
  const DocumentReport report = judge_xml(file, DemoWorld::get().context());
  EXPECT_FALSE(report.incomplete) << words(report);
  EXPECT_FALSE(report.is_signed());
  EXPECT_EQ(report.remarks.size(), 1u);
}

TEST(JudgeXml, AMarkOfByteOrderIsFine) {
  const std::string good = sign_xml(edxml(), rsa());
  expect_one(judged("\xEF\xBB\xBF" + good), Verdict::valid, SubIndication::none);
}

TEST(JudgeXml, OnlySoManySignatures) {
  Context two = DemoWorld::get().context();
  two.limits.signatures = 2;
  const std::string block = "<Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\"/>";
  const DocumentReport report = judged("<a>" + block + block + block + "</a>", two);
  EXPECT_EQ(report.signatures.size(), 2u);
  EXPECT_TRUE(report.incomplete);
}

TEST(JudgeXml, CertificatesAreJudged) {
  expect_one(judged(sign_xml(edxml(), DemoWorld::get().key("revoked"))), Verdict::undetermined,
             SubIndication::revoked_no_poe);
  const DocumentReport good = judged(sign_xml(edxml(), rsa()));
  ASSERT_EQ(good.signatures.size(), 1u);
  ASSERT_EQ(good.signatures[0].chain.size(), 3u) << words(good);
  EXPECT_TRUE(good.signatures[0].chain[0].demonstration);
  EXPECT_EQ(good.signatures[0].signature, "RSA-2048 PKCS#1 v1.5");
}

TEST(JudgeXml, SplitValuesAreRefused) {
  const std::string good = sign_xml(edxml(), rsa());
  // A comment within a value: some readers see the first half only.
  const std::size_t at = good.find("<DigestValue>") + 20;
  expect_one(judged(good.substr(0, at) + "<!---->" + good.substr(at)), Verdict::invalid,
             SubIndication::format_failure);
  expect_one(judged(replaced(good, "</SignatureValue>", "</SignatureValue><SignatureValue/>")),
             Verdict::invalid, SubIndication::format_failure);
}

}  // namespace
}  // namespace trust
