// What the rows of figures share: whose figures of which days are asked for, and how a figure
// looks.
#pragma once
#include <string>
#include <vector>

#include "exchange/rest/call.h"
#include "exchange/rest/route.h"
#include "insight/figure.h"
#include "insight/measures.h"
#include "insight/rollup.h"

namespace insight::api {

using exchange::rest::Call;
using exchange::rest::Parameter;
using exchange::rest::Refusal;
using exchange::rest::Route;
using exchange::rest::Schema;

inline constexpr std::string_view kTag = "Figures";
inline constexpr std::int64_t kUsualDays = 30;
inline constexpr std::int64_t kCountMax = std::int64_t{1} << 52;

struct Asked {
  Scope scope;
  std::string organisation;  // its code, where one was named
  Period period;
};
// from, to, organisation, direction. Without days the last 30; without an organisation all that the
// caller may see figures of. insight.bad_period, identity.organisation_unknown.
base::Result<Asked> asked_of(const exchange::Exchange& exchange, const Call& call);
std::vector<Parameter> period_parameters();
std::vector<Parameter> organisation_parameters();  // organisation, direction
std::vector<Parameter> scope_parameters();         // all of them
std::vector<Refusal> scope_refusals();

// The summary of what is asked, as of now.
base::Result<Summary> summary_of(const Rollup& rollup, const Asked& asked, base::Time now);
// {from, to, as_of}, to be added to.
base::Json head_json(const Period& period, base::Time as_of);
std::vector<exchange::rest::Member> head_members();

Schema figure_schema();
Schema figures_schema(base::Text about);
base::Json figures_json(const std::vector<Figure>& figures);

// --- rows, by what they show --------------------------------------------------------------------
std::vector<Route> figure_rows(Rollup& rollup);
std::vector<Route> list_rows(Rollup& rollup);
std::vector<Route> savings_rows(Rollup& rollup);
std::vector<Route> report_rows(Rollup& rollup);
std::vector<Route> open_rows(Rollup& rollup);

}  // namespace insight::api
