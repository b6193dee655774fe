#include "exchange/trace_words.h"

#include <algorithm>
#include <iterator>

namespace exchange {

std::string_view word_of(Holder holder) {
  switch (holder) {
    case Holder::exchange:
      return "exchange";
    case Holder::recipient:
      return "recipient";
    case Holder::sender:
      return "sender";
    case Holder::nobody:
      return "nobody";
  }
  return "";
}

namespace words {
namespace {

struct Phrase {
  std::string_view word, vi, en;
};

constexpr Phrase kHops[] = {
    {"received", "Trục đã nhận văn bản", "the exchange received the document"},
    {"judged", "Đã kiểm tra chữ ký số", "its signatures were judged"},
    {"recipients_added", "Gửi lại cùng tệp cho thêm nơi nhận",
     "the same file was sent to more recipients"},
    {"available", "Văn bản sẵn sàng cho bên nhận lấy", "it was ready for the recipient"},
    {"forwarded", "Chuyển cho cơ quan kế thừa", "it went to the successor of"},
    {"fetched", "Bên nhận đã lấy văn bản", "the recipient fetched it"},
    {"acknowledged", "Bên nhận xác nhận đã lưu", "the recipient has stored it"},
    {"refused", "Bên nhận không lưu được", "the recipient could not take it"},
    {"recalled", "Đã thu hồi trước khi bên nhận lấy", "taken back before anybody fetched it"},
    {"recall_requested", "Bên gửi yêu cầu lấy lại", "the sender asked for it back"},
    {"recall_answered", "Bên nhận trả lời yêu cầu lấy lại", "the recipient answered the recall"},
    {"overdue", "Quá hạn, đã lập bằng chứng", "overdue, with an evidence of it"},
};

constexpr Phrase kWhy[] = {
    {"not_connected", "Bên nhận chưa có hệ thống kết nối", "no system serves the recipient yet"},
    {"not_fetched", "Bên nhận chưa lấy văn bản", "the recipient has not fetched it"},
    {"not_acknowledged", "Bên nhận đã lấy, chưa xác nhận đã lưu",
     "the recipient fetched it and has not said that it is stored"},
    {"not_accepted", "Bên nhận đã lưu, chưa tiếp nhận hay từ chối",
     "the recipient has stored it, and neither accepted nor refused it"},
    {"recall_not_answered", "Bên nhận chưa trả lời yêu cầu lấy lại",
     "the recipient has not answered the recall"},
};

template <std::size_t N>
base::Text phrase(const Phrase (&all)[N], std::string_view word) {
  const auto found = std::find_if(std::begin(all), std::end(all),
                                  [word](const Phrase& one) { return one.word == word; });
  if (found == std::end(all)) return {};
  return {std::string(found->vi), std::string(found->en)};
}

// "16:00 20/11/2026" as clerks write it, "2026-11-20 16:00" in English; both in Viet Nam's time.
base::Text local(base::Time time) {
  const std::string en = base::vietnam_time_text(time, '-').substr(0, 16);
  return {en.substr(11) + " " + en.substr(8, 2) + "/" + en.substr(5, 2) + "/" + en.substr(0, 4),
          en};
}

void add(base::Text& text, const std::string& vi, const std::string& en) {
  text.vi += vi;
  text.en += en;
}

// Whether the system that has to act seems to be there.
void add_system(base::Text& text, const Waiting& waiting, base::Time now) {
  constexpr auto kSilent = std::chrono::hours(1);
  if (waiting.by_hand) {
    add(text, "; chờ người của cơ quan " + waiting.organisation + " làm trên trang này",
        "; people of " + waiting.organisation + " have to act here, since no system serves it");
    return;
  }
  if (waiting.system.empty()) {
    add(text, "; cơ quan " + waiting.organisation + " hoặc đơn vị vận hành cần kết nối",
        "; " + waiting.organisation + " or the operator has to connect one");
    return;
  }
  add(text, "; chờ hệ thống " + waiting.system + " của " + waiting.organisation,
      "; system " + waiting.system + " of " + waiting.organisation + " has to act");
  if (!waiting.system_enabled) {
    add(text, ", đang bị khóa: đơn vị vận hành cần mở lại",
        ", which is shut out: the operator has to let it in");
  } else if (!waiting.system_seen) {
    add(text, ", chưa thấy gọi tới trục", ", which has not been seen calling");
  } else if (now - *waiting.system_seen > kSilent) {
    add(text, ", không gọi tới trục từ " + local(*waiting.system_seen).vi,
        ", which has not called since " + local(*waiting.system_seen).en);
  } else {
    add(text, ", vẫn đang gọi (lần cuối " + local(*waiting.system_seen).vi + ")",
        ", which is calling (last at " + local(*waiting.system_seen).en + ")");
  }
}

}  // namespace

base::Text of_hop(std::string_view kind, std::string_view detail) {
  if (kind == "status") {
    base::Text text = text_of_status(detail);
    const std::string code(detail);
    return {"Trạng thái " + code + ": " + text.vi, "status " + code + ": " + text.en};
  }
  base::Text text = phrase(kHops, kind);
  if (kind == "forwarded") add(text, " của " + std::string(detail), " " + std::string(detail));
  if (kind == "recall_answered") {
    const bool agreed = detail == "15";
    add(text, agreed ? ": đồng ý" : ": từ chối", agreed ? ": agreed" : ": refused");
  }
  return text;
}

std::optional<Waiting> waiting_for(const Facts& facts, const Clock& receipt,
                                   const std::optional<Clock>& recall) {
  Waiting out;
  const DeliveryState& state = facts.state;
  out.since = facts.available_at;
  out.until = receipt.due;
  if (state.recall == Recall::requested) {
    out.why = "recall_not_answered";
    out.since = facts.recall_requested_at.value_or(facts.available_at);
    out.until = recall ? recall->due : std::nullopt;
  } else if (!state.readable() || state.transport == Transport::fail) {
    return std::nullopt;
  } else if (state.transport == Transport::initial) {
    out.why = facts.connected ? "not_fetched" : "not_connected";
  } else if (state.transport == Transport::processing) {
    out.why = "not_acknowledged";
    out.since = facts.fetched_at.value_or(facts.available_at);
  } else if (state.status_code.empty() || state.status_code == "01") {
    out.why = "not_accepted";
    out.since = facts.acknowledged_at.value_or(facts.available_at);
    out.until = std::nullopt;  // the law has no time for it that the exchange could measure
  } else {
    return std::nullopt;
  }
  return out;
}

base::Text text_of(const Waiting& waiting, base::Time now) {
  base::Text text = phrase(kWhy, waiting.why);
  add(text, ", từ " + local(waiting.since).vi, ", since " + local(waiting.since).en);
  if (waiting.until) {
    const bool late = now > *waiting.until;
    add(text, (late ? ", đã quá hạn " : ", hạn ") + local(*waiting.until).vi,
        (late ? ", was due " : ", due ") + local(*waiting.until).en);
  }
  add_system(text, waiting, now);
  return text;
}

}  // namespace words
}  // namespace exchange
