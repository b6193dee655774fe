// Every command of `truc`: one function, one file. Each gives the exit code: 0 done, 1 not done
// (the error was printed), 2 wrong use.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "cli/terminal.h"

namespace cli {

// Where the client commands find their server: flags, then TRUC_URL, TRUC_SYSTEM, TRUC_SECRET_FILE,
// then [client] of the site's truc.toml.
struct ClientOptions {
  std::string site, url, system, secret_file, trust_file;
};

int init(const Terminal& terminal, const std::string& directory);
struct ServeOptions {
  std::string site, listen;
};
int serve(const Terminal& terminal, const ServeOptions& options);
int organisation_import(const Terminal& terminal, const std::string& site, const std::string& file);
int organisation_list(const Terminal& terminal, const std::string& site);
struct SystemAddOptions {
  std::string site, id, secret_file, organisations_file;
  std::vector<std::string> organisations;
};
int system_add(const Terminal& terminal, const SystemAddOptions& options);
int system_list(const Terminal& terminal, const std::string& site);
// Shuts a system out, or lets it in again, with a new secret if a file is named.
int system_enable(const Terminal& terminal, const SystemAddOptions& options, bool enable);

// How systems sign in to Trúc's own API (identity/system_credentials.h).
struct CredentialOptions {
  std::string site, system, kind = "api_key", name, permissions, certificate;
  int days = 0;  // 0: does not expire
  std::int64_t number = 0;
};
int credential_add(const Terminal& terminal, const CredentialOptions& options);
int credential_list(const Terminal& terminal, const CredentialOptions& options);
int credential_revoke(const Terminal& terminal, const CredentialOptions& options);

// People, each with a post (identity/people.h); `organisation` empty: of the platform.
struct PersonOptions {
  std::string site, login, family_name, given_name, mail, organisation, post;
  std::vector<std::string> roles;
};
int person_add(const Terminal& terminal, const PersonOptions& options);
int person_list(const Terminal& terminal, const PersonOptions& options);
// A code with which somebody sets up how they sign in: the first time, or after a loss.
int person_invite(const Terminal& terminal, const PersonOptions& options);
int person_enable(const Terminal& terminal, const PersonOptions& options, bool enabled);

int send(const Terminal& terminal, const ClientOptions& client, const std::string& file,
         const std::string& from);
int inbox(const Terminal& terminal, const ClientOptions& client, bool statuses);
int fetch(const Terminal& terminal, const ClientOptions& client, const std::string& id,
          const std::string& output);
int acknowledge(const Terminal& terminal, const ClientOptions& client, const std::string& id,
                const std::string& word);
struct StatusOptions {
  std::string id, code, reason, from;
};
int status(const Terminal& terminal, const ClientOptions& client, const StatusOptions& options);
struct RecallOptions {
  std::string id, reason;
  std::vector<std::string> to;
};
int recall(const Terminal& terminal, const ClientOptions& client, const RecallOptions& options);
int track(const Terminal& terminal, const ClientOptions& client, const std::string& id);

// Carries documents between a directory and a server (docs/formats/agent-directory.md).
struct AgentOptions {
  std::string directory, url, trust_file, api_key_file, client_id, client_secret_file;
  std::vector<std::string> organisations;
  bool once = false;
};
int agent_init(const Terminal& terminal, const AgentOptions& options);
// Until SIGTERM or SIGINT; with `once`, 0 only when everything there has been carried.
int agent_run(const Terminal& terminal, const AgentOptions& options);

// Working days (identity/calendar.h); the year 0: this one.
int calendar_import(const Terminal& terminal, const std::string& site, const std::string& file);
int calendar_show(const Terminal& terminal, const std::string& site, int year, bool csv);
// The `count` deliveries that are overdue longest.
int late(const Terminal& terminal, const std::string& site, int count);

// Finds documents of a site for its operator: ids, never what they say. `count`: at most so many.
int search_find(const Terminal& terminal, const std::string& site, const std::string& query,
                int count);
// Makes the index anew from the journal and the documents; beside a serving process or without one.
int search_rebuild(const Terminal& terminal, const std::string& site);

// The figures of a site (docs/formats/insight.md). Beside a serving process or without one.
struct InsightOptions {
  std::string site, month, output;
  std::int64_t number = 0;  // of a report; 0: all
};
// Counts everything anew from the records.
int insight_rebuild(const Terminal& terminal, const std::string& site);
// Makes the report of a month, sealed with the key for evidences; `output`: where to write it, too.
int insight_report(const Terminal& terminal, const InsightOptions& options);
int insight_list(const Terminal& terminal, const std::string& site);
// Computes reports again; 1 when one is not what the records say.
int insight_verify(const Terminal& terminal, const InsightOptions& options);

int edxml_check(const Terminal& terminal, const std::string& file);
int edxml_pack(const Terminal& terminal, const std::string& directory, const std::string& output);
int edxml_unpack(const Terminal& terminal, const std::string& file, const std::string& directory);

// What recipients ask of signatures. An empty rule removes the row; "*" stands for all.
struct PolicyOptions {
  std::string site, organisation = "*", type = "*", rule;
};
int policy_change(const Terminal& terminal, const PolicyOptions& options);
int policy_list(const Terminal& terminal, const std::string& site);
// Judges the signatures of a file: edXML, PDF, ASiC container, XML, CMS.
struct VerifyFileOptions {
  std::string site, file;
  std::string content;               // what a detached signature or a timestamp covers
  std::vector<std::string> anchors;  // PEM files, besides the site's
  bool online = false;               // ask the authorities for revocation
  std::string log_key;               // "name+id+base64", for the evidences of a bundle
};
int verify_file(const Terminal& terminal, const VerifyFileOptions& options);

// A demonstration PKI (root, issuing CA, CRL, OCSP, TSA) kept in a directory.
struct DemoOptions {
  std::string directory, listen = "127.0.0.1:8099";
};
int demo(const Terminal& terminal, const DemoOptions& options);
struct DemoIssueOptions {
  std::string directory, name, organisation, output, password;
  std::string request;  // a PKCS#10 file: its key and names, only the certificates are written
  int days = 0;         // from now; 0: two years; negative: expired so long ago
  std::string url = "http://127.0.0.1:8099/pki";
};
int demo_issue(const Terminal& terminal, const DemoIssueOptions& options);

// The keys of a site. `token`, `from` of an import and every --key are names of keys as
// trust/keys/key_name.h has them; `from` of a use is a time.
struct KeyOptions {
  std::string site, name, from, type = "rsa-3072", token, password_file, passphrase_file;
  std::string use = "evidence";
};
int key_create(const Terminal& terminal, const KeyOptions& options);
int key_import(const Terminal& terminal, const KeyOptions& options);
int key_list(const Terminal& terminal, const std::string& site);
int key_use(const Terminal& terminal, const KeyOptions& options);
int key_remove(const Terminal& terminal, const KeyOptions& options);

struct CertificateOptions {
  std::string site, name, subject, file;
};
int certificate_request(const Terminal& terminal, const CertificateOptions& options);
int certificate_import(const Terminal& terminal, const CertificateOptions& options);
int certificate_list(const Terminal& terminal, const std::string& site);
int certificate_show(const Terminal& terminal, const std::string& file);

// Signs a PDF by incremental update. `key` is any key's name; `site` is for one of a site.
struct SignOptions {
  std::string site, file, output, key, password_file, field = "Signature1", level = "b";
  std::vector<std::string> timestamps;  // URLs of authorities
  int page = 1;
  bool show = false;  // the text form of Decree 30/2020 App. I at the top right of the page
};
int sign(const Terminal& terminal, const SignOptions& options);

// The evidences about a document of a site, and all of them in one container (ASiC-E).
struct EvidenceOptions {
  std::string site, id, output;
};
int evidence_list(const Terminal& terminal, const EvidenceOptions& options);
int evidence_export(const Terminal& terminal, const EvidenceOptions& options);
// Looks whether a log keeps its word, against what was seen before.
struct LogMonitorOptions {
  std::string log, key, state = "log-monitor.state";  // URL or directory; "name+id+base64"; a file
  std::vector<std::string> witnesses;                 // "name+id+base64"
  std::size_t quorum = 0;                             // of them; 0: all
  bool whole = false;
};
int log_monitor(const Terminal& terminal, const LogMonitorOptions& options);
int log_key(const Terminal& terminal, const std::string& site);
// Says how a site whose log came from a backup goes on: with the newest files of it, as it is, or
// with a new log. One of the three.
struct LogResumeOptions {
  std::string site, from;
  bool newest = false, new_log = false;
};
int log_resume(const Terminal& terminal, const LogResumeOptions& options);

int doctor(const Terminal& terminal, const std::string& site);
int backup(const Terminal& terminal, const std::string& site, const std::string& directory);
int restore(const Terminal& terminal, const std::string& site, const std::string& directory);
int verify(const Terminal& terminal, const std::string& site, bool quick);

}  // namespace cli
