// SPDX-License-Identifier: Apache-2.0
#include "fault_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <string_view>

namespace tinyhil::gate {
namespace {

constexpr std::size_t kShown = 5;

bool is_word(char character) { return std::isalnum(static_cast<unsigned char>(character)) != 0; }

// The first few of a list and how many were left out.
template <class Item, class Words>
std::string listed(const std::vector<Item>& items, Words words) {
  std::string list;
  for (std::size_t i = 0; i < std::min(items.size(), kShown); ++i)
    list += (i == 0 ? "" : ", ") + words(items[i]);
  if (items.size() > kShown) list += fmt::format(" and {} more", items.size() - kShown);
  return list;
}

bool is_unexplained(const SurvivedFault& survived) {
  return survived.fault.kind == FaultKind::timeout && survived.vector && !survived.of_the_device;
}

template <class Wanted>
std::vector<SurvivedFault> those(const std::vector<SurvivedFault>& faults, Wanted is_wanted) {
  std::vector<SurvivedFault> found;
  std::copy_if(faults.begin(), faults.end(), std::back_inserter(found), is_wanted);
  return found;
}

std::string cause(const Fault& fault) {
  const std::string pc = program_counter(fault.evidence);
  const bool told_already = pc.empty() || fault.what.find(pc) != std::string::npos;
  return fmt::format("{} ({}{})", fault.what, to_string(fault.kind), told_already ? "" : ", pc " + pc);
}

std::string one_told(const SurvivedFault& survived) {
  if (!survived.vector) return cause(survived.fault);
  return fmt::format("vector {}: {}", survived.vector->value, cause(survived.fault));
}

// The hexadecimal number that begins at `text`, without the words and signs before it.
std::string number_after(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t:=");
  if (begin == std::string_view::npos || text.substr(begin, 2) != "0x") return "";
  const std::size_t end = text.find_first_not_of("0123456789abcdefABCDEF", begin + 2);
  const std::string number(text.substr(begin, end == std::string_view::npos ? end : end - begin));
  return number.size() > 2 ? number : "";
}

}  // namespace

std::vector<SurvivedFault> of_the_device(const std::vector<SurvivedFault>& faults) {
  return those(faults, [](const SurvivedFault& survived) { return survived.of_the_device; });
}

std::vector<SurvivedFault> unexplained(const std::vector<SurvivedFault>& faults) {
  return those(faults, is_unexplained);
}

std::vector<SurvivedFault> from_outside(const std::vector<SurvivedFault>& faults) {
  return those(faults, [](const SurvivedFault& survived) {
    const bool is_fault =
        survived.fault.kind != FaultKind::remark && survived.fault.kind != FaultKind::read_back;
    return is_fault && !survived.of_the_device && !is_unexplained(survived);
  });
}

std::string first_of(const std::vector<std::uint32_t>& vectors) {
  return listed(vectors, [](std::uint32_t vector) { return std::to_string(vector); });
}

std::string told(const std::vector<SurvivedFault>& faults) { return listed(faults, one_told); }

std::string said_of_first(const std::vector<SurvivedFault>& faults,
                          const std::vector<std::uint32_t>& vectors) {
  for (const std::uint32_t vector : vectors) {
    const auto found = std::find_if(faults.begin(), faults.end(), [&](const SurvivedFault& survived) {
      return survived.of_the_device && survived.vector == VectorNumber{vector};
    });
    if (found != faults.end()) return fmt::format(" (vector {}: {})", vector, cause(found->fault));
  }
  return "";
}

std::string program_counter(const std::string& evidence) {
  std::string lower = evidence;
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char character) { return static_cast<char>(std::tolower(character)); });
  for (std::size_t at = lower.find("pc"); at != std::string::npos; at = lower.find("pc", at + 1)) {
    if (at > 0 && is_word(lower[at - 1])) continue;
    if (std::string number = number_after(std::string_view(lower).substr(at + 2)); !number.empty())
      return number;
  }
  return "";
}

std::string with_record(const Fault& fault) {
  const bool has_record = !program_counter(fault.evidence).empty();
  return fmt::format("{} ({}{})", fault.what, to_string(fault.kind), has_record ? ": " + fault.evidence : "");
}

}  // namespace tinyhil::gate
