// Who takes part is identity's; the exchange speaks of it by these names.
#pragma once
#include "exchange/identifiers.h"
#include "identity/directory.h"

namespace exchange {

using identity::check_code;
using identity::ConnectedSystem;
using identity::Directory;
using identity::normalised_code;
using identity::Organisation;

}  // namespace exchange
