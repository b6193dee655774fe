// Runs a suite once on SQLite and once on PostgreSQL: derive from OnEngine and instantiate with
// ON_BOTH_ENGINES(Suite).
#pragma once
#include <gtest/gtest.h>

#include <string>

#include "exchange/testing/test_exchange.h"
#include "store/testing/postgres_server.h"

namespace exchange::testing {

inline std::string fresh_database(const std::string& engine) {
  if (engine == "sqlite") return {};
  auto server = store::testing::PostgresServer::shared();
  return std::move((*server)->create_database()).value();
}

class OnEngine : public ::testing::TestWithParam<std::string> {
 public:
  OnEngine() : site(fresh_database(GetParam())) { site.add_usual_systems(); }
  TestExchange site;
};

}  // namespace exchange::testing

#define ON_BOTH_ENGINES(Suite)                                   \
  INSTANTIATE_TEST_SUITE_P(                                      \
      Engines, Suite, ::testing::Values("sqlite", "postgresql"), \
      [](const ::testing::TestParamInfo<std::string>& engine) { return engine.param; })
