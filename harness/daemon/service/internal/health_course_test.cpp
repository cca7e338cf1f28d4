// SPDX-License-Identifier: Apache-2.0
#include "health_course.hpp"

#include <gmock/gmock.h>

#include <boost/asio/io_context.hpp>

#include "testing/await.hpp"
#include "testing/bench_board.hpp"
#include "testing/fake_board_check.hpp"

namespace tinyhil::daemon {
namespace {

using testing::ElementsAre;

class HealthCourse : public testing::Test {
 protected:
  HealthCheck run(Means means, bool cleans = false) {
    check_.has = means;
    HealthTask task{{"/desk/bench.yaml", test::board_with("driver: tcp, port: 5555"), {}, "key"}};
    task.cause = CheckCause::due;
    task.means = means;
    task.cleans = cleans;
    HealthNews news;
    news.doing = [this](const std::string& doing) { doing_.push_back(doing); };
    news.taken = [this](const StepTaken& taken) { outcomes_.push_back(outcome_of(taken)); };
    return test::await(io_, check_health(check_, std::move(task), std::move(news)));
  }

  asio::io_context io_{1};
  test::FakeBoardCheck check_;
  std::vector<std::string> doing_;
  std::vector<std::string> outcomes_;
};

TEST_F(HealthCourse, ABoardThatPassesIsGreetedOnce) {
  check_.results = {{"", sha256("firmware")}};
  const HealthCheck found = run({true, true, true, true});
  EXPECT_TRUE(found.has_passed());
  EXPECT_EQ(found.firmware, sha256("firmware"));
  EXPECT_EQ(found.command, "look at b1");
  EXPECT_THAT(check_.done, ElementsAre("greet b1"));
}

TEST_F(HealthCourse, TheLadderEndsAtTheStepThatHelps) {
  check_.results = {{"silent", {}}, {"silent", {}}, {"", sha256("firmware")}};
  const HealthCheck found = run({true, true, true, true});
  EXPECT_TRUE(found.has_passed());
  EXPECT_EQ(found.first_problem, "silent");
  EXPECT_FALSE(is_flaky(found));
  EXPECT_THAT(check_.done, ElementsAre("greet b1", "repeat b1", "greet b1", "reset b1", "greet b1"));
  EXPECT_THAT(outcomes_, ElementsAre("then it failed: silent", "then it passed"));
  EXPECT_THAT(doing_, ElementsAre("it is checked", "its check failed: silent; it is checked again",
                                  "its check failed: silent; it is reset"));
}

TEST_F(HealthCourse, AStepThatCannotBeCarriedOutIsNotFollowedByACheck) {
  check_.results = {{"silent", {}}, {"silent", {}}, {"still silent", {}}};
  check_.problems[Step::reset] = {"no probe"};
  const HealthCheck found = run({true, false, true, false});
  EXPECT_EQ(found.problem, "still silent");
  EXPECT_THAT(outcomes_, ElementsAre("then it failed: silent", "not carried out: no probe",
                                     "then it failed: still silent"));
}

TEST_F(HealthCourse, ABoardThatDoesNotTakeItsFirmwareIsSwitchedAndGetsOneMoreChance) {
  check_.problems[Step::flash] = {"no target"};
  const HealthCheck found = run({false, false, true, true}, true);
  EXPECT_TRUE(found.has_passed());
  EXPECT_TRUE(found.was_cleaned);
  EXPECT_THAT(check_.done, ElementsAre("flash b1", "power b1", "flash b1", "power b1", "greet b1"));
}

TEST_F(HealthCourse, ABoardThatIsNotCleanIsNotGreeted) {
  check_.problems[Step::power] = {"no such hub"};
  const HealthCheck found = run({false, false, true, true}, true);
  EXPECT_EQ(found.problem, "it could not be cleaned: no such hub");
  EXPECT_FALSE(found.was_cleaned);
  EXPECT_THAT(check_.done, ElementsAre("flash b1", "power b1"));
}

}  // namespace
}  // namespace tinyhil::daemon
