#include "exchange/uploads/uploads.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "base/hash.h"
#include "exchange/testing/engines.h"

namespace exchange::uploads {
namespace {

const Owner kOwner{"00.99.W00", 7};

class UploadsOn : public exchange::testing::OnEngine {
 protected:
  UploadsOn() {
    options.directory = site.blobs_path() + "/upload";
    options.boot = "boot-1";
    options.free_bytes_min = 0;
    open();
  }
  void open() {
    uploads.reset();
    auto opened = Uploads::open(
        {base::real_files(), site.database(), site.blobs(), site.clock, site.random}, options);
    ASSERT_TRUE(opened.ok()) << opened.error().detail();
    uploads = std::move(opened).value();
  }
  Upload create(std::optional<std::uint64_t> size, const Owner& owner = kOwner) {
    return uploads->create(owner, size, "").value();
  }
  base::Result<Upload> send(const std::string& id, std::uint64_t offset, base::BytesView bytes) {
    auto append = TRY(uploads->append(kOwner, id, offset));
    TRY(append->write(bytes));
    return append->finish();
  }
  std::string reason(const base::Result<Upload>& result) {
    return result.ok() ? "ok" : std::string(result.error().reason());
  }
  std::string bytes_of(const store::BlobRef& blob) {
    auto reader = site.blobs().open(blob).value();
    std::string bytes(reader->size(), '\0');
    EXPECT_EQ(reader->read_at(0, bytes.data(), bytes.size()).value(), bytes.size());
    return bytes;
  }
  std::size_t files() { return base::real_files().list(options.directory).value().size(); }

