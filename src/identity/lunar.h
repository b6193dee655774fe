// The lunisolar calendar of Viet Nam, as far as public holidays need it: new moons and solar terms
// by the time of Viet Nam (UTC+7, Decision 121/CP of 1967), which is why it differs from the
// Chinese one in some years (Tết 2007, 2030). Astronomy: Meeus, Astronomical Algorithms, ch. 25 and
// 49, shortened; exact to some minutes for 1900–2199.
#pragma once
#include "base/time.h"

namespace identity {

// The Gregorian date of a day of the lunar year that begins in `year`; leap months are never meant.
// `month` 1–12, `day` 1–30.
base::Date lunar_date(int year, int month, int day);

}  // namespace identity
