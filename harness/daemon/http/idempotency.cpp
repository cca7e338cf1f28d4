// SPDX-License-Identifier: Apache-2.0
#include "idempotency.hpp"

#include <cassert>

namespace tinyhil::daemon {

namespace {

std::size_t size_of(const RememberedReply& reply) {
  std::size_t bytes = reply.body.size();
  for (const Header& header : reply.headers) bytes += header.name.size() + header.value.size();
  return bytes;
}

}  // namespace

void RememberedReplies::drop(const Key& key) {
  const auto entry = entries_.find(key);
  if (entry == entries_.end()) return;
  if (entry->second.reply) {
    bytes_ -= size_of(*entry->second.reply);
    ended_.erase(entry->second.place);
  }
  entries_.erase(entry);
}

void RememberedReplies::drop_old(Time now) {
  const auto is_too_much = [&] { return bytes_ > bounds_.bytes || entries_.size() > bounds_.number; };
  while (!ended_.empty() && (is_too_much() || now - ended_.front().first >= bounds_.age)) {
    const Key oldest = ended_.front().second;
    drop(oldest);
  }
}

KeyOutcome RememberedReplies::begin(const KeyedRequest& request, Time now) {
  drop_old(now);
  const Key key{request.caller, request.key};
  const auto known = entries_.find(key);
  if (known != entries_.end()) {
    if (known->second.fingerprint != request.fingerprint) return KeyIsTaken{};
    if (!known->second.reply) return KeyIsRunning{};
    return *known->second.reply;
  }
  if (entries_.size() >= bounds_.number) {
    if (ended_.empty()) return NoRoom{};
    const Key oldest = ended_.front().second;
    drop(oldest);
  }
  entries_[key] = {request.fingerprint, std::nullopt, ended_.end()};
  return KeyIsNew{};
}

void RememberedReplies::finish(const KeyedRequest& request, RememberedReply reply, Time now) {
  const Key key{request.caller, request.key};
  const auto entry = entries_.find(key);
  assert(entry != entries_.end() && !entry->second.reply);
  bytes_ += size_of(reply);
  entry->second.reply = std::move(reply);
  entry->second.place = ended_.insert(ended_.end(), {now, key});
  drop_old(now);
}

void RememberedReplies::forget(const KeyedRequest& request) { drop({request.caller, request.key}); }

}  // namespace tinyhil::daemon
