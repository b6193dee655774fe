#include "agent/line.h"

namespace agent {

base::Error trouble_of(const Answer& answer) {
  const std::string why = answer.reason.empty() ? "" : " [" + answer.reason + "]";
  if (answer.status == 401 || answer.status == 403) {
    return base::Error(base::Code::unavailable, "agent.not_signed_in",
                       "the server does not let this credential do it: " + answer.text.en + why +
                           "; check [credential] in agent.toml and its permissions",
                       "máy chủ không cho khóa này làm việc đó: " + answer.text.vi + why +
                           "; hãy kiểm tra [credential] trong agent.toml và các quyền của khóa");
  }
  return base::Error(base::Code::unavailable, "agent.server_waits",
                     "the server cannot take it now: " + answer.text.en + why,
                     "máy chủ chưa nhận được lúc này: " + answer.text.vi + why);
}

bool reached(Line& line, const base::Result<Answer>& answer) {
  if (!answer) {
    line.failed(answer.error());
    return false;
  }
  if (answer->ok() || answer->final()) {
    line.works();
    return true;
  }
  if (answer->own()) {
    line.passed_over(trouble_of(*answer));
  } else {
    line.failed(trouble_of(*answer), answer->retry_s);
  }
  return false;
}

}  // namespace agent
