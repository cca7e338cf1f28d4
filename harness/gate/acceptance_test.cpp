// SPDX-License-Identifier: Apache-2.0
#include "acceptance.hpp"

#include <gmock/gmock.h>

#include "gate/internal/version_order.hpp"
#include "testing/complaint.hpp"
#include "testing/folder.hpp"
#include "testing/schema_agreement.hpp"

namespace tinyhil::gate {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kReleasePolicy = R"(policy: release
rules:
  - {id: acc, test: noninferiority, margin: 2 %}
  - {id: golden, test: golden}
)";

std::string digest_text(std::string_view of) { return sha256(of).hex(); }

BoardIdentity board(const char* name, const char* serial, Provenance provenance) {
  BoardIdentity board;
  board.name = name;
  board.kind = "nucleo";
  board.serial = serial;
  board.provenance = provenance;
  board.image = sha256("image");
  return board;
}

// A genuine bundle that holds to everything, to be spoiled in one respect.
class AcceptanceTest : public testing::Test {
 protected:
  AcceptanceTest() : policy(load_policy(folder.write("gate.yaml", kReleasePolicy))) {
    run.started_at = "2026-11-20T12:00:00Z";
    run.version = "0.2.0";
    run.policy_digest = policy.digest;
    run.models = {{"shipped", sha256("shipped"), false, 0, {}}, {"slim", sha256("slim"), true, 1, {"fail"}}};
    boards = {board("left", "A1", Provenance::real)};
    verdicts.emplace_back().candidate = "slim";
    verdicts[0].findings.emplace_back().rule = "acc";
    key = sha256("key");
  }

  Acceptance accept(const std::string& more = "", std::string pins = "") const {
    if (pins.empty()) pins = "policy: " + policy.digest.hex() + "\n";
    return load_acceptance(
        folder.write("accept.yaml", "accept: release\n" + pins + "baseline: " + digest_text("shipped") +
                                        "\nvectors: " + digest_text("vectors") + "\nkeys: [" +
                                        digest_text("key") + "]\nprovenance: real\n" + more));
  }

  std::vector<std::string> refused(const Acceptance& acceptance) const {
    const Offer offer{
        policy,           run, verdicts, sha256(baseline), sha256(vectors), {sha256(candidate)}, boards,
        simulated_meters, key, version};
    std::vector<std::string> lines;
    for (const Refusal& one : refusals(acceptance, offer, *parse_moment("2026-11-23T12:00:00Z")))
      lines.push_back(one.key + ": " + one.reason);
    return lines;
  }

  test::TestFolder folder;
  Policy policy;
  RunRecord run;
  std::vector<Verdict> verdicts;
  std::vector<BoardIdentity> boards;
  std::vector<std::string> simulated_meters;
  std::optional<Digest> key;
  std::string baseline = "shipped", vectors = "vectors", candidate = "slim", version = "0.2.1";
};

TEST_F(AcceptanceTest, TakesWhatHoldsToEverything) {
  EXPECT_THAT(
      refused(accept("kinds: [nucleo]\nserials: [A1]\nimages: [" + digest_text("image") +
                     "]\ncandidate: " + digest_text("slim") +
                     "\ntinyhil_at_least: \"0.2\"\nmax_age: 4 d\nmax_earlier_runs: 1\nseed: drawn\n")),
      IsEmpty());
}

TEST_F(AcceptanceTest, RefusesAnotherPolicy) {
  const Acceptance acceptance = accept();
  policy = load_policy(folder.write("other.yaml", std::string(kReleasePolicy) + "# a comment\n"));
  EXPECT_THAT(refused(acceptance),
              ElementsAre(HasSubstr("policy: it was judged by " + policy.digest.short_hex())));
}

