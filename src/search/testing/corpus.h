// Documents as registers of Vietnamese agencies have them, and questions with the documents that
// answer them. Everything comes from the number of the document: the same on every machine.
#pragma once
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "search/entry.h"

namespace search::testing {

inline constexpr std::int64_t kOrganisations = 700;

// Number `id`, from 1.
Entry document(std::int64_t id);

struct Question {
  std::string kind;             // "without marks", "notation typed with spaces" …
  std::string text;             // as a person types it
  std::set<std::string> words;  // bare; the documents that have all of these in subject or sender
  std::string notation;         // or those with this notation
  std::set<std::int64_t> answers;
};

// About `count` questions about documents 1 … `documents`, of every kind. Their answers are empty.
std::vector<Question> questions(std::int64_t documents, std::size_t count);

// Tells, document by document, which questions it answers: by its words themselves, without an
// index.
class Answers {
 public:
  explicit Answers(std::vector<Question>& questions);
  void see(const Entry& entry);

 private:
  std::vector<Question>& questions_;
  std::map<std::string, std::vector<std::size_t>> by_word_, by_notation_;
};

// Of the first ten hits, how many answer, against as many as could.
double recall_at_10(const Question& question, const std::vector<std::int64_t>& hits);

}  // namespace search::testing
