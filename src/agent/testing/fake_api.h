// A server in memory that can break off at any call, before or after carrying it out.
#pragma once
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "agent/api.h"

namespace agent::testing {

class FakeApi : public Api {
 public:
  // Called before each call with its number, from 1: what the line does to it.
  enum class Line : unsigned char { good, lost_before, lost_after };
  std::function<Line(int call)> line = [](int) { return Line::good; };
  // By Idempotency-Key: the bytes handed in, and how often.
  std::map<std::string, std::string> submitted;
  int attempts = 0;
  Answer refusal;                              // given to submissions, if its status is not 0
  std::string refused;                         // to those alone that have it in them
  std::set<std::string> damaged;               // deliveries whose bytes break off
  std::map<std::string, std::string> waiting;  // delivery → bytes of its document
  std::map<std::string, int> acknowledged;
  std::map<std::string, int> fetched;
  std::vector<std::string> reports;
  std::string recall = "none", verdict = "valid";

  base::Result<Answer> get(const std::string& path) override;
  base::Result<Answer> post(const std::string& path, const base::Json& body,
                            const std::string& key) override;
  base::Result<Answer> submit(const std::string& path, const std::string& key) override;
  base::Result<Answer> content(const std::string& document, http::BodySink& sink) override;

 private:
  base::Result<Answer> carried(const std::function<base::Result<Answer>()>& work);
  int calls_ = 0;
};

}  // namespace agent::testing
