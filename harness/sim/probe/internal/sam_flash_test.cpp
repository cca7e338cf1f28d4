// SPDX-License-Identifier: Apache-2.0
#include "sam_flash.hpp"

#include <gtest/gtest.h>

#include "little_endian.hpp"
#include "testing/fake_target.hpp"

namespace tinyhil::sim {
namespace {

constexpr std::uint32_t kService = 0x41002000, kController = 0x41004000;
constexpr std::uint32_t kCommand = kController + 4, kFlags = kController + 0x10,
                        kAddress = kController + 0x14;
constexpr std::uint32_t kEraseBlock = 0xA501, kWritePage = 0xA503, kLock = 0xA511, kUnlock = 0xA512,
                        kSetSecurity = 0xA516;
constexpr std::uint16_t kDone = 1, kBadCommand = 4, kLockError = 8;

struct Flash {
  explicit Flash(bool is_locked = false) : flash(target, is_locked) {}
  std::uint32_t read(std::uint32_t address) {
    std::array<std::uint8_t, 4> bytes{};
    EXPECT_TRUE(flash.read(address, bytes));
    return load32(bytes);
  }
  void write(std::uint32_t address, std::uint32_t value) {
    EXPECT_TRUE(flash.write(address, bytes_of(value)));
  }
  std::uint16_t execute(std::uint32_t command) {
    write(kCommand, command);
    const auto flags = static_cast<std::uint16_t>(read(kFlags));
    write(kFlags, flags);
    return flags;
  }
  void erase(std::uint32_t address) {
    write(kAddress, address);
    EXPECT_EQ(execute(kEraseBlock), kDone);
  }

  test::FakeTarget target;
  SamFlash flash;
};

TEST(SamFlash, IsASamE54With1MB) {
  Flash flash;
  EXPECT_EQ(flash.read(kService + 0x18), 0x61840300u);
  EXPECT_EQ(flash.read(kController + 8), 0x00060800u) << "2048 pages of 512 bytes";
}

TEST(SamFlash, ErasesTheBlockOfAnAddress) {
  Flash flash;
  flash.erase(0x2004);
  EXPECT_EQ(flash.target.word(0x1FFC), 0u);
  EXPECT_EQ(flash.target.word(0x2000), 0xFFFFFFFFu);
  EXPECT_EQ(flash.target.word(0x3FFC), 0xFFFFFFFFu);
  EXPECT_EQ(flash.target.word(0x4000), 0u);
}

TEST(SamFlash, ProgramsAPageOnlyWhenItIsToldTo) {
  Flash flash;
  flash.erase(0);
  flash.write(0x200, 0x12345678);
  EXPECT_EQ(flash.read(0x200), 0xFFFFFFFFu) << "still in the page buffer";
  EXPECT_EQ(flash.execute(kWritePage), kDone);
  EXPECT_EQ(flash.read(0x200), 0x12345678u);
  EXPECT_EQ(flash.read(0x204), 0xFFFFFFFFu);
}

TEST(SamFlash, OnlyClearsBits) {
  Flash flash;
  flash.erase(0);
  flash.write(0, 0xFFFF0000);
  flash.execute(kWritePage);
  flash.write(0, 0x0F0FFFFF);
  flash.execute(kWritePage);
  EXPECT_EQ(flash.read(0), 0x0F0F0000u);
}

TEST(SamFlash, RefusesToTouchALockedRegion) {
  Flash flash;
  flash.erase(0);
  flash.write(kAddress, 0);
  EXPECT_EQ(flash.execute(kLock), kDone);
  flash.write(0, 0);
  EXPECT_EQ(flash.execute(kWritePage), kDone | kLockError);
  EXPECT_EQ(flash.read(0), 0xFFFFFFFFu);
  flash.write(kAddress, 0);
  EXPECT_EQ(flash.execute(kUnlock), kDone);
  flash.erase(0);
}

TEST(SamFlash, RefusesACommandWithoutTheKey) {
  Flash flash;
  flash.write(kCommand, 0x5A01);
  EXPECT_EQ(flash.read(kFlags) & 0xFFFF, kBadCommand);
  EXPECT_EQ(flash.target.word(0), 0u);
}

TEST(SamFlash, ShowsNothingOnceItsSecurityBitIsSetButItsErasure) {
  Flash flash;
  flash.write(kCommand, kSetSecurity);
  std::array<std::uint8_t, 4> bytes{};
  EXPECT_FALSE(flash.flash.read(0, bytes));
  EXPECT_FALSE(flash.flash.write(test::kRam, bytes));
  EXPECT_EQ(flash.read(kService + 0x118), 0x61840300u) << "from outside it still says what it is";
  const std::array<std::uint8_t, 1> chip_erase{0x10};
  EXPECT_FALSE(flash.flash.write(kService, chip_erase));
  EXPECT_TRUE(flash.flash.write(kService + 0x100, chip_erase));
  EXPECT_EQ(flash.read(0), 0xFFFFFFFFu);
  EXPECT_EQ(flash.read(0xFFFFC), 0xFFFFFFFFu);
}

TEST(SamFlash, MayBeLockedFromTheStart) {
  Flash flash(true);
  std::array<std::uint8_t, 4> bytes{};
  EXPECT_FALSE(flash.flash.read(0, bytes));
}

TEST(SamFlash, LeavesOtherMemoryAlone) {
  Flash flash;
  flash.write(test::kRam, 5);
  EXPECT_EQ(flash.target.word(test::kRam), 5u);
}

TEST(SamFlash, KeepsTheUserPageBesideTheFlash) {
  Flash flash;
  flash.write(0x804000, 0x1234);
  flash.execute(0xA504);
  EXPECT_EQ(flash.read(0x804000), 0x1234u);
  flash.write(kAddress, 0x804000);
  flash.execute(0xA500);
  EXPECT_EQ(flash.read(0x804000), 0xFFFFFFFFu);
}

}  // namespace
}  // namespace tinyhil::sim
