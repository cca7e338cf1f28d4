// SPDX-License-Identifier: Apache-2.0
// Through the OpenOCD that is installed, to a target in its own Tcl that sends back what it receives. Its
// rings have 64 bytes.
#include "mailbox.hpp"

#include <gmock/gmock.h>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <numeric>

#include "probe/core_reader.hpp"
#include "testing/await.hpp"
#include "testing/fake_openocd.hpp"

namespace tinyhil::probe {
namespace {

using testing::HasSubstr;
using Bytes = std::vector<std::uint8_t>;

constexpr std::chrono::seconds kPatience{20};

Bytes counting(std::size_t size) {
  Bytes bytes(size);
  std::iota(bytes.begin(), bytes.end(), std::uint8_t{1});
  return bytes;
}

asio::awaitable<Result<Bytes>> read_all(transport::Transport& line, std::size_t size) {
  Bytes bytes(size);
  for (std::size_t at = 0; at < size;) {
    const Result<std::size_t> more = co_await line.read(std::span(bytes).subspan(at));
    if (!more) co_return more.error();
    at += *more;
  }
  co_return bytes;
}

// What comes back of these bytes.
asio::awaitable<Result<Bytes>> echo(transport::Transport& line, Bytes bytes) {
  using namespace asio::experimental::awaitable_operators;
  const auto [sent, come] = co_await (line.write(bytes) && read_all(line, bytes.size()));
  if (!sent) co_return sent.error();
  co_return come;
}

asio::awaitable<Result<Bytes>> within(std::chrono::milliseconds limit, asio::awaitable<Result<Bytes>> task) {
  using namespace asio::experimental::awaitable_operators;
  asio::steady_timer timer(co_await asio::this_coro::executor, limit);
  auto first = co_await (std::move(task) || timer.async_wait(asio::use_awaitable));
  if (first.index() == 0) co_return std::get<0>(std::move(first));
  co_return Fault{FaultKind::timeout, "nothing came", {}};
}

asio::awaitable<std::optional<CoreDump>> examined(transport::Transport& line) {
  co_await line.examine_core();
  co_return line.take_core_dump();
}

struct Mailbox : testing::Test {
  MailboxSettings settings() const {
    MailboxSettings all;
    all.openocd = target.settings();
    all.openocd.answer_limit = kPatience;
    all.block = 0x20000020;
    return all;
  }
  void open(MailboxSettings with) { line = open_mailbox(io.get_executor(), std::move(with)); }

  Result<Bytes> send(Bytes bytes, std::chrono::milliseconds limit = kPatience) {
    return test::await(io, within(limit, echo(*line, std::move(bytes))));
  }

