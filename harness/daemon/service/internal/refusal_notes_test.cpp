// SPDX-License-Identifier: Apache-2.0
#include "refusal_notes.hpp"

#include <gtest/gtest.h>

namespace tinyhil::daemon {

namespace {

using namespace std::chrono_literals;

const RefusedRequest kRefused{"agent", "POST /api/v1/boards/b1/readmit", 403};

TEST(RefusalNotes, SayWhoAskedForWhat) {
  RefusalNotes notes;
  const std::optional<AuditEntry> entry = notes.entry_of(kRefused, Moment(1h));
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->who, "agent");
  EXPECT_EQ(entry->what, "request");
  EXPECT_EQ(entry->subject, "POST /api/v1/boards/b1/readmit");
  EXPECT_EQ(entry->outcome, "refused: 403");
}

TEST(RefusalNotes, AreAtMostThirtyAMinuteAndThenSayHowManyWereLeftOut) {
  RefusalNotes notes;
  int noted = 0;
  for (int i = 0; i < 100; ++i) noted += notes.entry_of(kRefused, Moment(1h)).has_value() ? 1 : 0;
  EXPECT_EQ(noted, 30);
  EXPECT_FALSE(notes.entry_of(kRefused, Moment(1h + 59s)));
  const std::optional<AuditEntry> next = notes.entry_of(kRefused, Moment(1h + 60s));
  ASSERT_TRUE(next);
  EXPECT_EQ(next->outcome, "refused: 403, and 71 others before");
  EXPECT_EQ(notes.entry_of(kRefused, Moment(1h + 61s))->outcome, "refused: 403");
}

TEST(RefusalNotes, StayShortAndWithinALineWhateverWasAskedFor) {
  RefusalNotes notes;
  const RefusedRequest odd{"", "POST /\x1b[2J" + std::string(5'000, 'x'), 401};
  const std::optional<AuditEntry> entry = notes.entry_of(odd, Moment(1h));
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->who, "(unknown)");
  EXPECT_LT(entry->subject.size(), 300U);
  EXPECT_EQ(entry->subject.find('\x1b'), std::string::npos);
}

}  // namespace

}  // namespace tinyhil::daemon
