// A thousand ways to alter a bundle of evidence, from fixed seeds (the keys are new each time):
// none passes for valid, and the right cause is named. What may change unseen:
// docs/formats/evidence.md.
#include <gtest/gtest.h>

#include <cstdio>
#include <functional>
#include <map>
#include <random>
#include <set>

#include "base/hash.h"
#include "trust/asice/container.h"
#include "trust/bundle/contents.h"
#include "trust/bundle/testing/bundle_world.h"
#include "trust/signed_data.h"

namespace trust::bundle {
namespace {

using evidence::Evidence;
using evidence::EvidenceProof;

constexpr int kSeed = 20261122;
constexpr int kFlips = 250, kCuts = 100, kRewritten = 250, kSwaps = 100, kTimes = 100,
              kResealed = 200;
const std::string kSignatureFile = "META-INF/signatures001.xml";

using testing::File;
using testing::Files;
using testing::files_of;
using testing::zipped;

class BundleMutation : public ::testing::Test {
 protected:
  using Random = std::mt19937_64;

  void SetUp() override {
    proofs_ = world_.story("D1", kText, {"G99", "H98"});
    others_ = world_.story("D2", "văn bản khác", {"G99", "H98"});
    bundle_ = world_.bundle("D1", kText, proofs_);
    other_ = world_.bundle("D2", "văn bản khác", others_);
    files_ = files_of(bundle_);
    other_files_ = files_of(other_);
    for (const File& one : files_) {
      if (one.name.starts_with(kEvidenceFolder)) names_.push_back(one.name);
    }
    ASSERT_EQ(names_.size(), 5U);
    const BundleReport report = world_.judge(bundle_);
    ASSERT_EQ(report.verdict(), Verdict::valid) << to_text(report, base::Language::english);
    ASSERT_EQ(zipped(files_), bundle_) << "a bundle is what its writer makes, to the byte";
  }
  void TearDown() override {
    std::printf("seed %d\n", kSeed);
    for (const auto& [what, count] : figures_) std::printf("%6d  %s\n", count, what.c_str());
  }

  // Judges and counts. The name of the cause, with the number of the evidence's step behind it.
  std::string cause_of(const std::string& kind, base::BytesView altered) {
    const BundleReport report = world_.judge(altered);
    std::string cause =
        report.verdict() == Verdict::valid ? "accepted" : std::string(report.cause());
    if (cause == "evidence") cause += " " + step_of(report);
    ++figures_[kind + ": " +
               (cause == "accepted" ? cause
                                    : std::string(name_of(report.verdict())) + ", " + cause)];
    return cause;
  }
  static std::string step_of(const BundleReport& report) {
    for (const BundledEvidence& one : report.evidences) {
      for (const Step& step : one.report.steps) {
        if (step.outcome == report.verdict()) return std::string(step.block.substr(0, 1));
      }
    }
    return "?";
  }

  static std::size_t below(Random& random, std::size_t end) {
    return std::uniform_int_distribution<std::size_t>(0, end - 1)(random);
  }
  static char other_than(Random& random, char c) {
    return static_cast<char>(c ^ static_cast<char>(1 + below(random, 255)));
  }
  static void flip(Random& random, base::Bytes& bytes) {
    char& c = bytes[below(random, bytes.size())];
    c = other_than(random, c);
  }
  File& file(Files& files, const std::string& name) {
    for (File& one : files) {
      if (one.name == name) return one;
    }
    ADD_FAILURE() << name;
    return files[0];
  }
  base::Bytes resealed(std::vector<EvidenceProof> proofs, const std::string& document);

