#include "store/blobs.h"

#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "base/hash.h"
#include "base/testing/temp_directory.h"
#include "store/pack.h"
#include "store/testing/faulty_disk.h"

namespace store {
namespace {

using base::Result;
using Mode = base::FileSystem::Mode;

base::Bytes read_all(Blobs& blobs, const BlobRef& ref) {
  auto reader = blobs.open(ref);
  if (!reader.ok()) return "(" + std::string(reader.error().reason()) + ")";
  base::Bytes bytes((*reader)->size() + 7, '?');
  const auto got = (*reader)->read_at(0, bytes.data(), bytes.size());
  EXPECT_TRUE(got.ok());
  bytes.resize(*got);
  return bytes;
}

base::Bytes noise(std::uint64_t seed, std::size_t size) {
  return base::SeededRandom(seed).bytes(size);
}

// On the machine's files and on the faulty disk alike.
class BlobsOn : public ::testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    if (!GetParam()) {
      ASSERT_TRUE(disk_.make_directory("/tmp").ok());
    }
    open();
  }
  base::FileSystem& files() { return GetParam() ? base::real_files() : disk_; }
  std::string root() { return GetParam() ? directory_ / "blobs" : "/tmp/blobs"; }
  std::string other() { return GetParam() ? directory_ / "copy" : "/tmp/copy"; }
  void open() {
    blobs_.reset();
    auto opened = open_blob_directory(files(), random_, root());
    ASSERT_TRUE(opened.ok()) << opened.error().detail();
    blobs_ = std::move(opened).value();
  }
  BlobRef put(base::BytesView bytes) {
    auto ref = blobs_->put(bytes);
    EXPECT_TRUE(ref.ok());
    return ref.ok() ? *ref : "";
  }
  // Changes one byte of a file of the directory.
  void damage(const std::string& path, std::uint64_t at) {
    auto file = files().open(root() + "/" + path, Mode::read_write);
    ASSERT_TRUE(file.ok());
    char byte = 0;
    ASSERT_EQ((*file)->read_at(at, &byte, 1).value(), 1U);
    byte = static_cast<char>(byte ^ 0x40);
    ASSERT_TRUE((*file)->write_at(at, base::BytesView(&byte, 1)).ok());
  }

  base::testing::TempDirectory directory_;
  testing::FaultyDisk disk_{5};
  base::SeededRandom random_{9};
  std::unique_ptr<Blobs> blobs_;
};

TEST_P(BlobsOn, TakesAFileByASecondName) {
  for (const std::size_t size : {std::size_t{0}, kPackedBlobMax, kPackedBlobMax + 1}) {
    const std::string path = root() + "/ready", bytes = noise(size, size);
    ASSERT_TRUE(base::write_file_durably(files(), path, bytes).ok());
    const BlobRef ref = blobs_->adopt(path).value();
    const BlobRef again = blobs_->adopt(path).value();
    EXPECT_NE(ref, again);
    ASSERT_TRUE(files().remove(path).ok());
    ASSERT_TRUE(blobs_->sync().ok());
    EXPECT_EQ(read_all(*blobs_, ref), bytes);
    ASSERT_TRUE(blobs_->discard(ref).ok());
    EXPECT_EQ(read_all(*blobs_, again), bytes);
    if (size > kPackedBlobMax) {
      EXPECT_EQ(read_all(*blobs_, ref), "(store.blob_missing)");
    }
  }
  EXPECT_EQ(blobs_->adopt(root() + "/none").error().reason(), "store.blob_missing");
  EXPECT_EQ(blobs_->discard("../x").error().reason(), "store.blob_missing");
}