  test::FakeOpenOcd target;
  asio::io_context io{1};
  std::unique_ptr<transport::Transport> line;
};

TEST_F(Mailbox, BytesComeAndGoInOrderWhateverTheirNumber) {
  open(settings());
  for (const std::size_t size : {1, 2, 3, 4, 5, 63, 64, 65, 1000}) {
    const auto back = send(counting(size));
    ASSERT_TRUE(back) << describe(back.error());
    EXPECT_EQ(*back, counting(size));
  }
  EXPECT_EQ(line->describe(), "OpenOCD on probe F1");
}

TEST_F(Mailbox, TheBlockIsSearchedFor) {
  MailboxSettings all = settings();
  all.block.reset();
  all.search_from = 0x20000000;
  all.search_size = 256;
  open(all);
  EXPECT_EQ(send(counting(10)).value(), counting(10));
}

TEST_F(Mailbox, ABlockOutsideOfTheRangeIsNotFoundAndThatIsSaid) {
  MailboxSettings all = settings();
  all.block.reset();
  all.search_from = 0x20000040;
  all.search_size = 64;
  open(all);
  EXPECT_EQ(send(counting(10), std::chrono::milliseconds(100)).error().kind, FaultKind::timeout);
  EXPECT_THAT(line->last_words(), HasSubstr("no mailbox from 0x20000040 on, in 64 bytes"));
}

TEST_F(Mailbox, ABoardThatIsResetGoesOn) {
  open(settings());
  EXPECT_EQ(send(counting(37)).value(), counting(37));
  target.say("reset");
  EXPECT_TRUE(send(counting(100), std::chrono::milliseconds(500)) || true) << "some of them are lost";
  EXPECT_EQ(send({}).value(), Bytes());
}

TEST_F(Mailbox, ACoreThatWasLeftHaltedIsReset) {
  target.say("halt");
  open(settings());
  EXPECT_EQ(send(counting(5)).value(), counting(5));
}

TEST_F(Mailbox, ABoardThatIsResetAtOpeningHasItsBlockFromThen) {
  MailboxSettings all = settings();
  all.at_open = AtOpen::reset;
  all.openocd.commands.emplace_back("proc reset {how} {}");  // nothing builds it anew
  open(all);
  EXPECT_EQ(send(counting(5), std::chrono::milliseconds(300)).error().kind, FaultKind::timeout);
  all.openocd.commands.pop_back();
  open(all);
  EXPECT_EQ(send(counting(5)).value(), counting(5));
}

TEST_F(Mailbox, OneThatGivesNothingMayBeOfAnEarlierImage) {
  MailboxSettings all = settings();
  all.openocd.commands.emplace_back("proc fake_run {} {}");  // nobody empties it
  open(all);
  EXPECT_EQ(send(counting(5), std::chrono::milliseconds(300)).error().kind, FaultKind::timeout);
  EXPECT_THAT(line->last_words(),
              HasSubstr("nothing came out of the mailbox at 0x20000020, which may be of an image "
                        "that ran before: `reset: run`"));
  open(settings());
  EXPECT_TRUE(send(counting(5)));
  EXPECT_EQ(line->last_words().find("may be of an image"), std::string::npos);
}

TEST_F(Mailbox, ACoreThatHaltsIsToldOf) {
  open(settings());
  EXPECT_TRUE(send(counting(5)));
  EXPECT_EQ(line->last_words().find("halted"), std::string::npos);
  target.say("halt");
  EXPECT_EQ(send(counting(5), std::chrono::milliseconds(1500)).error().kind, FaultKind::timeout);
  EXPECT_THAT(line->last_words(),
              HasSubstr("the core is halted at pc 0x00000440, lr 0x00000401, sp 0x20001000"));
}

TEST_F(Mailbox, WithoutKnownVariablesThereIsNoMemoryToWrite) {
  open(settings());
  EXPECT_EQ(line->memory(), nullptr);
}

// The ring that the device echoes from lies at 0x200000c0, and its write offset at 0x2000005c.
TEST_F(Mailbox, MemoryIsWrittenBesideTheStream) {
  MailboxSettings all = settings();
  all.variables = {{0x20000020, 72}, {0x200000c0, 0x1000}};
  open(all);
  EXPECT_EQ(send(counting(40)).value(), counting(40));
  transport::TargetMemory& memory = *line->memory();
  ASSERT_TRUE(test::await(io, memory.write(0x200000c0 + 40, {'p', 'u', 't'})));
  ASSERT_TRUE(test::await(io, memory.write(0x20000020 + 24 + 24 + 12, {43, 0, 0, 0})));
  EXPECT_EQ(test::await(io, within(kPatience, read_all(*line, 3))).value(), (Bytes{'p', 'u', 't'}));
  ASSERT_TRUE(test::await(io, memory.write(0x20000100, counting(3000)))) << "from a file";
  EXPECT_EQ(send(counting(100)).value(), counting(100));
}

TEST_F(Mailbox, NothingIsWrittenButVariables) {
  MailboxSettings all = settings();
  all.variables = {{0x20000100, 0x100}, {0x20000200, 0x100}};
  open(all);
  transport::TargetMemory& memory = *line->memory();
  EXPECT_TRUE(memory.covers(0x20000100, 0x100));
  EXPECT_FALSE(memory.covers(0x20000101, 0x100));
  EXPECT_FALSE(memory.covers(0x200000ff, 1));
  EXPECT_FALSE(memory.covers(0x200002ff, 0xffffffff)) << "it does not wrap";
  for (const std::uint32_t wrong : {0x0U, 0x200000feU, 0x200002feU, 0x40020000U, 0xe000ed0cU}) {
    const Result<void> refused = test::await(io, memory.write(wrong, counting(4)));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, FaultKind::refused);
    EXPECT_THAT(refused.error().what, HasSubstr("no variables at"));
  }
}

TEST_F(Mailbox, MemoryThatCannotBeWrittenIsRefusedAndTheStreamGoesOn) {
  MailboxSettings all = settings();
  all.variables = {{0x20000100, 0x1000}};
  open(all);
  target.say("refuse");
  const Result<void> refused = test::await(io, line->memory()->write(0x20000100, counting(100)));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, FaultKind::refused);
  EXPECT_THAT(refused.error().what, HasSubstr("error writing to memory"));
  EXPECT_EQ(send(counting(10)).value(), counting(10));
}

