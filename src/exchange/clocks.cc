#include "exchange/clocks.h"

namespace exchange {
namespace {

constexpr int kEndOfDay = 24 * 60;

base::Time due_after(const identity::Calendar& calendar, const ClockOptions& options, bool urgent,
                     base::Time from) {
  return urgent ? from + options.at_once : calendar.same_day(from);
}

}  // namespace

std::string_view name_of(ClockRule rule) {
  switch (rule) {
    case ClockRule::send:
      return "send";
    case ClockRule::receipt:
      return "receipt";
    case ClockRule::recall:
      return "recall";
  }
  return "";
}

base::Text text_of(ClockRule rule) {
  switch (rule) {
    case ClockRule::send:
      return {"gửi", "sending"};
    case ClockRule::receipt:
      return {"xác nhận đã nhận", "acknowledging the receipt"};
    case ClockRule::recall:
      return {"trả lời yêu cầu lấy lại", "answering the recall"};
  }
  return {};
}

base::Duration Clock::lateness(const identity::Calendar& calendar, base::Time now) const {
  if (!late(now)) return base::Duration{0};
  const base::Time end = stopped.value_or(now);
  return urgent ? end - *due : calendar.between(*due, end);
}

std::optional<Clock> send_clock(const identity::Calendar& calendar, const ClockOptions& options,
                                const SendFacts& facts) {
  if (!facts.issued_on && !facts.signed_at) return std::nullopt;
  Clock clock;
  clock.rule = ClockRule::send;
  clock.urgent = facts.urgency > 0;
  clock.started = facts.signed_at ? *facts.signed_at : calendar.at(*facts.issued_on, 0);
  clock.stopped = facts.accepted_at;
  if (!clock.urgent) {
    clock.due = calendar.next_working_morning(clock.started);
  } else if (facts.signed_at) {
    clock.due = clock.started + options.at_once;
  } else {
    // Only the day is known: whatever left on that day left at once.
    clock.due = calendar.at(*facts.issued_on, kEndOfDay);
  }
  return clock;
}

Clock receipt_clock(const identity::Calendar& calendar, const ClockOptions& options,
                    const DeliveryFacts& facts) {
  Clock clock;
  clock.rule = ClockRule::receipt;
  clock.urgent = facts.urgency > 0;
  clock.started = facts.accepted_at;
  const bool answered = facts.transport == Transport::done || facts.transport == Transport::fail;
  if (facts.answered_at) {
    clock.stopped = facts.answered_at;
  } else if (answered || facts.transport == Transport::withdrawn) {
    clock.stopped = facts.updated_at;
  }
  if (!facts.connected && !clock.stopped) {
    clock.paused = true;
    return clock;
  }
  clock.resumed = facts.visible_at;
  clock.due = due_after(calendar, options, clock.urgent, facts.visible_at.value_or(clock.started));
  return clock;
}

std::optional<Clock> recall_clock(const identity::Calendar& calendar, const ClockOptions& options,
                                  const DeliveryFacts& facts) {
  if (!facts.recall_requested_at) return std::nullopt;
  Clock clock;
  clock.rule = ClockRule::recall;
  clock.urgent = facts.urgency > 0;
  clock.started = *facts.recall_requested_at;
  clock.stopped = facts.recall_answered_at;
  clock.due = due_after(calendar, options, clock.urgent, clock.started);
  return clock;
}

base::Json clock_json(const identity::Calendar& calendar, const Clock& clock, base::Time now) {
  base::Json json;
  json.add("rule", name_of(clock.rule)).add("urgent", clock.urgent);
  json.add("started", base::iso_time_text(clock.started));
  if (clock.resumed) json.add("resumed", base::iso_time_text(*clock.resumed));
  json.add("paused", clock.paused);
  if (clock.due) json.add("due", base::iso_time_text(*clock.due));
  if (clock.stopped) json.add("stopped", base::iso_time_text(*clock.stopped));
  const auto by = std::chrono::duration_cast<std::chrono::minutes>(clock.lateness(calendar, now));
  json.add("late", clock.late(now)).add("late_minutes", std::int64_t{by.count()});
  return json;
}

}  // namespace exchange
