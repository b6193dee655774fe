#include "exchange/delivery.h"

#include <array>

namespace exchange {

base::Result<DeliveryState> fetched(DeliveryState state) {
  if (!state.readable()) {
    return base::Error(base::Code::gone, "exchange.recalled",
                       "the sender has taken this document back",
                       "văn bản đã được bên gửi thu hồi");
  }
  state.fetched = true;
  if (state.transport == Transport::initial) state.transport = Transport::processing;
  return state;
}

DeliveryState quarantined(DeliveryState state) {
  state.transport = Transport::withdrawn;
  return state;
}

DeliveryState acknowledged(DeliveryState state, std::string_view word) {
  if (!state.pending()) return state;
  if (word == "done" || word == "finish") {
    state.transport = Transport::done;
  } else if (word == "fail" || word == "rejection") {
    state.transport = Transport::fail;
  } else if (word != "initial") {
    state.transport = Transport::processing;
  }
  return state;
}

StatusOutcome reported(DeliveryState state, std::string_view code, base::Time stated_at) {
  if (code == "13") {
    if (state.transport == Transport::withdrawn || state.recall == Recall::agreed) {
      return {state, StatusEffect::kept_only};
    }
    if (!state.fetched && state.pending()) {
      state.transport = Transport::withdrawn;
      state.recall = Recall::agreed;
      return {state, StatusEffect::withdrawn};
    }
    state.recall = Recall::requested;
    return {state, StatusEffect::pass_on};
  }
  if (code == "16") {
    if (state.recall == Recall::requested) state.recall = Recall::refused;
    return {state, StatusEffect::pass_on};
  }
  if (code == "15" && state.recall == Recall::requested) {
    state.recall = Recall::agreed;
    // There is nothing left to fetch or to acknowledge.
    if (state.pending()) state.transport = Transport::withdrawn;
  }
  const bool known = code == "15" || (code >= "01" && code <= "06");
  const bool later = !state.status_at || stated_at >= *state.status_at;
  if (known && (code == "15" || (state.status_code != "15" && later))) {
    state.status_code = code;
    state.status_at = stated_at;
  }
  return {state, StatusEffect::pass_on};
}

std::string_view word_of(Transport transport) {
  constexpr std::array<std::string_view, 5> kWords = {"initial", "processing", "done", "fail",
                                                      "withdrawn"};
  return kWords[static_cast<std::size_t>(transport)];
}

std::string_view word_of(Recall recall) {
  constexpr std::array<std::string_view, 4> kWords = {"none", "requested", "agreed", "refused"};
  return kWords[static_cast<std::size_t>(recall)];
}

base::Text text_of(Transport transport) {
  switch (transport) {
    case Transport::initial:
      return {"Chờ bên nhận lấy", "waiting for the recipient"};
    case Transport::processing:
      return {"Bên nhận đang lấy", "being taken by the recipient"};
    case Transport::done:
      return {"Bên nhận đã lưu", "stored by the recipient"};
    case Transport::fail:
      return {"Bên nhận không nhận được", "the recipient could not take it"};
    case Transport::withdrawn:
      return {"Đã thu hồi trước khi bên nhận lưu", "withdrawn before the recipient stored it"};
  }
  return {};
}

base::Text text_of(Recall recall) {
  switch (recall) {
    case Recall::none:
      return {};
    case Recall::requested:
      return {"Bên gửi yêu cầu lấy lại", "the sender asks for it back"};
    case Recall::agreed:
      return {"Đã lấy lại", "taken back"};
    case Recall::refused:
      return {"Bên nhận từ chối trả lại", "the recipient refuses to give it back"};
  }
  return {};
}

base::Text text_of_status(std::string_view code) {
  struct Known {
    std::string_view code, vi, en;
  };
  static constexpr std::array<Known, 9> kKnown = {{{"01", "Đã đến", "arrived"},
                                                   {"02", "Từ chối tiếp nhận", "refused"},
                                                   {"03", "Đã tiếp nhận", "accepted"},
                                                   {"04", "Phân công xử lý", "assigned"},
                                                   {"05", "Đang xử lý", "being worked on"},
                                                   {"06", "Hoàn thành", "finished"},
                                                   {"13", "Lấy lại", "recall requested"},
                                                   {"15", "Đồng ý lấy lại", "recall agreed"},
                                                   {"16", "Từ chối lấy lại", "recall refused"}}};
  for (const Known& known : kKnown) {
    if (known.code == code) return {std::string(known.vi), std::string(known.en)};
  }
  return {std::string(code), std::string(code)};
}

}  // namespace exchange