TEST_F(Mailbox, AWriteEndsWithTheLineWhenOpenOcdIsKilled) {
  MailboxSettings all = settings();
  all.variables = {{0x20000100, 0x1000}};
  open(all);
  EXPECT_TRUE(send(counting(5)));
  ::kill(target.pid(), SIGKILL);
  const Result<void> gone = test::await(io, line->memory()->write(0x20000100, counting(100)));
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().kind, FaultKind::gone);
  EXPECT_EQ(send(counting(5)).error().kind, FaultKind::gone);
}

TEST_F(Mailbox, ACoreThatHaltsIsReadAndTheDumpGivenOnce) {
  open(settings());
  EXPECT_TRUE(send(counting(5)));
  EXPECT_FALSE(line->take_core_dump());
  target.say("halt");
  const std::optional<CoreDump> dump = test::await(io, examined(*line));
  ASSERT_TRUE(dump);
  EXPECT_EQ(dump->pc(), 0x440u);
  EXPECT_FALSE(dump->is_fault) << "it stands in no handler";
  ASSERT_FALSE(dump->memory.empty());
  EXPECT_EQ(dump->memory.front().address, 0x20001000u);
  EXPECT_EQ(dump->memory.front().bytes.size(), kStackMost) << "no more";
  EXPECT_FALSE(line->take_core_dump());
}

TEST_F(Mailbox, ACoreThatCannotBeReadHasNoDump) {
  open(settings());
  EXPECT_TRUE(send(counting(5)));
  target.say("halt");
  target.say("fail");
  EXPECT_FALSE(test::await(io, examined(*line)));
}

TEST_F(Mailbox, EndsWhenOpenOcdIsKilled) {
  open(settings());
  EXPECT_TRUE(send(counting(5)));
  ::kill(target.pid(), SIGKILL);
  const auto gone = send(counting(5));
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().kind, FaultKind::gone);
  EXPECT_THAT(gone.error().what, HasSubstr("OpenOCD on probe F1"));
  EXPECT_THAT(gone.error().evidence, HasSubstr("signal 9"));
}

TEST_F(Mailbox, EndsWhenOpenOcdHangs) {
  MailboxSettings all = settings();
  all.openocd.answer_limit = std::chrono::milliseconds(100);
  open(all);
  ::kill(target.pid(), SIGSTOP);
  const auto gone = send(counting(5));
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().kind, FaultKind::gone);
  EXPECT_THAT(gone.error().what, HasSubstr("no answer within 100 ms"));
}

TEST_F(Mailbox, EndsWhenOpenOcdTalksNonsense) {
  MailboxSettings all = settings();
  all.openocd.commands.emplace_back("proc lreplace {args} {return nonsense}");
  open(all);
  const auto gone = send(counting(5));
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().kind, FaultKind::gone);
}

TEST_F(Mailbox, EndsWhenOpenOcdCannotUseTheBlockForLong) {
  MailboxSettings all = settings();
  all.openocd.commands.emplace_back("proc write_memory {args} {error {not now}}");
  open(all);
  const auto gone = send(counting(5));
  ASSERT_FALSE(gone);
  EXPECT_THAT(gone.error().what, HasSubstr("not now"));
}

TEST_F(Mailbox, EndsWhenTheMemoryCannotBeReadForLong) {
  open(settings());
  EXPECT_TRUE(send(counting(5)));
  target.say("fail");
  const auto gone = send(counting(5));
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().kind, FaultKind::gone);
  EXPECT_THAT(gone.error().what, HasSubstr("failed to read memory"));
}

TEST_F(Mailbox, LeavesNothingToDoWhileNobodyWaits) {
  open(settings());
  EXPECT_TRUE(send(counting(5)));
  io.restart();
  io.run();  // returns
  EXPECT_EQ(line->read_some(std::span<std::uint8_t>()).value(), 0u);
}

TEST_F(Mailbox, MayBeGivenUpWhileACallIsUnderWay) {
  open(settings());
  asio::co_spawn(
      io,
      [](transport::Transport& on) -> asio::awaitable<void> {
        co_await on.wait(transport::Transport::Until::readable);
      }(*line),
      [](const std::exception_ptr&) {});
  for (int i = 0; i < 5; ++i) io.poll_one();
  const pid_t pid = target.pid();
  line.reset();
  EXPECT_EQ(::kill(pid, 0), -1);
  io.run();
}

}  // namespace
}  // namespace tinyhil::probe
