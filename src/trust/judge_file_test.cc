#include "trust/judge_file.h"

#include <gtest/gtest.h>

#include "trust/algorithms.h"
#include "trust/signing/cms_sign.h"
#include "trust/testing/demo_world.h"
#include "trust/testing/judging.h"
#include "trust/testing/material.h"

namespace trust {
namespace {

using testing::DemoWorld;
using testing::invalid;
using testing::kValid;
using testing::undetermined;
using testing::Verdicts;

DemoWorld& world() { return DemoWorld::get(); }

// What is said of the only signature in `file`, given `content`.
Verdicts said(const base::Bytes& file, const char* content, const std::string& media_type) {
  const auto source = memory_source(file);
  const auto covered = content == nullptr ? nullptr : memory_source(content);
  const DocumentReport report = judge_file(*source, "x", world().context(), covered.get());
  EXPECT_EQ(report.media_type, media_type);
  EXPECT_EQ(report.sha256, digest_of("SHA-256", file));
  if (report.signatures.size() != 1) {
    ADD_FAILURE() << report.signatures.size() << " signatures";
    return {};
  }
  return {report.signatures[0].verdict, report.signatures[0].sub};
}

TEST(JudgeFile, ADetachedSignatureIsJudgedWithItsContent) {
  const base::Bytes cms = signing::sign_cms(world().key("rsa"), digest_of("SHA-256", "letter"),
                                            world().now, nullptr, 1000)
                              .value();
  const std::string type = "application/pkcs7-mime";
  EXPECT_EQ(said(cms, "letter", type), kValid);
  EXPECT_EQ(said(cms, "another", type), invalid(SubIndication::hash_failure));
  EXPECT_EQ(said(cms, nullptr, type), undetermined(SubIndication::signed_data_not_found));
}

TEST(JudgeFile, ATimestampInAFileOfItsOwnIsNoSignature) {
  const base::Bytes token = testing::token_over(world().authority(), "letter", world().now);
  const std::string type = "application/timestamp-token";
  EXPECT_EQ(said(token, "letter", type), kValid);
  EXPECT_EQ(said(token, "another", type), invalid(SubIndication::hash_failure));
  EXPECT_EQ(said(token, nullptr, type), undetermined(SubIndication::signed_data_not_found));
}

}  // namespace
}  // namespace trust
