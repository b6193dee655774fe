#include "base/metrics.h"

#include <gtest/gtest.h>

#include <thread>

namespace base {
namespace {

TEST(Metrics, TextIsPrometheus) {
  Metrics metrics;
  metrics.counter("truc_a_total", "How many a").add(3);
  metrics.gauge("truc_b", "How much b", [] { return 1.5; });
  EXPECT_EQ(metrics.text(),
            "# HELP truc_a_total How many a\n# TYPE truc_a_total counter\ntruc_a_total 3\n"
            "# HELP truc_b How much b\n# TYPE truc_b gauge\ntruc_b 1.5\n");
}

TEST(Metrics, LabelsOfOneNameStandTogether) {
  Metrics metrics;
  metrics.counter("x_total", "X", "route=\"/a\"").add();
  metrics.counter("y_total", "Y").add();
  metrics.counter("x_total", "X", "route=\"/b\"").add(2);
  EXPECT_EQ(
      metrics.text(),
      "# HELP x_total X\n# TYPE x_total counter\nx_total{route=\"/a\"} 1\nx_total{route=\"/b\"} 2\n"
      "# HELP y_total Y\n# TYPE y_total counter\ny_total 1\n");
}

TEST(Metrics, AskingTwiceGivesTheSame) {
  Metrics metrics;
  Counter& first = metrics.counter("x_total", "X", "a=\"1\"");
  EXPECT_EQ(&metrics.counter("x_total", "X", "a=\"1\""), &first);
  EXPECT_NE(&metrics.counter("x_total", "X", "a=\"2\""), &first);
}

TEST(Metrics, AGaugeIsReadEveryTimeAndMayBeReplaced) {
  Metrics metrics;
  int value = 1;
  metrics.gauge("g", "G", [&] { return static_cast<double>(value); });
  EXPECT_NE(metrics.text().find("\ng 1\n"), std::string::npos);
  value = 2;
  EXPECT_NE(metrics.text().find("\ng 2\n"), std::string::npos);
  metrics.gauge("g", "G", [] { return 7.0; });
  EXPECT_NE(metrics.text().find("\ng 7\n"), std::string::npos);
}

TEST(Metrics, AGaugeMayHaveLabelsThatComeAndGo) {
  Metrics metrics;
  std::vector<Metrics::Reading> readings = {{{{"use", "a"}, {"name", "x \"y\"\\\n"}}, 1.5}};
  metrics.gauge("g", "G", [&] { return readings; });
  EXPECT_EQ(metrics.text(),
            "# HELP g G\n# TYPE g gauge\ng{use=\"a\",name=\"x \\\"y\\\"\\\\\\n\"} 1.5\n");
  readings.clear();
  EXPECT_EQ(metrics.text(), "# HELP g G\n# TYPE g gauge\n");
}

TEST(Metrics, HistogramsAddUp) {
  Metrics metrics;
  Histogram& seconds = metrics.histogram("s", "S", "route=\"/a\"");
  seconds.observe_micros(500);  // exactly a bound belongs to it
  seconds.observe_micros(501);
  seconds.observe_micros(2'000'000);
  seconds.observe_micros(60'000'000);  // beyond every bound
  const std::string text = metrics.text();
  for (const char* line :
       {"# TYPE s histogram\n", "s_bucket{route=\"/a\",le=\"0.0005\"} 1\n",
        "s_bucket{route=\"/a\",le=\"0.001\"} 2\n", "s_bucket{route=\"/a\",le=\"1\"} 2\n",
        "s_bucket{route=\"/a\",le=\"2.5\"} 3\n", "s_bucket{route=\"/a\",le=\"10\"} 3\n",
        "s_bucket{route=\"/a\",le=\"+Inf\"} 4\n", "s_sum{route=\"/a\"} 62.001001\n",
        "s_count{route=\"/a\"} 4\n"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line << text;
  }
}

TEST(Metrics, ManyThreadsCountEverything) {
  Metrics metrics;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 1000; ++i) {
        metrics.counter("x_total", "X").add();
        metrics.histogram("s", "S").observe_micros(10);
      }
      EXPECT_FALSE(metrics.text().empty());
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(metrics.counter("x_total", "X").value(), 4000u);
  EXPECT_NE(metrics.text().find("s_count 4000\n"), std::string::npos);
}

}  // namespace
}  // namespace base