  Options options;
  std::unique_ptr<Uploads> uploads;
};

TEST_P(UploadsOn, GoesOnWhereItBrokeOff) {
  const std::string whole = base::SeededRandom(1).bytes(200'000);
  const Upload upload = create(whole.size());
  EXPECT_EQ(upload.offset, 0U);
  EXPECT_EQ(send(upload.id, 0, whole.substr(0, 70'000))->offset, 70'000U);
  {
    auto broken = uploads->append(kOwner, upload.id, 70'000).value();
    ASSERT_TRUE(broken->write(whole.substr(70'000, 30'000)).ok());
  }
  EXPECT_EQ(uploads->find(kOwner, upload.id)->offset, 100'000U) << "what arrived is kept";
  EXPECT_EQ(uploads->keep(kOwner, upload.id).error().reason(), "exchange.upload_incomplete");
  open();  // the process was restarted
  EXPECT_EQ(reason(send(upload.id, 99'999, "x")), "exchange.upload_wrong_offset");
  EXPECT_EQ(reason(send(upload.id, 100'001, "x")), "exchange.upload_wrong_offset");
  EXPECT_TRUE(send(upload.id, 100'000, whole.substr(100'000))->complete());
  const Kept kept = uploads->keep(kOwner, upload.id).value();
  EXPECT_EQ(kept.size, whole.size());
  EXPECT_EQ(kept.sha256, base::sha256(whole));
  ASSERT_TRUE(uploads->terminate(kOwner, upload.id).ok());
  EXPECT_EQ(files(), 0U);
  EXPECT_EQ(bytes_of(kept.blob), whole) << "what was kept stays";
  EXPECT_TRUE(site.blobs().discard(kept.blob).ok());
  EXPECT_EQ(site.blobs().open(kept.blob).error().reason(), "store.blob_missing");
}

TEST_P(UploadsOn, IsTheSameWhereverASmallOneBreaksOff) {
  const std::string whole = base::SeededRandom(2).bytes(40);
  for (std::size_t cut = 0; cut <= whole.size(); ++cut) {
    SCOPED_TRACE(cut);
    const Upload upload = create(whole.size());
    {
      auto broken = uploads->append(kOwner, upload.id, 0).value();
      ASSERT_TRUE(broken->write(whole.substr(0, cut)).ok());
    }
    if (cut % 5 == 0) open();
    EXPECT_EQ(uploads->find(kOwner, upload.id)->offset, cut);
    EXPECT_TRUE(send(upload.id, cut, whole.substr(cut))->complete());
    const Kept kept = uploads->keep(kOwner, upload.id).value();
    EXPECT_EQ(kept.sha256, base::sha256(whole));
    EXPECT_EQ(bytes_of(kept.blob), whole);
    ASSERT_TRUE(uploads->terminate(kOwner, upload.id).ok());
  }
}

TEST_P(UploadsOn, HasNothingForOthers) {
  const Upload upload = create(10);
  for (const Owner& other : {Owner{"00.98.W00", 7}, Owner{"00.99.W00", 8}}) {
    EXPECT_EQ(reason(uploads->find(other, upload.id)), "exchange.upload_unknown");
    EXPECT_EQ(uploads->append(other, upload.id, 0).error().reason(), "exchange.upload_unknown");
    EXPECT_EQ(uploads->terminate(other, upload.id).error().reason(), "exchange.upload_unknown");
  }
  for (const char* id : {"", "x", "../../truc.db", "0123456789abcdef0123456789abcdef"}) {
    EXPECT_EQ(reason(uploads->find(kOwner, id)), "exchange.upload_unknown");
  }
}

TEST_P(UploadsOn, LetsOneWriteAtATimeAndADeadOneGiveWay) {
  options.silence = std::chrono::milliseconds(60);
  open();
  const Upload upload = create(10);
  auto first = uploads->append(kOwner, upload.id, 0).value();
  ASSERT_TRUE(first->write("abc").ok());
  EXPECT_EQ(uploads->append(kOwner, upload.id, 3).error().reason(), "exchange.upload_busy");
  std::this_thread::sleep_for(std::chrono::milliseconds(80));
  auto second = uploads->append(kOwner, upload.id, 3).value();
  EXPECT_EQ(first->write("zzz").error().reason(), "exchange.upload_taken_over");
  EXPECT_EQ(reason(first->finish()), "exchange.upload_taken_over");
  first.reset();
  ASSERT_TRUE(second->write("defghij").ok());
  EXPECT_TRUE(second->finish()->complete());
  EXPECT_EQ(uploads->digest(kOwner, upload.id).value(), base::sha256("abcdefghij"));
}

TEST_P(UploadsOn, OneOfManyAtTheSameTimeWins) {
  const Upload upload = create(1 << 20);
  std::atomic<int> won = 0;
  std::vector<std::unique_ptr<Append>> winners(8);
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < winners.size(); ++i) {
      threads.emplace_back([&, i] {
        auto append = uploads->append(kOwner, upload.id, 0);
        if (!append.ok()) {
          EXPECT_EQ(append.error().reason(), "exchange.upload_busy");
          return;
        }
        winners[i] = std::move(append).value();
        ++won;
      });
    }
  }
  EXPECT_EQ(won, 1);
}

TEST_P(UploadsOn, AllOrNothingIsNothingUntilItIsAll) {
  const Upload upload = create(6);
  ASSERT_TRUE(send(upload.id, 0, "abc").ok());
  {
    auto append = uploads->append(kOwner, upload.id, 3, true).value();
    ASSERT_TRUE(append->write("BA").ok());
    EXPECT_EQ(uploads->find(kOwner, upload.id)->offset, 3U);
  }
  EXPECT_EQ(uploads->find(kOwner, upload.id)->offset, 3U);
  auto append = uploads->append(kOwner, upload.id, 3, true).value();
  ASSERT_TRUE(append->write("def").ok());
  EXPECT_TRUE(append->finish()->complete());
  EXPECT_EQ(uploads->digest(kOwner, upload.id).value(), base::sha256("abcdef"));
}

TEST_P(UploadsOn, KeepsToItsSizeHoweverItIsSaid) {
  const Upload upload = create(4);
  EXPECT_EQ(reason(send(upload.id, 0, "12345")), "exchange.upload_too_large");
  EXPECT_TRUE(send(upload.id, 0, "1234")->complete());
  EXPECT_EQ(reason(send(upload.id, 4, "5")), "exchange.upload_too_large");
  EXPECT_TRUE(send(upload.id, 4, "")->complete());
  EXPECT_TRUE(create(0).complete());
  EXPECT_EQ(uploads->keep(kOwner, create(0).id)->sha256, base::sha256(""));

  const Upload open_end = create(std::nullopt);
  EXPECT_FALSE(send(open_end.id, 0, "12345")->complete());
  EXPECT_EQ(uploads->declare(kOwner, open_end.id, 4).error().reason(), "exchange.upload_bad_size");
  ASSERT_TRUE(uploads->declare(kOwner, open_end.id, 6).ok());
  ASSERT_TRUE(uploads->declare(kOwner, open_end.id, 6).ok());
  EXPECT_EQ(uploads->declare(kOwner, open_end.id, 7).error().reason(),
            "exchange.upload_size_known");
  EXPECT_TRUE(send(open_end.id, 5, "6")->complete());
  EXPECT_EQ(uploads->create(kOwner, options.upload_bytes_max + 1, "").error().reason(),
            "exchange.upload_too_large");
  EXPECT_EQ(uploads->create(kOwner, 1, std::string(5000, 'm')).error().reason(),
            "exchange.upload_bad_metadata");
}

TEST_P(UploadsOn, CountsWhatAnOwnerHas) {
  options.owner_uploads_max = 3;
  options.owner_bytes_max = 1000;
  options.upload_bytes_max = 900;
  open();
  const Upload first = create(600);
  EXPECT_EQ(uploads->create(kOwner, 401, "").error().reason(), "exchange.upload_quota");
  const Upload open_end = create(std::nullopt);
  EXPECT_EQ(reason(send(open_end.id, 0, "x")), "exchange.upload_quota")
      << "an upload without size borrows as much as it may grow to";
  EXPECT_EQ(uploads->declare(kOwner, open_end.id, 500).error().reason(), "exchange.upload_quota");
  ASSERT_TRUE(uploads->declare(kOwner, open_end.id, 400).ok());
  create(0);
  EXPECT_EQ(uploads->create(kOwner, 0, "").error().reason(), "exchange.upload_too_many");
  EXPECT_TRUE(uploads->create({"other", 7}, 900, "").ok());
  ASSERT_TRUE(uploads->terminate(kOwner, first.id).ok());
  EXPECT_TRUE(uploads->create(kOwner, 600, "").ok());
}

TEST_P(UploadsOn, LeavesTheDiskItsReserve) {
  options.free_bytes_min = std::uint64_t{1} << 62;
  open();
  EXPECT_EQ(uploads->create(kOwner, 1, "").error().reason(), "store.disk_full");
}

TEST_P(UploadsOn, AbandonedOnesGiveTheirSpaceBack) {
  options.lifetime = std::chrono::hours(8);
  open();
  const Upload abandoned = create(10), used = create(10), busy = create(10);
  for (const auto& upload : {abandoned, used, busy}) ASSERT_TRUE(send(upload.id, 0, "abc").ok());
  site.clock.advance(std::chrono::hours(5));
  EXPECT_EQ(uploads->sweep().value(), 0U);
  const Upload prolonged = send(used.id, 3, "def").value();
  EXPECT_EQ(prolonged.expires_at, site.clock.now() + options.lifetime);
  auto append = uploads->append(kOwner, busy.id, 3).value();
  site.clock.advance(std::chrono::hours(4));
  EXPECT_EQ(reason(uploads->find(kOwner, abandoned.id)), "exchange.upload_expired");
  EXPECT_EQ(uploads->sweep().value(), 1U);
  EXPECT_EQ(reason(uploads->find(kOwner, abandoned.id)), "exchange.upload_unknown");
  EXPECT_EQ(files(), 4U);
  site.clock.advance(std::chrono::hours(5));
  EXPECT_EQ(uploads->sweep().value(), 1U) << "not the one that is being written";
  ASSERT_TRUE(append->write("defghij").ok());
  EXPECT_TRUE(append->finish()->complete());
  EXPECT_EQ(uploads->sweep().value(), 0U);
}

TEST_P(UploadsOn, TheSweepTakesFilesWithoutARecord) {
  const Upload upload = create(10);
  ASSERT_TRUE(send(upload.id, 0, "abc").ok());
  auto& real = base::real_files();
  const std::string orphan = options.directory + "/00112233445566778899aabbccddeeff";
  ASSERT_TRUE(base::write_file_durably(real, orphan, "left behind").ok());
  ASSERT_TRUE(base::write_file_durably(real, options.directory + "/README", "not ours").ok());
  EXPECT_EQ(uploads->sweep().value(), 1U);
  EXPECT_FALSE(real.exists(orphan));
  EXPECT_TRUE(real.exists(options.directory + "/README"));
  EXPECT_EQ(uploads->find(kOwner, upload.id)->offset, 3U);
}

TEST_P(UploadsOn, ARemovedOneTakesNoMoreBytes) {
  const Upload upload = create(10);
  auto append = uploads->append(kOwner, upload.id, 0).value();
  ASSERT_TRUE(append->write("abc").ok());
  ASSERT_TRUE(uploads->terminate(kOwner, upload.id).ok());
  EXPECT_EQ(append->write("def").error().reason(), "exchange.upload_gone");
  EXPECT_EQ(reason(append->finish()), "exchange.upload_gone");
  append.reset();
  EXPECT_EQ(files(), 0U);
}

TEST_P(UploadsOn, JoinsPartsAndKnowsThemByTheirHash) {
  const std::string whole = base::SeededRandom(3).bytes(3'000'000);
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < 3; ++i) {
    parts.push_back(uploads->create(kOwner, 1'000'000, "", "partial")->id);
    if (i == 2) {
      EXPECT_EQ(reason(uploads->join(kOwner, parts, "", "final;")), "exchange.upload_incomplete");
    }
    ASSERT_TRUE(send(parts[i], 0, whole.substr(i * 1'000'000, 1'000'000)).ok());
  }
  const Upload joined = uploads->join(kOwner, parts, "", "final;…").value();
  EXPECT_TRUE(joined.complete());
  EXPECT_EQ(uploads->digest(kOwner, joined.id).value(), base::sha256(whole));
  EXPECT_EQ(reason(send(joined.id, joined.offset, "")), "exchange.upload_joined");
  EXPECT_EQ(uploads->find_by_hash(kOwner, base::sha256(whole)).value(), joined.id);
  EXPECT_EQ(uploads->find_by_hash({"other", 7}, base::sha256(whole)).value(), std::nullopt);
  const std::string whole_one = create(0).id;
  EXPECT_EQ(reason(uploads->join(kOwner, {whole_one}, "", "final;")), "exchange.upload_not_a_part");
}

TEST_P(UploadsOn, ABlobOfAnUploadSurvivesTheSweepOfBlobsOnceADocumentNamesIt) {
  const std::string whole = base::SeededRandom(4).bytes(150'000);
  const Upload upload = create(whole.size());
  ASSERT_TRUE(send(upload.id, 0, whole).ok());
  const Kept kept = uploads->keep(kOwner, upload.id).value();
  uploads.reset();
  site.close();
  ASSERT_TRUE(site.open().ok());
  EXPECT_EQ(site.exchange().sweep().value(), 1U) << "nobody named it";
  open();
  EXPECT_EQ(bytes_of(uploads->keep(kOwner, upload.id)->blob), whole) << "the upload is still there";
}

ON_BOTH_ENGINES(UploadsOn);

}  // namespace
}  // namespace exchange::uploads
