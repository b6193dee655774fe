// People, the posts of organisations, who holds which post from when to when, and what somebody
// hands on to another for a time. A right always comes through a post: whoever leaves it loses it.
//
// Every change is checked against the rights of who makes it, is in the journal, and is on disk
// when the call returns. Any thread.
#pragma once
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "identity/directory.h"
#include "identity/principal.h"
#include "store/database.h"

namespace identity {

struct Person {
  PersonKey key = 0;
  std::string login;        // 3–64 of a–z 0–9 . _ - @; unique, never given to another
  std::string family_name;  // họ và tên đệm
  std::string given_name;   // tên: lists of people are sorted by it
  std::string title;        // how they wish to be addressed: "đồng chí", "bà"; may be empty
  std::string mail;
  bool enabled = true;
  base::Time added_at;
  std::string disabled_reason;  // while they are shut out, if it was said
  std::string full_name() const {
    return family_name.empty() ? given_name : family_name + " " + given_name;
  }
};

struct Post {
  PostKey key = 0;
  OrganisationKey organisation = kPlatform;
  std::string title;  // "Trưởng phòng Văn thư"
  std::vector<Role> roles;
  bool with_subordinates = false;  // its rights hold for the organisations below as well
  bool closed = false;
};

struct Appointment {
  std::int64_t key = 0;
  PersonKey person = 0;
  PostKey post = 0;
  base::Time from;
  std::optional<base::Time> to;
  bool at(base::Time now) const { return from <= now && (!to || now < *to); }
};

struct Delegation {
  std::int64_t key = 0;
  PostKey post = 0;  // whose rights
  PersonKey from_person = 0;
  PersonKey to_person = 0;
  Permissions permissions;  // of those of the post, those that may be handed on
  base::Time from, to;
  std::string reason;
  std::optional<base::Time> ended_at;
  bool at(base::Time now) const { return from <= now && now < to && !ended_at; }
};

// A post that somebody holds, and from when to when.
struct HeldPost {
  Post post;
  base::Time from;
  std::optional<base::Time> to;
};

// Somebody with a post in the same organisation, as others there see them.
struct Colleague {
  PersonKey person = 0;
  std::string family_name, given_name;
  std::vector<Post> posts;  // those in the organisations that were asked about
};
inline constexpr std::int64_t kColleaguesMax = 10'000;  // of one organisation

// Who manages the people of the post's organisation; of posts that give no documents the platform's
// administrators as well: identity.documents_post says so.
base::Result<void> require_manager_of_post(const Principal& by, const Post& post);
base::Error own_rights();

class People {
 public:
  // What is passed in outlives this.
  People(store::Database& database, const Directory& directory, const base::Clock& clock)
      : database_(database), directory_(directory), clock_(clock) {}

  // --- look-ups ---------------------------------------------------------------------------------
  base::Result<std::optional<Person>> find(PersonKey key) const;
  base::Result<std::optional<Person>> find_login(std::string_view login) const;
  // Those with a post there now or later, by given name, then family name; at most `count` after
  // the first `skip`.
  base::Result<std::vector<Person>> of_organisation(OrganisationKey organisation, std::int64_t skip,
                                                    std::int64_t count) const;
  base::Result<std::optional<Post>> post(PostKey key) const;
  base::Result<std::vector<Post>> posts(OrganisationKey organisation) const;
  base::Result<std::vector<Appointment>> appointments(PersonKey person) const;
  base::Result<std::vector<Delegation>> delegations(PersonKey person) const;  // given and received
  // What somebody holds now, the post that they have had longest first.
  base::Result<std::vector<HeldPost>> held(PersonKey person) const;
  // Whoever else may sign in and holds a post now where `person` holds one, by given name, then
  // family name; at most kColleaguesMax of each organisation.
  base::Result<std::vector<Colleague>> colleagues(PersonKey person) const;

  // Who `person` is now, with the grants of their posts and of what was handed to them. A stranger
  // when there is nobody, or they are disabled.
  base::Result<Principal> principal(PersonKey person) const;

  // Whether `by` may act on the account of `person` (a new way to sign in, for instance): who
  // manages the people of every organisation where they hold a post. The platform's administrators
  // may for those whose posts give no documents, so that a unit's first administrator can be
  // invited, and nobody gets to documents by way of another's account. identity.not_permitted,
  // identity.own_rights, identity.person_unknown.
  base::Result<void> require_manager_of(const Principal& by, PersonKey person) const;

  // --- changes ----------------------------------------------------------------------------------
  // Errors of all: identity.not_permitted, identity.own_rights (nobody changes their own rights),
  // identity.bad_person, identity.bad_post, identity.person_unknown, identity.post_unknown.
  // A new person needs people.manage somewhere; identity.login_taken (conflict).
  base::Result<PersonKey> add(const Principal& by, const Person& person);
  // Names and addressing; the login stays. One's own, or of whom one manages.
  base::Result<void> change(const Principal& by, const Person& person);
  // Shuts somebody out or lets them in; their sessions end by themselves since principal() finds
  // nobody. `reason` of shutting out, at most 1,000 bytes, is kept until they are let in again:
  // identity.bad_person.
  base::Result<void> enable(const Principal& by, PersonKey person, bool enabled,
                            std::string_view reason = {});
  base::Result<PostKey> add_post(const Principal& by, const Post& post);
  // Nobody holds it any more from now on.
  base::Result<void> close_post(const Principal& by, PostKey post);
  // identity.bad_period when it ends before it begins.
  base::Result<std::int64_t> appoint(const Principal& by, const Appointment& appointment);
  base::Result<void> end_appointment(const Principal& by, std::int64_t appointment,
                                     base::Time when);
  // Somebody hands on what a post of theirs gives, to a colleague of the same organisation, for at
  // most a year. identity.bad_delegation begins with the member that is wrong: to, to_person, post,
  // permissions or reason.
  base::Result<std::int64_t> delegate(const Principal& by, const Delegation& delegation);
  // By either side, or by who manages the people there.
  base::Result<void> end_delegation(const Principal& by, std::int64_t delegation);

 private:
  base::Result<void> require_manager_of(store::Connection& connection, const Principal& by,
                                        PersonKey person) const;
  std::vector<Grant> grants_of(const Post& post) const;
  std::vector<OrganisationKey> with_those_below(OrganisationKey organisation) const;

  store::Database& database_;
  const Directory& directory_;
  const base::Clock& clock_;
  mutable std::mutex mutex_;
  mutable std::int64_t tree_version_ = -1;
  mutable std::map<std::string, std::vector<OrganisationKey>, std::less<>> children_;
};

}  // namespace identity
