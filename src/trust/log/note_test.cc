#include "trust/log/note.h"

#include <gtest/gtest.h>

#include "base/hash.h"
#include "trust/log/checkpoint.h"

namespace trust::log {
namespace {

// From the documentation of golang.org/x/mod/sumdb/note.
constexpr const char* kVerifier =
    "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
constexpr const char* kSigner =
    "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
constexpr const char* kNote =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
    "\n";

TEST(LogNote, AgreesWithAKnownNote) {
  const auto key = NoteVerifier::parse(kVerifier);
  ASSERT_TRUE(key.ok());
  EXPECT_EQ(key->text(), kVerifier);
  auto note = parse_note(kNote);
  ASSERT_TRUE(note.ok());
  EXPECT_TRUE(check_note(*note, *key).ok());
  EXPECT_EQ(note->to_bytes(), kNote);
  const auto signer = note_signer(kSigner);
  ASSERT_TRUE(signer.ok());
  Note again{note->text, {}};
  ASSERT_TRUE(sign_note(again, **signer, {}).ok());
  EXPECT_EQ(again.to_bytes(), kNote);
  note->text[0] = 'i';
  EXPECT_EQ(check_note(*note, *key).error().reason(), "trust.note_signature_wrong");
}

// The example of c2sp.org/tlog-cosignature has no key with it; its shape is checked.
TEST(LogNote, ReadsACheckpointWithACosignature) {
  const auto note = parse_note(
      "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
      "— example.com/behind-the-sofa "
      "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8="
      "\n— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/"
      "zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n");
  ASSERT_TRUE(note.ok());
  ASSERT_EQ(note->signatures.size(), 2U);
  EXPECT_EQ(note->signatures[1].bytes.size(), 72U);
  EXPECT_EQ(note->signatures[0].id, 0x033de0aeU);
  const auto head = Checkpoint::parse(note->text);
  ASSERT_TRUE(head.ok());
  EXPECT_EQ(head->size, 20852163U);
  EXPECT_EQ(head->text(), note->text);
}

TEST(LogNote, ACosignatureSpeaksOfATime) {
  base::SeededRandom random(1);
  const auto key = new_note_key("witness.example/w", NoteAlgorithm::cosignature, random);
  const auto signer = note_signer(*key);
  ASSERT_TRUE(signer.ok());
  Note note{"a\n", {}};
  const base::Time at = base::from_micros(1'679'315'147'000'000);
  ASSERT_TRUE(sign_note(note, **signer, at).ok());
  base::Time read;
  ASSERT_TRUE(check_note(note, (*signer)->verifier(), &read).ok());
  EXPECT_EQ(read, at);
  note.signatures[0].bytes[7] ^= 1;  // of the time
  EXPECT_FALSE(check_note(note, (*signer)->verifier()).ok());
}

TEST(LogNote, KeysAreReadStrictly) {
  base::SeededRandom random(2);
  const auto text = new_note_key("a.example/log", NoteAlgorithm::ed25519, random);
  ASSERT_TRUE(note_signer(*text).ok());
  EXPECT_FALSE(new_note_key("with space", NoteAlgorithm::ed25519, random).ok());
  EXPECT_FALSE(new_note_key("with+plus", NoteAlgorithm::ed25519, random).ok());
  EXPECT_FALSE(new_note_key("", NoteAlgorithm::ed25519, random).ok());
  EXPECT_FALSE(new_note_key("a\xe2\x80\x83z", NoteAlgorithm::ed25519, random).ok());
  EXPECT_TRUE(new_note_key("Bộ-Nội-vụ", NoteAlgorithm::ed25519, random).ok());
  for (const char* wrong : {"", "a", "a+b", "a+00000000+AA==",
                            "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
                            "PeterNeumann+c74f20a3+AhpC2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
                            "Peter+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"}) {
    EXPECT_EQ(NoteVerifier::parse(wrong).error().reason(), "trust.note_key_malformed") << wrong;
    EXPECT_EQ(note_signer(wrong).error().reason(), "trust.note_key_malformed") << wrong;
  }
}

TEST(LogNote, ReadsStrictly) {
  const std::string line = "— a AAAAAAA=\n";
  EXPECT_TRUE(parse_note("text\n\n" + line).ok());
  EXPECT_TRUE(parse_note("text\n\nmore\n\n" + line).ok()) << "the last empty line separates";
  for (const std::string& wrong :
       {std::string(), std::string("text"), std::string("text\n\n"), "text\n" + line, "\n\n" + line,
        "te\rxt\n\n" + line, "te\xffxt\n\n" + line, std::string("text\n\n— a AAAA="),
        std::string("text\n\n— a AAAAAA\n"), std::string("text\n\n- a AAAAAAA=\n"),
        std::string("text\n\n—  AAAAAAA=\n"), std::string("text\n\n— a+b AAAAAAA=\n"),
        std::string("text\n\n— a AAAAAA==\n")}) {
    EXPECT_EQ(parse_note(wrong).error().reason(), "trust.note_malformed") << wrong;
  }
  std::string many = "text\n\n";
  for (std::size_t i = 0; i <= kNoteSignaturesMax; ++i) many += line;
  EXPECT_FALSE(parse_note(many).ok());
  EXPECT_FALSE(parse_note(std::string(kNoteBytesMax, 'a') + "\n\n" + line).ok());
}

TEST(LogCheckpoint, ReadsStrictly) {
  const std::string root = base::base64(std::string(32, 'r'));
  EXPECT_TRUE(Checkpoint::parse("o\n0\n" + root + "\n").ok());
  EXPECT_TRUE(Checkpoint::parse("o\n12\n" + root + "\nan extension\n").ok());
  for (const std::string& wrong :
       {"o\n012\n" + root + "\n", "o\n-1\n" + root + "\n", "\n1\n" + root + "\n", "o\n1\n" + root,
        std::string("o\n1\nAAAA\n"), "o\n1\n" + root + "\n\n",
        "o\n99999999999999999999\n" + root + "\n", "o\n1x\n" + root + "\n"}) {
    EXPECT_EQ(Checkpoint::parse(wrong).error().reason(), "trust.checkpoint_malformed") << wrong;
  }
}

TEST(LogCheckpoint, IsBelievedOnlyFromItsLog) {
  base::SeededRandom random(3);
  const auto log =
      note_signer(*new_note_key("log.example", NoteAlgorithm::ed25519, random)).value();
  const auto other =
      note_signer(*new_note_key("log.example", NoteAlgorithm::ed25519, random)).value();
  Note note{Checkpoint{"log.example", 1, std::string(32, 'r')}.text(), {}};
  ASSERT_TRUE(sign_note(note, *other, {}).ok());
  EXPECT_EQ(SignedCheckpoint::read(note.to_bytes(), log->verifier()).error().reason(),
            "trust.log_bad_signature");
  ASSERT_TRUE(sign_note(note, *log, {}).ok());
  EXPECT_TRUE(SignedCheckpoint::read(note.to_bytes(), log->verifier()).ok());
  Note strange{Checkpoint{"other.example", 1, std::string(32, 'r')}.text(), {}};
  ASSERT_TRUE(sign_note(strange, *log, {}).ok());
  EXPECT_EQ(SignedCheckpoint::read(strange.to_bytes(), log->verifier()).error().reason(),
            "trust.log_bad_signature");
}

}  // namespace
}  // namespace trust::log
