#include "plan.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace bench {

void die(const std::string& message) {
  std::fprintf(stderr, "%s\n", message.c_str());
  std::exit(1);
}

Arguments::Arguments(int count, char** values) {
  for (int i = 1; i < count; i += 2) {
    const std::string name = values[i];
    if (name.substr(0, 2) != "--" || i + 1 >= count) {
      die("expected --name value, got " + name);
    }
    values_[name.substr(2)] = values[i + 1];
  }
}

std::string Arguments::text(const std::string& name, const std::string& otherwise) const {
  const auto found = values_.find(name);
  return found == values_.end() ? otherwise : found->second;
}

std::int64_t Arguments::number(const std::string& name, std::int64_t otherwise) const {
  const auto found = values_.find(name);
  return found == values_.end() ? otherwise : std::strtoll(found->second.c_str(), nullptr, 10);
}

double Arguments::real(const std::string& name, double otherwise) const {
  const auto found = values_.find(name);
  return found == values_.end() ? otherwise : std::strtod(found->second.c_str(), nullptr);
}

Plan::Plan(const std::string& path, std::uint16_t port) {
  std::ifstream file(path);
  if (!file) {
    die("cannot read the plan " + path);
  }
  std::string line;
  while (std::getline(file, line)) {
    std::istringstream fields(line);
    std::string kind;
    std::string first;
    std::string second;
    std::string third;
    std::getline(fields, kind, '\t');
    std::getline(fields, first, '\t');
    std::getline(fields, second, '\t');
    std::getline(fields, third, '\t');
    if (kind == "system") {
      System system;
      system.id = first;
      system.secret = second;
      system.probe = third == "probe";
      systems_.push_back(std::move(system));
      continue;
    }
    const auto owner = std::find_if(systems_.begin(), systems_.end(),
                                    [&](const System& system) { return system.id == second; });
    if (kind != "organisation" || owner == systems_.end()) {
      die("the plan has a line that is not understood: " + line);
    }
    owner->organisations.push_back({first, third});
    if (!owner->probe) {
      members_.push_back({{first, third}, static_cast<std::size_t>(owner - systems_.begin())});
    }
  }
  for (const System& system : systems_) {
    callers_.emplace_back(vxp_client::Credentials{system.id, system.secret},
                          "127.0.0.1:" + std::to_string(port));
  }
  if (members_.empty()) {
    die("the plan has no organisation");
  }
}

const System& Plan::probe() const {
  for (const System& system : systems_) {
    if (system.probe) {
      return system;
    }
  }
  die("the plan has no probe system");
}

const vxp_client::Caller& Plan::probe_caller() const {
  return callers_[static_cast<std::size_t>(&probe() - systems_.data())];
}

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  if (!file || bytes.str().empty()) {
    die("cannot read " + path);
  }
  return std::move(bytes).str();
}

namespace {
constexpr std::size_t kBacks = 64;
constexpr std::size_t kFrontOfOne = 3400;        // about what a header to one recipient takes
constexpr std::size_t kFrontPerRecipient = 190;  // and each further one
}  // namespace

Stock::Stock(const Plan* plan, std::size_t size, std::size_t recipients, std::uint64_t run,
             const std::vector<std::string>& attachments)
    : plan_(plan),
      size_(size),
      recipients_(std::min(recipients, plan->members().size() - 1)),
      run_(run) {
  const std::size_t front = kFrontOfOne + kFrontPerRecipient * (recipients_ - 1);
  for (const std::string& path : attachments) {
    backs_.push_back(
        std::make_shared<const std::string>(vxp_client::document_back_with(read_file(path))));
  }
  for (std::size_t i = 0; attachments.empty() && i < kBacks; ++i) {
    backs_.push_back(std::make_shared<const std::string>(
        vxp_client::document_back(size_ > front ? size_ - front : 0, run * kBacks + i)));
  }
}

Stock::Document Stock::next(int priority, const vxp_client::Organisation* extra) {
  const auto& members = plan_->members();
  // A stride that is prime to most sizes walks over all senders and recipients evenly.
  const std::size_t first = (made_ * 7919 + run_ * 104729) % members.size();
  std::vector<vxp_client::Organisation> to;
  if (extra != nullptr) {
    to.push_back(*extra);
  }
  for (std::size_t i = 1; to.size() < recipients_; ++i) {
    to.push_back(members[(first + i * 37) % members.size()].organisation);
  }
  Document document = this->to(std::move(to), priority);
  return document;
}

Stock::Document Stock::to(std::vector<vxp_client::Organisation> recipients, int priority) {
  const auto& members = plan_->members();
  Document document;
  document.sender = (made_ * 7919 + run_ * 104729) % members.size();
  vxp_client::Draft draft;
  draft.from = members[document.sender].organisation;
  draft.to = std::move(recipients);
  draft.number = std::to_string(made_ % 100'000'000'000);
  draft.notation = "DO" + std::to_string(run_) + "-VP";
  draft.priority = priority;
  document.front = vxp_client::document_front(draft);
  document.back = backs_[made_ % backs_.size()];
  ++made_;
  return document;
}

load::Request Stock::request(Document document) const {
  const Plan::Member& sender = plan_->members()[document.sender];
  vxp_client::Sha256 hash;
  hash.update(document.front);
  hash.update(*document.back);
  load::Request request;
  request.own = plan_->caller(sender.system)
                    .send_head(sender.organisation.code, vxp_client::MessageType::edoc,
                               hash.finish(), document.size());
  request.own += document.front;
  request.shared = std::move(document.back);
  request.end = vxp_client::kFileEnd;
  return request;
}

bool accepted(std::string_view body) {
  std::size_t at = body.find("\"ErrorCode\"");
  if (at == std::string_view::npos) {
    return false;
  }
  at = body.find_first_not_of(" \t\r\n:", at + 11);
  if (at == std::string_view::npos) {
    return false;
  }
  if (body[at] == '"') {
    ++at;
  }
  return body.substr(at, 1) == "0" && at + 1 < body.size() &&
         std::string_view("\",} \r\n").find(body[at + 1]) != std::string_view::npos;
}

void Figures::add(std::string_view name, double value) {
  char text[64];
  std::snprintf(text, sizeof(text), "%.3f", value);
  members_.append(members_.empty() ? "" : ", ").append("\"").append(name).append("\": ");
  members_.append(text);
}

void Figures::add_count(std::string_view name, std::uint64_t value) {
  members_.append(members_.empty() ? "" : ", ").append("\"").append(name).append("\": ");
  members_.append(std::to_string(value));
}

void Figures::add_text(std::string_view name, std::string_view value) {
  members_.append(members_.empty() ? "" : ", ").append("\"").append(name).append("\": \"");
  members_.append(value).append("\"");
}

void Figures::add_latencies(const load::Latencies& latencies, std::string_view prefix) {
  const std::string before(prefix);
  add(before + "p50_ms", latencies.at(0.5));
  add(before + "p99_ms", latencies.at(0.99));
  add(before + "max_ms", latencies.max());
}

void Figures::print() const {
  std::printf("{%s}\n", members_.c_str());
  std::fflush(stdout);
}

}  // namespace bench