TEST_F(AcceptanceTest, RefusesWhateverIsLooserThanItsOwnPolicyAndTakesWhatIsTighter) {
  const std::string own = "not_looser_than: gate.yaml\n";
  const Acceptance acceptance = accept("", own);
  std::string text = kReleasePolicy;
  policy = load_policy(folder.write("tighter.yaml", text.replace(text.find("2 %"), 3, "1 %")));
  EXPECT_THAT(refused(acceptance), IsEmpty());
  policy = load_policy(folder.write("looser.yaml", text.replace(text.find("1 %"), 3, "3 %")));
  EXPECT_THAT(refused(acceptance),
              ElementsAre("not_looser_than: the policy was loosened: rule acc: margin: 2 % -> 3 %"));
  policy = load_policy(folder.write(
      "less.yaml", "policy: release\nrules:\n  - {id: acc, test: noninferiority, margin: 2 %}\n"));
  EXPECT_THAT(refused(acceptance),
              ElementsAre("not_looser_than: the policy was loosened: rule golden: removed (golden)"));
}

TEST_F(AcceptanceTest, RefusesOtherModelsAndVectors) {
  baseline = candidate = vectors = "other";
  EXPECT_THAT(refused(accept("candidate: " + digest_text("slim") + "\n")),
              ElementsAre(HasSubstr("baseline: it is "), HasSubstr("candidate: it is "),
                          "candidate: it is the baseline itself", HasSubstr("vectors: it is ")));
}

TEST_F(AcceptanceTest, NamesTheModelItWantsWhenThereIsOne) {
  candidate = "other";
  const std::string slim = digest_text("slim");
  EXPECT_THAT(refused(accept("candidate: " + slim + "\n")),
              ElementsAre(HasSubstr("not " + slim.substr(0, 8))));
  EXPECT_THAT(refused(accept("candidate: [" + slim + ", " + digest_text("small") + "]\n")),
              ElementsAre(HasSubstr("not one of those accepted")));
}

TEST_F(AcceptanceTest, NeverTakesAnEmulatorForSilicon) {
  boards.push_back(board("right", "A2", Provenance::emulated));
  EXPECT_THAT(refused(accept()), ElementsAre("provenance: board `right` is emulated"));
  boards.clear();
  EXPECT_THAT(refused(accept()), ElementsAre("provenance: no board has run anything"));
}

TEST_F(AcceptanceTest, NeverTakesASimulatedMeterForOneThatMeasuresSilicon) {
  simulated_meters = {"left"};
  EXPECT_THAT(refused(accept()), ElementsAre("provenance: the meter of board `left` is simulated"));
}

TEST_F(AcceptanceTest, RefusesOtherBoardsAndImages) {
  boards[0].kind = "disco";
  boards[0].serial = "A2";
  boards[0].image = {};
  EXPECT_THAT(
      refused(accept("kinds: [nucleo]\nserials: [A1]\nimages: [" + digest_text("image") + "]\n")),
      ElementsAre("kinds: board `left` is a `disco`", "serials: board `left` has the serial number `A2`",
                  "images: board `left` ran image one that no device computed"));
}

TEST_F(AcceptanceTest, RefusesAnotherKeyAndNone) {
  key = sha256("other");
  EXPECT_THAT(refused(accept()), ElementsAre(HasSubstr("keys: it is ")));
  key.reset();
  EXPECT_THAT(refused(accept()), ElementsAre("keys: no signature was checked"));
}

TEST_F(AcceptanceTest, RefusesAnOlderTinyhilWhetherItRanOrJudged) {
  EXPECT_THAT(refused(accept("tinyhil_at_least: \"0.2.1\"\n")),
              ElementsAre("tinyhil_at_least: tinyhil 0.2.0 ran it, older than 0.2.1"));
  EXPECT_THAT(refused(accept("tinyhil_exactly: \"0.2.0\"\n")),
              ElementsAre("tinyhil_exactly: tinyhil 0.2.1 judged it, not 0.2.0"));
}

