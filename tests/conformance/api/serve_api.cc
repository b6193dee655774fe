// Serves the whole API over an exchange of its own, with callers that are let in by name, for
// programs that try it: prints its port, and ends when its input does.
#include <cstdio>

#include "exchange/testing/rest_server.h"

int main() {
  exchange::testing::RestServer server("", {},
                                       {{1 << 20, 1 << 26, 1 << 30}, {1 << 20, 1 << 26, 1 << 30}});
  server.know_system("A", exchange::testing::kSender);
  server.know_person("clerk", identity::Role::clerk, {"K97"});
  server.know_person("operator", identity::Role::operator_, {});
  exchange::testing::Letter letter;
  letter.to = {"K97", "G99"};
  const auto sent =
      server.ask("POST", "/api/v1/submissions", "A", exchange::testing::file_of(letter),
                 "Content-Type: application/edxml+xml\r\n");
  const auto inbox = server.get("/api/v1/deliveries", "clerk").items();
  std::printf("%d %s %s\n", server.port(), sent.text("id").c_str(),
              inbox.empty() ? "" : std::string(inbox[0]["id"].text()).c_str());
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
  return ::testing::Test::HasFailure() ? 1 : 0;
}
