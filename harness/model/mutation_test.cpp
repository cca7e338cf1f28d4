// SPDX-License-Identifier: Apache-2.0
// Damaged files end in an Error(usage) with a remedy, or load: never a crash, another exception or wild
// memory.
#include <gtest/gtest.h>

#include <functional>
#include <random>

#include "formats/elf_image.hpp"
#include "formats/npy.hpp"
#include "formats/section.hpp"
#include "formats/text_records.hpp"
#include "testing/complaint.hpp"
#include "testing/elf_builder.hpp"
#include "testing/npz_builder.hpp"
#include "vector_set.hpp"

namespace tinyhil {
namespace {

using Bytes = std::vector<std::uint8_t>;

// One to four times: a byte changed, a bit flipped, a stretch removed or repeated.
Bytes mutate(Bytes bytes, std::mt19937& random) {
  for (std::uint32_t left = 1 + random() % 4; left > 0 && !bytes.empty(); --left) {
    const auto at = static_cast<std::ptrdiff_t>(random() % bytes.size());
    const auto rest = static_cast<std::uint32_t>(bytes.size()) - static_cast<std::uint32_t>(at);
    const auto length = static_cast<std::ptrdiff_t>(1 + random() % std::min(rest, 16u));
    const auto begin = bytes.begin() + at;
    switch (random() % 4) {
      case 0:
        *begin = static_cast<std::uint8_t>(random());
        break;
      case 1:
        *begin = static_cast<std::uint8_t>(*begin ^ (1u << random() % 8));
        break;
      case 2:
        bytes.erase(begin, begin + length);
        break;
      default: {
        const Bytes stretch(begin, begin + length);
        bytes.insert(begin, stretch.begin(), stretch.end());
      }
    }
  }
  return bytes;
}

// Parses `rounds` mutations of `good`; returns how many were refused. complaint() fails on a poor Error.
int refused(const Bytes& good, int rounds, const std::function<void(const Bytes&)>& parse) {
  std::mt19937 random(20261123);
  int count = 0;
  EXPECT_EQ(test::complaint([&] { parse(good); }), "accepted");
  for (int round = 0; round < rounds; ++round) {
    const Bytes bytes = mutate(good, random);
    count += test::complaint([&] { parse(bytes); }) != "accepted";
  }
  return count;
}

Bytes bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

TEST(Mutation, OfAYamlFileIsReadOrRefused) {
  const auto yaml = bytes_of(
      "campaign: wake-word\nmodels:\n  slim: {file: 'a b', golden: \"g\"}\nlist: [1, 2 %, 3 ms]\n"
      "# comment\ntext: >\n  folded\n  text\nrules:\n  - {id: a, test: b}\n");
  const int count = refused(yaml, 5000, [](const Bytes& bytes) {
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    const Section section = Section::parse(text, "m.yaml");
    section.text("campaign");
    section.named_sections("models");
    section.texts("list");
    section.sections("rules");
  });
  EXPECT_GT(count, 500);
}

TEST(Mutation, OfAnArrayIsReadOrRefused) {
  const int count = refused(test::npy("<i4", "(2, 3)", std::string(24, 'v')), 5000, [](const Bytes& bytes) {
    parse_npy(bytes, {"m.npz", "a"});
  });
  EXPECT_GT(count, 500);
}

TEST(Mutation, OfAnArrayInsideAVectorFileIsReadOrRefused) {
  const test::NpzEntries entries = {{"inputs", test::npy("|i1", "(2, 3)", "abcdef")},
                                    {"labels", test::npy("|u1", "(2,)", std::string_view("\0\1", 2))},
                                    {"classes", test::npy("|S3", "(2,)", std::string_view("no\0yes", 6))},
                                    {"slice_s", test::npy("<i2", "(2,)", test::raw<std::int16_t>({0, 0}))},
                                    {"slice_s_names", test::npy("|S1", "(1,)", "x")},
                                    {"golden_a", test::npy("<f4", "(2, 1)", std::string(8, 'g'))}};
  for (std::size_t target = 0; target < entries.size(); ++target) {
    const int count = refused(entries[target].second, 500, [&](const Bytes& bytes) {
      test::NpzEntries damaged = entries;
      damaged[target].second = bytes;
      parse_vector_set(test::npz(damaged), "m.npz");
    });
    EXPECT_GT(count, 50) << entries[target].first;
  }
}

TEST(Mutation, OfAVectorFileIsReadOrRefused) {
  const test::NpzEntries entries = {{"inputs", test::npy("|i1", "(2, 3)", "abcdef")},
                                    {"labels", test::npy("|u1", "(2,)", std::string_view("\0\1", 2))},
                                    {"classes", test::npy("|S3", "(2,)", std::string_view("no\0yes", 6))}};
  const int count =
      refused(test::npz(entries), 3000, [](const Bytes& bytes) { parse_vector_set(bytes, "m.npz"); });
  EXPECT_GT(count, 1000);
}

TEST(Mutation, OfAnElfFileIsReadOrRefused) {
  const auto elf = test::ElfBuilder({{0, "code", 4}, {16, "data", 4, PF_R | PF_W}},
                                    {{".text", SHT_PROGBITS, SHF_ALLOC, 4},
                                     {".bss", SHT_NOBITS, SHF_ALLOC | SHF_WRITE, 64}})
                       .build();
  const int count = refused(elf, 20'000, [](const Bytes& bytes) {
    if (is_elf(bytes)) parse_elf(bytes, "m.elf");
  });
  EXPECT_GT(count, 1000);
}

TEST(Mutation, OfAFirmwareAsTextIsReadOrRefused) {
  const auto hex =
      bytes_of(":020000040800F2\n:0801000074696E7968696C00F6\n:040108002A000000C9\n:00000001FF\n");
  const auto srec = bytes_of("S309080001082A000000BB\r\nS70508000000F2\r\n");
  EXPECT_GT(refused(hex, 5000, [](const Bytes& bytes) { parse_intel_hex(bytes, "m.hex"); }), 4000);
  EXPECT_GT(refused(srec, 5000, [](const Bytes& bytes) { parse_s_record(bytes, "m.srec"); }), 4000);
}

}  // namespace
}  // namespace tinyhil
