// The lists behind the figures: which deliveries make one, and what is stuck.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "exchange/trace.h"
#include "insight/fact.h"
#include "insight/rollup.h"

namespace insight {

enum class Progress : unsigned char { any, unarrived, arrived, unanswered, answered };
enum class Late : unsigned char {
  any,
  now,
  answered,  // too late
  either,    // of the two
  paused,    // not answered, without a deadline
  coming,    // not answered, not due yet
};

struct ListQuery {
  Scope scope;
  Period period;
  std::optional<Stage> stage;
  Progress progress = Progress::any;
  Late late = Late::any;
  bool urgent = false;  // only those
};

struct ListedDelivery {
  exchange::DeliveryKey key = 0;
  OrganisationKey sender = 0, recipient = 0;
  int urgency = 0;
  base::Time accepted_at;
  Fact fact;
  bool late = false;
};
struct ListPage {
  std::vector<ListedDelivery> items;  // the oldest first
  exchange::DeliveryKey next = 0;     // read on after this one; 0: that was all
};

// At most `count` after `after` (0: from the beginning), as of `now`. Looks at 50,000 deliveries at
// most, so that a page may be short and yet have a next one. Any thread.
base::Result<ListPage> deliveries(const exchange::Exchange& exchange, const ListQuery& query,
                                  exchange::DeliveryKey after, std::size_t count, base::Time now);

// A delivery that somebody has to do something about, in the words of a trace.
struct Stuck {
  exchange::DeliveryKey key = 0;
  OrganisationKey sender = 0, recipient = 0;
  int urgency = 0;
  base::Time accepted_at;
  exchange::Waiting waiting;
};
struct StuckPage {
  std::vector<Stuck> items;  // the oldest first
  exchange::DeliveryKey next = 0;
};
// What was not fetched, not acknowledged, or asked back without an answer, and waits since before
// `before`. Only what the counts say to be open is looked at. Any thread.
base::Result<StuckPage> stuck(const Rollup& rollup, const Scope& scope, base::Time before,
                              exchange::DeliveryKey after, std::size_t count, base::Time now);

}  // namespace insight
