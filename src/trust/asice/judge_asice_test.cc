#include "trust/asice/judge_asice.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/hash.h"
#include "trust/asice/container.h"
#include "trust/judge_file.h"
#include "trust/signing/cms_sign.h"
#include "trust/testing/demo_world.h"
#include "trust/testing/material.h"
#include "trust/testing/xml_signer.h"

namespace trust {
namespace {

using testing::DemoWorld;
using testing::replaced;

struct File {
  std::string name, content;
};
const std::vector<File> kFiles = {{"Công văn 05.pdf", "%PDF-1.4 quyết định"},
                                  {"phu luc/bang & ke.csv", "a;b\n1;2\n"}};

Sink into(base::Bytes& out) {
  return [&out](base::BytesView bytes) {
    out += bytes;
    return base::done();
  };
}

base::Bytes container(SigningKey& key, const XadesOptions& options, int signatures = 1,
                      const std::vector<File>& files = kFiles) {
  Container made;
  std::vector<std::unique_ptr<Source>> sources;
  for (const File& file : files) {
    sources.push_back(memory_source(file.content));
    made.add(file.name, "application/pdf", *sources.back()).value();
  }
  XadesOptions one = options;
  for (int i = 0; i < signatures; ++i) {
    one.claimed_at += std::chrono::seconds(1);
    made.sign(key, one).value();
  }
  base::Bytes out;
  made.write(into(out)).value();
  return out;
}

DemoWorld& world() { return DemoWorld::get(); }
XadesOptions at_now() { return {.claimed_at = world().now}; }

DocumentReport judged(const base::Bytes& zip, const Context& context) {
  return judge_asice(*memory_source(zip), context);
}
DocumentReport judged(const base::Bytes& zip) { return judged(zip, world().context()); }
std::string words(const DocumentReport& report) { return to_text(report, base::Language::english); }

std::vector<File> unpacked(const base::Bytes& zip) {
  const auto source = memory_source(zip);
  const ZipReader reader = ZipReader::open(*source).value();
  std::vector<File> out;
  for (const ZipEntry& entry : reader.entries()) {
    out.push_back({entry.name, reader.read_all(entry, world().context(), 1u << 30).value()});
  }
  return out;
}
base::Bytes packed(const std::vector<File>& files) {
  base::Bytes out;
  ZipWriter writer(into(out));
  for (const File& file : files) writer.add(file.name, file.content).value();
  writer.finish().value();
  return out;
}
File& at(std::vector<File>& files, const std::string& name) {
  for (File& file : files) {
    if (file.name == name) return file;
  }
  std::abort();
}

void expect_one(const DocumentReport& report, Verdict verdict, SubIndication sub) {
  ASSERT_EQ(report.signatures.size(), 1u) << words(report);
  EXPECT_EQ(report.signatures[0].verdict, verdict) << words(report);
  EXPECT_EQ(report.signatures[0].sub, sub) << words(report);
}

TEST(Asice, SignedContainersAreValid) {
  for (const char* kind : {"rsa", "ecdsa", "ecdsa384"}) {
    const DocumentReport report = judged(container(world().key(kind), at_now()));
    expect_one(report, Verdict::valid, SubIndication::none);
    const SignatureReport& signature = report.signatures[0];
    EXPECT_EQ(signature.profile, "XAdES-B-B");
    EXPECT_EQ(signature.where.substr(0, 27), "META-INF/signatures001.xml/");
    EXPECT_EQ(signature.covers,
              (std::vector<std::string>{"Công văn 05.pdf", "phu luc/bang & ke.csv"}));
    EXPECT_TRUE(signature.covers_whole);
    EXPECT_EQ(signature.claimed_at, world().now + std::chrono::seconds(1));
    EXPECT_EQ(report.media_type, kAsiceMediaType);
    EXPECT_TRUE(report.remarks.empty()) << words(report);
  }
}

TEST(Asice, TheSameContentGivesTheSameBytes) {
  const base::Bytes first = container(world().key("rsa"), at_now());
  EXPECT_EQ(first, container(world().key("rsa"), at_now()));
  EXPECT_EQ(first.substr(0, 4), "PK\x03\x04");
  EXPECT_EQ(first.substr(26, 4), std::string("\x08\0\0\0", 4));  // the name's length, no extra
  EXPECT_EQ(first.substr(30, 8 + kAsiceMediaType.size()),
            "mimetype" + std::string(kAsiceMediaType));
}

TEST(Asice, TimestampsAndRevocationValues) {
  XadesOptions options = at_now();
  options.timestamps = &world().timestamps();
  const base::Bytes stamped = container(world().key("rsa"), options);
  const DocumentReport report = judged(stamped);
  expect_one(report, Verdict::valid, SubIndication::none);
  EXPECT_EQ(report.signatures[0].profile, "XAdES-B-T");
  ASSERT_EQ(report.signatures[0].timestamps.size(), 1u);
  EXPECT_EQ(report.signatures[0].timestamps[0].verdict, Verdict::valid) << words(report);
  EXPECT_EQ(report.signatures[0].proven_at, world().now);

  options.crls = {world().authority().crl(world().now).value(),
                  world().authority().root_crl(world().now).value()};
  const DocumentReport complete =
      judged(container(world().key("rsa"), options), world().context_without_revocation());
  expect_one(complete, Verdict::valid, SubIndication::none);
  EXPECT_EQ(complete.signatures[0].profile, "XAdES-B-LT");
  // Without them and without asking anybody, nothing is known.
  expect_one(judged(stamped, world().context_without_revocation()), Verdict::undetermined,
             SubIndication::try_later);
}

TEST(Asice, AStrippedTimestampProvesNothing) {
  const base::Time then = world().now - std::chrono::hours(24 * 40);
  const auto stamps = testing::stamps_at(world().authority(), then);
  XadesOptions options{.claimed_at = then};
  options.timestamps = stamps.get();
  options.crls = {world().authority().crl(then).value(),
                  world().authority().root_crl(then).value()};
  const base::Bytes good = container(world().key("expired"), options);
  const DocumentReport kept = judged(good);
  expect_one(kept, Verdict::valid, SubIndication::none);
  std::vector<File> files = unpacked(good);
  std::string& xml = at(files, "META-INF/signatures001.xml").content;
  const std::size_t from = xml.find("<xades:SignatureTimeStamp");
  const std::string end = "</xades:SignatureTimeStamp>";
  xml.erase(from, xml.find(end) + end.size() - from);
  const DocumentReport stripped = judged(packed(files));
  ASSERT_EQ(stripped.signatures.size(), 1u);
  EXPECT_EQ(stripped.signatures[0].verdict, Verdict::undetermined) << words(stripped);
  EXPECT_FALSE(stripped.signatures[0].proven_at);
}

TEST(Asice, AForeignTimestampIsNotCounted) {
  XadesOptions options = at_now();
  options.timestamps = &world().timestamps();
  std::vector<File> one = unpacked(container(world().key("rsa"), options));
  const std::vector<File> two =
      unpacked(container(world().key("rsa"), options, 1, {{"khác.txt", "another document"}}));
  const auto token = [](const std::string& xml) {
    const std::size_t from = xml.find("<xades:EncapsulatedTimeStamp>");
    return xml.substr(from, xml.find("</xades:EncapsulatedTimeStamp>") - from);
  };
  std::string& xml = at(one, "META-INF/signatures001.xml").content;
  xml = replaced(xml, token(xml), token(two.back().content));
  const DocumentReport report = judged(packed(one));
  ASSERT_EQ(report.signatures.size(), 1u);
  ASSERT_EQ(report.signatures[0].timestamps.size(), 1u);
  EXPECT_NE(report.signatures[0].timestamps[0].verdict, Verdict::valid) << words(report);
  EXPECT_FALSE(report.signatures[0].proven_at);
}

TEST(Asice, MembersAlteredSwappedMissingAndAdded) {
  const std::vector<File> good = unpacked(container(world().key("rsa"), at_now()));
  std::vector<File> altered = good;
  at(altered, "Công văn 05.pdf").content += " ";
  expect_one(judged(packed(altered)), Verdict::invalid, SubIndication::hash_failure);

  std::vector<File> swapped = good;
  std::swap(at(swapped, kFiles[0].name).content, at(swapped, kFiles[1].name).content);
  expect_one(judged(packed(swapped)), Verdict::invalid, SubIndication::hash_failure);

  std::vector<File> missing = good;
  std::erase_if(missing, [](const File& file) { return file.name == kFiles[0].name; });
  expect_one(judged(packed(missing)), Verdict::undetermined, SubIndication::signed_data_not_found);

  for (const char* name : {"thêm.pdf", "meta-inf/x.pdf", "Mimetype2"}) {
    std::vector<File> added = good;
    added.push_back({name, "unsigned"});
    const DocumentReport report = judged(packed(added));
    expect_one(report, Verdict::undetermined, SubIndication::sig_constraints_failure);
    EXPECT_NE(words(report).find("no signature covers: " + std::string(name)), std::string::npos);
    EXPECT_FALSE(report.signatures[0].covers_whole);
  }
  std::vector<File> hidden = good;
  hidden.push_back({"META-INF/thêm.pdf", "unsigned"});
  const DocumentReport report = judged(packed(hidden));
  expect_one(report, Verdict::valid, SubIndication::none);
  EXPECT_EQ(report.remarks.size(), 1u) << "it is no content, but people are told";
}

TEST(Asice, AlteredSignedProperties) {
  const std::vector<File> good = unpacked(container(world().key("rsa"), at_now()));
  std::vector<File> files = good;
  std::string& xml = at(files, "META-INF/signatures001.xml").content;
  const std::string original = xml;
  // 2026-11-22T02:30:01Z
  xml = replaced(original, "T02:30:01Z", "T02:30:02Z");
  expect_one(judged(packed(files)), Verdict::invalid, SubIndication::hash_failure);
  xml = replaced(original, "application/pdf", "text/html");
  expect_one(judged(packed(files)), Verdict::invalid, SubIndication::hash_failure);
  // The reference to them is taken out, and so SignedInfo is not what was signed.
  const std::size_t from = original.find("<ds:Reference Type");
  xml = original.substr(0, from) + original.substr(original.find("</ds:SignedInfo>"));
  expect_one(judged(packed(files)), Verdict::invalid, SubIndication::sig_crypto_failure);
  // Two sets of properties.
  const std::size_t object = original.find("<ds:Object>"), end = original.find("</ds:Object>") + 12;
  xml = original.substr(0, end) + original.substr(object, end - object) + original.substr(end);
  expect_one(judged(packed(files)), Verdict::invalid, SubIndication::format_failure);
  // Another certificate of the same name in front.
  const base::Bytes other = world().key("ecdsa").certificates()[0];
  xml =
      replaced(original, "<ds:X509Data>",
               "<ds:X509Data><ds:X509Certificate>" + base::base64(other) + "</ds:X509Certificate>");
  expect_one(judged(packed(files)), Verdict::valid, SubIndication::none);
}

TEST(Asice, SeveralSignatures) {
  const base::Bytes zip = container(world().key("rsa"), at_now(), 3);
  const DocumentReport report = judged(zip);
  EXPECT_EQ(report.signatures.size(), 3u) << words(report);
  EXPECT_EQ(report.verdict(), Verdict::valid);
  Context two = world().context();
  two.limits.signatures = 2;
  const DocumentReport limited = judged(zip, two);
  EXPECT_EQ(limited.signatures.size(), 2u);
  EXPECT_TRUE(limited.incomplete);
  EXPECT_NE(limited.verdict(), Verdict::valid);
}

TEST(Asice, AContainerWithinAContainerIsContent) {
  base::Bytes inner = container(world().key("rsa"), at_now());
  for (int i = 0; i < 5; ++i) {
    inner = container(world().key("rsa"), at_now(), 1, {{"trong.asice", inner}});
  }
  const DocumentReport report = judged(inner);
  expect_one(report, Verdict::valid, SubIndication::none);
  EXPECT_EQ(report.signatures[0].covers, std::vector<std::string>{"trong.asice"});
}

base::Bytes cades_of(const std::string& content) {
  return signing::sign_cms(world().key("rsa"), base::sha256(content), world().now, nullptr, 0)
      .value();
}

std::string manifest(const std::vector<File>& files) {
  std::string out =
      "<asic:ASiCManifest xmlns:asic=\"http://uri.etsi.org/02918/v1.2.1#\" "
      "xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><asic:SigReference "
      "URI=\"META-INF/signature001.p7s\" MimeType=\"application/pkcs7-signature\"/>";
  for (const File& file : files) {
    out += "<asic:DataObjectReference URI=\"" + uri_of_name(file.name) +
           "\"><ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/>"
           "<ds:DigestValue>" +
           base::base64(base::sha256(file.content)) +
           "</ds:DigestValue></asic:DataObjectReference>";
  }
  return out + "</asic:ASiCManifest>";
}

TEST(Asice, CadesWithAManifest) {
  const std::string list = manifest(kFiles);
  const base::Bytes cms = cades_of(list);
  const std::vector<File> good = {{"mimetype", std::string(kAsiceMediaType)},
                                  kFiles[0],
                                  kFiles[1],
                                  {"META-INF/ASiCManifest001.xml", list},
                                  {"META-INF/signature001.p7s", cms}};
  const DocumentReport report = judged(packed(good));
  expect_one(report, Verdict::valid, SubIndication::none);
  EXPECT_EQ(report.signatures[0].where, "META-INF/signature001.p7s");
  EXPECT_EQ(report.signatures[0].covers.size(), 2u);

  std::vector<File> altered = good;
  at(altered, kFiles[1].name).content = "a;b\n1;3\n";
  expect_one(judged(packed(altered)), Verdict::invalid, SubIndication::hash_failure);
  std::vector<File> listed = altered;
  at(listed, "META-INF/ASiCManifest001.xml").content =
      manifest({kFiles[0], {kFiles[1].name, "a;b\n1;3\n"}});
  expect_one(judged(packed(listed)), Verdict::invalid, SubIndication::hash_failure);
  std::vector<File> added = good;
  added.push_back({"thêm.pdf", "unsigned"});
  expect_one(judged(packed(added)), Verdict::undetermined, SubIndication::sig_constraints_failure);
  std::vector<File> gone = good;
  gone.pop_back();
  const DocumentReport without = judged(packed(gone));
  EXPECT_NE(without.verdict(), Verdict::valid) << words(without);
}

TEST(Asice, CadesOverASingleFile) {
  const base::Bytes cms = cades_of(kFiles[0].content);
  std::vector<File> good = {
      {"mimetype", "application/vnd.etsi.asic-s+zip"}, kFiles[0], {"META-INF/signature.p7s", cms}};
  expect_one(judged(packed(good)), Verdict::valid, SubIndication::none);
  good.push_back(kFiles[1]);
  EXPECT_NE(judged(packed(good)).verdict(), Verdict::valid);
}

TEST(Asice, WhatIsWrongStandsInFrontOfTheConclusion) {
  std::vector<File> added = unpacked(container(world().key("rsa"), at_now()));
  added.push_back({"thêm.pdf", "unsigned"});
  const DocumentReport report = judged(packed(added));
  ASSERT_EQ(report.signatures.size(), 1u);
  const std::vector<Step>& steps = report.signatures[0].steps;
  EXPECT_TRUE(steps.back().block.starts_with("5.3 ")) << words(report);
  EXPECT_EQ(steps.back().outcome, Verdict::undetermined);
  EXPECT_EQ(steps[steps.size() - 2].block, "5.2.8 Signature acceptance validation");
}

TEST(Asice, ASignatureOverItsOwnFileCoversNothing) {
  const std::string own = testing::sign_xml("<a>@SIGNATURE@</a>", world().key("rsa"));
  const DocumentReport report = judged(
      packed({{"mimetype", std::string(kAsiceMediaType)}, {"META-INF/signatures001.xml", own}}));
  expect_one(report, Verdict::undetermined, SubIndication::sig_constraints_failure);
  EXPECT_NE(words(report).find("covers no content"), std::string::npos) << words(report);
}

TEST(Asice, DamagedContainersAreRemarks) {
  const base::Bytes good = container(world().key("rsa"), at_now());
  for (const base::Bytes& bad :
       {base::Bytes(), base::Bytes("PK\x03\x04"), good.substr(0, good.size() - 1), good + "x",
        "x" + good, good.substr(0, good.size() / 2)}) {
    const DocumentReport report = judged(bad);
    EXPECT_TRUE(report.incomplete);
    EXPECT_FALSE(report.is_signed());
    EXPECT_EQ(report.remarks.size(), 1u);
  }
  // A damaged byte of content is no good, either.
  base::Bytes damaged = good;
  damaged[damaged.find("%PDF") + 2] ^= 1;
  EXPECT_EQ(judged(damaged).verdict(), Verdict::undetermined);
  Context late = world().context();
  late.deadline_micros = 1;
  EXPECT_TRUE(judged(good, late).incomplete);
}

TEST(Asice, KeysAndNamesThatAreRefused) {
  Container made;
  const auto source = memory_source("x");
  for (const char* name : {"", "/x", "../x", "a/../b", "a//b", "a/", "mimetype", "META-INF/x",
                           "meta-inf/x", "a\\b", "C:x", "a\nb", "\xFF"}) {
    EXPECT_EQ(made.add(name, "text/plain", *source).error().reason(), "trust.container_name")
        << name;
  }
  made.add("a.txt", "not a type", *source).value();
  EXPECT_FALSE(made.add("A.TXT", "text/plain", *source).ok());
  EXPECT_EQ(made.files()[0].media_type, "application/octet-stream");
  EXPECT_EQ(made.sign(world().key("ed25519"), at_now()).error().reason(), "trust.key_unsuited");
}

TEST(Asice, AContainerIsKnownByItsBytes) {
  // Its first file is a PDF, near enough to the start that a reader of PDFs would take it.
  const base::Bytes zip = container(world().key("rsa"), at_now());
  ASSERT_LT(zip.find("%PDF-"), 1024u);
  EXPECT_EQ(kind_of(zip), FileKind::asic);
  const DocumentReport report = judge_file(*memory_source(zip), "x.pdf", world().context());
  expect_one(report, Verdict::valid, SubIndication::none);
}

// The reference implementation, one of the packages of the tests.
TEST(Asice, XmlsecAcceptsWhatIsSigned) {
  namespace fs = std::filesystem;
  const fs::path folder = fs::temp_directory_path() / ("asice" + std::to_string(::getpid()));
  for (const char* kind : {"rsa", "ecdsa", "ecdsa384"}) {
    XadesOptions options = at_now();
    options.timestamps = &world().timestamps();
    for (const File& file : unpacked(container(world().key(kind), options))) {
      fs::create_directories((folder / file.name).parent_path());
      std::ofstream(folder / file.name, std::ios::binary) << file.content;
    }
    std::ofstream(folder / "root.der", std::ios::binary) << world().authority().root();
    const std::string command = "cd '" + folder.string() +
                                "' && xmlsec1 --verify --trusted-der root.der "
                                "--id-attr:Id SignedProperties --verification-time "
                                "'2026-11-22 02:31:00' META-INF/signatures001.xml >out.txt 2>&1";
    const int status = std::system(command.c_str());
    std::ifstream out(folder / "out.txt");
    EXPECT_EQ(status, 0) << std::string(std::istreambuf_iterator<char>(out), {});
    fs::remove_all(folder);
  }
}

}  // namespace
}  // namespace trust
