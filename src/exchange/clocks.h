// The clocks of Decision 28/2018/QĐ-TTg and Decree 30/2020/NĐ-CP, as pure functions of what is
// recorded and the working calendar: since when, until when, whether late. docs/law.md gives the
// text of the law clause by clause, and the test of each. Nothing here is stored: a figure of
// lateness is computed from the records whenever it is asked for.
#pragma once
#include <optional>
#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "base/time.h"
#include "exchange/delivery.h"
#include "identity/calendar.h"

namespace exchange {

enum class ClockRule : unsigned char {
  send,     // Decision 28 art. 6(2): on the day of signing, or in the next working morning
  receipt,  // Decree 30 art. 21: the receipt is acknowledged the same day
  recall,   // Decree 30 art. 18(4)(b): a request to give back is answered
};
std::string_view name_of(ClockRule rule);  // "send", "receipt", "recall"
base::Text text_of(ClockRule rule);

struct Clock {
  ClockRule rule = ClockRule::receipt;
  bool urgent = false;  // "at once": counted around the clock, not in working hours
  base::Time started;
  // Nobody could act before then, since no system served the recipient; the clock ran from there.
  std::optional<base::Time> resumed;
  bool paused = false;            // still so: there is no deadline yet
  std::optional<base::Time> due;  // none only while paused
  std::optional<base::Time> stopped;

  bool late(base::Time now) const { return due && stopped.value_or(now) > *due; }
  // By how much: working time, or plain time when urgent. 0 when not late.
  base::Duration lateness(const identity::Calendar& calendar, base::Time now) const;
};

// What "at once" is measured as.
struct ClockOptions {
  base::Duration at_once = std::chrono::minutes(15);
};

struct SendFacts {
  int urgency = 0;                      // 0 normal, 1–4 urgent
  std::optional<base::Date> issued_on;  // PromulgationInfo's date
  std::optional<base::Time> signed_at;  // when a signature says so
  base::Time accepted_at;
};
// Nothing when the document says neither when it was issued nor when it was signed.
std::optional<Clock> send_clock(const identity::Calendar& calendar, const ClockOptions& options,
                                const SendFacts& facts);

struct DeliveryFacts {
  int urgency = 0;
  base::Time accepted_at;
  bool connected = true;                 // a system serves the recipient
  std::optional<base::Time> visible_at;  // when one began to, if that was after the acceptance
  Transport transport = Transport::initial;
  Recall recall = Recall::none;
  std::optional<base::Time> answered_at;  // first acknowledgement or status of the recipient
  std::optional<base::Time> recall_requested_at, recall_answered_at;
  base::Time updated_at;
};
Clock receipt_clock(const identity::Calendar& calendar, const ClockOptions& options,
                    const DeliveryFacts& facts);
// Nothing when nobody asked for it back.
std::optional<Clock> recall_clock(const identity::Calendar& calendar, const ClockOptions& options,
                                  const DeliveryFacts& facts);

// As clients see it: {rule, urgent, started, resumed?, paused, due?, stopped?, late, late_minutes}.
base::Json clock_json(const identity::Calendar& calendar, const Clock& clock, base::Time now);

}  // namespace exchange
