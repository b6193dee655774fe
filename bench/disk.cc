// The physical limit: the same bytes appended to one file, fdatasync after each group.
#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <string>
#include <vector>

#include "load.h"
#include "plan.h"

namespace {

// Documents per second when `group` of them share one fdatasync.
double measure(const std::string& path, const std::vector<std::string>& documents,
               std::size_t group, double seconds) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) {
    bench::die("cannot write " + path);
  }
  std::uint64_t written = 0;
  const load::Clock::time_point start = load::Clock::now();
  double passed = 0;
  while (passed < seconds) {
    std::string together;
    for (std::size_t i = 0; i < group; ++i) {
      together += documents[(written + i) % documents.size()];
    }
    if (::write(file, together.data(), together.size()) != static_cast<ssize_t>(together.size()) ||
        ::fdatasync(file) != 0) {
      bench::die("cannot write " + path);
    }
    written += group;
    passed = std::chrono::duration<double>(load::Clock::now() - start).count();
  }
  ::close(file);
  ::unlink(path.c_str());
  return static_cast<double>(written) / passed;
}

}  // namespace

int main(int argc, char** argv) {
  const bench::Arguments arguments(argc, argv);
  const bench::Plan plan(arguments.text("plan", "plan.txt"), 0);
  bench::Stock stock(&plan, static_cast<std::size_t>(arguments.number("size", 20480)), 5, 1);
  std::vector<std::string> documents;
  for (int i = 0; i < 1024; ++i) {
    const bench::Stock::Document document = stock.next();
    documents.push_back(document.front + *document.back);
  }
  bench::Figures figures;
  for (const std::size_t group : {1, 8, 32, 128, 512}) {
    figures.add("group_" + std::to_string(group),
                measure(arguments.text("file", "disk.dat"), documents, group,
                        arguments.real("seconds", 2)));
  }
  figures.print();
  return 0;
}