TEST_F(AcceptanceTest, RefusesARunOfTheFutureAndAnOldOne) {
  EXPECT_THAT(refused(accept("max_age: 2 d\n")), ElementsAre(HasSubstr("too long ago")));
  run.started_at = "2026-11-24T12:00:00Z";
  EXPECT_THAT(refused(accept("max_age: 2 d\n")), ElementsAre(HasSubstr("in the future")));
  run.started_at = "yesterday";
  EXPECT_THAT(refused(accept("max_age: 2 d\n")), ElementsAre(HasSubstr("no point in time")));
}

TEST_F(AcceptanceTest, TakesARunThatBeganThisMomentOrExactlyAsLongAgoAsItMay) {
  EXPECT_THAT(refused(accept("max_age: 3 d\n")), IsEmpty());
  run.started_at = "2026-11-23T12:00:00Z";
  EXPECT_THAT(refused(accept("max_age: 3 d\n")), IsEmpty());
}

TEST_F(AcceptanceTest, RefusesWaiversUnlessItTakesThem) {
  verdicts[0].findings[0].outcome = Outcome::waived;
  verdicts[0].findings[0].waivers.emplace_back().applied = true;
  EXPECT_THAT(refused(accept()), ElementsAre("waivers: `slim` fails rule `acc`, which is waived"));
  EXPECT_THAT(refused(accept("waivers: taken\n")), IsEmpty());
}

TEST_F(AcceptanceTest, RefusesMoreEarlierRunsThanItAllows) {
  EXPECT_THAT(refused(accept("max_earlier_runs: 0\n")),
              ElementsAre("max_earlier_runs: `slim` had 1 earlier runs on these vectors, more than 0"));
  run.models.clear();
  EXPECT_THAT(refused(accept("max_earlier_runs: 5\n")), ElementsAre(HasSubstr("older tinyhil")));
}

TEST_F(AcceptanceTest, RefusesASeedThatSomebodyChose) {
  run.sampling = RunSampling{};
  run.seed_origin = SeedOrigin::chosen;
  EXPECT_THAT(refused(accept()), IsEmpty());
  EXPECT_THAT(refused(accept("seed: drawn\n")),
              ElementsAre(HasSubstr("seed: seed 0 of the order was not drawn")));
}

TEST(Version, IsComparedByItsNumbers) {
  EXPECT_LT(*parse_version("0.9.2"), *parse_version("0.10"));
  EXPECT_EQ(*parse_version("1.2.3-rc1"), *parse_version("1.2.3"));
  for (const char* text : {"", "v1", "1.", "1..2", "one", "1.2.3.4.5"})
    EXPECT_FALSE(parse_version(text)) << text;
}

TEST_F(AcceptanceTest, LeavesNothingUnpinnedThatABundleCouldChoose) {
  for (const char* text : {"{}", "accept: release\n", "accept: release\npolicy: 12\n"}) {
    const auto load = [&] { load_acceptance(folder.write("accept.yaml", text)); };
    EXPECT_NE(test::complaint(load), "accepted") << text;
  }
  EXPECT_THAT(test::complaint([&] { accept("margin: 2 %\n"); }), HasSubstr("margin"));
  EXPECT_THAT(test::complaint([&] { accept("not_looser_than: gate.yaml\n"); }), HasSubstr("in one way"));
  EXPECT_THAT(test::complaint([&] { accept("serials: []\n"); }), HasSubstr("empty"));
}

TEST(AcceptSchema, ListsTheKeysThatTheLoaderTakes) {
  const test::TestFolder folder;
  folder.write("gate.yaml", kReleasePolicy);
  const test::Json schema = test::read_schema("accept");
  test::Json mapping = schema;
  mapping["required"].push_back("policy");  // or not_looser_than in its place
  test::Json document = test::Json::object();
  for (const std::string key : mapping["required"]) document[key] = schema["properties"][key]["examples"][0];
  test::expect_agreement(
      {schema, mapping, document, test::Json::json_pointer(""), [&](const std::string& yaml) {
         test::Json written = test::Json::parse(yaml);
         if (written.contains("not_looser_than")) written.erase("policy");
         load_acceptance(folder.write("accept.yaml", written.dump(1)));
       }});
}

}  // namespace
}  // namespace tinyhil::gate
