// A trace as JSON.
#include "exchange/trace.h"

namespace exchange {
namespace {

base::Json text_json(const base::Text& text) {
  base::Json json;
  json.add("vi", text.vi).add("en", text.en);
  return json;
}

void add_time(base::Json& json, const char* name, const std::optional<base::Time>& time) {
  if (time) json.add(name, base::iso_time_text(*time));
}

base::Json hops_json(const std::vector<Hop>& hops) {
  base::Json all{base::Json::Array{}};
  for (const Hop& hop : hops) {
    base::Json one;
    one.add("time", base::iso_time_text(hop.at)).add("kind", hop.kind);
    one.add("by", hop.by.empty() ? std::string("exchange") : hop.by);
    if (!hop.detail.empty()) one.add("detail", hop.detail);
    if (hop.seq != 0) one.add("journal", hop.seq);
    one.add("text", text_json(hop.text));
    all.push(std::move(one));
  }
  return all;
}

base::Json proofs_json(const std::vector<Proof>& proofs) {
  base::Json all{base::Json::Array{}};
  for (const Proof& proof : proofs) {
    base::Json one;
    one.add("evidence", proof.id).add("event", proof.event);
    one.add("time", base::iso_time_text(proof.at)).add("signed", proof.is_signed);
    if (proof.log_index) one.add("log_index", *proof.log_index);
    all.push(std::move(one));
  }
  return all;
}

base::Json waiting_json(const Waiting& waiting) {
  base::Json json;
  json.add("why", waiting.why).add("since", base::iso_time_text(waiting.since));
  add_time(json, "until", waiting.until);
  json.add("organisation", waiting.organisation);
  if (!waiting.system.empty()) {
    json.add("system", waiting.system).add("system_enabled", waiting.system_enabled);
    add_time(json, "system_last_called", waiting.system_seen);
  }
  json.add("text", text_json(waiting.text));
  return json;
}

base::Json delivery_json(const Exchange& exchange, const TracedDelivery& delivery, base::Time now) {
  base::Json json;
  json.add("id", delivery.id).add("recipient", delivery.recipient);
  json.add("recipient_name", delivery.recipient_name);
  json.add("state", word_of(delivery.state.transport));
  json.add("state_text", text_json(text_of(delivery.state.transport)));
  if (!delivery.state.status_code.empty()) {
    json.add("status", delivery.state.status_code);
    json.add("status_text", text_json(text_of_status(delivery.state.status_code)));
    add_time(json, "status_time", delivery.state.status_at);
  }
  json.add("recall", word_of(delivery.state.recall)).add("holder", word_of(delivery.holder));
  base::Json clocks{base::Json::Array{}};
  clocks.push(clock_json(*exchange.calendar(), delivery.receipt, now));
  if (delivery.recall) clocks.push(clock_json(*exchange.calendar(), *delivery.recall, now));
  json.add("clocks", std::move(clocks)).add("hops", hops_json(delivery.hops));
  json.add("proofs", proofs_json(delivery.proofs));
  if (delivery.waiting) json.add("waiting", waiting_json(*delivery.waiting));
  return json;
}

base::Json codes_json(const std::vector<std::string>& codes) {
  base::Json all{base::Json::Array{}};
  for (const std::string& code : codes) all.push(code);
  return all;
}

}  // namespace

base::Json to_json(const Exchange& exchange, const Trace& trace, bool subject) {
  base::Json json;
  json.add("id", trace.id).add("document_id", trace.document_id).add("code", trace.code);
  if (subject) json.add("subject", trace.subject);
  json.add("sender", trace.sender).add("sender_name", trace.sender_name);
  json.add("urgency", trace.urgency).add("accepted_at", base::iso_time_text(trace.accepted_at));
  json.add("recalled", trace.recalled);
  if (!trace.signatures.empty()) json.add("signatures", trace.signatures);
  json.add("whole", trace.whole).add("addressees", codes_json(trace.addressees));
  if (!trace.unknown.empty()) json.add("unknown", codes_json(trace.unknown));
  if (trace.sending)
    json.add("sending", clock_json(*exchange.calendar(), *trace.sending, trace.as_of));
  json.add("hops", hops_json(trace.hops)).add("proofs", proofs_json(trace.proofs));
  base::Json deliveries{base::Json::Array{}};
  for (const TracedDelivery& delivery : trace.deliveries) {
    deliveries.push(delivery_json(exchange, delivery, trace.as_of));
  }
  json.add("deliveries", std::move(deliveries)).add("deliveries_total", trace.deliveries_total);
  json.add("as_of", base::iso_time_text(trace.as_of));
  return json;
}

}  // namespace exchange
