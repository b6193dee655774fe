#include "trust/bundle/events.h"

#include <set>

#include "base/hash.h"

namespace trust::bundle {
namespace {

using evidence::Event;
using evidence::Evidence;

// What ends a delivery, or answers it.
bool is_end(Event event) {
  switch (event) {
    case Event::consignment_acceptance:
    case Event::consignment_rejection:
    case Event::content_consignment_failure:
    case Event::content_handover_failure:
    case Event::acceptance_rejection_expiry:
    case Event::relay_failure:
    case Event::relay_rejection:
    case Event::recalled:
    case Event::recall_refused:
    case Event::expiry:
      return true;
    default:
      return false;
  }
}

// Of the delivery, not of the organisation: one may get a document twice.
std::string key_of(const Evidence& evidence) {
  return evidence.facts.delivery.empty() ? evidence.facts.recipient : evidence.facts.delivery;
}

std::string place_of(std::size_t index) { return std::to_string(index + 1); }

std::optional<base::Text> broken(const Evidence& first, const Evidence* before, const Evidence& one,
                                 std::size_t index) {
  const std::string number = place_of(index);
  if (one.facts.document_id != first.facts.document_id ||
      one.facts.document_hash != first.facts.document_hash ||
      one.facts.document_size != first.facts.document_size) {
    return base::Text{"bằng chứng số " + number + " nói về văn bản khác",
                      "evidence " + number + " is about another document"};
  }
  base::Bytes expected;
  if (before != nullptr) {
    const auto bytes = before->bytes();
    if (bytes) expected = base::sha256(*bytes);
  }
  if (one.previous != expected) {
    return base::Text{"bằng chứng số " + number +
                          " không nối tiếp bằng chứng đứng trước: thiếu, thừa hoặc đảo "
                          "thứ tự",
                      "evidence " + number +
                          " does not follow on the one before it: one is missing, added or "
                          "out of its place"};
  }
  return std::nullopt;
}

// What the events of a document lead to, one after the other.
class Story {
 public:
  std::optional<base::Text> tell(const Evidence& one) {
    const Event event = one.facts.event;
    if (!accepted_) {
      accepted_ = event == Event::submission_acceptance || event == Event::received_from_non_erds;
      if (accepted_ || event == Event::submission_rejection) return std::nullopt;
      return odd(one, "khi văn bản chưa được tiếp nhận", "before the document was accepted");
    }
    if (event == Event::submission_acceptance) {
      return odd(one, "lần thứ hai", "for the second time");
    }
    const std::string key = key_of(one);
    if (key.empty()) return std::nullopt;
    if (event == Event::content_consignment) {
      if (delivered_.insert(key).second) return std::nullopt;
      return odd(one, "lần thứ hai", "for the second time");
    }
    const bool needs_delivery = event == Event::content_handover ||
                                event == Event::consignment_acceptance ||
                                event == Event::consignment_rejection || event == Event::recalled ||
                                event == Event::recall_refused;
    if (needs_delivery && !delivered_.contains(key)) {
      return odd(one, "khi chưa chuyển đến", "before it was delivered");
    }
    if (event == Event::content_handover && recalled_.contains(key)) {
      return odd(one, "sau khi đã thu hồi", "after it was taken back");
    }
    if (event == Event::recalled) recalled_.insert(key);
    return std::nullopt;
  }

 private:
  static base::Text odd(const Evidence& one, const char* vi, const char* en) {
    const base::Text event = evidence::text_of(one.facts.event);
    const std::string who = one.facts.recipient.empty() ? "" : " (" + one.facts.recipient + ")";
    return {event.vi + who + " " + vi, event.en + who + " " + en};
  }
  bool accepted_ = false;
  std::set<std::string> delivered_, recalled_;
};

base::Text counts_of(const std::vector<Evidence>& evidences) {
  std::size_t delivered = 0, fetched = 0, ended = 0;
  const std::vector<Course> courses = courses_of(evidences);
  for (const Course& course : courses) {
    delivered += course.delivered ? 1 : 0;
    fetched += course.fetched ? 1 : 0;
    ended += course.end ? 1 : 0;
  }
  const auto text = [](std::size_t number) { return std::to_string(number); };
  return {text(evidences.size()) + " bằng chứng nối tiếp nhau, không thiếu ở giữa: " +
              text(courses.size()) + " nơi nhận, " + text(delivered) + " đã chuyển đến, " +
              text(fetched) + " đã lấy, " + text(ended) + " đã có kết quả",
          text(evidences.size()) + " evidences follow on each other, none missing between them: " +
              text(courses.size()) + " recipients, " + text(delivered) + " delivered, " +
              text(fetched) + " fetched, " + text(ended) + " answered or ended"};
}

}  // namespace

std::vector<Course> courses_of(const std::vector<Evidence>& evidences) {
  std::vector<Course> out;
  std::map<std::string, std::size_t> places;
  for (const Evidence& one : evidences) {
    const std::string key = key_of(one);
    if (key.empty()) continue;
    const auto [place, fresh] = places.try_emplace(key, out.size());
    if (fresh) out.push_back({one.facts.recipient, {}, {}, {}, {}});
    Course& course = out[place->second];
    if (one.facts.event == Event::content_consignment) course.delivered = one.at;
    if (one.facts.event == Event::content_handover && !course.fetched) course.fetched = one.at;
    if (is_end(one.facts.event)) {
      course.end = one.facts.event;
      course.ended = one.at;
    }
  }
  return out;
}

Finding check_events(const std::vector<Evidence>& evidences, base::Duration clock_tolerance) {
  if (evidences.empty()) {
    return {Verdict::invalid, {"gói không có bằng chứng nào", "the bundle holds no evidence"}};
  }
  std::set<std::string> ids;
  const Evidence* before = nullptr;
  for (std::size_t i = 0; i < evidences.size(); ++i) {
    const Evidence& one = evidences[i];
    if (auto wrong = broken(evidences[0], before, one, i)) return {Verdict::invalid, *wrong};
    if (!ids.insert(one.id).second) {
      return {Verdict::invalid,
              {"bằng chứng số " + place_of(i) + " có hai lần",
               "evidence " + place_of(i) + " is there twice"}};
    }
    before = &one;
  }
  Story story;
  before = nullptr;
  for (const Evidence& one : evidences) {
    if (auto odd = story.tell(one)) return {Verdict::undetermined, *odd};
    if (before != nullptr && one.at + clock_tolerance < before->at) {
      return {Verdict::undetermined,
              {"thời điểm của các bằng chứng đi lùi: " + base::iso_time_text(one.at),
               "the times of the evidences go backwards: " + base::iso_time_text(one.at)}};
    }
    before = &one;
  }
  return {Verdict::valid, counts_of(evidences)};
}

}  // namespace trust::bundle