TEST_P(BlobsOn, KeepsSmallAndLargeBlobs) {
  for (const std::size_t size : {0UL, 1UL, 1000UL, 65'536UL, 65'537UL, 300'000UL, 9'000'000UL}) {
    const base::Bytes bytes = noise(size + 1, size);
    auto writer = blobs_->create();
    ASSERT_TRUE(writer.ok());
    for (std::size_t at = 0; at < size; at += 50'000) {
      ASSERT_TRUE((*writer)->write(base::BytesView(bytes).substr(at, 50'000)).ok());
    }
    EXPECT_EQ((*writer)->size(), size);
    auto ref = (*writer)->finish(size);
    ASSERT_TRUE(ref.ok());
    ASSERT_TRUE(blobs_->sync().ok());
    EXPECT_EQ(ref->starts_with("pack/"), size <= 65'536) << *ref;
    EXPECT_TRUE(read_all(*blobs_, *ref) == bytes) << size;
    EXPECT_TRUE(read_all(*blobs_, put(bytes)) == bytes) << size;
  }
  EXPECT_TRUE(files().list(root() + "/incoming")->empty());
}

TEST_P(BlobsOn, KeepsOnlyTheBeginningWhenAsked) {
  for (const std::size_t keep : {0UL, 10UL, 70'000UL, 262'144UL, 399'999UL}) {
    for (const std::size_t size : {400'000UL, 60'000UL}) {
      if (keep > size) continue;
      const base::Bytes bytes = noise(3, size);
      auto writer = blobs_->create();
      ASSERT_TRUE((*writer)->write(bytes).ok());
      auto ref = (*writer)->finish(keep);
      ASSERT_TRUE(ref.ok());
      EXPECT_TRUE(read_all(*blobs_, *ref) == bytes.substr(0, keep)) << keep << " of " << size;
    }
  }
}

TEST_P(BlobsOn, ReadsPiecesOfABlob) {
  for (const std::size_t size : {1000UL, 100'000UL}) {
    const base::Bytes bytes = noise(4, size);
    auto reader = blobs_->open(put(bytes));
    ASSERT_TRUE(reader.ok());
    char piece[100];
    EXPECT_EQ((*reader)->read_at(900, piece, 50).value(), 50U);
    EXPECT_EQ(base::BytesView(piece, 50), base::BytesView(bytes).substr(900, 50));
    EXPECT_EQ((*reader)->read_at(size - 10, piece, 100).value(), 10U);
    EXPECT_EQ((*reader)->read_at(size, piece, 100).value(), 0U);
    EXPECT_EQ((*reader)->read_at(size + 1000, piece, 100).value(), 0U);
  }
}

TEST_P(BlobsOn, ForgetsABlobThatIsNotFinished) {
  {
    auto writer = blobs_->create();
    ASSERT_TRUE((*writer)->write(noise(1, 200'000)).ok());
    EXPECT_EQ(files().list(root() + "/incoming")->size(), 1U);
  }
  EXPECT_TRUE(files().list(root() + "/incoming")->empty());
}

TEST_P(BlobsOn, BeginsANewPackInEveryProcess) {
  const BlobRef first = put("one");
  open();
  const BlobRef second = put("two");
  EXPECT_NE(first.substr(0, 21), second.substr(0, 21));
  EXPECT_EQ(read_all(*blobs_, first), "one");
  EXPECT_EQ(read_all(*blobs_, second), "two");
  auto beside = open_blob_directory(files(), random_, root());
  ASSERT_TRUE(beside.ok());
  const auto third = (*beside)->put("three");
  const BlobRef fourth = put("four");
  EXPECT_EQ(read_all(*blobs_, *third), "three");
  EXPECT_EQ(read_all(**beside, fourth), "four");
}

TEST_P(BlobsOn, SaysWhatIsMissingOrDamaged) {
  const BlobRef small = put(noise(1, 500));
  const BlobRef large = put(noise(1, 100'000));
  for (const BlobRef& ref :
       {BlobRef(""), BlobRef("pack/"), BlobRef("pack/0000000000000099:16:5"), BlobRef("../../x"),
        BlobRef("pack/0000000000000001:-1:5"), BlobRef("pack/0000000000000001:16:99999999999"),
        BlobRef("file/00/000000000000000000000000000000ff.5"), BlobRef("file/../../etc/passwd"),
        large.substr(0, large.rfind('.')), large + "0", small + "x", BlobRef("pack/x:1:1")}) {
    EXPECT_EQ(read_all(*blobs_, ref), "(store.blob_missing)") << ref;
  }
  EXPECT_EQ(read_all(*blobs_, "pack/0000000000000001:17:500"), "(store.blob_damaged)");
  EXPECT_EQ(read_all(*blobs_, "pack/0000000000000001:16:499"), "(store.blob_damaged)");
  EXPECT_EQ(read_all(*blobs_, "pack/0000000000000001:999999:500"), "(store.blob_damaged)");
  damage("pack/0000000000000001.pack", 16 + 16 + 250);
  EXPECT_EQ(read_all(*blobs_, small), "(store.blob_damaged)");
  ASSERT_TRUE(files().open(root() + "/" + large, Mode::read_write).value()->truncate(9).ok());
  EXPECT_EQ(read_all(*blobs_, large), "(store.blob_damaged)");
}

TEST_P(BlobsOn, TakesBlobsFromManyThreads) {
  constexpr std::uint64_t kThreads = 8, kEach = 60;
  std::vector<std::vector<BlobRef>> refs(kThreads);
  std::vector<std::thread> threads;
  for (std::uint64_t thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      for (std::uint64_t i = 0; i < kEach; ++i) {
        auto ref = blobs_->put(noise(thread * 1000 + i, 100 + i * 37));
        ASSERT_TRUE(ref.ok());
        if (i % 8 == 0) {
          EXPECT_TRUE(blobs_->sync().ok());
        }
        refs[thread].push_back(*ref);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  std::set<BlobRef> all;
  for (std::uint64_t thread = 0; thread < kThreads; ++thread) {
    for (std::uint64_t i = 0; i < kEach; ++i) {
      EXPECT_TRUE(read_all(*blobs_, refs[thread][i]) == noise(thread * 1000 + i, 100 + i * 37));
      EXPECT_TRUE(all.insert(refs[thread][i]).second);
    }
  }
}

TEST_P(BlobsOn, SweepsWhatIsOldAndUnnamed) {
  const BlobRef kept_small = put("kept"), lost_beside = put("lost beside it");
  const BlobRef kept_large = put(noise(1, 80'000)), lost_large = put(noise(2, 80'000));
  open();
  const BlobRef lost_pack = put("a pack that nobody names");
  open();
  const BlobRef last_pack = put("the pack with the highest number before this process");
  ASSERT_TRUE(files().open(root() + "/incoming/" + std::string(32, '0'), Mode::create_new).ok());
  open();
  const BlobRef fresh_small = put("fresh"), fresh_large = put(noise(3, 80'000));
  std::set<BlobRef> named = {kept_small, kept_large};
  const auto removed = blobs_->sweep([&](const BlobRef& ref) { return named.contains(ref); });
  ASSERT_TRUE(removed.ok()) << removed.error().detail();
  EXPECT_EQ(*removed, 4U)
      << "in incoming, the large one, two packs: that of this process is higher";
  EXPECT_EQ(read_all(*blobs_, kept_small), "kept");
  EXPECT_EQ(read_all(*blobs_, lost_beside), "lost beside it") << "shares its pack";
  EXPECT_EQ(read_all(*blobs_, kept_large), noise(1, 80'000));
  EXPECT_EQ(read_all(*blobs_, lost_large), "(store.blob_missing)");
  EXPECT_EQ(read_all(*blobs_, lost_pack), "(store.blob_missing)");
  EXPECT_EQ(read_all(*blobs_, last_pack), "(store.blob_missing)");
  EXPECT_EQ(read_all(*blobs_, fresh_small), "fresh");
  EXPECT_EQ(read_all(*blobs_, fresh_large), noise(3, 80'000));
  EXPECT_EQ(blobs_->sweep([&](const BlobRef& ref) { return named.contains(ref); }).value(), 0U);
}

TEST_P(BlobsOn, SweepFindsNamedRecordsBehindADamagedOne) {
  put(pack_record("a record inside a blob"));
  const BlobRef broken = put("its header will be damaged");
  const BlobRef behind = put("behind it");
  damage("pack/0000000000000001.pack", parse_packed_ref(broken)->offset + 5);
  open();
  put("another pack");
  std::set<BlobRef> asked;
  const auto removed = blobs_->sweep([&](const BlobRef& ref) {
    asked.insert(ref);
    return ref == behind;
  });
  EXPECT_EQ(removed.value(), 0U);
  EXPECT_TRUE(asked.contains(behind));
  EXPECT_EQ(read_all(*blobs_, behind), "behind it");
}

TEST_P(BlobsOn, CopiesWhatIsAskedForAndNothingTwice) {
  const BlobRef small = put(noise(1, 5000)), large = put(noise(2, 90'000));
  ASSERT_TRUE(blobs_->copy_to(small, other()).ok());
  ASSERT_TRUE(blobs_->copy_to(large, other()).ok());
  ASSERT_TRUE(blobs_->copy_to(large, other()).ok());
  const BlobRef later = put(noise(3, 7000));
  ASSERT_TRUE(blobs_->copy_to(later, other()).ok());
  EXPECT_EQ(blobs_->copy_to("pack/0000000000000077:16:5", other()).error().reason(),
            "store.blob_missing");
  EXPECT_EQ(blobs_->copy_to("nonsense", other()).error().reason(), "store.blob_missing");
  {
    auto copy = open_blob_directory(files(), random_, other());
    ASSERT_TRUE(copy.ok());
    EXPECT_EQ(read_all(**copy, small), noise(1, 5000));
    EXPECT_EQ(read_all(**copy, large), noise(2, 90'000));
    EXPECT_EQ(read_all(**copy, later), noise(3, 7000));
  }
  // A copy that was interrupted is mended by asking again.
  auto torn = files().open(other() + "/pack/0000000000000001.pack", Mode::read_write);
  ASSERT_TRUE((*torn)->write_at(100, std::string(900, '\0')).ok());
  ASSERT_TRUE(blobs_->copy_to(small, other()).ok());
  auto copy = open_blob_directory(files(), random_, other());
  EXPECT_EQ(read_all(**copy, small), noise(1, 5000));
}

TEST_P(BlobsOn, ProbesTheDisk) {
  EXPECT_TRUE(blobs_->probe().ok());
  EXPECT_TRUE(files().list(root() + "/incoming")->empty());
}

INSTANTIATE_TEST_SUITE_P(Disks, BlobsOn, ::testing::Bool(), [](const auto& real) {
  return std::string(real.param ? "real" : "faulty");
});

TEST(Blobs, SayThatTheDiskIsFullAndGoOnAfterwards) {
  testing::FaultyDisk disk(1);
  base::SeededRandom random(1);
  auto blobs = open_blob_directory(disk, random, "blobs");
  ASSERT_TRUE(blobs.ok());
  const auto before = (*blobs)->put(noise(1, 1000));
  disk.limit_bytes(50'000);
  EXPECT_EQ((*blobs)->put(noise(2, 60'000)).error().reason(), "store.disk_full");
  auto writer = (*blobs)->create();
  EXPECT_TRUE((*writer)->write(noise(2, 70'000)).ok()) << "still gathered in memory";
  EXPECT_EQ((*writer)->finish(70'000).error().reason(), "store.disk_full");
  writer.value().reset();
  EXPECT_TRUE(disk.list("blobs/incoming")->empty());
  disk.limit_bytes(10);
  EXPECT_EQ((*blobs)->probe().error().reason(), "store.disk_full");
  disk.limit_bytes(0);
  const auto after = (*blobs)->put(noise(3, 60'000));
  ASSERT_TRUE(after.ok());
  EXPECT_TRUE((*blobs)->sync().ok());
  EXPECT_EQ(read_all(**blobs, *before), noise(1, 1000));
  EXPECT_EQ(read_all(**blobs, *after), noise(3, 60'000));
}

TEST(Blobs, SyncDoesNothingWithoutNews) {
  testing::FaultyDisk disk(1);
  base::SeededRandom random(1);
  auto blobs = open_blob_directory(disk, random, "blobs");
  for (int i = 0; i < 10; ++i) ASSERT_TRUE((*blobs)->put("x").ok());
  ASSERT_TRUE((*blobs)->sync().ok());
  const auto before = disk.operations();
  ASSERT_TRUE((*blobs)->sync().ok());
  EXPECT_EQ(disk.operations(), before);
  for (int i = 0; i < 10; ++i) ASSERT_TRUE((*blobs)->put("x").ok());
  ASSERT_TRUE((*blobs)->sync().ok());
  EXPECT_EQ(disk.operations(), before + 11) << "ten writes and one sync";
}

TEST(Blobs, DoNotTrustADiskWhoseSyncFailed) {
  testing::FaultyDisk disk(1);
  base::SeededRandom random(1);
  auto blobs = open_blob_directory(disk, random, "blobs");
  ASSERT_TRUE((*blobs)->put("x").ok());
  disk.die_after(1);
  EXPECT_EQ((*blobs)->sync().error().reason(), "store.unavailable");
  disk.power_cycle();
  EXPECT_EQ((*blobs)->sync().error().reason(), "store.unavailable");
}

// The hexadecimal example of the document is what the code writes.
TEST(Blobs, MatchTheirDocument) {
  auto document = base::read_file(base::real_files(),
                                  std::string(TRUC_SOURCE_DIR) + "/docs/formats/blobs.md", 1 << 20);
  ASSERT_TRUE(document.ok());
  const std::size_t begin = document->find("```hex\n") + 7;
  std::string digits = document->substr(begin, document->find("```", begin) - begin);
  std::erase_if(digits, [](char c) { return c == ' ' || c == '\n'; });
  const auto example = base::from_hex(digits);
  ASSERT_TRUE(example);

  testing::FaultyDisk disk(1);
  base::SeededRandom random(1);
  auto blobs = open_blob_directory(disk, random, "blobs");
  EXPECT_EQ((*blobs)->put("hello, Trúc").value(), "pack/0000000000000001:16:12");
  EXPECT_EQ((*blobs)->put("").value(), "pack/0000000000000001:44:0");
  EXPECT_EQ(base::hex(*base::read_file(disk, "blobs/pack/0000000000000001.pack", 1000)),
            base::hex(*example));
  EXPECT_TRUE(is_pack_header(base::BytesView(*example).substr(0, 16)));
  EXPECT_NE(document->find("pack/0000000000000001:44:0"), std::string::npos);
}

}  // namespace
}  // namespace store
