#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <thread>

#include "base/time.h"
#include "trust/scan/scanner.h"
#include "trust/testing/clamd_server.h"

namespace trust {
namespace {

constexpr const char* kMarker = "truc-test-malware-9f2c";

std::string directory() {
  const auto path = std::filesystem::temp_directory_path() / "truc-clamd-XXXXXX";
  std::string text = path.string();
  EXPECT_NE(::mkdtemp(text.data()), nullptr);
  return text;
}

std::int64_t in(int ms) { return base::monotonic_micros() + ms * 1000; }

class ClamdTest : public ::testing::Test {
 protected:
  ~ClamdTest() override { std::filesystem::remove_all(directory_); }
  const std::string directory_ = directory();
  testing::ClamdServer server_{directory_, kMarker, "Truc.Test.Marker", 1};
  const std::unique_ptr<Scanner> scanner_ = clamd_scanner(server_.socket());
};

TEST_F(ClamdTest, TellsCleanFromInfected) {
  ASSERT_TRUE(server_.running());
  EXPECT_EQ(scanner_->scan(*memory_source("a harmless letter"), in(5000)).outcome,
            Scan::Outcome::clean);
  EXPECT_EQ(scanner_->scan(*memory_source(""), in(5000)).outcome, Scan::Outcome::clean);
  const std::string bad = std::string(300'000, 'x') + kMarker + std::string(300'000, 'y');
  const Scan found = scanner_->scan(*memory_source(bad), in(5000));
  EXPECT_EQ(found.outcome, Scan::Outcome::infected);
  EXPECT_NE(found.malware.find("Truc.Test.Marker"), std::string::npos) << found.malware;
}

TEST_F(ClamdTest, SaysWhyAFileBeyondTheScannersLimitWasNotScanned) {
  ASSERT_TRUE(server_.running());
  const std::string large(3 << 20, 'x');
  const Scan scan = scanner_->scan(*memory_source(large), in(5000));
  EXPECT_EQ(scan.outcome, Scan::Outcome::not_scanned);
  EXPECT_FALSE(scan.remark.en.empty());
  EXPECT_FALSE(scan.remark.vi.empty());
}

TEST_F(ClamdTest, AHangingOrAbsentScannerCostsNoMoreThanTheBudgetAndHealsByItself) {
  ASSERT_TRUE(server_.running());
  server_.pause(true);
  const std::int64_t before = base::monotonic_micros();
  EXPECT_EQ(scanner_->scan(*memory_source(kMarker), in(300)).outcome, Scan::Outcome::not_scanned);
  EXPECT_LT(base::monotonic_micros() - before, 3'000'000);
  server_.pause(false);
  EXPECT_EQ(scanner_->scan(*memory_source(kMarker), in(5000)).outcome, Scan::Outcome::infected);
  server_.stop();
  EXPECT_EQ(scanner_->scan(*memory_source(kMarker), in(5000)).outcome, Scan::Outcome::not_scanned);
}

// In place of clamd: says its line as soon as somebody comes, and hangs up.
class Liar {
 public:
  Liar(const std::string& path, std::string line)
      : line_(std::move(line)), listener_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    EXPECT_EQ(::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(listener_, 4), 0);
    thread_ = std::thread([this] {
      for (int peer; (peer = ::accept(listener_, nullptr, nullptr)) >= 0; ::close(peer)) {
        EXPECT_GE(::send(peer, line_.data(), line_.size(), MSG_NOSIGNAL), 0);
        ::shutdown(peer, SHUT_RD);
      }
    });
  }
  ~Liar() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }

 private:
  const std::string line_;
  const int listener_;
  std::thread thread_;
};

TEST(Clamd, AScannerThatLiesIsNotBelieved) {
  const std::string place = directory();
  // Longer than what a socket takes without a reader.
  const std::string large(8 << 20, 'x');
  int number = 0;
  for (const std::string& line :
       {std::string("stream: OK\0", 11), std::string("stream: OK"), std::string("\0", 1),
        std::string("stream: OKAY\0", 13), std::string("OK FOR NOW\0", 11),
        std::string(1 << 20, 'y'), std::string()}) {
    const std::string path = place + "/liar" + std::to_string(++number);
    const Liar liar(path, line);
    const Scan scan = clamd_scanner(path)->scan(*memory_source(large), in(5000));
    EXPECT_EQ(scan.outcome, Scan::Outcome::not_scanned) << number;
    EXPECT_FALSE(scan.remark.en.empty()) << number;
  }
  std::filesystem::remove_all(place);
}

}  // namespace
}  // namespace trust
