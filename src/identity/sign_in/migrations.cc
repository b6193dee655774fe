#include "identity/sign_in/migrations.h"

namespace identity {

const std::vector<store::Migration>& sign_in_migrations() {
  static const std::vector<store::Migration> kAll = {
      {"sign_in", 1, "how people sign in", R"sql(
create table sign_in_password (
  person int64 primary key,
  hash text not null,
  changed_at time not null
);
create table sign_in_totp (
  person int64 primary key,
  secret bytes not null,
  last_step int64 not null,
  added_at time not null
);
create table sign_in_recovery_code (
  hash bytes primary key,
  person int64 not null,
  made_at time not null
);
create index sign_in_recovery_code_person on sign_in_recovery_code (person);
create table sign_in_passkey (
  key int64 primary key,
  person int64 not null,
  credential bytes not null unique,
  algorithm int64 not null,
  public_key bytes not null,
  counter int64 not null,
  backup_eligible bool not null,
  backed_up bool not null,
  aaguid bytes not null,
  name text not null,
  added_at time not null,
  used_at time
);
create index sign_in_passkey_person on sign_in_passkey (person);
create table sign_in_oidc_link (
  issuer text not null,
  subject text not null,
  person int64 not null,
  linked_at time not null,
  primary key (issuer, subject)
);
create index sign_in_oidc_link_person on sign_in_oidc_link (person);
create table sign_in_link_code (
  hash bytes primary key,
  person int64 not null,
  made_at time not null,
  expires_at time not null
);
create index sign_in_link_code_person on sign_in_link_code (person);
create table sign_in_ceremony (
  hash bytes primary key,
  kind int64 not null,
  person int64 not null,
  session int64 not null,
  data bytes not null,
  tries int64 not null,
  expires_at time not null
);
create index sign_in_ceremony_expires_at on sign_in_ceremony (expires_at);
create index sign_in_ceremony_person on sign_in_ceremony (person);
create table sign_in_session (
  key int64 primary key,
  hash bytes not null unique,
  person int64 not null,
  means int64 not null,
  created_at time not null,
  seen_at time not null,
  verified_at time,
  address text not null,
  user_agent text not null
);
create index sign_in_session_person on sign_in_session (person);
create index sign_in_session_seen_at on sign_in_session (seen_at);
create table sign_in_attempt (
  subject bytes primary key,
  level int64 not null,
  counted_at time not null,
  blocked_until time not null,
  known bool not null
);
create index sign_in_attempt_counted_at on sign_in_attempt (counted_at);
)sql"},
  };
  return kAll;
}

}  // namespace identity