  const std::string kText = "văn bản số một";
  testing::BundleWorld world_;
  std::vector<EvidenceProof> proofs_, others_;
  base::Bytes bundle_, other_;
  Files files_, other_files_;
  std::vector<std::string> names_;  // of the evidences
  std::map<std::string, int> figures_;
};

TEST_F(BundleMutation, BytesOfTheFile) {
  Random random(kSeed);
  for (int i = 0; i < kFlips; ++i) {
    base::Bytes altered = bundle_;
    flip(random, altered);
    EXPECT_EQ(cause_of("flip", altered), "container") << i;
  }
  for (int i = 0; i < kCuts; ++i) {
    const std::size_t size = 1 + below(random, bundle_.size() - 1);
    base::Bytes altered = bundle_;
    switch (i % 4) {
      case 0:
        altered.resize(size);
        break;
      case 1:
        altered.erase(0, size);
        break;
      case 2:
        altered.erase(size, 1 + below(random, 64));
        break;
      default:
        altered.insert(size, std::string(1 + below(random, 64), 'x'));
    }
    EXPECT_EQ(cause_of("cut or added", altered), "container") << i;
  }
}

// The only place of the signature's file where a byte may change without a word.
bool in_token(const base::Bytes& xml, std::size_t at) {
  const std::size_t from = xml.find("<xades:EncapsulatedTimeStamp>");
  return at >= from && at < xml.find("</xades:EncapsulatedTimeStamp>");
}

TEST_F(BundleMutation, FilesRewrittenWithoutAKey) {
  Random random(kSeed + 1);
  for (int i = 0; i < kRewritten; ++i) {
    Files altered = files_;
    File& one = altered[below(random, altered.size())];
    const std::size_t at = below(random, one.content.size());
    one.content[at] = other_than(random, one.content[at]);
    const std::string cause = cause_of("rewritten", zipped(altered));
    if (one.name == kSignatureFile) {
      const bool named = cause == "signature" || cause == "digest" ||
                         (cause == "accepted" && in_token(one.content, at));
      EXPECT_TRUE(named) << i << " " << at << " " << cause;
    } else if (one.name == "mimetype" || one.name.starts_with("META-INF/")) {
      EXPECT_EQ(cause, "container") << i << " " << one.name;
    } else {
      // What only a bundle has is read strictly before the signature is looked at.
      const bool strict = one.name == kCertificates || one.name == kRevocationIndex;
      EXPECT_TRUE(cause == "digest" || (strict && cause == "container"))
          << one.name << " " << cause;
    }
  }
}

// The ranges of a token that something covers: what was stamped and when, the signed attributes,
// the signature, and the certificates, which signed files of the bundle hold.
std::vector<base::BytesView> covered_in(base::BytesView token) {
  const auto read = read_signed_data(token, Limits());
  std::vector<base::BytesView> out = read->certificates;
  out.push_back(token.substr(token.find(*read->content), read->content->size()));
  out.push_back(read->signers.at(0).signed_attributes_der);
  const base::Bytes& signature = read->signers.at(0).signature;
  out.push_back(token.substr(token.find(signature), signature.size()));
  return out;
}

TEST_F(BundleMutation, WhatTheTimestampDoesNotCover) {
  const base::Bytes& xml = file(files_, kSignatureFile).content;
  const std::string open = "<xades:EncapsulatedTimeStamp>";
  const std::size_t from = xml.find(open) + open.size();
  const std::size_t to = xml.find("</xades:EncapsulatedTimeStamp>");
  const base::Bytes token = base::from_base64(xml.substr(from, to - from)).value();
  const std::vector<base::BytesView> covered = covered_in(token);
  ASSERT_GE(covered.size(), 4U);
  Random random(kSeed + 2);
  for (std::size_t at = 0; at < token.size(); at += 7) {
    base::Bytes changed = token;
    changed[at] = other_than(random, changed[at]);
    Files altered = files_;
    file(altered, kSignatureFile).content.replace(from, to - from, base::base64(changed));
    if (cause_of("token", zipped(altered)) != "accepted") continue;
    for (const base::BytesView range : covered) {
      const auto begin = static_cast<std::size_t>(range.data() - token.data());
      EXPECT_FALSE(at >= begin && at < begin + range.size()) << "byte " << at << " of the token";
    }
  }
  EXPECT_LE(figures_["token: accepted"], static_cast<int>(token.size() / 7 / 10));
}

TEST_F(BundleMutation, FilesSwappedDroppedAndAdded) {
  Random random(kSeed + 3);
  for (int i = 0; i < kSwaps; ++i) {
    Files altered = files_;
    const std::size_t a = 1 + below(random, altered.size() - 1);
    const std::size_t b = a == 1 ? altered.size() - 1 : 1 + below(random, a - 1);
    std::set<std::string> right{"digest", "container"};
    switch (i % 6) {
      case 0:
        std::swap(altered[a].content, altered[b].content);
        right.insert("signature");  // the signature's file may be one of them
        break;
      case 1:
        std::swap(altered[a], altered[b]);  // the same files in another order
        break;
      case 2:
        altered.erase(altered.begin() + static_cast<std::ptrdiff_t>(a));
        break;
      case 3:
        altered.insert(altered.begin() + 1, {"evidence/9999-Expiry.json", altered[a].content});
        break;
      case 4: {  // from the other bundle, under the same name
        File& one = file(altered, names_[static_cast<std::size_t>(i) % 5]);
        one.content = file(other_files_, one.name).content;
        break;
      }
      default:
        file(altered, kSignatureFile).content = file(other_files_, kSignatureFile).content;
    }
    const std::string cause = cause_of("swapped", zipped(altered));
    EXPECT_TRUE(right.contains(cause)) << i << " " << cause;
  }
}

TEST_F(BundleMutation, TimesOfTheContainer) {
  Random random(kSeed + 4);
  // Date, time, attributes and versions stand at these places of a header.
  const std::size_t local[] = {4, 5, 10, 11, 12, 13}, central[] = {4, 5, 12, 13, 14, 15, 38, 41};
  std::vector<std::size_t> places;
  for (const auto& [mark, offsets] :
       {std::pair(std::string("PK\x03\x04"), std::vector<std::size_t>(local, local + 6)),
        std::pair(std::string("PK\x01\x02"), std::vector<std::size_t>(central, central + 8))}) {
    for (auto at = bundle_.find(mark); at != bundle_.npos; at = bundle_.find(mark, at + 1)) {
      for (const std::size_t offset : offsets) places.push_back(at + offset);
    }
  }
  for (int i = 0; i < kTimes / 2; ++i) {
    base::Bytes altered = bundle_;
    char& c = altered[places[below(random, places.size())]];
    c = other_than(random, c);
    EXPECT_EQ(cause_of("re-timed in the zip", altered), "container") << i;
  }
  for (int i = 0; i < kTimes / 2; ++i) {
    Files altered = files_;
    File& one = file(altered, names_[static_cast<std::size_t>(i) % 5]);
    const std::size_t at = one.content.find("\\\"time\\\":\\\"") + 11 + below(random, 10) / 5 * 3;
    one.content[at + 3] = static_cast<char>('0' + (one.content[at + 3] - '0' + 1 + i % 9) % 10);
    EXPECT_EQ(cause_of("re-timed in an evidence", zipped(altered)), "digest") << one.name;
  }
}

// With the exchange's own key: what its operator could do, or a thief of the key.
base::Bytes BundleMutation::resealed(std::vector<EvidenceProof> proofs,
                                     const std::string& document) {
  std::vector<File> all;
  for (const File& one : files_) {
    const bool own = one.name == "mimetype" || one.name.starts_with("META-INF/") ||
                     one.name.starts_with(kEvidenceFolder) || one.name == kDocument;
    if (!own) all.push_back(one);
  }
  all.push_back({std::string(kDocument), document});
  for (std::size_t i = 0; i < proofs.size(); ++i) all.push_back({names_[i], proofs[i].text()});
  Container container;
  std::vector<std::unique_ptr<Source>> sources;
  for (const File& one : all) {
    sources.push_back(memory_source(one.content));
    EXPECT_TRUE(
        container.add(one.name, std::string(media_type_of(one.name).value()), *sources.back())
            .ok());
  }
  XadesOptions how{world_.demo.now};
  how.timestamps = &world_.demo.timestamps();
  EXPECT_TRUE(container.sign(world_.key, how).ok());
  base::Bytes out;
  EXPECT_TRUE(container
                  .write([&out](base::BytesView piece) {
                    out += piece;
                    return base::done();
                  })
                  .ok());
  return out;
}

TEST_F(BundleMutation, EvidencesAlteredAndTheBundleSignedAnew) {
  Random random(kSeed + 5);
  ASSERT_EQ(cause_of("signed anew, unaltered", resealed(proofs_, kText)), "accepted");
  const auto edited = [](EvidenceProof& proof, const auto& change) {
    Evidence one = Evidence::parse(proof.evidence).value();
    change(one);
    proof.evidence = one.bytes().value();
  };
  const auto tail = [&](base::Bytes& der) {  // in the value of the signature, which ends it
    char& c = der[der.size() - 1 - below(random, 40)];
    c = other_than(random, c);
  };
  using Change =
      std::function<std::string(EvidenceProof&, std::size_t, std::vector<EvidenceProof>&)>;
  struct Way {
    const char* name;
    std::set<std::string> right;
    Change change;  // gives the document that the bundle holds
  };
  const auto same = [this](const auto& change) {
    return [this, change](EvidenceProof& proof, std::size_t, std::vector<EvidenceProof>&) {
      change(proof);
      return kText;
    };
  };
  const std::vector<Way> ways = {
      {"time", {"evidence 3"}, same([&](EvidenceProof& proof) {
         edited(proof,
                [&](Evidence& one) { one.at -= std::chrono::seconds(1 + below(random, 99)); });
       })},
      {"recipient", {"evidence 3"}, same([&](EvidenceProof& proof) {
         edited(proof, [&](Evidence& one) { one.facts.recipient += "9"; });
       })},
      {"event", {"evidence 1"}, same([&](EvidenceProof& proof) {
         edited(proof, [&](Evidence& one) { one.facts.event = evidence::Event::expiry; });
       })},
      {"byte of the evidence",
       {"evidence 1", "evidence 3", "evidence 2", "document"},
       same([&](EvidenceProof& proof) {
         proof.evidence[below(random, proof.evidence.size())] ^= 1;
       })},
      {"note", {"evidence 3", "evidence 4"}, same([&](EvidenceProof& proof) {
         proof.note[proof.note.size() - 2 - below(random, 40)] ^= 1;
       })},
      {"path", {"evidence 3"}, same([&](EvidenceProof& proof) {
         flip(random, proof.path.back());
       })},
      {"index", {"evidence 3"}, same([&](EvidenceProof& proof) { proof.index ^= 1; })},
      {"signature", {"evidence 4", "evidence 6"}, same([&](EvidenceProof& proof) {
         tail(proof.signature);
       })},
      {"timestamp", {"evidence 6"}, same([&](EvidenceProof& proof) { tail(proof.timestamp); })},
      {"signature of another bundle", {"evidence 4", "evidence 6"}, same([&](EvidenceProof& proof) {
         proof.signature = others_[below(random, others_.size())].signature;
       })},
      {"timestamp of another bundle", {"evidence 6"}, same([&](EvidenceProof& proof) {
         proof.timestamp = others_[below(random, others_.size())].timestamp;
       })},
      {"proof of the log", {"evidence 1", "evidence 7"}, same([&](EvidenceProof& proof) {
         proof.log_proof[proof.log_proof.find('\n') + 1 + below(random, 100)] ^= 2;
       })},
      {"proof of another entry", {"evidence 7"}, same([&](EvidenceProof& proof) {
         proof.log_proof = others_[below(random, others_.size())].log_proof;
       })},
      {"evidence of another bundle",
       {"evidence 2", "document"},
       [&](EvidenceProof& proof, std::size_t at, std::vector<EvidenceProof>&) {
         proof = others_[at];
         return kText;
       }},
      {"dropped",
       {"evidence 1", "events"},
       [&](EvidenceProof&, std::size_t at, std::vector<EvidenceProof>& all) {
         all.erase(all.begin() + static_cast<std::ptrdiff_t>(std::min(at, all.size() - 2)));
         return kText;
       }},
      {"order",
       {"evidence 1", "events"},
       [&](EvidenceProof&, std::size_t at, std::vector<EvidenceProof>& all) {
         std::swap(all[at], all[(at + 1) % all.size()]);
         return kText;
       }},
      {"document", {"document"}, [&](EvidenceProof&, std::size_t, std::vector<EvidenceProof>&) {
         std::string text = kText;
         text[below(random, text.size())] ^= 1;
         return text;
       }}};
  for (int i = 0; i < kResealed; ++i) {
    const Way& way = ways[static_cast<std::size_t>(i) % ways.size()];
    std::vector<EvidenceProof> altered = proofs_;
    const std::size_t at = below(random, altered.size());
    const std::string document = way.change(altered[at], at, altered);
    const std::string cause =
        cause_of("signed anew, " + std::string(way.name), resealed(altered, document));
    EXPECT_TRUE(way.right.contains(cause)) << i << " " << way.name << " " << at << " " << cause;
  }
}

}  // namespace
}  // namespace trust::bundle
