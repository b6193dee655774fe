// Builds an index of many documents, then asks it what people type (benchmark `search`).
//
//   truc_bench_search DATABASE_URL DOCUMENTS [--only-ask]
//
// Questions are asked one after the other: each first by somebody who sees everything, then by
// somebody of 700 organisations, then of one. Prints a table, and as the last line a JSON object.
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "base/time.h"
#include "search/index.h"
#include "search/testing/corpus.h"

namespace {

template <class Result>
typename Result::Value must(Result result) {
  if (!result) {
    std::fprintf(stderr, "%s\n", result.error().detail().c_str());
    std::exit(1);
  }
  return std::move(result).value();
}

constexpr std::int64_t kAtOnce = 4096;

void build(search::Index& index, std::int64_t documents,
           std::vector<search::testing::Question>& questions, bool only_ask) {
  search::testing::Answers answers(questions);
  for (std::int64_t id = 1; id <= documents; id += kAtOnce) {
    std::vector<search::Entry> some;
    const std::int64_t end = std::min(id + kAtOnce, documents + 1);
    for (std::int64_t one = id; one < end; ++one) some.push_back(search::testing::document(one));
    for (const search::Entry& entry : some) answers.see(entry);
    if (only_ask) continue;
    must(index.put(some, id - 1, end - 1));
    while (must(index.merge())) {
    }
    if (id / kAtOnce % 16 == 0)
      std::fprintf(stderr, "%lld documents\n", static_cast<long long>(end - 1));
  }
}

// Processor time of this thread, which other work on the machine does not lengthen so much.
std::int64_t processor_micros() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return std::int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1000;
}

double at(std::vector<std::int64_t>& micros, double share) {
  std::sort(micros.begin(), micros.end());
  const auto place = static_cast<std::size_t>(share * static_cast<double>(micros.size() - 1));
  return static_cast<double>(micros[place]) / 1000;
}

struct Asked {
  std::vector<std::int64_t> micros, processor;
  double recall = 0;
  double at(double share) { return ::at(micros, share); }
  double processor_at(double share) { return ::at(processor, share); }
};

Asked ask(search::Index& index, const std::vector<search::testing::Question>& questions,
          const search::Sight& sight) {
  Asked asked;
  for (const auto& question : questions) {
    const std::int64_t begin = base::monotonic_micros(), processor = processor_micros();
    const search::Found found = must(index.find({question.text, sight, "", 10}));
    asked.micros.push_back(base::monotonic_micros() - begin);
    asked.processor.push_back(processor_micros() - processor);
    std::vector<std::int64_t> hits;
    for (const search::Hit& hit : found.hits) hits.push_back(hit.id);
    asked.recall +=
        search::testing::recall_at_10(question, hits) / static_cast<double>(questions.size());
  }
  return asked;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: truc_bench_search DATABASE_URL DOCUMENTS [--only-ask]\n");
    return 2;
  }
  store::Database::Options options;
  options.url = argv[1];
  const std::int64_t documents = std::atoll(argv[2]);
  const auto database = must(store::Database::open(options));
  const auto index = must(search::Index::open(*database));
  auto questions = search::testing::questions(documents, 352);
  const std::int64_t begin = base::monotonic_micros();
  build(*index, documents, questions, argc > 3);
  const double build_s = static_cast<double>(base::monotonic_micros() - begin) / 1e6;

  // Frequent words, which are in every other document or more.
  std::vector<search::testing::Question> frequent;
  for (const char* text :
       {"và", "của", "và của các", "kế hoạch", "báo cáo", "thực hiện", "các đơn vị", "tỉnh",
        "về việc", "ủy ban nhân dân tỉnh về việc báo cáo kết quả thực hiện", "\"kế hoạch của\"",
        "ngày:2020 và"})
    frequent.push_back({"frequent", text, {}, "", {}});
  search::Sight office{false, {}};
  for (std::int64_t one = 1; one <= search::testing::kOrganisations; ++one)
    office.organisations.push_back(one);
  Asked first = ask(*index, questions, {true, {}});
  Asked again = ask(*index, questions, {true, {}});
  Asked many = ask(*index, questions, office);
  Asked one = ask(*index, questions, {false, {7}});
  Asked often = ask(*index, frequent, office);
  std::printf("%-38s %8s %8s %8s %22s\n", "milliseconds", "p50", "p95", "max",
              "processor time, p95");
  for (auto& [name, asked] :
       {std::pair{"first time, sees everything", &first}, std::pair{"again", &again},
        std::pair{"of 700 organisations", &many}, std::pair{"of one organisation", &one},
        std::pair{"frequent words, 700 organisations", &often}})
    std::printf("%-38s %8.1f %8.1f %8.1f %22.1f\n", name, asked->at(0.5), asked->at(0.95),
                asked->at(1), asked->processor_at(0.95));
  std::printf(
      "{\"documents\": %lld, \"engine\": \"%s\", \"build_s\": %.0f, \"recall_at_10\": %.4f, "
      "\"search_p95_ms\": %.1f, \"search_processor_p95_ms\": %.1f, "
      "\"search_first_p95_ms\": %.1f, \"search_frequent_max_ms\": %.1f}\n",
      static_cast<long long>(documents), std::string(database->engine()).c_str(), build_s,
      first.recall, std::max({again.at(0.95), many.at(0.95), one.at(0.95)}),
      std::max({again.processor_at(0.95), many.processor_at(0.95), one.processor_at(0.95)}),
      first.at(0.95), often.at(1));
  return 0;
}
