// What every benchmark program shares: its arguments, the organisations of the site under test,
// the stock of documents, and how figures are printed.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "load.h"
#include "vxp/documents.h"
#include "vxp/vxp_client.h"

namespace bench {

// --name value pairs; everything else is refused.
class Arguments {
 public:
  Arguments(int count, char** values);
  std::string text(const std::string& name, const std::string& otherwise) const;
  std::int64_t number(const std::string& name, std::int64_t otherwise) const;
  double real(const std::string& name, double otherwise) const;

 private:
  std::map<std::string, std::string> values_;
};

struct System {
  std::string id;
  std::string secret;
  bool probe = false;  // its organisations get only what a benchmark follows one by one
  std::vector<vxp_client::Organisation> organisations;
};

// The site under test, from a file of tab-separated lines:
//   system ID SECRET load|probe
//   organisation CODE SYSTEM NAME
class Plan {
 public:
  explicit Plan(const std::string& path, std::uint16_t port);
  const std::vector<System>& systems() const { return systems_; }
  const System& probe() const;
  // The organisations that are not the probe's, each with the index of its system.
  struct Member {
    vxp_client::Organisation organisation;
    std::size_t system;
  };
  const std::vector<Member>& members() const { return members_; }
  const vxp_client::Caller& caller(std::size_t system) const { return callers_[system]; }
  const vxp_client::Caller& probe_caller() const;

 private:
  std::vector<System> systems_;
  std::vector<Member> members_;
  std::vector<vxp_client::Caller> callers_;
};

// The bytes of a file; dies when it cannot be read or is empty.
std::string read_file(const std::string& path);

// Makes documents, each with its own number, and the signed requests that send them. The back
// parts (attachment bytes) are a few dozen that many documents share.
class Stock {
 public:
  // `run` tells apart the documents of several runs against the same site. With `attachments`
  // (files) these are attached in turn, whatever `size` says.
  Stock(const Plan* plan, std::size_t size, std::size_t recipients, std::uint64_t run,
        const std::vector<std::string>& attachments = {});

  struct Document {
    std::string front;
    std::shared_ptr<const std::string> back;
    std::size_t sender = 0;  // index in plan->members()
    std::size_t size() const { return front.size() + back->size(); }
  };
  // The next document among the plan's members; `extra` is one more recipient.
  Document next(int priority = 0, const vxp_client::Organisation* extra = nullptr);
  // A document to exactly these recipients.
  Document to(std::vector<vxp_client::Organisation> recipients, int priority = 0);
  load::Request request(Document document) const;

 private:
  const Plan* plan_;
  std::size_t size_;
  std::size_t recipients_;
  std::uint64_t run_;
  std::uint64_t made_ = 0;
  std::vector<std::shared_ptr<const std::string>> backs_;
};

// Whether the JSON of an answer says ErrorCode "0", without reading all of it.
bool accepted(std::string_view body);

// A flat JSON object, printed as one line.
class Figures {
 public:
  void add(std::string_view name, double value);
  void add_count(std::string_view name, std::uint64_t value);
  void add_text(std::string_view name, std::string_view value);
  void add_latencies(const load::Latencies& latencies, std::string_view prefix = "");
  void print() const;

 private:
  std::string members_;
};

[[noreturn]] void die(const std::string& message);

}  // namespace bench
