// The life of one delivery, as pure functions of (state, event): no clock, no disk.
//
// Two things run side by side: how far the copy has travelled (the platform's own states,
// vxp-protocol.md §6) and what the recipient says of the work on it (status codes 01–06, edxml.md
// §7); the recall dialogue (13, 15, 16) acts on both.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace exchange {

enum class Transport : unsigned char {
  initial = 0,     // waits for the recipient's system
  processing = 1,  // fetched, not yet acknowledged
  done = 2,        // acknowledged: stored by the recipient; final
  fail = 3,        // acknowledged: could not be taken; final
  withdrawn = 4,   // taken back before it was fetched, or before it was acknowledged; final
};

enum class Recall : unsigned char { none = 0, requested = 1, agreed = 2, refused = 3 };

struct DeliveryState {
  Transport transport = Transport::initial;
  Recall recall = Recall::none;
  bool fetched = false;
  std::string status_code;  // the current one of 01–06 or 15; empty when nothing was reported
  std::optional<base::Time> status_at;

  bool pending() const {
    return transport == Transport::initial || transport == Transport::processing;
  }
  // Whether the content may still be handed to the recipient.
  bool readable() const { return transport != Transport::withdrawn && recall != Recall::agreed; }
  bool operator==(const DeliveryState&) const = default;
};

// The recipient's system took the bytes. Repeatable. exchange.recalled (Code::gone) when withdrawn
// or taken back.
base::Result<DeliveryState> fetched(DeliveryState state);

// The recipient's system says `word` (done, fail, or any other: §6). The first final word stays;
// repeating it or saying another afterwards changes nothing.
DeliveryState acknowledged(DeliveryState state, std::string_view word);

// Malware was found in what was delivered: nobody gets it any more. What was handed over before
// stays noted as fetched.
DeliveryState quarantined(DeliveryState state);

// What a status message does to the delivery that it speaks of.
enum class StatusEffect : unsigned char {
  pass_on,    // deliver the message to the party it names
  withdrawn,  // 13 before anyone fetched: withdrawn at once; the exchange answers 15 itself
  kept_only,  // 13 for what is already taken back: history, nothing to do
};
struct StatusOutcome {
  DeliveryState state;
  StatusEffect effect = StatusEffect::pass_on;
};
// `code` is one of 01–06, 13, 15, 16 or any other two digits (kept as history, passed on). The
// current status is the latest by its own time, with 15 overriding; codes out of order are never
// refused.
StatusOutcome reported(DeliveryState state, std::string_view code, base::Time stated_at);

// "initial", "processing", "done", "fail", "withdrawn"
std::string_view word_of(Transport transport);
std::string_view word_of(Recall recall);  // "none", "requested", "agreed", "refused"
// In Vietnamese and English: "Chờ bên nhận lấy" / "waiting for the recipient".
base::Text text_of(Transport transport);
base::Text text_of(Recall recall);
base::Text text_of_status(std::string_view code);

}  // namespace exchange
