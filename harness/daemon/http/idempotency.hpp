// SPDX-License-Identifier: Apache-2.0
// A caller who got no reply may ask again with the same Idempotency-Key and gets what the first time came to.
// Pure: the time is given. Example:
//
//   const KeyedRequest keyed{caller.name, key, sha256(body)};
//   const auto outcome = replies.begin(keyed, now);
//   if (std::holds_alternative<KeyIsNew>(outcome)) { ...; replies.finish(keyed, reply, now); }
#pragma once

#include <chrono>
#include <cstddef>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/digest.hpp"
#include "route.hpp"

namespace tinyhil::daemon {

struct KeyedRequest {
  std::string caller;
  std::string key;
  Digest fingerprint;  // of verb, path, query and body
};

struct RememberedReply {
  int status = 200;
  std::string content_type;
  std::string body;
  std::vector<Header> headers;
};

struct KeyIsNew {};      // do it, then call finish() or forget()
struct KeyIsRunning {};  // the first one has not ended: 409
struct KeyIsTaken {};    // by a request with another fingerprint: 422
struct NoRoom {};        // all that could be dropped still runs: 503
using KeyOutcome = std::variant<KeyIsNew, KeyIsRunning, KeyIsTaken, NoRoom, RememberedReply>;

class IdempotencyKeys {
 public:
  using Time = std::chrono::steady_clock::time_point;

  virtual ~IdempotencyKeys() = default;
  virtual KeyOutcome begin(const KeyedRequest& request, Time now) = 0;
  virtual void finish(const KeyedRequest& request, RememberedReply reply, Time now) = 0;
  virtual void forget(const KeyedRequest& request) = 0;  // it came to nothing; asked again, it is done
};

struct RememberingBounds {
  std::size_t number = 10'000;
  std::size_t bytes = 64UL * 1024 * 1024;  // of bodies and headers
  std::chrono::seconds age = std::chrono::hours(24);
};

// For the life of the process. The oldest are dropped first; those that run are kept.
class RememberedReplies : public IdempotencyKeys {
 public:
  explicit RememberedReplies(RememberingBounds bounds = {}) : bounds_(bounds) {}

  KeyOutcome begin(const KeyedRequest& request, Time now) override;
  void finish(const KeyedRequest& request, RememberedReply reply, Time now) override;
  void forget(const KeyedRequest& request) override;

 private:
  using Key = std::pair<std::string, std::string>;  // caller, key
  struct Entry {
    Digest fingerprint;
    std::optional<RememberedReply> reply;  // none: it runs
    std::list<std::pair<Time, Key>>::iterator place;
  };
  void drop_old(Time now);
  void drop(const Key& key);

  RememberingBounds bounds_;
  std::map<Key, Entry> entries_;
  std::list<std::pair<Time, Key>> ended_;  // the oldest first
  std::size_t bytes_ = 0;
};

}  // namespace tinyhil::daemon
