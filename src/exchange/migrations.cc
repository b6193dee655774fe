#include "exchange/migrations.h"

#include "exchange/feed/migrations.h"
#include "exchange/notifications/migrations.h"
#include "exchange/rest/idempotency.h"
#include "exchange/uploads/records.h"
#include "exchange/webhooks/migrations.h"
#include "identity/migrations.h"
#include "identity/sign_in/migrations.h"
#include "store/journal.h"
#include "trust/evidence/book.h"

namespace exchange {

const std::vector<store::Migration>& migrations() {
  static const std::vector<store::Migration> kAll = {
      {"exchange", 1, "exchange", R"sql(
create table document (
  id int64 primary key,
  kind int64 not null,
  system int64 not null,
  sender int64 not null,
  hash bytes not null,
  hash_prefix int64 not null,
  blob text not null,
  size int64 not null,
  document_id text not null,
  code text not null,
  promulgated text not null,
  subject text not null,
  urgency int64 not null,
  operation int64 not null,
  recalled bool not null,
  accepted_at time not null
);
create index document_hash on document (hash_prefix);
create index document_business on document (document_id);
create index document_sent on document (system, id);
create index document_file on document (blob) where size > 60000;
create table delivery (
  id int64 primary key,
  recipient int64 not null,
  system int64 not null,
  kind int64 not null,
  rank int64 not null,
  state int64 not null,
  word text not null,
  recall int64 not null,
  status_code text not null,
  status_at time,
  fetched_at time,
  updated_at time not null
);
create index delivery_pending on delivery (system, kind, rank, id) where state < 2;
create index delivery_waiting on delivery (recipient) where state < 2 and system = 0;
create table document_link (
  document int64 not null,
  earlier int64 not null,
  operation int64 not null,
  primary key (document, earlier)
);
create index document_link_earlier on document_link (earlier);
create table status_event (
  id int64 primary key,
  delivery int64 not null,
  document int64 not null,
  code text not null,
  description text not null,
  stated_at time not null,
  received_at time not null
);
create index status_event_delivery on status_event (delivery);
)sql"},
      // It was set as soon as one copy was taken back.
      {"exchange", 2, "a document is recalled when every copy is", R"sql(
update document set recalled = 0 where recalled = 1 and exists (
  select 1 from delivery where delivery.id >= document.id * 65536
    and delivery.id < (document.id + 1) * 65536 and delivery.state <> 4 and delivery.recall <> 2);
)sql"},
      // They waited in lists for an acknowledgement, though they could not be fetched any more.
      {"exchange", 3, "a copy that was taken back does not wait", R"sql(
update delivery set state = 4 where state < 2 and recall = 2;
)sql"},
      {"exchange", 4, "judgements", R"sql(
create table judgement (
  document int64 primary key,
  verdict int64 not null,
  complete bool not null,
  judged_at time not null,
  report text not null
);
create index judgement_incomplete on judgement (document) where complete = 0;
create table judging_rule (
  organisation text not null,
  type text not null,
  rule int64 not null,
  primary key (organisation, type)
);
)sql"},
      {"exchange", 5, "the clocks of a delivery", R"sql(
alter table delivery add column visible_at time;
alter table delivery add column answered_at time;
alter table delivery add column recall_requested_at time;
alter table delivery add column recall_answered_at time;
)sql"},
      {"exchange", 6, "clocks of evidences", R"sql(
alter table delivery add column unfetched_since time;
alter table delivery add column unanswered_since time;
create index delivery_unfetched on delivery (unfetched_since) where unfetched_since is not null;
create index delivery_unanswered on delivery (unanswered_since) where unanswered_since is not null;
)sql"},
      {"exchange", 7, "who was told of malware", R"sql(
create table malware_notice (
  hash bytes not null,
  recipient int64 not null,
  told_at time not null,
  primary key (hash, recipient)
);
)sql"},
      // Those who work for organisations look by organisation. To have every document in an index
      // by sender and one by recipient would cost acceptance a quarter of its records a second:
      // what a system serves is looked up by the system, as ever; what is settled enters its index
      // when it is acknowledged.
      {"exchange", 8, "documents and deliveries by organisation", R"sql(
create index document_sender on document (sender, id) where system = 0;
create index delivery_inbox on delivery (recipient, kind, rank, id) where state < 2 and system = 0;
create index delivery_settled on delivery (recipient, kind, id) where state >= 2;
drop index delivery_waiting;
)sql"},
      {"exchange", 9, "probes of connected systems", R"sql(
create table system_probe (
  system int64 primary key,
  delivery int64 not null,
  organisation int64 not null,
  sent_at time not null,
  sent_by text not null
);
)sql"},
      // What was accepted before has no type, and only the file itself is known by its hash.
      {"exchange", 10, "fingerprints of attachments", R"sql(
alter table document add column type_name text;
create table fingerprint (
  hash_prefix int64 not null,
  document int64 not null,
  hash bytes not null,
  primary key (hash_prefix, document)
);
)sql"},
  };
  return kAll;
}

base::Result<void> migrate(store::Database& database) {
  TRY(database.migrate(store::journal::migrations()));
  TRY(database.migrate(identity::migrations()));
  TRY(database.migrate(identity::sign_in_migrations()));
  TRY(database.migrate(migrations()));
  TRY(database.migrate(feed::migrations()));
  TRY(database.migrate(notifications::migrations()));
  TRY(database.migrate(webhooks::migrations()));
  TRY(database.migrate(uploads::records::migrations()));
  TRY(database.migrate(rest::migrations()));
  return database.migrate(trust::evidence::migrations());
}

}  // namespace exchange
